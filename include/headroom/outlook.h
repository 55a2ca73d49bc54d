/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_OUTLOOK_H
#define HEADROOM_OUTLOOK_H

/*
 * outlook: the forecast of a contract's billing month as it is shown everywhere: in `forecast`, in `status`, in
 * workbooks. Puts together what the ledger has (history.h), what follows from it (forecast.h) and what that costs.
 */

#include "headroom/forecast.h"
#include "headroom/history.h"

struct outlook_options {
    int64_t as_of;          /* HISTORY_NO_TIME: see history_fetch */
    size_t newest;          /* months of history at most, FORECAST_HISTORY unless fewer are wanted */
    int64_t limit;          /* instead of the terms', or HISTORY_LIMIT_OF_TERMS */
    const char *unit_price; /* a flat one instead of the terms' pricing, or NULL */
};

struct outlook {
    struct history history;
    struct forecast_input input;
    struct forecast forecast;
    int64_t limit;      /* as asked for, else of the terms; RECONCILE_NO_LIMIT */
    double mean;        /* of the month's count, as forecast_mean */
    double probability; /* of passing the limit; -1 without one */
    int64_t
        crossing_at; /* the start of the day on whose end the expected count is above the limit; HISTORY_NO_TIME: none */
    double overage_mean, overage_p10, overage_p90;
    const char *charge_mean, *charge_p10, *charge_p90; /* money */
    struct forecast_score score; /* of past months at the day of the month that is nearest; months 0: not known yet */
    int score_day;
    size_t left_out_count;
};

MUST_CHECK bool outlook_make(struct db *db, const struct reconcile_contract *contract, const char *month,
                             const struct outlook_options *options, struct arena *arena, struct outlook *outlook,
                             struct error *err);

#endif
