/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_EVIDENCE_H
#define HEADROOM_EVIDENCE_H

/*
 * evidence: a contract's month as a folder that proves itself without a database: every event, the batches and the
 * chain that they are in, the facts that say whose a handle is, the owners that count, the charge and the seal. Part of
 * the room audit.
 *
 * What belongs to others is there by its digest alone: the events of a batch that are of another contract or month, and
 * the links of the chain that the month does not rest on. Its METHOD.txt has the forms and how each figure is made
 * again with sha256sum, zcat, jq and awk.
 */

#include "headroom/reconcile.h"

struct evidence_request {
    int64_t contract_id;
    const char *month;     /* "2026-10-01" */
    const char *folder;    /* must not be there */
    const char *statement; /* JSON, for a month that is not closed: then the figures are provisional */
    int64_t made_us;       /* the time that it bears */
    const char *check;     /* what invoice_check says, as JSON: then the vendor's documents are in it too; NULL: none */
    const char *by;
};
struct evidence_result {
    bool provisional;
    int64_t unique_handles;
    uint64_t events; /* of the month */
};
/* Writes the folder whole or not at all, in memory that does not grow with the events. Call within db_begin_snapshot.
 * EXIT_CHECK where the owners are not those that were counted or sealed. */
MUST_CHECK bool evidence_write(struct db *db, const struct evidence_request *request, struct evidence_result *result,
                               struct error *err);

/* Proves such a folder. */
typedef void evidence_finding_fn(const char *file, const char *text, void *context);
struct evidence_proof {
    const char *contract, *month, *charge, *currency; /* in the arena; NULL where the manifest does not say */
    int64_t unique_handles;
    bool provisional;
    uint64_t files, links, findings;
    uint64_t events, other_events; /* of the month; by digest alone */
    uint64_t batches;
    uint64_t facts, loose_facts; /* all; of batches that taught others too, whose digest can't be made again here */
    char chain_head[DIGEST_HEX_SIZE];
};
/* Hands out what does not hold; true also then: proof->findings says how many. EXIT_COMMAND where the folder is
 * none. */
MUST_CHECK bool evidence_verify(const char *folder, evidence_finding_fn *found, void *context, struct arena *arena,
                                struct evidence_proof *proof, struct error *err);

#endif
