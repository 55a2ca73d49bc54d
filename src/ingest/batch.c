/* SPDX-License-Identifier: MIT */
/* The memory of a batch: allocated once at its full size, so that a long input needs no more than a short one. */

#include "ingest/batch.h"

#include <endian.h>
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

/* A log is mostly in the order of time already, and then in that of the key. */
static bool is_by_key(const struct batch *batch)
{
    size_t i = 1;

    while (i < batch->event_count && event_compare_key(&batch->events[i - 1], &batch->events[i]) <= 0)
        i++;
    return i >= batch->event_count;
}

static void sort_by_key(struct batch *batch)
{
    for (size_t i = 0; i < batch->event_count; i++)
        batch->by_key[i] = &batch->events[i];
    if (!is_by_key(batch))
        qsort(batch->by_key, batch->event_count, sizeof(*batch->by_key), compare_by_key);
}

/* All that decides the order by subject, side by side: the events lie far apart. */
struct subject_key {
    int64_t contract_id;
    uint64_t head[2];  /* the subject's first bytes as numbers, filled up with zeros, which no subject has */
    uint32_t position; /* in by_key */
    uint32_t via;
};

static struct subject_key subject_key_of(const struct event *event, size_t position)
{
    struct subject_key key = {
        .contract_id = event->contract_id, .position = (uint32_t)position, .via = (uint32_t)event->via};
    size_t size = event->subject.size < sizeof(key.head) ? event->subject.size : sizeof(key.head);

    memcpy(key.head, event->subject.data, size);
    key.head[0] = be64toh(key.head[0]);
    key.head[1] = be64toh(key.head[1]);
    return key;
}

/* context: by_key. */
static int compare_by_subject(const void *a, const void *b, void *context)
{
    const struct event *const *by_key = context;
    const struct subject_key *x = a;
    const struct subject_key *y = b;

    if (x->contract_id != y->contract_id)
        return x->contract_id < y->contract_id ? -1 : 1;
    for (int i = 0; i < 2; i++) {
        if (x->head[i] != y->head[i])
            return x->head[i] < y->head[i] ? -1 : 1;
    }
    bool goes_on = (x->head[1] & 0xFF) != 0;
    int order = goes_on ? str_compare(by_key[x->position]->subject, by_key[y->position]->subject) : 0;
    if (order != 0)
        return order;
    if (x->via != y->via)
        return x->via < y->via ? -1 : 1;
    return x->position < y->position ? -1 : x->position > y->position;
}

/* Behind sort_by_key. */
static void sort_by_subject(struct batch *batch)
{
    struct subject_key *keys = mem_alloc((batch->event_count + 1) * sizeof(*keys));

    for (size_t i = 0; i < batch->event_count; i++)
        keys[i] = subject_key_of(batch->by_key[i], i);
    qsort_r(keys, batch->event_count, sizeof(*keys), compare_by_subject, batch->by_key);
    for (size_t i = 0; i < batch->event_count; i++)
        batch->by_subject[i] = batch->by_key[keys[i].position];
    free(keys);
}

void batch_sort(struct batch *batch)
{
    size_t kept = 0;

    sort_by_key(batch);
    sort_by_subject(batch);
    for (size_t i = 0; i < batch->event_count; i++) {
        if (kept == 0 || event_compare_key(batch->by_key[kept - 1], batch->by_key[i]) != 0)
            batch->by_key[kept++] = batch->by_key[i];
    }
    batch->distinct_count = kept;
}

/* The first place from `at` on whose event is not before the wanted one: in steps that double, then by halves. Batches
 * of a log lie behind one another, so few events are looked at. */
static size_t skip_to(const struct batch *batch, size_t at, const struct event *wanted)
{
    size_t step = 1, end = at;

    while (end < batch->distinct_count && event_compare_key(batch->by_key[end], wanted) < 0) {
        at = end + 1;
        end += step;
        step *= 2;
    }
    if (end > batch->distinct_count)
        end = batch->distinct_count;
    while (at < end) {
        size_t middle = at + (end - at) / 2;
        if (event_compare_key(batch->by_key[middle], wanted) < 0)
            at = middle + 1;
        else
            end = middle;
    }
    return at;
}

bool batch_shares_event(const struct batch *a, const struct batch *b)
{
    size_t i = 0, j = 0;

    while (i < a->distinct_count && j < b->distinct_count) {
        i = skip_to(a, i, b->by_key[j]);
        if (i == a->distinct_count)
            break;
        j = skip_to(b, j, a->by_key[i]);
        if (j < b->distinct_count && event_compare_key(a->by_key[i], b->by_key[j]) == 0)
            return true;
    }
    return false;
}
