/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_INTAKE_H
#define HEADROOM_INGEST_INTAKE_H

/* The intake of one file: records of a reader become events, or refusals, of a batch. Needs no database. */

#include <stdatomic.h>

#include "ingest/batch.h"
#include "ingest/directory.h"
#include "ingest/reader.h"

struct intake;
struct intake_options {
    const char *file;                  /* its path */
    const char *name;                  /* the same as it is kept and shown */
    const char *format;                /* NULL: by content */
    const struct mapping *mapping;     /* of the log's names; NULL: none */
    const struct zone *zone;           /* of times without one; NULL: these are refused */
    const char *source;                /* NULL: the contract's name */
    const struct directory *directory; /* borrowed, read only */
    int64_t clock_offset;              /* the database's clock minus ours, microseconds */
    const atomic_bool *stop;           /* when true, the batch under way is the last */
};
MUST_CHECK bool intake_open(struct intake **intake, const struct intake_options *options, struct error *err);
void intake_close(struct intake *intake); /* NULL is fine */
/* Fills a cleared batch until it is full or the file ends; batch->last and batch->failed say how it ended. */
void intake_fill(struct intake *intake, struct batch *batch);
const struct reader *intake_reader(const struct intake *intake);

#endif
