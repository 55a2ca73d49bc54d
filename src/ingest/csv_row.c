/* SPDX-License-Identifier: MIT */
/* A row of CSV as a record of a log. */
#include "ingest/csv_row.h"

bool csv_split(struct record *record, struct arena *arena, struct str *cells, size_t max, size_t *count)
{
    const char *why = NULL;

    if (csv_cells(record->raw, arena, cells, max, count, &why))
        return record_check_text(record);
    record_reject(record, FIELD_UNKNOWN, "bad_quote",
                  "field %zu: %s; text with a quote in it is written "
                  "\"with \"\"doubled\"\" quotes\"",
                  *count + 1, why);
    return false;
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
