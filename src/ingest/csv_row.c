/* SPDX-License-Identifier: MIT */
/* A row of CSV as RFC 4180 has it, cut into its cells. */
#include "ingest/csv_row.h"

#include <string.h>

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

bool csv_split(struct record *record, struct arena *arena, struct str *cells, size_t max, size_t *count)
{
    const char *at = record->raw.data;
    const char *end = at + record->raw.size;
    const char *why = NULL;
    struct str cell;

    *count = 0;
    for (;; at++) {
        at = take_cell(arena, at, end, &cell, &why);
        if (at == NULL) {
            record_reject(record, FIELD_UNKNOWN, "bad_quote",
                          "field %zu: %s; text with a quote in it is written "
                          "\"with \"\"doubled\"\" quotes\"",
                          *count + 1, why);
            return false;
        }
        if (*count < max)
            cells[*count] = cell;
        ++*count;
        if (at == end)
            return record_check_text(record);
    }
}

bool csv_check_separator(const char *name, struct str header, struct error *err)
{
    static const struct {
        char separator;
        const char *name;
        const char *for_tr;
    } others[] = {{';', "semicolons", "';'"}, {'\t', "tabs", "'\\t'"}, {'|', "vertical bars", "'|'"}};

    if (memchr(header.data, ',', header.size) != NULL)
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        if (memchr(header.data, others[i].separator, header.size) != NULL)
            return fail(
                err, EXIT_COMMAND,
                "%s: the CSV header has %s, not commas, between its columns; export it with commas or, where no "
                "value holds a comma, convert it: tr %s , <FILE >NEW",
                name, others[i].name, others[i].for_tr);
    }
    return true;
}
