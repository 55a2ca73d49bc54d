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
    int64_t seq;                     /* the chain's length */
    char chain_head[DIGEST_HEX_SIZE];
};
/* Recomputes links, contents, events and facts and hands out what does not hold; true also then: result->findings says
 * how many there were. Errors: EXIT_USAGE for a since that is none, EXIT_DATABASE. */
MUST_CHECK bool audit_verify(const struct db_target *target, const struct verify_options *options,
                             verify_finding_fn *found, void *context, struct verify_result *result, struct error *err);

#endif
