/* SPDX-License-Identifier: MIT */
/* The causes are few, whatever a log says: so are the rows of a batch. */

#include "ingest/failures.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct entry {
    struct failure_row row;
    UT_hash_handle hh;
};

struct failures {
    struct arena *arena;
    struct entry *entries;
};

struct failures *failures_new(void)
{
    struct failures *failures = mem_alloc(sizeof(*failures));

    failures->arena = arena_new();
    return failures;
}

void failures_clear(struct failures *failures)
{
    HASH_CLEAR(hh, failures->entries);
    arena_reset(failures->arena);
}

void failures_free(struct failures *failures)
{
    if (failures == NULL)
        return;
    failures_clear(failures);
    arena_free(failures->arena);
    free(failures);
}

static struct failure_row *find(struct failures *failures, const struct failure_key *key)
{
    struct entry *entry = NULL;

    HASH_FIND(hh, failures->entries, key, sizeof(*key), entry);
    if (entry != NULL)
        return &entry->row;
    entry = arena_alloc(failures->arena, sizeof(*entry));
    *entry = (struct entry){.row = {.key = *key}};
    HASH_ADD(hh, failures->entries, row.key, sizeof(entry->row.key), entry);
    return &entry->row;
}

static struct failure_key key_of(const struct event *event, const struct calendar_day *day)
{
    struct failure_key key = {.contract_id = event->contract_id, .covered = day != NULL};

    if (day != NULL) {
        key.month = day->month;
        key.bit = day->bit;
    }
    return key;
}

void failures_add(struct failures *failures, const struct event *event, const struct calendar_day *day)
{
    struct failure_key key = key_of(event, day);
    enum outcome cause = OUTCOME_ABSENT;
    uint32_t tweets = 0;
    size_t at = 0;
    bool other = false; /* a cause of another name is there already, and the request with it */

    while (event_next_cause(event->failed, &at, &cause, &tweets)) {
        if (tweets == 0)
            continue;
        key.cause = (int32_t)cause;

        struct failure_row *row = find(failures, &key);
        row->requests += cause != OUTCOME_ABSENT || !other;
        row->tweets += tweets;
        other = other || cause == OUTCOME_ABSENT;
    }
}

const struct failure_row *const *failures_list(struct failures *failures, size_t *count)
{
    const struct failure_row **rows = arena_alloc(failures->arena, (HASH_COUNT(failures->entries) + 1) * sizeof(*rows));
    struct entry *entry = NULL;
    struct entry *next = NULL;

    *count = 0;
    HASH_ITER(hh, failures->entries, entry, next)
    rows[(*count)++] = &entry->row;
    return rows;
}
