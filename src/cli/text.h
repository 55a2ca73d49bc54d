/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_TEXT_H
#define HEADROOM_CLI_TEXT_H

/* Values as tables show them: each cell_ function fills and returns the caller's cell. And what is said beside it. */

#include "headroom/reconcile.h"

#define CELL_SIZE 64
struct cell {
    char text[CELL_SIZE];
};
const char *cell_count(struct cell *cell, int64_t count);
/* RFC 3339 in UTC, cut to the second; NULL for RECONCILE_NO_TIME. */
const char *cell_time(struct cell *cell, int64_t us);
const char *cell_date(struct cell *cell, const char *date);                          /* "2026-10-03": "3 October" */
const char *cell_limit(struct cell *cell, int64_t limit);                            /* "none" without one */
const char *cell_money(struct cell *cell, const char *amount, const char *currency); /* "30.00 USD" */
/* Per cent of the limit, rounded down, so that 100 is said only when nothing is left; more than 999 is 999. Of a status
 * that has a limit. */
int text_used_per_cent(const struct reconcile_status *status);
/* How much of the limit is used: a bar of so many columns and the per cent. NULL without a limit. */
const char *cell_bar(struct cell *cell, const struct reconcile_status *status, size_t columns);

/* Says on standard error which sources have gone quiet, so that the count of an open month is old. */
void text_warn_of_silence(const struct reconcile_status *status);

/* Says below a month's figures which adjustments it has, and what is due with them; nothing where there are none. */
void text_print_adjustments(const struct reconcile_status *status);

#endif
