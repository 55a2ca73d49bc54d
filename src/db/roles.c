/* SPDX-License-Identifier: MIT */
/* The roles that headroom works with. They belong to the server, so making them may be another person's right. */

#include <stdlib.h>
#include <string.h>

#include "db/internal.h"
#include "statements.h"

/* The statements to run, on one line, ready to be pasted. */
static char *join_statements(const struct db_rows *rows)
{
    char *all = mem_text("");

    for (size_t row = 0; row < db_rows_count(rows); row++) {
        char *longer = mem_format("%s%s%s", all, row == 0 ? "" : " ", db_text(rows, row, "statement"));
        free(all);
        all = longer;
    }
    return all;
}

bool db_ensure_roles(struct db *db, struct error *err)
{
    struct db_rows *rows = NULL;
    bool done;

    if (!db_query(db, &sql_db_missing_roles, NULL, &rows, err))
        return false;
    done = db_rows_count(rows) == 0 || db_run(db, &sql_db_make_roles, NULL, err);
    if (!done && err != NULL && strcmp(err->sqlstate, "42501") == 0) {
        char *statements = join_statements(rows);
        fail(err, EXIT_COMMAND,
             "the login %s may not make the roles that headroom works with in %s; let a superuser run the following, "
             "then run `headroom init` again: %s",
             PQuser(db->conn), db->place, statements);
        free(statements);
    }
    db_rows_free(rows);
    return done;
}
