/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_WRITERS_H
#define HEADROOM_INGEST_WRITERS_H

/* Two batches written at a time, by two loaders that have a connection each: while one merges its usage, the other
 * brings its events. Each batch is a transaction of its own as ever, but of two neighbours either may be committed
 * first. Two that share an event are written one after the other, so that the line that was read first is the one that
 * stays (rules.md 1). The second connection is made when a second batch is there to be written. */

#include "ingest/loader.h"

#define WRITERS 2

struct writers;
/* The loader and the target are borrowed; by: who does it. */
struct writers *writers_new(struct loader *loader, const struct db_target *target, const char *by);
void writers_free(struct writers *writers); /* NULL is fine; nothing may be under way */

/* Whether one must be settled before this batch is begun. */
bool writers_must_settle(struct writers *writers, const struct batch *next);
/* Begins to write a batch, which is lent until it is settled. */
void writers_begin(struct writers *writers, struct batch *batch);
bool writers_are_idle(const struct writers *writers);
/* Waits for the batch that was begun first; at least one must be under way. Adds its totals to the result; the
 * head of the chain is that behind this batch, not behind both. False: nothing of it was written. */
MUST_CHECK bool writers_settle(struct writers *writers, struct batch **batch, struct ingest_result *result,
                               struct error *err);

#endif
