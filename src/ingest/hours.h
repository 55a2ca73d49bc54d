/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_HOURS_H
#define HEADROOM_INGEST_HOURS_H

/* The hours (UTC) in which each source of a batch had events: what tells later whether one has fallen silent. Lines
 * that the database had already are in them too: they say just as well that the source spoke. */

#include "headroom/db.h"
#include "ingest/batch.h"

struct hours_row {
    int64_t contract_id;
    struct str source; /* borrowed from the batch */
    int32_t day;       /* days since 1970-01-01 */
    int32_t hours;     /* bit h: the hour from h:00 */
};

/* Folds events, which come by time, into one row for each contract, source and day, in arena, by day. */
size_t hours_collect(struct arena *arena, const struct event *const *events, size_t count, struct hours_row **rows);
/* Writes those of a sorted batch, in its transaction and behind the batch's own row. */
MUST_CHECK bool hours_copy(struct db *db, const struct batch *batch, int64_t batch_id, struct error *err);

#endif
