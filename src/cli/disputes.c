/* SPDX-License-Identifier: MIT */
/* Shows the documents of the vendor that wait for somebody. */

#include "cli/disputes.h"

#include <inttypes.h>

#include "cli/rows.h"
#include "cli/table.h"
#include "statements.h"

/* The contract stands in the status that they are a part of, so JSON does not repeat it. */
static const struct rows_column columns[] = {
    {"contract", "CONTRACT", ROWS_WORDS},
    {"month", "MONTH", ROWS_TEXT},
    {"document", "DOCUMENT", ROWS_WORDS},
    {"number", NULL, ROWS_TEXT},
    {"kind", NULL, ROWS_TEXT},
    {"status", "STATUS", ROWS_TEXT},
    {"since_day", "SINCE", ROWS_WORDS},
    {"since", NULL, ROWS_TIME},
    {"handles", NULL, ROWS_COUNT},
    {"amount", NULL, ROWS_TEXT},
    {"currency", NULL, ROWS_TEXT},
    {"theirs", "THEIRS", ROWS_WORDS},
    {"invoiced_handles", NULL, ROWS_COUNT},
    {"invoiced_amount", NULL, ROWS_TEXT},
    {"ours", "OURS, SEALED", ROWS_WORDS},
    {"unique_handles", NULL, ROWS_COUNT},
    {"charge", NULL, ROWS_TEXT},
    {"due", "DUE", ROWS_TEXT},
    {"left_words", "LEFT", ROWS_WORDS},
    {"days_left", NULL, ROWS_COUNT},
};

bool disputes_find(struct db *db, const struct selected *item, struct db_rows **rows, struct error *err)
{
    char id[SELECTION_ID_SIZE];

    snprintf(id, sizeof id, "%" PRId64, item->contract.id);
    return db_query(db, &sql_status_disputes, (const char *const[]){id, item->month}, rows, err);
}

json_t *disputes_json(const struct db_rows *rows)
{
    return rows_json_all(columns, ARRAY_LENGTH(columns), rows);
}

static void add_rows(struct table *table, const struct db_rows *rows)
{
    for (size_t row = 0; row < db_rows_count(rows); row++) {
        rows_add(table, columns, ARRAY_LENGTH(columns), rows, row);
        table_set_tone(table, db_bool(rows, row, "late") ? TABLE_BAD : TABLE_PLAIN);
    }
}

void disputes_print(struct db_rows *const *found, size_t count)
{
    struct table *table = rows_table(columns, ARRAY_LENGTH(columns));

    for (size_t i = 0; i < count; i++)
        add_rows(table, found[i]);
    if (table_rows(table) > 0) {
        puts("\nOpen disputes, and documents to accept or dispute until the day that is due:");
        table_print(table, stdout);
    }
    table_free(table);
}
