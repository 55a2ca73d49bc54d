/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_LOADER_H
#define HEADROOM_INGEST_LOADER_H

/* The loader writes a batch in one transaction: all of it, exactly once, or nothing. */

#include "headroom/ingest.h"
#include "ingest/batch.h"

struct loader;
/* db is borrowed, with the writer's role; by: who does it. */
MUST_CHECK bool loader_new(struct loader **loader, struct db *db, const char *by, struct error *err);
void loader_free(struct loader *loader); /* NULL is fine */
/* Two that write one file say once what either found: which voided batches its lines repeat. The first must live as
 * long as the other. */
void loader_join(struct loader *loader, struct loader *first);

/* Writes a batch and adds its totals to the result. Tries again with the whole batch after a deadlock or a
 * serialization failure. A batch without a record is not written. False: nothing of it was written. */
MUST_CHECK bool loader_write(struct loader *loader, const struct batch *batch, struct ingest_result *result,
                             struct error *err);
/* Whether an event of the batch that was written last was added, by its ordinal; else it is a duplicate. */
bool loader_was_added(const struct loader *loader, size_t ordinal);
/* Upkeep after the last batch, outside the load. */
MUST_CHECK bool loader_finish(struct loader *loader, struct error *err);

void reasons_add(struct ingest_reasons *reasons, const char *name, uint64_t count);

#endif
