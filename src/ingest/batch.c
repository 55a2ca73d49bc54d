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
    batch->by_key = mem_alloc(BATCH_EVENTS * sizeof(struct event *));
    batch->by_subject = mem_alloc(BATCH_EVENTS * sizeof(struct event *));
    batch->refusals = mem_alloc(BATCH_REFUSALS * sizeof(*batch->refusals));
    return batch;
}

void batch_free(struct batch *batch)
{
    if (batch == NULL)
        return;
    arena_free(batch->arena);
    free(batch->events);
    free(batch->by_key);
    free(batch->by_subject);
    free(batch->refusals);
    free(batch);
}

void batch_clear(struct batch *batch)
{
    struct batch empty = {
        .arena = batch->arena,
        .events = batch->events,
        .by_key = batch->by_key,
        .by_subject = batch->by_subject,
        .refusals = batch->refusals,
    };
    arena_reset(batch->arena);
    *batch = empty;
}

bool batch_is_full(const struct batch *batch)
{
    return batch->event_count == BATCH_EVENTS || batch->refusal_count == BATCH_REFUSALS ||
           arena_used(batch->arena) >= BATCH_BYTES;
}

size_t batch_records(const struct batch *batch)
{
    return batch->event_count + batch->refusal_count;
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

void batch_drop_event(struct batch *batch)
{
    batch->event_count--;
}

struct refusal *batch_add_refusal(struct batch *batch)
{
    return &batch->refusals[batch->refusal_count++];
}

static int compare_by_key(const void *a, const void *b)
{
    const struct event *x = *(const struct event *const *)a;
    const struct event *y = *(const struct event *const *)b;
    int order = event_compare_key(x, y);
    if (order != 0)
        return order;
    return x->ordinal < y->ordinal ? -1 : x->ordinal > y->ordinal;
}

static int compare_by_subject(const void *a, const void *b)
{
    const struct event *x = *(const struct event *const *)a;
    const struct event *y = *(const struct event *const *)b;
    if (x->contract_id != y->contract_id)
        return x->contract_id < y->contract_id ? -1 : 1;
    int order = str_compare(x->subject, y->subject);
    if (order != 0)
        return order;
    if (x->via != y->via)
        return x->via < y->via ? -1 : 1;
    return x->time_us < y->time_us ? -1 : x->time_us > y->time_us;
}

void batch_sort(struct batch *batch)
{
    size_t kept = 0;

    for (size_t i = 0; i < batch->event_count; i++)
        batch->by_key[i] = batch->by_subject[i] = &batch->events[i];
    qsort(batch->by_subject, batch->event_count, sizeof(*batch->by_subject), compare_by_subject);
    qsort(batch->by_key, batch->event_count, sizeof(*batch->by_key), compare_by_key);
    for (size_t i = 0; i < batch->event_count; i++) {
        if (kept == 0 || event_compare_key(batch->by_key[kept - 1], batch->by_key[i]) != 0)
            batch->by_key[kept++] = batch->by_key[i];
    }
    batch->distinct_count = kept;
}
