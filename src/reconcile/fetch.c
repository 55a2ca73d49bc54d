/* SPDX-License-Identifier: MIT */
/* Turns rows into values that outlive them. */

#include "reconcile/fetch.h"

#include "headroom/reconcile.h"

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
