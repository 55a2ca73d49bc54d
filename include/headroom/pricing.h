/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_PRICING_H
#define HEADROOM_PRICING_H

/*
 * pricing, of the room reconcile: what handles over the limit cost, asked for any number of them, and which billing
 * months are compared with others. The rules are functions in the database (price, charge_lines, periods). Texts lie in
 * the arena that the caller gives.
 */

#include "headroom/reconcile.h"

/* ---- prices: what is asked ---- */
enum price_question {
    PRICE_UNITS,   /* so many units of overage */
    PRICE_HANDLES, /* so many unique handles in all, under the month's limit */
    PRICE_NEXT,    /* one handle more than the month has now */
};
#define PRICE_NO_HANDLES INT64_C(-1)
struct price_answer {
    const char *contract;
    const char *month;    /* "2026-10" */
    int64_t limit;        /* RECONCILE_NO_LIMIT: none */
    int64_t handles;      /* PRICE_NO_HANDLES: units were asked for */
    int64_t units;        /* of overage */
    int64_t charged;      /* those of them that are charged */
    const char *charge;   /* exact, with the currency's digits, as all money here */
    const char *marginal; /* what the last of the units adds; negative where it reaches a cheaper bracket */
    const char *fee;      /* for a month, beside the charge; NULL: none */
    const char *currency;
    struct reconcile_line *lines;
    size_t line_count;
};
/* number: of units or handles, 0 or more; of no meaning with PRICE_NEXT. month: its first day, one that the contract
 * has (reconcile_find_month). */
MUST_CHECK bool price_answer(struct db *db, const struct reconcile_contract *contract, const char *month,
                             enum price_question question, int64_t number, struct arena *arena,
                             struct price_answer *answer, struct error *err);

/* ---- months that are left out where months are compared ---- */
struct period_note {
    const struct reconcile_contract *contract;
    const char *month; /* its first day, one that the contract has */
    bool ignored;      /* false: compared again */
    const char *reason;
    const char *by;
};
/* EXIT_COMMAND where the month is in that state already; then nothing is noted. Opens and commits a transaction. */
MUST_CHECK bool period_note(struct db *db, const struct period_note *note, struct error *err);

#endif
