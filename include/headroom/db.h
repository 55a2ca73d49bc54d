/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_DB_H
#define HEADROOM_DB_H

/*
 * db: the one door to PostgreSQL; what its client library offers is known to this room alone. There is no way to run a
 * text that was put together at run time: callers name a statement of sql/statements (or a dataset of reports/), and
 * values travel as parameters. Also here: the private cluster, migrations, backup and restore.
 *
 * Every fallible function returns false with err filled; err->sqlstate holds the SQLSTATE where the server gave one.
 */

#include "headroom/base.h"

struct db; /* one connection */

/* One statement, embedded from a .sql file; declared in build/gen/statements.h as sql_FILESTEM. */
struct sql {
    const char *name; /* file stem, for messages */
    const char *text;
};

/* ---- where the database is ---- */
struct db_target {
    const char *conninfo; /* from --db, HEADROOM_DB or the configuration file; NULL: the private cluster */
    const char *origin;   /* where it was found, for messages: "--db", "HEADROOM_DB", a path */
    const char *home;     /* the private cluster's folder (HEADROOM_HOME or its default) */
};
/* Finds the target by the rule of `--db`, HEADROOM_DB, /etc/headroom/headroom.conf (HEADROOM_CONFIG names another file,
 * empty: none), private cluster. option may be NULL. The texts live until the process ends. */
MUST_CHECK bool db_find_target(const char *option, struct db_target *target, struct error *err);

/* The role a command works with, taken by SET ROLE: the least that it needs. DB_ADMIN keeps the login's own. */
enum db_role {
    DB_READER,
    DB_WRITER,
    DB_OWNER,
    DB_ADMIN
};

/* Connects, checks that the schema is one this program knows (not for DB_ADMIN), takes the role. For the private
 * cluster: starts it when it is stopped; makes it only with db_make_home. EXIT_DATABASE when there is none. */
MUST_CHECK bool db_open(struct db **db, const struct db_target *target, enum db_role role, struct error *err);
void db_close(struct db *db); /* NULL is fine */
/* Of an error's text, the bytes before the advice to run the command again: for who tries again by itself. */
int db_reason_size(const char *text);

/* ---- statements ---- */
struct db_rows; /* a result, whole in memory */
/* Runs a statement that gives no rows. params: one text (or NULL for SQL NULL) for each $n; NULL: there is none. */
MUST_CHECK bool db_run(struct db *db, const struct sql *sql, const char *const *params, struct error *err);
/* Runs a statement and keeps its rows; *rows is the caller's, db_rows_free it. */
MUST_CHECK bool db_query(struct db *db, const struct sql *sql, const char *const *params, struct db_rows **rows,
                         struct error *err);
/* From now on statements with parameters are prepared when they come again: for who asks the same for hours, a little
 * each time. */
void db_ask_often(struct db *db);
/* Like db_query, and an error unless there is exactly one row. */
MUST_CHECK bool db_query_one(struct db *db, const struct sql *sql, const char *const *params, struct db_rows **rows,
                             struct error *err);
/* Runs a statement and hands each row to `row` as it arrives, in bounded memory; rows holds that row as row 0. When
 * `row` returns false the statement is given up and its err stands. The statement need not name all its parameters.
 * What is no query is an error. */
typedef bool db_row_fn(const struct db_rows *rows, void *context, struct error *err);
MUST_CHECK bool db_each(struct db *db, const struct sql *sql, const char *const *params, db_row_fn *row, void *context,
                        struct error *err);

/* The number of the highest parameter that a statement's text names; 0: none. */
size_t db_count_parameters(const char *text);

void db_rows_free(struct db_rows *rows);
size_t db_rows_count(const struct db_rows *rows);
size_t db_column_count(const struct db_rows *rows);
const char *db_column_name(const struct db_rows *rows, size_t column);
const char *db_value(const struct db_rows *rows, size_t row, size_t column); /* text; NULL for SQL NULL */
/* By column name; a name that the statement does not give is a bug and ends the process with a message. */
const char *db_text(const struct db_rows *rows, size_t row, const char *column); /* NULL for SQL NULL */
int64_t db_int64(const struct db_rows *rows, size_t row, const char *column);    /* 0 for SQL NULL */
bool db_bool(const struct db_rows *rows, size_t row, const char *column);        /* false for SQL NULL */
bool db_is_null(const struct db_rows *rows, size_t row, const char *column);

/* ---- numbers as parameters ---- */
/* "{1,2,3}", a bigint[], in the arena. */
const char *db_array_text(struct arena *arena, const int64_t *numbers, size_t count);
#define DB_NUMBER_SIZE 24
const char *db_number_text(int64_t number, char text[DB_NUMBER_SIZE]); /* returns text */

/* ---- transactions ---- */
MUST_CHECK bool db_begin(struct db *db, struct error *err);
MUST_CHECK bool db_begin_snapshot(struct db *db, struct error *err); /* REPEATABLE READ, READ ONLY: one view of all */
/* The same view as the snapshot that is open on `of`, so that two connections can read it at once. */
MUST_CHECK bool db_join_snapshot(struct db *db, struct db *of, struct error *err);
MUST_CHECK bool db_commit(struct db *db, struct error *err);
void db_rollback(struct db *db); /* also when nothing is open */
/* A savepoint ends by one of the two that follow; within another one it hides that. */
MUST_CHECK bool db_savepoint(struct db *db, struct error *err);
MUST_CHECK bool db_savepoint_release(struct db *db, struct error *err);
MUST_CHECK bool db_savepoint_rollback(struct db *db, struct error *err);

/* ---- COPY … FROM STDIN (FORMAT binary): rows of typed columns, in the statement's column order ---- */
struct db_copy;
MUST_CHECK bool db_copy_start(struct db *db, const struct sql *sql, size_t columns, struct db_copy **copy,
                              struct error *err);
void db_copy_row(struct db_copy *copy); /* begins the next row */
void db_copy_int16(struct db_copy *copy, int16_t value);
void db_copy_int32(struct db_copy *copy, int32_t value);
void db_copy_int64(struct db_copy *copy, int64_t value);
void db_copy_bool(struct db_copy *copy, bool value);
void db_copy_time(struct db_copy *copy, int64_t us);                      /* timestamptz */
void db_copy_date(struct db_copy *copy, int32_t days);                    /* days since 1970-01-01 */
void db_copy_text(struct db_copy *copy, struct str text);                 /* text, json or enum; absent is NULL */
void db_copy_bytes(struct db_copy *copy, const void *bytes, size_t size); /* bytea */
void db_copy_null(struct db_copy *copy);
/* Sends what is left and ends the COPY; frees copy in every case. A connection lost or refused row shows here. */
MUST_CHECK bool db_copy_finish(struct db_copy *copy, struct error *err);
/* Gives the COPY up, which fails its transaction: roll that back. Frees copy; NULL is fine. */
void db_copy_abandon(struct db_copy *copy);

/* ---- COPY … TO STDOUT (text format): lines as they come, in bounded memory ---- */
/* Takes a line, without its newline and only for the call. When it returns false the COPY is given up and its err
 * stands. */
typedef bool db_line_fn(struct str line, void *context, struct error *err);
/* A COPY takes no parameters; its statement may read settings that another one has set. */
MUST_CHECK bool db_copy_out(struct db *db, const struct sql *sql, db_line_fn *line, void *context, struct error *err);

/* ---- schema ---- */
struct db_schema_state {
    int installed; /* 0: none */
    int known;     /* the newest migration in this program */
};
/* Creates or upgrades the schema, roles included, under a lock. Refuses a database that is newer than the program and a
 * migration whose text is not the one that was applied. Where the login may not make roles, prints the statements to
 * run as one who may, and fails. */
MUST_CHECK bool db_migrate(const struct db_target *target, struct db_schema_state *before, struct error *err);

/* ---- the private cluster ---- */
/* Makes the private cluster and its schema when target is the private one and it is not there; else does nothing. */
MUST_CHECK bool db_make_home(const struct db_target *target, struct error *err);
MUST_CHECK bool db_start(const struct db_target *target, struct error *err);
MUST_CHECK bool db_stop(const struct db_target *target, struct error *err);
struct db_cluster_status {
    bool exists;
    bool running;
    int64_t pid;       /* 0: not running */
    char version[16];  /* the cluster's major version */
    char socket[4096]; /* folder of the socket */
    char log[4096];
};
MUST_CHECK bool db_cluster_state(const struct db_target *target, struct db_cluster_status *status, struct error *err);
/* For who has used it before and comes back. False: the private cluster was stopped; it is not started
 * again, as whoever stopped it may copy its files. True for one that was killed, and for any other database. */
MUST_CHECK bool db_cluster_is_there(const struct db_target *target, struct error *err);
/* Becomes psql on the database (does not return on success). argv: further arguments for psql, NULL-ended. */
MUST_CHECK bool db_psql(const struct db_target *target, const char *const *argv, struct error *err);
/* Backup of the whole ledger into a new or empty folder, and its return into an empty home or a database without the
 * schema. The summary (chain head, when taken, counts) is filled on success; restore fails unless what it finds
 * afterwards equals it. */
struct db_backup_summary {
    char taken_at[TIMESTAMP_SIZE];
    char chain_head[DIGEST_HEX_SIZE];
    int64_t chain_length;
    int64_t contracts;
    int64_t batches;
    int64_t events;
};
MUST_CHECK bool db_backup(const struct db_target *target, const char *folder, struct db_backup_summary *summary,
                          struct error *err);
MUST_CHECK bool db_restore(const struct db_target *target, const char *folder, struct db_backup_summary *summary,
                           struct error *err);

#endif
