/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_RECONCILE_FETCH_H
#define HEADROOM_RECONCILE_FETCH_H

/* Small help for turning rows into values that outlive them. */

#include "headroom/reconcile.h"

/* NULL stays NULL. */
const char *fetch_text(const struct db_rows *rows, size_t row, const char *column, struct arena *arena);
/* Microseconds; RECONCILE_NO_TIME for SQL NULL. */
int64_t fetch_time(const struct db_rows *rows, size_t row, const char *column);
/* The decimal text of a contract's id, for a parameter. */
#define FETCH_ID_SIZE 24
const char *fetch_id(int64_t id, char text[FETCH_ID_SIZE]);
/* All rows as the lines of a charge: kind, description, units, unit_price, amount, from_unit, to_unit. */
struct reconcile_line *fetch_charge_lines(const struct db_rows *rows, struct arena *arena, size_t *count);

#endif
