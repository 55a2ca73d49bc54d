/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_HISTORY_H
#define HEADROOM_HISTORY_H

/*
 * history: what a forecast of a billing month rests on, as the ledger has it: the month so far, and the months before
 * it day by day. Thin over sql/routines/87_history.sql, which says which months are left out. Months as "2026-10";
 * times in microseconds since the epoch (UTC). What is fetched lives in the arena.
 */

#include "headroom/reconcile.h"

#define HISTORY_NO_TIME RECONCILE_NO_TIME

/* A month by the days of its zone. Arrays have `days` elements; element k is day k + 1. */
struct history_month {
    const char *month;
    int days;                   /* 1 to 63 */
    int first_weekday;          /* of its first day: 0 Monday to 6 Sunday */
    const int64_t *new_handles; /* unique handles that were first counted on the day */
    const int64_t *seen;        /* unique handles that were counted on the day */
    const char *left_out;       /* why it does not count as history, in words; NULL: it does */
};

struct history {
    const char *contract; /* name */
    const char *month;    /* its first day, as the functions take it */
    const char *state;    /* open, over, closed */
    bool broke_off;       /* it is over, but of its last day nothing was recorded */
    int64_t period_start, period_end;
    bool is_ahead;      /* the period has not begun */
    int64_t as_of;      /* up to which the month is counted; the period's end: it is over */
    int64_t data_until; /* HISTORY_NO_TIME: no source delivered */
    int64_t limit;      /* RECONCILE_NO_LIMIT */
    const char *currency;
    int64_t used;                 /* unique handles by events before as_of */
    int32_t first_day;            /* of the zone, days since 1970-01-01 */
    double elapsed;               /* days up to as_of; a part of a day counts as its share of that day */
    int64_t known;                /* unique handles by events before known_until: at least used. More, where sources are
                                     ahead of data_until */
    int64_t known_until;          /* the time asked for, else the period's end */
    int64_t heard_until;          /* as far as any source has delivered: as_of to known_until, and not after now */
    double heard_elapsed;         /* days up to heard_until, as elapsed */
    struct history_month so_far;  /* the month itself; its arrays are NULL until history_fetch_days */
    struct history_month *months; /* before it, oldest first, those that are left out among them */
    size_t month_count;
};

struct history_wanted {
    int64_t as_of; /* HISTORY_NO_TIME: data until in a month that is open, else its end */
    int64_t now;   /* the present; 0: that of the database */
    size_t newest; /* how many months that count, at most */
    /* of the month in the same snapshot, which spares counting it again, or NULL */
    const struct reconcile_status *status;
};
/* Where nothing was recorded of the days before as_of, it moves back to what was; not from a closed month's end.
 * EXIT_USAGE for an as_of before the period begins or after now. */
MUST_CHECK bool history_fetch(struct db *db, const struct reconcile_contract *contract, const char *month,
                              const struct history_wanted *wanted, struct arena *arena, struct history *history,
                              struct error *err);
/* Only the months before one, and before the open month of now, into months and month_count. The contract need not
 * cover the month itself. */
MUST_CHECK bool history_fetch_months(struct db *db, const struct reconcile_contract *contract, const char *month,
                                     const struct history_wanted *wanted, struct arena *arena, struct history *history,
                                     struct error *err);
/* The month's own days up to known_until: of the last one what it has had by then, of later ones and of one that the
 * zone skipped 0. Goes through the month's subjects: for a chart. */
MUST_CHECK bool history_fetch_days(struct db *db, const struct reconcile_contract *contract, struct history *history,
                                   struct arena *arena, struct error *err);
/* Has the months kept that the history of a month needs, where the session may write; before a snapshot is taken. */
void history_keep(struct db *db, const struct reconcile_contract *contract, const char *month, size_t newest);

/* What a month would cost with some numbers of unique handles, under its terms: on average over the first of them, as
 * many as averaged says, and with each of the others, of which there must be one. limit: another one than that of the
 * terms, or HISTORY_LIMIT_OF_TERMS; unit_price: a flat price instead of theirs (decimal text), or NULL. */
#define HISTORY_LIMIT_OF_TERMS (-2)
struct history_price {
    const char *mean;          /* of the charges that are averaged, rounded once to the currency's minor unit */
    const char *const *amount; /* the charge of each of the others, with the currency's digits */
};
MUST_CHECK bool history_charges(struct db *db, const struct reconcile_contract *contract, const char *month,
                                const int64_t *handles, size_t count, size_t averaged, int64_t limit,
                                const char *unit_price, struct arena *arena, struct history_price *price,
                                struct error *err);
/* The same, as means, for two lists of numbers. */
struct history_difference {
    const char *few, *more; /* each rounded once */
    const char *difference; /* of these two */
};
MUST_CHECK bool history_charges_more(struct db *db, const struct reconcile_contract *contract, const char *month,
                                     const int64_t *few, const int64_t *more, size_t count, int64_t limit,
                                     const char *unit_price, struct arena *arena, struct history_difference *price,
                                     struct error *err);

#endif
