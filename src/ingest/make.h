/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_MAKE_H
#define HEADROOM_INGEST_MAKE_H

/* From a record's values to an event that knows its contract, source, id and digest, or to a refusal: the same for a
 * line of a file and for one that comes in memory. */

#include "ingest/batch.h"
#include "ingest/directory.h"
#include "ingest/reader.h"
#include "ingest/repeat.h"
#include "ingest/zone.h"

/* What a record does not say itself. All borrowed. */
struct make {
    const struct directory *directory;
    struct repeat *repeat;   /* the lines before this one */
    const struct zone *zone; /* of times without one; NULL: these are refused */
    const char *contract;    /* NULL: as rules.md 2 has it without --contract */
    bool app_first;          /* it is for an app that belongs to none */
    const char *source;      /* NULL: the contract's name */
    int64_t clock_offset;    /* as run_read_clock has it */
};
/* Adds the event of a readable record to the batch. False: nothing was added, *why is filled. */
MUST_CHECK bool make_event(const struct make *make, struct record *record, struct batch *batch, struct rejection *why);
/* Adds the record to the batch's refusals, masked and cut; its place is the caller's. */
struct refusal *make_refusal(const struct make *make, const struct record *record, const struct rejection *why,
                             struct batch *batch);

#endif
