/* SPDX-License-Identifier: MIT */
/* One list of columns gives the cells of a table and the keys of JSON, so that the two cannot disagree. */

#include "cli/rows.h"

#include "cli/json.h"
#include "cli/text.h"

#define COLUMNS_MAX 24

static bool is_number(enum rows_kind kind)
{
    return kind == ROWS_COUNT || kind == ROWS_MONEY;
}

struct table *rows_table(const struct rows_column *columns, size_t count)
{
    struct table_column titles[COLUMNS_MAX];
    size_t shown = 0;

    for (size_t i = 0; i < count && shown < COLUMNS_MAX; i++) {
        if (columns[i].title != NULL)
            titles[shown++] =
                (struct table_column){columns[i].title, is_number(columns[i].kind) ? TABLE_RIGHT : TABLE_LEFT};
    }
    return table_new(titles, shown);
}

static int64_t time_of(const struct db_rows *rows, size_t row, const char *key)
{
    return db_is_null(rows, row, key) ? RECONCILE_NO_TIME : db_int64(rows, row, key);
}

void rows_add(struct table *table, const struct rows_column *columns, size_t count, const struct db_rows *rows,
              size_t row)
{
    const char *cells[COLUMNS_MAX];
    struct cell times[COLUMNS_MAX];
    size_t shown = 0;

    for (size_t i = 0; i < count && shown < COLUMNS_MAX; i++) {
        if (columns[i].title == NULL)
            continue;
        cells[shown] = columns[i].kind == ROWS_TIME ? cell_time(&times[shown], time_of(rows, row, columns[i].key))
                                                    : db_text(rows, row, columns[i].key);
        shown++;
    }
    table_add(table, cells);
}

static json_t *value_of(const struct rows_column *column, const struct db_rows *rows, size_t row)
{
    if (column->kind == ROWS_TIME)
        return json_time(time_of(rows, row, column->key));
    if (column->kind == ROWS_FLAG)
        return json_boolean(db_bool(rows, row, column->key));
    if (column->kind == ROWS_COUNT && !db_is_null(rows, row, column->key))
        return json_integer(db_int64(rows, row, column->key));
    return json_text(db_text(rows, row, column->key));
}

json_t *rows_json(const struct rows_column *columns, size_t count, const struct db_rows *rows, size_t row)
{
    json_t *object = json_object();

    for (size_t i = 0; i < count; i++) {
        if (columns[i].kind != ROWS_WORDS)
            (void)json_object_set_new(object, columns[i].key, value_of(&columns[i], rows, row));
    }
    return object;
}

json_t *rows_json_all(const struct rows_column *columns, size_t count, const struct db_rows *rows)
{
    json_t *array = json_array();

    for (size_t row = 0; row < db_rows_count(rows); row++)
        (void)json_array_append_new(array, rows_json(columns, count, rows, row));
    return array;
}

void rows_print(const struct rows_column *columns, size_t count, const struct db_rows *rows)
{
    struct table *table;

    if (db_rows_count(rows) == 0)
        return;
    table = rows_table(columns, count);
    for (size_t row = 0; row < db_rows_count(rows); row++)
        rows_add(table, columns, count, rows, row);
    table_print(table, stdout);
    table_free(table);
}
