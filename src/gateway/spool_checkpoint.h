/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SPOOL_CHECKPOINT_H
#define HEADROOM_GATEWAY_SPOOL_CHECKPOINT_H

/*
 * spool_checkpoint: moves the log of writes into the database, so that it stays short. Most of that waits for the disk,
 * and is done by a thread of its own with its own connection, while the writer goes on; what is written meanwhile is
 * left to the writer, so that the log comes to an end and begins anew.
 */

#include "gateway/spool_store.h"

struct checkpoint;
/* pages: the log is moved from this length on, 4096 at most. Where it gets longer by a sixth, the writer waits for the
 * thread; while a reader is in it, it gets longer still. */
MUST_CHECK bool checkpoint_start(struct checkpoint **checkpoint, const char *folder, uint64_t pages, struct error *err);
void checkpoint_stop(struct checkpoint *checkpoint); /* NULL is fine */
/* The writer calls it after each commit. */
void checkpoint_look(struct checkpoint *checkpoint, struct store *writer);

#endif
