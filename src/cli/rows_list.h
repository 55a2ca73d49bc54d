/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_ROWS_LIST_H
#define HEADROOM_CLI_ROWS_LIST_H

/* Rows without end on standard output, in bounded memory: as a table while they come, as JSON once all are there. */

#include "cli/rows.h"

/* Runs the statement and prints its rows by these columns. *count: how many there were. */
MUST_CHECK bool rows_list_print(struct db *db, const struct sql *sql, const char *const *params,
                                const struct rows_column *columns, size_t column_count, bool json, size_t *count,
                                struct error *err);

#endif
