/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_MERGE_H
#define HEADROOM_INGEST_MERGE_H

/* A batch's usage goes into the maintained one, and what it added to each month into the totals beside it: see
 * usage_total in sql/schema. */

#include "ingest/rollup.h"

/* Within the batch's transaction. Writes nothing where the rollup has no usage. */
MUST_CHECK bool merge_usage(struct db *db, const struct rollup *rollup, int64_t batch_id, struct error *err);
/* Behind merge_usage, which knows what was new, and last before the batch's sources and its link: loaders of the same
 * month wait for one another from here to the commit. */
MUST_CHECK bool merge_totals(struct db *db, const struct rollup *rollup, struct error *err);

#endif
