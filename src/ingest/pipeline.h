/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_PIPELINE_H
#define HEADROOM_INGEST_PIPELINE_H

/* Reading and writing at the same time: an intake fills batches in a thread of its own, at most PIPELINE_BATCHES
 * exist. */

#include "ingest/intake.h"

#define PIPELINE_BATCHES 3 /* two being written, one being filled */

struct pipeline;
MUST_CHECK bool pipeline_start(struct pipeline **pipeline, struct intake *intake, struct error *err);
/* The next filled batch, in the order of the file; waits for it. The one with `last` set is the last. Borrowed until
 * pipeline_release gives its memory back to the intake. */
struct batch *pipeline_next(struct pipeline *pipeline);
void pipeline_release(struct pipeline *pipeline, struct batch *batch);
/* Makes the intake stop at its next batch, waits for its thread, frees all. NULL is fine. */
void pipeline_stop(struct pipeline *pipeline);

#endif
