/* SPDX-License-Identifier: MIT */
/* COPY TO STDOUT in the text format: lines are handed out as they come. */

#include "db/internal.h"

/* Takes what the server still sends, its last word included; the first failure is the one that tells. */
static bool drain(struct db *db, const struct sql *sql, bool told, struct error *err)
{
    bool done = !told;
    PGresult *result;

    while ((result = PQgetResult(db->conn)) != NULL) {
        ExecStatusType status = PQresultStatus(result);
        char *rest = NULL;
        while (status == PGRES_COPY_OUT && PQgetCopyData(db->conn, &rest, 0) > 0)
            PQfreemem(rest);
        if (done && status != PGRES_COMMAND_OK && status != PGRES_COPY_OUT)
            done = db_refused(db, sql, result, err);
        PQclear(result);
        if (PQstatus(db->conn) == CONNECTION_BAD)
            break;
    }
    return done;
}

bool db_copy_out(struct db *db, const struct sql *sql, db_line_fn *line, void *context, struct error *err)
{
    PGresult *result = db_execute(db, sql, NULL);
    bool started = PQresultStatus(result) == PGRES_COPY_OUT;
    bool wanted = true;
    char *data = NULL;
    int size = 0;

    if (!started)
        db_refused(db, sql, result, err);
    PQclear(result);
    if (!started)
        return false;

    while (wanted && (size = PQgetCopyData(db->conn, &data, 0)) > 0) {
        wanted = line((struct str){data, (size_t)size - 1}, context, err); /* without the newline */
        PQfreemem(data);
    }
    if (!wanted)
        db_give_up(db);
    else if (size == -2)
        wanted = db_refused(db, sql, NULL, err);
    return drain(db, sql, !wanted, err);
}
