/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SPOOL_STORE_H
#define HEADROOM_GATEWAY_SPOOL_STORE_H

/*
 * spool_store: the spool's SQLite database: a connection, its statements (sql/spool), errors as texts for a person. A
 * store belongs to one thread at a time. Nothing else includes sqlite3.h.
 */

#include "headroom/base.h"

#define STORE_PAGE_SIZE 4096 /* as settings_new.sql sets it */

/* One of sql/spool each. */
enum store_sql {
    STORE_BEGIN,
    STORE_COMMIT,
    STORE_ROLLBACK,
    STORE_FORM,
    STORE_SPOOL_ADD,
    STORE_SPOOL_READ,
    STORE_ENTRY_ADD,
    STORE_ENTRY_LAST,
    STORE_ENTRY_PURGE,
    STORE_ENTRIES_LEFT,
    STORE_ENTRIES_READ,
    STORE_ENTRIES_OLDEST,
    STORE_OUTCOME_ADD,
    STORE_OUTCOME_PURGE,
    STORE_OUTCOME_UNKNOWN,
    STORE_DRAINED_READ,
    STORE_DRAINED_ADD,
    STORE_DRAINED_JOIN,
    STORE_NOTE_ADD,
    STORE_NOTE_DRAINED,
    STORE_NOTE_PURGE,
    STORE_NOTE_READ,
    STORE_NOTES_LEFT,
    STORE_GAP_WRITTEN,
    STORE_TOUCH,
    STORE_MARK_ADD,
    STORE_MARK_FIND,
    STORE_MARK_PURGE,
    STORE_MARK_AGE,
    STORE_PAGES,
    STORE_COMPACT,
    STORE_STATEMENTS
};

enum store_use {
    STORE_READER, /* of a database that is there; writes nothing */
    STORE_FSYNC,  /* the writer's */
    STORE_WRITE,
};
struct store;
/* Opens the database of a spool's folder, and for a writer makes it where it is missing or has no table yet; *made
 * then, and it has that id (32 hex digits). One that is no spool, newer than this program or damaged is refused. */
MUST_CHECK bool store_open(struct store **store, const char *folder, enum store_use use, const char *id, bool *made,
                           struct error *err);
void store_close(struct store *store); /* NULL is fine */

/* Parameters from 1 on, borrowed until store_done of that statement; columns from 0 on, until its next step. */
void store_set_int(struct store *store, enum store_sql sql, int parameter, int64_t value);
void store_set_text(struct store *store, enum store_sql sql, int parameter, struct str text);
/* True with *row: there is a row to look at; without: it has come to its end, and was reset. */
MUST_CHECK bool store_step(struct store *store, enum store_sql sql, bool *row, struct error *err);
int64_t store_int(struct store *store, enum store_sql sql, int column);
struct str store_text(struct store *store, enum store_sql sql, int column);
void store_done(struct store *store, enum store_sql sql); /* resets it before its end */
/* Steps a statement to its end. */
MUST_CHECK bool store_run(struct store *store, enum store_sql sql, struct error *err);
/* Runs one that gives one row of integers. */
MUST_CHECK bool store_ask(struct store *store, enum store_sql sql, int64_t *values, int count, struct error *err);
uint64_t store_changed(struct store *store); /* rows, by the last statement */
/* Ends a transaction that failed, where SQLite has not done so. */
void store_give_up(struct store *store);

/* Pages in the log of writes that are not all in the database yet; checkpoint moves them there, as far as readers
 * let it. */
uint64_t store_log_pages(const struct store *store);
MUST_CHECK bool store_checkpoint(struct store *store, struct error *err);
/* Moves all of the log and gives its room on the disk back. Fails at once where a reader is in it. */
MUST_CHECK bool store_shorten(struct store *store, struct error *err);
bool store_was_full(const struct store *store); /* the last failure was that the disk is full */

#endif
