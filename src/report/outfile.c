/* SPDX-License-Identifier: MIT */
/* Writing a file beside its name and renaming it when it is whole. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/outfile.h"

#define UNFINISHED     ".unfinished-XXXXXX" /* says what it is, should the program be killed while it writes */
#define FILE_BYTES_MAX 255                  /* of a name, on the usual file systems */
#define NAME_BYTES_MAX 120                  /* of these, of a text that becomes a part of one */
#define MARK_DIGITS    8

/* ---- names ---- */

static bool is_bad(const char *c, bool first)
{
    return (unsigned char)*c < 0x20 || *c == 0x7F || strchr("/\\:*?\"<>|", *c) != NULL ||
           (first && (*c == '.' || *c == '-' || *c == ' '));
}

/* The bytes of a text that have room, whole characters. */
static size_t fitting(const char *text, size_t room)
{
    size_t size = strlen(text);

    if (size <= room)
        return size;
    for (size = room; size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80; size--)
        ;
    return size;
}

/* Whether the text ends as a marked name does. */
static bool looks_marked(const char *text)
{
    size_t size = strlen(text);

    return size > MARK_DIGITS && text[size - MARK_DIGITS - 1] == '-' &&
           strspn(text + size - MARK_DIGITS, "0123456789abcdef") == MARK_DIGITS;
}

/* "a/b" and "a_b" must not become one name: one that is not the text itself ends with a part of the text's digest. */
MUST_CHECK static bool add_mark(const char *text, struct buffer *out)
{
    unsigned char digest[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];

    digest_of(text, strlen(text), digest);
    digest_hex(digest, hex);
    return buffer_format(out, "-%.*s", MARK_DIGITS, hex);
}

bool outfile_name(const char *text, struct buffer *out)
{
    size_t size = fitting(text, NAME_BYTES_MAX);
    bool other = text[size] != '\0' || looks_marked(text);

    for (size_t i = 0; i < size; i++) {
        bool bad = is_bad(&text[i], i == 0);

        if (!buffer_add(out, bad ? "_" : &text[i], 1))
            return false;
        other = other || bad;
    }
    return !other || add_mark(text, out);
}

/* The folder with its slash; empty for a plain name. */
static size_t folder_size(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash != NULL ? (size_t)(slash - file) + 1 : 0;
}

/* ---- begin ---- */

/* A link is followed, so that it goes on being one. */
MUST_CHECK static bool find_target(const char *file, char **target, struct error *err)
{
    struct stat state;

    if (*file == '\0' || file[strlen(file) - 1] == '/')
        return fail(err, EXIT_COMMAND, "\"%s\" is no name of a file", file);
    if (stat(file, &state) != 0) {
        if (errno != ENOENT)
            return fail(err, EXIT_COMMAND, "can't write %s: %s", file, strerror(errno));
        *target = mem_text(file);
        return true;
    }
    if (S_ISDIR(state.st_mode))
        return fail(err, EXIT_COMMAND, "can't write %s: it is a folder; name a file in it", file);
    if (!S_ISREG(state.st_mode))
        return fail(err, EXIT_COMMAND, "can't write %s: it is not a plain file", file);

    char *real = realpath(file, NULL);
    *target = real != NULL ? real : mem_text(file);
    return true;
}

static char *unfinished_name(const char *file)
{
    size_t folder = folder_size(file);
    size_t size = folder + fitting(file + folder, FILE_BYTES_MAX - strlen(UNFINISHED));

    return mem_format("%.*s" UNFINISHED, (int)size, file);
}

static mode_t new_file_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

bool outfile_begin(struct outfile *output, const char *file, struct error *err)
{
    *output = (struct outfile){0};
    if (!find_target(file, &output->file, err))
        return false;

    output->temporary = unfinished_name(output->file);
    int fd = mkstemp(output->temporary);
    if (fd < 0) {
        int reason = errno;

        free(output->temporary);
        output->temporary = NULL;
        return fail(err, EXIT_COMMAND, "can't write %s: %s; -o names another file", file, strerror(reason));
    }
    bool good = fchmod(fd, new_file_mode()) == 0;
    close(fd);
    return good || fail(err, EXIT_COMMAND, "can't write %s: %s", file, strerror(errno));
}

/* ---- finish ---- */

MUST_CHECK static bool settle(struct outfile *output, unsigned char sha256[DIGEST_SIZE], struct error *err)
{
    int fd = open(output->temporary, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && digest_file(fd, sha256, &output->size) && fsync(fd) == 0;
    int reason = errno;

    if (fd >= 0)
        close(fd);
    return good || fail(err, EXIT_COMMAND, "can't write %s: %s", output->file, strerror(reason));
}

/* Best effort: the file is whole in any case, and some file systems have no such thing. */
static void settle_folder(const char *file)
{
    size_t size = folder_size(file);
    char *folder = size > 0 ? mem_format("%.*s", (int)size, file) : mem_text(".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    free(folder);
    if (fd < 0)
        return;
    if (fsync(fd) != 0)
        log_detail("can't settle the folder of %s: %s", file, strerror(errno));
    close(fd);
}

bool outfile_finish(struct outfile *output, char sha256[DIGEST_HEX_SIZE], struct error *err)
{
    unsigned char digest[DIGEST_SIZE];

    if (!settle(output, digest, err))
        return false;
    if (rename(output->temporary, output->file) != 0)
        return fail(err, EXIT_COMMAND, "can't write %s: %s", output->file, strerror(errno));
    free(output->temporary);
    output->temporary = NULL;
    settle_folder(output->file);
    digest_hex(digest, sha256);
    return true;
}

void outfile_end(struct outfile *output)
{
    if (output->temporary != NULL && unlink(output->temporary) != 0 && errno != ENOENT)
        log_warning("can't remove %s: %s", output->temporary, strerror(errno));
    free(output->temporary);
    free(output->file);
    *output = (struct outfile){0};
}
