/* SPDX-License-Identifier: MIT */
/* The memory of a batch: allocated once at its full size, so that a long input needs no more than a short one. */

#include "ingest/batch.h"

#include <stdlib.h>
#include <string.h>

struct batch *batch_new(void)
{
    struct batch *batch = mem_alloc(sizeof(*batch));
    batch->arena = arena_new();
    batch->events = mem_alloc(BATCH_EVENTS * sizeof(*batch->events));
    batch->refusals = mem_alloc(BATCH_REFUSALS * sizeof(*batch->refusals));
    return batch;
}

void batch_free(struct batch *batch)
{
    if (batch == NULL)
        return;
    arena_free(batch->arena);
    free(batch->events);
    free(batch->refusals);
    free(batch);
}

void batch_clear(struct batch *batch)
{
    struct batch empty = {.arena = batch->arena, .events = batch->events, .refusals = batch->refusals};
    arena_reset(batch->arena);
    *batch = empty;
}

bool batch_is_full(const struct batch *batch)
{
    return batch->event_count == BATCH_EVENTS || batch->refusal_count == BATCH_REFUSALS ||
           arena_used(batch->arena) >= BATCH_BYTES;
}

struct event *batch_next_event(struct batch *batch)
{
    return &batch->events[batch->event_count];
}

void batch_keep_event(struct batch *batch)
{
    batch->events[batch->event_count].ordinal = (uint32_t)batch->event_count;
    batch->event_count++;
}

struct refusal *batch_add_refusal(struct batch *batch)
{
    return &batch->refusals[batch->refusal_count++];
}
