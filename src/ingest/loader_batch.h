/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_LOADER_BATCH_H
#define HEADROOM_INGEST_LOADER_BATCH_H

/* What a batch says of itself: its row with totals and digests, its quarantined lines, what it counts for, its link. */

#include "headroom/ingest.h"
#include "ingest/rollup.h"

/* What the transaction under way has so far. */
struct load {
    const struct batch *batch;
    const struct rollup *rollup; /* of the batch */
    const bool *is_added;        /* by ordinal */
    size_t added_count;
    const char *by;
    int64_t batch_id;
    char batch_text[24]; /* batch_id as a parameter */
    char loaded_at[64];
    char chain_head[DIGEST_HEX_SIZE];
    struct ingest_reasons not_counted;
    uint64_t counted;
};

/* Takes the next batch's number and time: what the rows below hang on. */
MUST_CHECK bool load_begin(struct load *load, struct db *db, struct error *err);
/* The batch's own row; behind the events and facts, of which it has the digests. */
MUST_CHECK bool load_add_batch(struct load *load, struct db *db, struct error *err);
/* Where it lies in its file, for a later run to go on from; in none that stays, how its lines were read. */
MUST_CHECK bool load_add_extent(const struct load *load, struct db *db, struct error *err);
MUST_CHECK bool load_add_refusals(const struct load *load, struct db *db, struct error *err);
/* Which quarantined lines it read after all. */
MUST_CHECK bool load_settle(const struct load *load, struct db *db, struct error *err);
/* What the added events count for under the terms in force. */
MUST_CHECK bool load_count(struct load *load, struct db *db, struct error *err);
/* What its sources brought up to now; behind its rows of them, and right before the link. */
MUST_CHECK bool load_add_sources(const struct load *load, struct db *db, struct error *err);
/* The last statement: it holds the chain's head until the commit. */
MUST_CHECK bool load_link(struct load *load, struct db *db, struct error *err);

#endif
