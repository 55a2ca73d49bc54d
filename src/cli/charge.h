/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_CHARGE_H
#define HEADROOM_CLI_CHARGE_H

/* A charge line by line, as an invoice would have it. */

#include <jansson.h>

#include "headroom/reconcile.h"

/* A table on standard output, with the total below. */
void charge_print(const struct reconcile_line *lines, size_t count, const char *total, const char *currency);
/* An array of {kind, description, from_unit, to_unit, units, unit_price, amount}. */
json_t *charge_json(const struct reconcile_line *lines, size_t count);

#endif
