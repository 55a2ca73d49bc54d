/* SPDX-License-Identifier: MIT */
/* A report that is on record, as JSON. */

#include "cli/report_json.h"

static const struct rows_column columns[] = {
    {"report", NULL, ROWS_TEXT},     {"format", NULL, ROWS_TEXT},     {"contract", NULL, ROWS_TEXT},
    {"month", NULL, ROWS_TEXT},      {"parameters", NULL, ROWS_TEXT}, {"file", NULL, ROWS_TEXT},
    {"sha256", NULL, ROWS_TEXT},     {"size", NULL, ROWS_COUNT},      {"chain_link", NULL, ROWS_COUNT},
    {"chain_head", NULL, ROWS_TEXT}, {"state", NULL, ROWS_TEXT},      {"unique_handles", NULL, ROWS_COUNT},
    {"charge", NULL, ROWS_MONEY},    {"currency", NULL, ROWS_TEXT},   {"made_at", NULL, ROWS_TIME},
    {"written_at", NULL, ROWS_TIME}, {"written_by", NULL, ROWS_TEXT}, {"program", NULL, ROWS_TEXT},
};

json_t *report_as_json(const struct db_rows *rows, size_t row)
{
    json_t *object = rows_json(columns, ARRAY_LENGTH(columns), rows, row);
    json_t *parameters = json_loads(db_text(rows, row, "parameters"), 0, NULL);

    if (parameters != NULL)
        (void)json_object_set_new(object, "parameters", parameters);
    return object;
}
