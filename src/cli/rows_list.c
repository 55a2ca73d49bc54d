/* SPDX-License-Identifier: MIT */
/* Prints the rows of a statement as they come. */

#include "cli/rows_list.h"

#include "cli/json_list.h"
#include "cli/output.h"
#include "cli/table.h"

#define ROWS_AT_ONCE 1000 /* kept to find the widths of the columns */

struct rows_list {
    const struct rows_column *columns;
    size_t column_count;
    struct table *table;    /* as text */
    struct json_list *json; /* as JSON */
    size_t count;
};

static bool take_row(const struct db_rows *rows, void *context, struct error *err)
{
    struct rows_list *list = context;

    list->count++;
    if (list->json != NULL)
        return json_list_add(list->json, rows_json(list->columns, list->column_count, rows, 0), err);
    rows_add(list->table, list->columns, list->column_count, rows, 0);
    if (table_rows(list->table) >= ROWS_AT_ONCE)
        table_flush(list->table, stdout);
    return output_ok(stdout, err);
}

static bool finish(struct rows_list *list, struct error *err)
{
    if (list->json != NULL)
        return json_list_print(list->json, err);
    if (list->count > 0)
        table_flush(list->table, stdout);
    return output_ok(stdout, err);
}

bool rows_list_print(struct db *db, const struct sql *sql, const char *const *params, const struct rows_column *columns,
                     size_t column_count, bool json, size_t *count, struct error *err)
{
    struct rows_list list = {.columns = columns, .column_count = column_count};
    bool done;

    if (json && !json_list_new(&list.json, err))
        return false;
    if (!json)
        list.table = rows_table(columns, column_count);
    done = db_each(db, sql, params, take_row, &list, err) && finish(&list, err);
    *count = list.count;
    table_free(list.table);
    json_list_free(list.json);
    return done;
}
