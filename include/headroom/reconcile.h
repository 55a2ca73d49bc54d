/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_RECONCILE_H
#define HEADROOM_RECONCILE_H

/*
 * reconcile: what a contract used in a billing month, and the proof of it. The rules are functions in the database
 * (month_status, counted, month_spread, charge_lines, month_totals, recount); this room finds the contract and the
 * month that are meant and fetches their answers into values. It prints nothing.
 *
 * Texts lie in the arena that the caller gives; call within db_begin_snapshot where figures must agree.
 */

#include "headroom/base.h"
#include "headroom/db.h"

/* ---- which contract ---- */
struct reconcile_contract {
    int64_t id;
    const char *name;
};
struct reconcile_contracts {
    struct reconcile_contract *items;
    size_t count;
};
/* The contract of that name, or with NULL all contracts in the order of their names, at least one. An unknown name is
 * EXIT_USAGE, with the known names. */
MUST_CHECK bool reconcile_find_contracts(struct db *db, const char *name, struct arena *arena,
                                         struct reconcile_contracts *found, struct error *err);
/* Exactly one: the named one, or with NULL the only one there is; where there are several, EXIT_USAGE names them. */
MUST_CHECK bool reconcile_find_contract(struct db *db, const char *name, struct arena *arena,
                                        struct reconcile_contract *found, struct error *err);

/* ---- which month ---- */
enum reconcile_month_default {
    RECONCILE_OPEN_MONTH, /* the one that now lies in */
    RECONCILE_LAST_MONTH, /* the last that is over */
};
#define RECONCILE_MONTH_SIZE 11
/* Reads --month: "2026-10", "this" or "last"; NULL is the default. EXIT_USAGE when it is no month. The answer is
 * "this" or "last", whose meaning depends on the contract, or a month as "2026-10-01". */
MUST_CHECK bool reconcile_read_month(const char *option, enum reconcile_month_default otherwise,
                                     char month[RECONCILE_MONTH_SIZE], struct error *err);
/* Turns that into the first day of the calendar month that names the contract's billing month. EXIT_COMMAND when the
 * contract has no such month. */
MUST_CHECK bool reconcile_find_month(struct db *db, const struct reconcile_contract *contract, const char *wanted,
                                     char month[RECONCILE_MONTH_SIZE], struct error *err);
/* The same, but a month that the contract does not have is an answer: *exists is false, and month names it, or is empty
 * where "last" means none. reconcile_no_month makes the error of it. */
MUST_CHECK bool reconcile_look_up_month(struct db *db, const struct reconcile_contract *contract, const char *wanted,
                                        char month[RECONCILE_MONTH_SIZE], bool *exists, struct error *err);
/* All months of a contract that have a statement, in order: from its first with requests to the one of now. */
struct reconcile_months {
    char (*items)[RECONCILE_MONTH_SIZE];
    size_t count;
};
MUST_CHECK bool reconcile_all_months(struct db *db, const struct reconcile_contract *contract, struct arena *arena,
                                     struct reconcile_months *months, struct error *err);
bool reconcile_no_month(const struct reconcile_contract *contract, const char *month, struct error *err); /* false */

/* ---- the status of a month ---- */
/* What a closed month differs by: carried by this month's close, or to be carried by the next. */
struct reconcile_adjustment {
    const char *month, *amount, *currency; /* the closed month, "2026-10" */
    int64_t unique_handles;
};
#define RECONCILE_NO_TIME  INT64_MIN
#define RECONCILE_NO_LIMIT INT64_C(-1)
struct reconcile_status {
    const char *contract;
    const char *month; /* "2026-10" */
    int64_t period_start, period_end;
    const char *time_zone;
    const char *state; /* "open", "over" or "closed": then all figures are those that were sealed */
    const char *rule;
    int64_t unique_handles;
    int64_t provisional;
    int64_t limit;    /* RECONCILE_NO_LIMIT: none */
    int64_t headroom; /* 0 without a limit */
    int64_t overage;
    const char *charge;
    const char *currency;
    int64_t requests;
    int64_t counted_requests;
    int64_t as_of; /* RECONCILE_NO_TIME: nothing was delivered yet; data_until as well */
    int64_t data_until;
    const char *completeness, *completeness_words; /* complete, gaps, began or unknown; the same for a person */
    const char *silent;                            /* which sources have gone quiet, for a person; NULL: none */
    const char *low_days;       /* whose count may be too low: dates with commas between them; NULL: none */
    const char *low_days_words; /* the same for a person */
    int64_t low_day_count;
    struct reconcile_adjustment *adjustments;
    size_t adjustment_count;
    const char *due;    /* the charge and the adjustments that are in its currency */
    const char *spread; /* the count under each rule, as the database writes an array: for what asks it again */
};
MUST_CHECK bool reconcile_status(struct db *db, const struct reconcile_contract *contract, const char *month,
                                 struct arena *arena, struct reconcile_status *status, struct error *err);
/* The same as it is counted now, also of a closed month; without adjustments. */
MUST_CHECK bool reconcile_status_today(struct db *db, const struct reconcile_contract *contract, const char *month,
                                       struct arena *arena, struct reconcile_status *status, struct error *err);

/* ---- the month's statement ---- */
struct reconcile_reason {
    const char *reason;
    int64_t requests;
};
struct reconcile_rule {
    const char *rule;
    int64_t unique_handles;
    int64_t difference; /* to the contract's rule */
    const char *charge; /* what the month would cost under this rule */
    const char *charge_difference;
};
/* The owners within a day of one end of the month, whom another time zone would move over it: so many at most. */
struct reconcile_side {
    const char *side;         /* "start" or "end" */
    int64_t at;               /* that end */
    int64_t leave, come;      /* out of the month, or into it */
    const char *leave_charge; /* what that would add to the charge: negative or 0 */
    const char *come_charge;
};
struct reconcile_line {
    const char *kind; /* tier, flat_fee, minimum, cap */
    const char *description;
    const char *units, *unit_price; /* decimal texts; NULL where the line has none */
    const char *amount;
    const char *from_unit, *to_unit;
};
struct reconcile_check {
    const char *name;
    const char *expected, *found; /* decimal texts */
    const char *state;            /* pass, warn, fail */
};
/* An owner whom the recount finds otherwise: up to which class it counts, NULL where it does not. */
struct reconcile_difference {
    const char *owner;
    const char *maintained, *recounted;
    int64_t total; /* how many owners differ: only the first thousand are listed */
};
/* Two events of one source with the same id and another time, subject or class. */
struct reconcile_pair {
    const char *source, *id;
    struct {
        int64_t at;
        const char *subject, *class;
        int64_t batch;
    } earlier, later;
    bool resolved; /* both have one owner */
};
#define RECONCILE_LIST(type)                                                                                           \
    struct {                                                                                                           \
        type *items;                                                                                                   \
        size_t count;                                                                                                  \
    }
struct reconcile_statement {
    struct reconcile_status status;
    struct reconcile_status today; /* the same unless the month is closed */
    RECONCILE_LIST(struct reconcile_reason) not_counted;
    RECONCILE_LIST(struct reconcile_rule) spread; /* all six */
    RECONCILE_LIST(struct reconcile_side) boundary;
    RECONCILE_LIST(struct reconcile_line) lines;
    RECONCILE_LIST(struct reconcile_check) checks;
    int64_t app_only_requests; /* that name no owner */
    int64_t app_only_at_most;  /* how many more handles they may be */
    bool recounted, paired;
    RECONCILE_LIST(struct reconcile_difference) differences; /* of a recount that failed */
    RECONCILE_LIST(struct reconcile_pair) pairs;             /* those with two owners first */
};
MUST_CHECK bool reconcile_statement(struct db *db, const struct reconcile_contract *contract, const char *month,
                                    struct arena *arena, struct reconcile_statement *statement, struct error *err);
/* Has what takes going through all subjects of a month kept, so that the next statement, report or forecast of it need
 * not; before a snapshot is taken. A session that may not write keeps nothing, which no answer depends on. */
void reconcile_keep(struct db *db, const struct reconcile_contract *contract, const char *month);
/* Counts again from the raw events, under all six rules, what is counted now (of a closed month too), and adds the
 * checks to the statement; where one fails, also the owners that differ. */
MUST_CHECK bool reconcile_recount(struct db *db, const struct reconcile_contract *contract, const char *month,
                                  struct arena *arena, struct reconcile_statement *statement, struct error *err);
/* Looks for events that share an id, in the month and all later events, and adds them and their checks. */
MUST_CHECK bool reconcile_pairs(struct db *db, const struct reconcile_contract *contract, const char *month,
                                struct arena *arena, struct reconcile_statement *statement, struct error *err);

/* ---- the chain ---- */
struct reconcile_chain_head {
    int64_t length;
    const char *digest; /* hex */
};
MUST_CHECK bool reconcile_chain_head(struct db *db, struct arena *arena, struct reconcile_chain_head *head,
                                     struct error *err);

#endif
