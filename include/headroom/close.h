/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLOSE_H
#define HEADROOM_CLOSE_H

/*
 * close: freezing a billing month, and opening it again. The rules are functions in the database (close_checklist,
 * add_seal_owners, add_seal, reopen_month, derived_adjustments). It prints nothing.
 *
 * A seal holds the month's figures, its statement and its owners, and is a link of the chain of the kind `close`
 * (headroom.seal_form), a reopening one of the kind `reopen` (headroom.reopening_form). The link covers the owners by
 * owners_digest: SHA-256 over the lines
 *     owner \t handle \t first seen \t last seen \t requests \t counted requests \n
 * ordered by the bytes of the owner; the handle is empty where none is known, times are microseconds since
 * 1970-01-01T00:00Z.
 */

#include "headroom/reconcile.h"

/* ---- the checklist ---- */
struct close_check {
    const char *name;
    bool blocks;        /* a failure keeps the month open */
    bool may_be_forced; /* unless somebody says why it may be closed nevertheless */
    const char *state;  /* pass, warn, fail */
    const char *words;
};
struct close_checklist {
    struct close_check *items;
    size_t count;
    bool closed_already;
    bool blocked;  /* something failed */
    bool forcible; /* all that failed may be forced */
};
/* Sources that are not waited for: their names, as many as count says. */
struct close_without {
    const char **sources;
    size_t count;
};
/* Reads the month's events. A source that the contract does not have is EXIT_USAGE. */
MUST_CHECK bool close_check(struct db *db, const struct reconcile_contract *contract, const char *month,
                            const struct close_without *without, struct arena *arena, struct close_checklist *checklist,
                            struct error *err);

/* ---- closing ---- */
/* Gives the statement as JSON, that of `reconcile`, within the transaction that seals the month. The caller frees it;
 * NULL is a failure. */
typedef char *close_statement_fn(struct db *db, const struct reconcile_contract *contract, const char *month,
                                 struct arena *arena, struct error *err);
struct close_request {
    const struct reconcile_contract *contract;
    const char *month; /* "2026-10-01" */
    struct close_without without;
    bool force;
    const char *reason; /* needed with force and without; else NULL */
    const char *by;
    close_statement_fn *statement;
    /* Makes the checklist's record, JSON; as statement. */
    char *(*record)(const struct close_checklist *checklist, const struct close_request *request);
};
struct close_result {
    struct close_checklist checklist;
    bool closed;            /* false: the checklist kept it open */
    const char *chain_head; /* after the seal; NULL where it was not closed */
};
/* Holds the contract, looks at the checklist, and seals the month where that lets it. db: a writer's, without a
 * transaction. A month that the checklist keeps open is no failure: result says so. */
MUST_CHECK bool close_month(struct db *db, const struct close_request *request, struct arena *arena,
                            struct close_result *result, struct error *err);

/* Opens a closed month again; chain_head is the new head. EXIT_COMMAND where it is not closed, or where a later closed
 * month carries an adjustment of it. */
MUST_CHECK bool close_reopen(struct db *db, const struct reconcile_contract *contract, const char *month,
                             const char *reason, const char *by, struct arena *arena, const char **chain_head,
                             struct error *err);

/* ---- proof ---- */
/* The digest of a seal's owners as they stand in the database. */
MUST_CHECK bool close_digest_owners(struct db *db, int64_t seal_id, unsigned char out[DIGEST_SIZE], struct error *err);

#endif
