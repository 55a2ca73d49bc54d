/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_ROWS_H
#define HEADROOM_CLI_ROWS_H

/* Rows of the database as rows of a table and as JSON objects, both from one list of columns. */

#include <jansson.h>

#include "cli/command.h"

enum rows_kind {
    ROWS_TEXT,
    ROWS_COUNT, /* a number in JSON too */
    ROWS_MONEY, /* exact text in JSON */
    ROWS_TIME,  /* microseconds since the epoch */
    ROWS_FLAG,  /* true or false in JSON; has no title */
    ROWS_WORDS, /* for a person: only in the table */
};
struct rows_column {
    const char *key;   /* the statement's column, and the key in JSON */
    const char *title; /* in the table; NULL: only in JSON */
    enum rows_kind kind;
};
/* A table with the columns that have a title. table_free it. */
struct table *rows_table(const struct rows_column *columns, size_t count);
void rows_add(struct table *table, const struct rows_column *columns, size_t count, const struct db_rows *rows,
              size_t row);
json_t *rows_json(const struct rows_column *columns, size_t count, const struct db_rows *rows, size_t row);
/* All rows as an array. */
json_t *rows_json_all(const struct rows_column *columns, size_t count, const struct db_rows *rows);
/* All rows as a table on standard output; nothing where there is no row. */
void rows_print(const struct rows_column *columns, size_t count, const struct db_rows *rows);

#endif
