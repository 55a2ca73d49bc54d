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
