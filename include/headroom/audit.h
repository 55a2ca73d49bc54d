/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_AUDIT_H
#define HEADROOM_AUDIT_H

/*
 * audit: what stands in the ledger, and the proof of it. Batches and what takes them back, the quarantine, the sources
 * and their gaps, the chain of digests, and the way from a figure back to its line. It prints nothing; it takes nothing
 * in (that is ingest's).
 */

#include "headroom/base.h"
#include "headroom/db.h"

/* ---- corrections: batches are taken back, and taken in again ---- */
enum audit_action {
    AUDIT_VOID,    /* a load's events are not counted any more */
    AUDIT_RESTORE, /* a voided load counts again, a withdrawn import teaches again */
};
/* Numbers of batches, both ends included. One that is no range must exist; of a range those that do, at least one. */
struct audit_range {
    int64_t first, last;
};
struct audit_change {
    enum audit_action action;
    const struct audit_range *ranges;
    size_t range_count;
    const char *reason;
    const char *by;
    bool dry_run; /* compute what would become, and keep nothing */
};
/* A month that the change touches, before and after it. */
struct audit_changed_month {
    const char *contract;
    const char *month;                     /* "2026-10" */
    int64_t handles_before, handles_after; /* unique handles */
    const char *charge_before, *charge_after;
    const char *currency;
};
struct audit_change_result {
    int64_t *batches; /* in the order of their numbers */
    size_t batch_count;
    struct audit_changed_month *months; /* by contract and month */
    size_t month_count;
    const char *chain_head; /* after the change; NULL: dry run */
};
/* Voids or restores batches: all of them, in one transaction, with the contracts to itself. Works as the writer. Texts
 * and arrays lie in the arena. Errors: EXIT_USAGE for a number that is no batch's; EXIT_COMMAND for a batch that is
 * voided already (by whom, when), that is not voided, or whose kind is taken back in another way. */
MUST_CHECK bool audit_change_batches(const struct db_target *target, const struct audit_change *change,
                                     struct arena *arena, struct audit_change_result *result, struct error *err);

/* ---- verify: recomputes the chain ---- */
struct verify_options {
    const char *since; /* number of a link, or a time: events of earlier batches are not read again; NULL: all */
    const char *head;  /* a remembered head in hex, which must be in the chain; NULL: none */
};
/* One thing that does not hold. Texts live as long as the call. */
struct verify_finding {
    int64_t seq;      /* of the link; 0: none in particular */
    int64_t batch_id; /* 0: none */
    const char *what; /* a short static code: "event_changed", "event_missing", "event_added", "link_changed" … */
    const char *text; /* for a person */
};
typedef void verify_finding_fn(const struct verify_finding *finding, void *context);
struct verify_result {
    uint64_t links, batches, events, facts; /* recomputed */
    uint64_t findings;
    int64_t seq; /* the chain's length */
    char chain_head[DIGEST_HEX_SIZE];
};
/* Recomputes links, contents, events and facts and hands out what does not hold; true also then: result->findings says
 * how many there were. Errors: EXIT_USAGE for a since that is none, EXIT_DATABASE. */
MUST_CHECK bool audit_verify(const struct db_target *target, const struct verify_options *options,
                             verify_finding_fn *found, void *context, struct verify_result *result, struct error *err);

#endif
