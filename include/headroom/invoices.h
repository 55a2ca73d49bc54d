/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INVOICES_H
#define HEADROOM_INVOICES_H

/*
 * invoices: what the vendor says of a billing month, taken down, and held against what was counted. Part of the room
 * reconcile. Every document, every decision and every list is a link of the chain. Values that cannot be are
 * EXIT_USAGE, in a file EXIT_COMMAND.
 */

#include "headroom/reconcile.h"

/* ---- taken down ---- */
/* A document as it was given: texts, so that no digit is lost. */
struct invoice_given {
    const char *contract; /* NULL: the only one there is */
    const char *month;    /* "2026-10", "this", "last" */
    const char *number, *kind, *date, *handles, *amount, *currency;
    const char *document; /* path of its file, of which name and SHA-256 are kept; NULL: none */
};
MUST_CHECK bool invoice_add(struct db *db, const struct invoice_given *given, const char *by, struct error *err);

/* Documents from CSV, "-" is standard input: all of them or none. The header names the columns month, number, date,
 * handles, amount, currency, and where there are some contract and kind, in any order. Each line that cannot be taken
 * is said in the log, up to a hundred. contract: of lines that name none; NULL: the only one there is. */
MUST_CHECK bool invoice_import(struct db *db, const char *path, const char *contract, const char *by, uint64_t *count,
                               struct error *err);

/* What was decided of the document of that number. contract: NULL where the number alone says which. */
struct invoice_decision {
    const char *contract, *number;
    const char *status; /* open, disputed, accepted */
    const char *note;
};
MUST_CHECK bool invoice_decide(struct db *db, const struct invoice_decision *decision, const char *by,
                               struct error *err);

/* ---- the vendor's own list of a month's handles ---- */
struct invoice_list {
    const char *contract; /* NULL: the only one there is */
    const char *month;    /* as above */
    const char *path;     /* "-": standard input */
};
struct invoice_listed {
    uint64_t lines;   /* with a user id or a handle */
    uint64_t entries; /* different ones */
};
/* User ids or handles, one a line, or CSV whose header names user_id or handle or both. All of it or nothing. */
MUST_CHECK bool invoice_import_list(struct db *db, const struct invoice_list *list, const char *by,
                                    struct invoice_listed *listed, struct error *err);

/* ---- theirs against ours ---- */
struct invoice_item {
    int64_t contract_id;
    const char *contract;
    char month[RECONCILE_MONTH_SIZE];
};
struct invoice_items {
    struct invoice_item *items; /* by contract and month */
    size_t count;
};
/* The months that have a document or a list of the vendor. contract_id: NULL for all contracts. */
MUST_CHECK bool invoice_months(struct db *db, const char *contract_id, struct arena *arena, struct invoice_items *found,
                               struct error *err);

/* What could make the difference, or what makes it. */
struct invoice_cause {
    const char *cause;       /* "zone boundary", "price difference", "unexplained" … */
    const char *kind;        /* of one kind at most one cause is true */
    const char *description; /* for a person */
    bool endless;            /* nobody can say how many at most */
    int64_t reach;           /* how many handles of the difference it could explain at most */
    int64_t explains;        /* the same, signed; no more than the difference unless it is just that many or none */
    const char *amount;      /* what these cost; of the price difference: that */
    bool alone, exactly;     /* it alone could make the difference; it would make just that one */
};
/* Two or three causes that could together make the difference, none of which could without the others. */
struct invoice_set {
    const struct invoice_cause *causes[3];
    size_t count;
};
#define INVOICE_SETS_MAX 10
struct invoice_check {
    const char *contract;
    const char *month; /* "2026-10" */
    const char *state; /* open, over, closed: then our figures are the sealed ones; not covered: they are 0 */
    const char *rule, *currency;
    int64_t unique_handles;
    const char *charge;
    const char *adjustment; /* carried by the month's close; NULL: not closed */
    int64_t documents, invoiced_handles;
    const char *invoiced_amount;
    int64_t handles_difference;    /* theirs less ours; so the amounts */
    const char *amount_difference; /* = count_amount + price_amount */
    const char *count_amount;      /* what the other number of handles costs by our price */
    const char *price_amount;
    const char *result; /* "no invoice", "match" or "differs", which it also is where only the lists differ */
    struct invoice_cause *causes;
    size_t cause_count;
    struct invoice_set sets[INVOICE_SETS_MAX];
    size_t set_count;
    const char *list_file; /* NULL: the vendor gave no list, and the three counts are 0 */
    int64_t both, only_ours, only_theirs;
    struct db_rows *matches; /* columns of invoice_matches.sql; NULL without a list */
};
/* Call within db_begin_snapshot. invoice_check_free it in any case. */
MUST_CHECK bool invoice_check(struct db *db, const struct invoice_item *item, struct arena *arena,
                              struct invoice_check *check, struct error *err);
void invoice_check_free(struct invoice_check *check);

#endif
