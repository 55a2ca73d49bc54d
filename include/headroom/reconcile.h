/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_RECONCILE_H
#define HEADROOM_RECONCILE_H

/*
 * reconcile: what a contract used in a billing month, and the proof of it. The rules are functions in the database
 * (month_status, counted, spread, charge_lines, month_checks, recount); this room finds the contract and the month that
 * are meant and fetches their answers into values. It prints nothing.
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
bool reconcile_no_month(const struct reconcile_contract *contract, const char *month, struct error *err); /* false */

/* ---- the status of a month ---- */
#define RECONCILE_NO_TIME  INT64_MIN
#define RECONCILE_NO_LIMIT INT64_C(-1)
struct reconcile_status {
    const char *contract;
    const char *month; /* "2026-10" */
    int64_t period_start, period_end;
    const char *time_zone;
    const char *state; /* "open" or "over" */
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
    const char *completeness;       /* complete, gaps, began or unknown */
    const char *completeness_words; /* the same for a person */
    const char *silent;             /* which sources have gone quiet, for a person; NULL: none */
};
MUST_CHECK bool reconcile_status(struct db *db, const struct reconcile_contract *contract, const char *month,
                                 struct arena *arena, struct reconcile_status *status, struct error *err);

/* ---- the month's statement ---- */
struct reconcile_reason {
    const char *reason;
    int64_t requests;
};
struct reconcile_rule {
    const char *rule;
    int64_t unique_handles;
    const char *charge; /* what the month would cost under this rule */
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
struct reconcile_statement {
    struct reconcile_status status;
    struct reconcile_reason *not_counted;
    size_t not_counted_count;
    struct reconcile_rule *spread; /* all six */
    size_t spread_count;
    struct reconcile_line *lines;
    size_t line_count;
    struct reconcile_check *checks;
    size_t check_count;
};
MUST_CHECK bool reconcile_statement(struct db *db, const struct reconcile_contract *contract, const char *month,
                                    struct arena *arena, struct reconcile_statement *statement, struct error *err);
/* Counts again from the raw events, under all six rules, and adds a check for each to the statement. */
MUST_CHECK bool reconcile_recount(struct db *db, const struct reconcile_contract *contract, const char *month,
                                  struct arena *arena, struct reconcile_statement *statement, struct error *err);

/* ---- contracts for oneself ----
 * Who needs exact figures, or changes what many batches made, keeps loaders of some contracts out for a while. */
struct reconcile_hold;
/* Commits an intent, which loaders look for, then begins a transaction that holds the contracts exclusively. contracts:
 * ids as a bigint[] in text; who and purpose are for whoever waits. Until the end SIGINT and SIGTERM are held back, so
 * that no intent is left behind. A loader that does not let go within the session's lock_timeout, a minute where it has
 * none, is EXIT_COMMAND. */
MUST_CHECK bool reconcile_hold(struct reconcile_hold **hold, struct db *db, const char *contracts, const char *who,
                               const char *purpose, struct error *err);
/* Commits the transaction and lets loaders in; frees hold in every case. */
MUST_CHECK bool reconcile_hold_commit(struct reconcile_hold *hold, struct error *err);
void reconcile_hold_rollback(struct reconcile_hold *hold); /* the same without the commit; NULL is fine */

/* ---- the chain ---- */
struct reconcile_chain_head {
    int64_t length;
    const char *digest; /* hex */
};
MUST_CHECK bool reconcile_chain_head(struct db *db, struct arena *arena, struct reconcile_chain_head *head,
                                     struct error *err);

#endif
