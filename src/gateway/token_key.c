/* SPDX-License-Identifier: MIT */
/* The key from the database and from its copy, which must be one. */

#include "gateway/token_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "statements.h"

#define TEXT_SIZE ((ssize_t)DIGEST_HEX_SIZE) /* of the copy: its digits and a line end */

_Static_assert(RECORDER_KEY_SIZE == DIGEST_SIZE, "a key is written as a digest is");

bool token_key_read(struct db *db, unsigned char key[RECORDER_KEY_SIZE], struct error *err)
{
    struct db_rows *rows = NULL;
    bool done = db_query_one(db, &sql_gateway_key, NULL, &rows, err);

    if (done && !digest_from_hex(db_text(rows, 0, "key"), key))
        done = fail(err, EXIT_COMMAND, "the database's gateway_key is none: it was changed by hand; restore a backup");
    db_rows_free(rows);
    return done;
}

static bool read_database(const struct db_target *target, unsigned char key[RECORDER_KEY_SIZE], struct error *err)
{
    struct db *db = NULL;
    bool done = db_open(&db, target, DB_WRITER, err) && token_key_read(db, key, err);

    db_close(db);
    return done;
}

/* ---- the copy ---- */

static bool check_mode(int fd, const char *path, struct error *err)
{
    struct stat state;

    if (fstat(fd, &state) != 0)
        return fail(err, EXIT_COMMAND, "%s can't be read: %s", path, strerror(errno));
    if (!S_ISREG(state.st_mode))
        return fail(err, EXIT_COMMAND, "%s is no file, where the copy of the gateway's key belongs: take it away",
                    path);
    if ((state.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fail(err, EXIT_COMMAND, "%s may be used by others than its owner, and holds a key: chmod 600 it", path);
    return true;
}

static bool read_text(int fd, const char *path, unsigned char key[RECORDER_KEY_SIZE], struct error *err)
{
    char text[DIGEST_HEX_SIZE + 1] = "";
    ssize_t size = read(fd, text, sizeof(text));
    bool whole = size == TEXT_SIZE && text[size - 1] == '\n';

    if (whole)
        text[size - 1] = '\0';
    bool done = whole && digest_from_hex(text, key);
    explicit_bzero(text, sizeof(text));
    if (!done)
        fail(err, EXIT_COMMAND,
             "%s does not hold a key (64 hex digits and a line end): remove it, and it is made again from the database",
             path);
    return done;
}

/* *found: there is a copy. */
static bool read_copy(const char *path, unsigned char key[RECORDER_KEY_SIZE], bool *found, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    *found = fd >= 0;
    if (fd < 0 && errno == ENOENT)
        return true;
    if (fd < 0)
        return fail(err, EXIT_COMMAND, "%s can't be opened: %s", path, strerror(errno));
    bool done = check_mode(fd, path, err) && read_text(fd, path, key, err);
    close(fd);
    return done;
}

static bool write_text(int fd, const unsigned char key[RECORDER_KEY_SIZE])
{
    char text[DIGEST_HEX_SIZE];

    digest_hex(key, text);
    text[DIGEST_HEX_SIZE - 1] = '\n';
    bool done = write(fd, text, sizeof(text)) == TEXT_SIZE && fsync(fd) == 0;
    explicit_bzero(text, sizeof(text));
    return done;
}

/* Whole or not there: a gateway that starts later must not meet half of it. */
static bool write_copy(const char *path, const unsigned char key[RECORDER_KEY_SIZE], struct error *err)
{
    char *made = mem_format("%s.XXXXXX", path);
    int fd = mkostemp(made, O_CLOEXEC); /* 0600 */
    bool done = fd >= 0 && write_text(fd, key) && rename(made, path) == 0;

    if (!done) {
        fail(err, EXIT_COMMAND, "%s can't be written: %s", path, strerror(errno));
        if (fd >= 0)
            unlink(made);
    }
    if (fd >= 0)
        close(fd);
    free(made);
    return done;
}

/* ---- both ---- */

bool token_key_differs(const struct db_target *target, const char *folder, struct error *err)
{
    return fail(err, EXIT_COMMAND,
                "%s/" TOKEN_KEY_FILE
                " holds another key than the database given by %s: a token that names nobody would be counted twice. "
                "Is the spool another database's? Then use that one, or another --spool. If the database was made anew "
                "and this spool is to go into it, remove the file and start again",
                folder, target->conninfo != NULL ? target->origin : target->home);
}

static bool choose(const struct db_target *target, const char *folder, const char *path,
                   unsigned char key[RECORDER_KEY_SIZE], struct error *err)
{
    unsigned char copy[RECORDER_KEY_SIZE];
    struct error away;
    bool found = false, done = read_copy(path, copy, &found, err);

    if (done && !read_database(target, key, &away)) {
        if (found)
            memcpy(key, copy, sizeof(copy));
        else
            done = fail(err, away.code,
                        "the key for tokens that name nobody is in the database, and %s has no copy of it yet, so the "
                        "first start needs the database: %s",
                        path, away.text);
    } else if (done && found && memcmp(key, copy, sizeof(copy)) != 0) {
        done = token_key_differs(target, folder, err);
    } else if (done && !found) {
        done = write_copy(path, key, err);
    }
    explicit_bzero(copy, sizeof(copy));
    return done;
}

bool token_key_load(const struct db_target *target, const char *folder, unsigned char key[RECORDER_KEY_SIZE],
                    struct error *err)
{
    char *path = mem_format("%s/" TOKEN_KEY_FILE, folder);
    bool done = choose(target, folder, path, key, err);

    if (!done)
        explicit_bzero(key, RECORDER_KEY_SIZE);
    free(path);
    return done;
}
