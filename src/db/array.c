/* SPDX-License-Identifier: MIT */
/* Writes numbers as PostgreSQL reads them. */

#include <inttypes.h>

#include "headroom/db.h"

const char *db_number_text(int64_t number, char text[DB_NUMBER_SIZE])
{
    snprintf(text, DB_NUMBER_SIZE, "%" PRId64, number);
    return text;
}

const char *db_array_text(struct arena *arena, const int64_t *numbers, size_t count)
{
    size_t capacity = count * DB_NUMBER_SIZE + sizeof "{}";
    char *text = arena_alloc(arena, capacity);
    size_t size = 0;

    text[size++] = '{';
    for (size_t i = 0; i < count; i++)
        size += (size_t)snprintf(text + size, capacity - size, "%s%" PRId64, i > 0 ? "," : "", numbers[i]);
    snprintf(text + size, capacity - size, "}");
    return text;
}
