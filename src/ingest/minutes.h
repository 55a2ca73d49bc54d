/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_MINUTES_H
#define HEADROOM_INGEST_MINUTES_H

/* The use of the vendor's rate limit by minute and app, of the added events whose answer says something of it. */

#include "headroom/db.h"
#include "ingest/batch.h"

struct minute_row {
    int64_t contract_id;
    int64_t minute_us; /* its begin */
    struct str app;    /* borrowed from the batch; absent: none was logged */
    uint64_t requests, rate_limited;
    int32_t rate_remaining_min, rate_limit_max; /* EVENT_ABSENT: none said */
};

/* Folds events, which come by time, into one row for each contract, minute and app, in arena, by minute. is_added: by
 * ordinal. */
size_t minutes_collect(struct arena *arena, const struct event *const *events, size_t count, const bool *is_added,
                       struct minute_row **rows);
/* Writes those of a sorted batch, in its transaction. */
MUST_CHECK bool minutes_copy(struct db *db, const struct batch *batch, const bool *is_added, int64_t batch_id,
                             struct error *err);

#endif
