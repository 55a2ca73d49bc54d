/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INVOICES_H
#define HEADROOM_INVOICES_H

/*
 * invoices: what the vendor says of a billing month, taken down, held against what was counted, and disputed. Part of
 * the room reconcile. Every document, every decision and every list is a link of the chain. Values that cannot be are
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

#endif
