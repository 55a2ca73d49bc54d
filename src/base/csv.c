/* SPDX-License-Identifier: MIT */
/* CSV as RFC 4180 has it, cut into rows and these into cells. */

#include <string.h>

#include "headroom/base.h"

bool csv_next(struct str *rest, struct str *row, uint64_t *lines)
{
    bool quoted = false;
    size_t size = 0;

    if (rest->size == 0)
        return false;
    *lines = 1;
    for (; size < rest->size && (quoted || rest->data[size] != '\n'); size++) {
        quoted ^= rest->data[size] == '"';
        *lines += rest->data[size] == '\n';
    }
    *row = (struct str){rest->data, size};
    if (size > 0 && row->data[size - 1] == '\r')
        row->size--;
    size += size < rest->size;
    *rest = (struct str){rest->data + size, rest->size - size};
    return true;
}

/* Takes the quoted cell at `at` (its opening quote) and returns what is behind its closing quote; NULL when there is no
 * such quote. Doubled quotes become one. */
static const char *take_quoted(struct arena *arena, const char *at, const char *end, struct str *cell)
{
    const char *start = ++at;
    size_t doubled = 0;

    while ((at = memchr(at, '"', (size_t)(end - at))) != NULL && at + 1 < end && at[1] == '"') {
        doubled++;
        at += 2;
    }
    if (at == NULL)
        return NULL;
    *cell = (struct str){start, (size_t)(at - start)};
    if (doubled == 0)
        return at + 1;

    char *text = arena_alloc(arena, cell->size);
    size_t size = 0;
    for (const char *from = start; from < at; from++) {
        text[size++] = *from;
        from += *from == '"' ? 1 : 0;
    }
    *cell = (struct str){text, size};
    return at + 1;
}

/* Takes the cell at `at` and returns what is behind it: the comma or the row's end. NULL: *why says what is wrong. */
static const char *take_cell(struct arena *arena, const char *at, const char *end, struct str *cell, const char **why)
{
    if (at < end && *at == '"') {
        at = take_quoted(arena, at, end, cell);
        if (at != NULL && (at == end || *at == ','))
            return at;
        *why =
            at == NULL ? "a quoted field is not closed" : "a quoted field is followed by something else than a comma";
        return NULL;
    }

    const char *comma = memchr(at, ',', (size_t)(end - at));
    *cell = (struct str){at, (size_t)((comma != NULL ? comma : end) - at)};
    if (memchr(cell->data, '"', cell->size) == NULL)
        return cell->data + cell->size;
    *why = "a quote stands inside a field that is not quoted";
    return NULL;
}

bool csv_cells(struct str row, struct arena *arena, struct str *cells, size_t max, size_t *count, const char **why)
{
    const char *at = row.data;
    const char *end = at + row.size;
    struct str cell;

    *count = 0;
    for (;; at++) {
        at = take_cell(arena, at, end, &cell, why);
        if (at == NULL)
            return false;
        if (*count < max)
            cells[*count] = cell;
        ++*count;
        if (at == end)
            return true;
    }
}
