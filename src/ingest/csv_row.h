/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_CSV_ROW_H
#define HEADROOM_INGEST_CSV_ROW_H

/* A row of CSV: commas, quoted fields that may hold commas, doubled quotes and line ends. What the cells mean is the
 * caller's matter. */

#include "ingest/record.h"

/* Splits the record's text into cells, of which at most `max` are kept; *count is how many there are. The cells borrow
 * from the record, or from the arena where quotes were doubled. False: it is not CSV or not text, and the record is
 * rejected (bad_quote, bad_utf8, nul_byte). */
MUST_CHECK bool csv_split(struct record *record, struct arena *arena, struct str *cells, size_t max, size_t *count);

/* Refuses a header whose columns are separated by something else than commas, and says how to convert the file;
 * EXIT_COMMAND. name is the file's. */
MUST_CHECK bool csv_check_separator(const char *name, struct str header, struct error *err);

#endif
