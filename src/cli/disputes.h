/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_DISPUTES_H
#define HEADROOM_CLI_DISPUTES_H

/* The vendor's documents that wait for somebody: disputed ones, and open ones that soon can be disputed no more. */

#include <jansson.h>

#include "cli/selection.h"

/* Columns of status_disputes.sql: of the contract's month and those before it. db_rows_free them. */
MUST_CHECK bool disputes_find(struct db *db, const struct selected *item, struct db_rows **rows, struct error *err);
/* As a part of a status. */
json_t *disputes_json(const struct db_rows *rows);
/* Those of all contracts as one table below the figures; nothing where there are none. */
void disputes_print(struct db_rows *const *found, size_t count);

#endif
