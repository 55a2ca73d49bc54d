/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CONTRACTS_H
#define HEADROOM_CONTRACTS_H

/*
 * contracts: agreements as documents. A document is checked here, value by value, and written out: with every default
 * and everything that later terms take from earlier ones. Then it takes the place of the one before as a whole, in one
 * transaction, by headroom.contract_apply. What is in a document: 'headroom contract import --help'.
 */

#include <jansson.h>

#include "headroom/base.h"
#include "headroom/db.h"

/* ---- the document ---- */
struct contract_currency {
    const char *code; /* ISO 4217 */
    int digits;       /* of its minor unit */
};
struct contract_currencies {
    struct contract_currency *items; /* by code */
    size_t count;
};
MUST_CHECK bool contract_fetch_currencies(struct db *db, struct arena *arena, struct contract_currencies *currencies,
                                          struct error *err);
/* Parses JSON: an object or an array of objects becomes an array, which is the caller's. source: for messages. */
MUST_CHECK bool contract_parse(struct str text, const char *source, json_t **documents, struct error *err);
/* Checks one contract; *document is the caller's: all keys in the order of export. at: the pointer (RFC 6901) to it, ""
 * where it stands alone. What is wrong is EXIT_USAGE and names the value by its pointer. Time zones are only looked at
 * by contract_apply: the database knows them. */
MUST_CHECK bool contract_check(json_t *given, const char *at, const struct contract_currencies *currencies,
                               json_t **document, struct error *err);
/* The contract's document as it is; the caller's. */
MUST_CHECK bool contract_fetch(struct db *db, int64_t contract_id, json_t **document, struct error *err);

/* ---- changes ---- */
struct contract_change {
    int64_t contract_id;    /* 0: a new one */
    const json_t *before;   /* the document that the change was made from; NULL for a new one */
    const json_t *document; /* checked */
    const json_t *given;    /* what it was checked from, so that messages name what stands there; NULL: the same */
    const char *at;         /* pointer to it, for messages */
};
struct contract_plan {
    const char *action; /* add, import, amend, end */
    const char *reason; /* NULL: none, which only new contracts may have */
    const char *by;
    bool dry_run;
    const struct contract_change *changes;
    size_t count;
};
/* A billing month that a change makes another one. */
struct contract_month {
    const char *month;    /* "2026-10" */
    bool is_closed;       /* so that the difference becomes an adjustment */
    int64_t limit_before; /* RECONCILE_NO_LIMIT: none */
    int64_t limit_after;  /* the same */
    int64_t handles_before, handles_after;
    const char *charge_before, *charge_after; /* NULL: no terms; handles and limit mean nothing then */
    const char *currency_before, *currency_after;
};
struct contract_result {
    const char *name;
    int64_t version; /* 0: it is like that already, and nothing was done */
    struct contract_month *months;
    size_t month_count;
};
/* Carries all changes out in one transaction that holds the contracts, or says with dry_run what it would do. results:
 * one for each change, texts in the arena. A contract that was changed since `before` was read is EXIT_COMMAND. */
MUST_CHECK bool contract_apply(const struct db_target *target, const struct contract_plan *plan, struct arena *arena,
                               struct contract_result *results, struct error *err);

/* ---- what differs ---- */
/* Calls found for each value that differs, by its pointer in `to` (in `from` for one that is gone). Terms are matched
 * by their date, apps by key, answers by question, alternatives by name, unless one stands twice or they stand in
 * another order; all else by place. So it is called for any two that are not equal. from, to: NULL where the value is
 * on one side only; borrowed for the call. */
typedef void contract_difference_fn(const char *pointer, const json_t *from, const json_t *to, void *context);
void contract_compare(json_t *from, json_t *to, contract_difference_fn *found, void *context);

#endif
