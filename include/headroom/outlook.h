/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_OUTLOOK_H
#define HEADROOM_OUTLOOK_H

/*
 * outlook: the forecast of a contract's billing month as it is shown everywhere: in `forecast`, in `status`, in
 * workbooks. Puts together what the ledger has (history.h), what follows from it (forecast.h) and what that costs.
 */

#include <jansson.h>

#include "headroom/forecast.h"
#include "headroom/history.h"

struct outlook_options {
    int64_t as_of;                         /* HISTORY_NO_TIME: see history_fetch */
    int64_t now;                           /* 0: the database's */
    size_t newest;                         /* months of history at most, FORECAST_HISTORY unless fewer are wanted */
    int64_t limit;                         /* instead of the terms', or HISTORY_LIMIT_OF_TERMS */
    const char *unit_price;                /* a flat one instead of the terms' pricing, or NULL */
    const struct reconcile_status *status; /* of the month, where the caller has it, see history_fetch; or NULL */
    bool with_days;                        /* the month's own days too, see history_fetch_days */
};

struct outlook {
    struct history history;
    struct forecast_input input;
    struct forecast forecast;
    bool is_empty;      /* neither a part of the month nor a past one is known: nothing follows, all below is 0 */
    bool is_further;    /* counted further than data until: history.as_of and what follows from it are as far as any
                           source has delivered, since that leads further than what all have */
    int64_t limit;      /* as asked for, else of the terms; RECONCILE_NO_LIMIT */
    double mean;        /* of the month's count, as forecast_mean */
    double probability; /* of passing the limit; -1 without one */
    int crossing_day;   /* of the month, from 1, on which the limit is expected to be passed; 0: none, or it is */
    bool is_passed;     /* the limit, by what is used */
    int passed_day;     /* on which it was; 0: not known, for which the days are needed */
    /* Of the count to whole handles, the nearest ones: so the charge is that of the overage. */
    double overage_mean;
    int64_t overage_p10, overage_p90;
    const char *charge_mean, *charge_p10, *charge_p90; /* money */
    int score_day;               /* whose end is nearest to as_of, from 1 to the last day but one */
    struct forecast_score score; /* of the newest past months on it; months 0: not known yet */
    size_t left_out_count;       /* of history.months */
};
/* How many of the past months are forecast for the score: so few that the first of them has some before it too. */
#define OUTLOOK_SCORED 24

MUST_CHECK bool outlook_make(struct db *db, const struct reconcile_contract *contract, const char *month,
                             const struct outlook_options *options, struct arena *arena, struct outlook *outlook,
                             struct error *err);

bool outlook_is_open(const struct outlook *outlook); /* false: the month is over, or nothing follows */

/* As it is shown beside what is used: of a month that is open by its status, see outlook_options; else it is empty. */
MUST_CHECK bool outlook_of_open(struct db *db, const struct reconcile_contract *contract, const char *month,
                                const struct reconcile_status *status, struct arena *arena, struct outlook *outlook,
                                struct error *err);

/* The same month with so many handles more, whom the forecast knows nothing of: they come on top of every quantile. */
struct outlook_more {
    double probability; /* of passing the limit; -1 without one, or where the outlook is empty */
    struct history_difference charge;
};
MUST_CHECK bool outlook_add(struct db *db, const struct reconcile_contract *contract, const char *month,
                            const struct outlook_options *options, const struct outlook *outlook, int64_t handles,
                            struct arena *arena, struct outlook_more *with, struct error *err);

#define OUTLOOK_METHOD "credibility"
/* Keeps what a forecast of the terms' limit and price says today, of a month that is open; at most once a day of the
 * contract's zone: *is_new is false where that was done, and nothing is changed. db: a writer's. */
MUST_CHECK bool outlook_record(struct db *db, const struct reconcile_contract *contract, const struct outlook *outlook,
                               const char *by, bool *is_new, struct error *err);

/* The date of a day of the month, from 1, in the contract's zone: "2026-10-31". Returns out. */
#define OUTLOOK_DATE_SIZE 11
const char *outlook_date(const struct outlook *outlook, int day, char out[OUTLOOK_DATE_SIZE]);

/* ---- how good it was on past months ---- */
#define OUTLOOK_ACCURACY_MIN 6 /* months; fewer say nothing of how good it is */
/* The sentence on it, of the day of the month that the outlook is made on; the caller's. NULL: nothing is said. */
char *outlook_accuracy_words(const struct outlook *outlook);
/* What the month's length makes of an open forecast, a sentence as above; NULL: it is like the others. */
char *outlook_length_words(const struct outlook *outlook);
/* What it makes of an open forecast that sources are behind, a sentence as above; NULL: it is as of data until. */
#define OUTLOOK_TOO_LOW "the count may be too low, and the forecast with it; 'headroom sources' says more."
char *outlook_behind_words(const struct outlook *outlook);
/* One sentence for several contracts, each with its day: what they were off by together, and which one most. */
char *outlook_accuracy_of_all(const struct outlook *const *outlooks, size_t count);
#define OUTLOOK_DAYS 5
extern const int outlook_days[OUTLOOK_DAYS]; /* of a month, at whose ends it is forecast */
struct outlook_backtest {
    struct history history;   /* contract, months and month_count alone */
    const char *first, *last; /* months that were forecast, "2026-10"; NULL: none */
    size_t month_count;       /* how many from the first to the last */
    size_t known;             /* months that count as history, those that were only learned from too */
    struct forecast_score scores[OUTLOOK_DAYS]; /* months 0: no month could be forecast on the day */
};
/* Forecasts each of the newest months before a month, at most so many of those that count as history, from those before
 * it. */
MUST_CHECK bool outlook_backtest(struct db *db, const struct reconcile_contract *contract, const char *month,
                                 size_t newest, struct arena *arena, struct outlook_backtest *backtest,
                                 struct error *err);
/* The same of the newest OUTLOOK_SCORED months that an outlook has, from these alone. */
MUST_CHECK bool outlook_score_days(const struct outlook *outlook, struct outlook_backtest *backtest, struct error *err);

/* ---- as JSON: quantiles unrounded, money as text, null where nothing is known; the objects are the caller's ---- */
json_t *outlook_json(const struct outlook *outlook);       /* that of `headroom forecast`, without hints */
json_t *outlook_json_brief(const struct outlook *outlook); /* that of `headroom status`; null unless it is open */
json_t *outlook_json_left_out(const struct history *history);
json_t *outlook_json_days(const struct outlook_backtest *backtest); /* those that could be forecast */

/* What reports are given of a contract's month: outlook_json and {"is_over", "left_out_count", "accuracy_words",
 * "length_words", "behind_words", "history": [{"month", "days", "unique_handles", "left_out"}], "backtest":
 * outlook_json_days, "backtest_months", "backtest_first", "backtest_last", "path": [{"day", "date", "p025", "p10",
 * "p25", "p50", "p75", "p90", "p975"}]}; history oldest first, left_out null where the month counts; path for the ends
 * of the days behind as_of, empty where nothing follows. The same outlook gives the same bytes. */
json_t *outlook_document_json(const struct outlook *outlook, const struct outlook_backtest *backtest);
/* That of a month as it is forecast at a time (microseconds since the epoch), within the caller's snapshot. */
MUST_CHECK bool outlook_document(struct db *db, const struct reconcile_contract *contract, const char *month,
                                 int64_t now, struct arena *arena, json_t **document, struct error *err);

#endif
