/* SPDX-License-Identifier: MIT */
/* Turns rows into values that outlive them. */

#include "reconcile/fetch.h"

const char *fetch_text(const struct db_rows *rows, size_t row, const char *column, struct arena *arena)
{
    const char *text = db_text(rows, row, column);
    return text != NULL ? arena_copy(arena, str_of(text)).data : NULL;
}

int64_t fetch_time(const struct db_rows *rows, size_t row, const char *column)
{
    return db_is_null(rows, row, column) ? RECONCILE_NO_TIME : db_int64(rows, row, column);
}

const char *fetch_id(int64_t id, char text[FETCH_ID_SIZE])
{
    snprintf(text, FETCH_ID_SIZE, "%lld", (long long)id);
    return text;
}

struct reconcile_line *fetch_charge_lines(const struct db_rows *rows, struct arena *arena, size_t *count)
{
    *count = db_rows_count(rows);
    struct reconcile_line *lines = arena_alloc(arena, (*count + 1) * sizeof *lines);
    for (size_t i = 0; i < *count; i++)
        lines[i] = (struct reconcile_line){
            .kind = fetch_text(rows, i, "kind", arena),
            .description = fetch_text(rows, i, "description", arena),
            .units = fetch_text(rows, i, "units", arena),
            .unit_price = fetch_text(rows, i, "unit_price", arena),
            .amount = fetch_text(rows, i, "amount", arena),
            .from_unit = fetch_text(rows, i, "from_unit", arena),
            .to_unit = fetch_text(rows, i, "to_unit", arena),
        };
    return lines;
}
