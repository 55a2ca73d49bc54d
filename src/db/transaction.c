/* SPDX-License-Identifier: MIT */
/* Transactions and the marks within them. */

#include <stdlib.h>
#include <string.h>

#include "db/internal.h"
#include "statements.h"

bool db_begin(struct db *db, struct error *err)
{
    return db_run(db, &sql_db_begin, NULL, err);
}

bool db_begin_snapshot(struct db *db, struct error *err)
{
    db->in_snapshot = db_run(db, &sql_db_begin_snapshot, NULL, err);
    return db->in_snapshot;
}

/* Runs the statement with the name in the place of its $1. */
static bool take_snapshot(struct db *db, const char *name, struct error *err)
{
    const char *text = sql_db_join_snapshot.text;
    const char *place = strstr(text, "$1;");
    char *literal = PQescapeLiteral(db->conn, name, strlen(name));

    if (literal == NULL)
        return db_refused(db, &sql_db_join_snapshot, NULL, err);
    char *joined = mem_format("%.*s%s;", (int)(place - text), text, literal);
    bool done = db_run(db, &(struct sql){sql_db_join_snapshot.name, joined}, NULL, err);
    free(joined);
    PQfreemem(literal);
    return done;
}

bool db_join_snapshot(struct db *db, struct db *of, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(of, &sql_db_export_snapshot, NULL, &rows, err))
        return false;
    bool done = db_begin_snapshot(db, err) && take_snapshot(db, db_text(rows, 0, "snapshot"), err);
    db_rows_free(rows);
    return done;
}

/* The server answers a COMMIT after a failed statement with "ROLLBACK" and no error: only the tag tells that nothing
 * was kept. */
bool db_commit(struct db *db, struct error *err)
{
    PGresult *result = db_execute(db, &sql_db_commit, NULL);
    db->in_snapshot = false;
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;

    if (!done)
        db_refused(db, &sql_db_commit, result, err);
    else if (strcmp(PQcmdStatus(result), "COMMIT") != 0)
        done = fail(err, EXIT_COMMAND, "%s gave the transaction up: a statement in it had failed", db->place);
    PQclear(result);
    return done;
}

void db_rollback(struct db *db)
{
    db->in_snapshot = false;
    if (PQtransactionStatus(db->conn) == PQTRANS_IDLE || PQstatus(db->conn) == CONNECTION_BAD)
        return;
    PQclear(db_execute(db, &sql_db_rollback, NULL));
}

bool db_savepoint(struct db *db, struct error *err)
{
    return db_run(db, &sql_db_savepoint, NULL, err);
}

bool db_savepoint_release(struct db *db, struct error *err)
{
    return db_run(db, &sql_db_savepoint_release, NULL, err);
}

/* Both, so that a mark is ended once by either way and none is left under the next. */
bool db_savepoint_rollback(struct db *db, struct error *err)
{
    return db_run(db, &sql_db_savepoint_rollback, NULL, err) && db_run(db, &sql_db_savepoint_release, NULL, err);
}
