/* SPDX-License-Identifier: MIT */
/* A connection to the spool's database, and its statements. */

#include "gateway/spool_store.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "embedded.h"

#define DATABASE       "spool.db"
#define APPLICATION_ID 1212437328 /* "HDSP", as schema.sql sets it */
#define SCHEMA_VERSION 1
#define BUSY_MS        5000 /* of another process that looks at it: `gateway replay`, a backup */

static const char *const names[STORE_STATEMENTS] = {
    [STORE_BEGIN] = "begin",
    [STORE_COMMIT] = "commit",
    [STORE_ROLLBACK] = "rollback",
    [STORE_FORM] = "form",
    [STORE_SPOOL_ADD] = "spool_add",
    [STORE_SPOOL_READ] = "spool_read",
    [STORE_ENTRY_ADD] = "entry_add",
    [STORE_ENTRY_LAST] = "entry_last",
    [STORE_ENTRY_PURGE] = "entry_purge",
    [STORE_ENTRIES_LEFT] = "entries_left",
    [STORE_ENTRIES_READ] = "entries_read",
    [STORE_ENTRIES_OLDEST] = "entries_oldest",
    [STORE_OUTCOME_ADD] = "outcome_add",
    [STORE_OUTCOME_PURGE] = "outcome_purge",
    [STORE_OUTCOME_UNKNOWN] = "outcome_unknown",
    [STORE_DRAINED_READ] = "drained_read",
    [STORE_DRAINED_ADD] = "drained_add",
    [STORE_DRAINED_JOIN] = "drained_join",
    [STORE_NOTE_ADD] = "note_add",
    [STORE_NOTE_DRAINED] = "note_drained",
    [STORE_NOTE_PURGE] = "note_purge",
    [STORE_NOTE_READ] = "note_read",
    [STORE_NOTES_LEFT] = "notes_left",
    [STORE_GAP_WRITTEN] = "gap_written",
    [STORE_TOUCH] = "touch",
    [STORE_MARK_ADD] = "mark_add",
    [STORE_MARK_FIND] = "mark_find",
    [STORE_MARK_PURGE] = "mark_purge",
    [STORE_MARK_AGE] = "mark_age",
    [STORE_PAGES] = "pages",
    [STORE_COMPACT] = "compact",
};
static const char *const settings[] = {
    [STORE_READER] = "settings_reader",
    [STORE_FSYNC] = "settings_fsync",
    [STORE_WRITE] = "settings_write",
};

struct store {
    char *path;
    sqlite3 *db;
    sqlite3_stmt *statements[STORE_STATEMENTS];
    uint64_t log_pages;
    bool was_full;
};

/* The names are this file's own: each is there. */
static const char *text_of(const char *name)
{
    const struct embedded *file = embedded_spool;

    while (strcmp(file->name, name) != 0)
        file++;
    return file->text;
}

static bool fail_damaged(const struct store *store, const char *what, struct error *err)
{
    return fail(err, EXIT_COMMAND,
                "the spool's database %s is damaged: %s; nothing was changed. Move its folder away and keep it, and a "
                "new spool is made at the next start; a copy of it from a backup, or what `sqlite3 … .recover` saves "
                "of it, can be taken in with `headroom gateway replay --spool FOLDER`",
                store->path, what);
}

static bool fail_store(struct store *store, const char *doing, struct error *err)
{
    int code = sqlite3_extended_errcode(store->db);
    int reason = sqlite3_system_errno(store->db);

    store->was_full = (code & 0xFF) == SQLITE_FULL || reason == ENOSPC || reason == EDQUOT;
    switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return fail_damaged(store, sqlite3_errmsg(store->db), err);
    case SQLITE_FULL:
        return fail(err, EXIT_COMMAND, "cannot %s the spool %s: the disk is full; make room on it", doing, store->path);
    case SQLITE_BUSY:
        return fail(err, EXIT_COMMAND, "cannot %s the spool %s: another program holds it locked; end that", doing,
                    store->path);
    default:
        return fail(err, EXIT_COMMAND, "cannot %s the spool %s: %s%s%s; look at the disk, and who may write there",
                    doing, store->path, sqlite3_errmsg(store->db), reason != 0 ? ": " : "",
                    reason != 0 ? strerror(reason) : "");
    }
}

static bool run_text(struct store *store, const char *name, struct error *err)
{
    return sqlite3_exec(store->db, text_of(name), NULL, NULL, NULL) == SQLITE_OK || fail_store(store, "open", err);
}

/* ---- statements ---- */

void store_set_int(struct store *store, enum store_sql sql, int parameter, int64_t value)
{
    (void)sqlite3_bind_int64(store->statements[sql], parameter, value);
}

void store_set_text(struct store *store, enum store_sql sql, int parameter, struct str text)
{
    (void)sqlite3_bind_text64(store->statements[sql], parameter, text.data, text.size, SQLITE_STATIC, SQLITE_UTF8);
}

bool store_step(struct store *store, enum store_sql sql, bool *row, struct error *err)
{
    sqlite3_stmt *statement = store->statements[sql];
    int code = sqlite3_step(statement);

    *row = code == SQLITE_ROW;
    if (code == SQLITE_ROW)
        return true;
    if (sqlite3_reset(statement) == SQLITE_OK)
        return true;
    return fail_store(store, sqlite3_column_count(statement) > 0 ? "read" : "write", err);
}

int64_t store_int(struct store *store, enum store_sql sql, int column)
{
    return sqlite3_column_int64(store->statements[sql], column);
}

struct str store_text(struct store *store, enum store_sql sql, int column)
{
    const char *text = (const char *)sqlite3_column_text(store->statements[sql], column);

    return (struct str){text, (size_t)sqlite3_column_bytes(store->statements[sql], column)};
}

void store_done(struct store *store, enum store_sql sql)
{
    sqlite3_reset(store->statements[sql]);
}

bool store_run(struct store *store, enum store_sql sql, struct error *err)
{
    bool row = true;

    while (row) {
        if (!store_step(store, sql, &row, err))
            return false;
    }
    return true;
}

bool store_ask(struct store *store, enum store_sql sql, int64_t *values, int count, struct error *err)
{
    bool row = false;

    if (!store_step(store, sql, &row, err))
        return false;
    if (!row)
        return fail_damaged(store, "a row is missing", err);
    for (int i = 0; i < count; i++)
        values[i] = store_int(store, sql, i);
    store_done(store, sql);
    return true;
}

uint64_t store_changed(struct store *store)
{
    return (uint64_t)sqlite3_changes64(store->db);
}

void store_give_up(struct store *store)
{
    struct error ignored;

    if (sqlite3_get_autocommit(store->db) == 0)
        (void)!store_run(store, STORE_ROLLBACK, &ignored);
}

/* ---- opening ---- */

static int note_log(void *context, sqlite3 *db, const char *name, int pages)
{
    struct store *store = context;

    (void)db;
    (void)name;
    store->log_pages = (uint64_t)pages;
    return SQLITE_OK;
}

uint64_t store_log_pages(const struct store *store)
{
    return store->log_pages;
}

bool store_checkpoint(struct store *store, struct error *err)
{
    int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

    /* Busy: a reader still needs the log. */
    return code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED || fail_store(store, "write", err);
}

bool store_shorten(struct store *store, struct error *err)
{
    sqlite3_busy_timeout(store->db, 0);
    int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    bool done = code == SQLITE_OK || fail_store(store, "write", err);
    sqlite3_busy_timeout(store->db, BUSY_MS);
    if (done)
        store->log_pages = 0;
    return done;
}

bool store_was_full(const struct store *store)
{
    return store->was_full;
}

/* The file comes first, with its mode: SQLite gives that to the files beside it too. */
static bool make_file(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return fail(err, EXIT_COMMAND, "cannot open the spool %s: %s", path, strerror(errno));
    close(fd);
    return true;
}

static bool prepare(struct store *store, enum store_sql sql, struct error *err)
{
    const char *text = text_of(names[sql]);

    return sqlite3_prepare_v3(store->db, text, -1, SQLITE_PREPARE_PERSISTENT, &store->statements[sql], NULL) ==
               SQLITE_OK ||
           fail_store(store, "open", err);
}

/* In one transaction, so that a spool is there as a whole or not at all. */
static bool make_schema(struct store *store, const char *id, struct error *err)
{
    bool made = prepare(store, STORE_BEGIN, err) && prepare(store, STORE_COMMIT, err) &&
                prepare(store, STORE_ROLLBACK, err) && store_run(store, STORE_BEGIN, err) &&
                run_text(store, "schema", err) && prepare(store, STORE_SPOOL_ADD, err);

    if (made) {
        store_set_text(store, STORE_SPOOL_ADD, 1, str_of(id));
        store_set_int(store, STORE_SPOOL_ADD, 2, timestamp_now());
        made = store_run(store, STORE_SPOOL_ADD, err) && store_run(store, STORE_COMMIT, err);
    }
    if (!made && store->statements[STORE_ROLLBACK] != NULL)
        store_give_up(store);
    for (size_t i = 0; i < STORE_STATEMENTS; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
    return made;
}

static bool check_form(struct store *store, enum store_use use, const char *id, bool *made, struct error *err)
{
    enum {
        APPLICATION,
        VERSION,
        TABLES,
        BYTES,
        VALUES
    };
    int64_t found[VALUES] = {0};

    if (!prepare(store, STORE_FORM, err) || !store_ask(store, STORE_FORM, found, VALUES, err))
        return false;
    *made = found[TABLES] == 0 && use != STORE_READER;
    if (*made)
        return run_text(store, "settings_new", err) && make_schema(store, id, err);
    if (found[APPLICATION] != APPLICATION_ID)
        return fail(err, EXIT_COMMAND, "%s is no spool of headroom's; name another folder", store->path);
    if (found[VERSION] > SCHEMA_VERSION)
        return fail(
            err, EXIT_COMMAND,
            "the spool %s was made by a newer headroom (its schema is %lld, this program knows %d); use that one",
            store->path, (long long)found[VERSION], SCHEMA_VERSION);
    return true;
}

static bool set_up(struct store *store, enum store_use use, const char *id, bool *made, struct error *err)
{
    if (use != STORE_READER && !make_file(store->path, err))
        return false;
    if (sqlite3_open_v2(store->path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return fail_store(store, "open", err);
    sqlite3_busy_timeout(store->db, BUSY_MS);
    sqlite3_extended_result_codes(store->db, 1);
    if (!check_form(store, use, id, made, err) || !run_text(store, settings[use], err))
        return false;
    sqlite3_wal_hook(store->db, note_log, store);
    for (enum store_sql sql = 0; sql < STORE_STATEMENTS; sql++) {
        if (store->statements[sql] == NULL && !prepare(store, sql, err))
            return false;
    }
    return true;
}

bool store_open(struct store **store, const char *folder, enum store_use use, const char *id, bool *made,
                struct error *err)
{
    struct store *opened = mem_alloc(sizeof(*opened));

    *made = false;
    opened->path = mem_format("%s/" DATABASE, folder);
    if (set_up(opened, use, id, made, err)) {
        *store = opened;
        return true;
    }
    store_close(opened);
    *store = NULL;
    return false;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    for (size_t i = 0; i < STORE_STATEMENTS; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    free(store->path);
    free(store);
}
