/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_MONTH_GATEWAY_H
#define HEADROOM_CLI_MONTH_GATEWAY_H

/* What a month's requests say beside its count: how near they came to the rate limit, and whom the gate kept out. */

#include <jansson.h>

#include "cli/selection.h"

/* One row of status_gateway.sql. db_rows_free it. */
MUST_CHECK bool month_gateway_find(struct db *db, const struct selected *item, struct db_rows **rows,
                                   struct error *err);
/* Parts of a status; rate is null where no answer said anything of the limit. */
json_t *month_gateway_rate_json(const struct db_rows *rows);
json_t *month_gateway_gate_json(const struct db_rows *rows);
/* A line for each, with the contract's name where there are several; nothing where there is nothing to say. */
void month_gateway_print(const struct db_rows *rows, bool several);

#endif
