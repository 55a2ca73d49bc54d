/* SPDX-License-Identifier: MIT */
/* The window is a ring of places; a hash table holds each meaning in it with the number of its places. */

#include "ingest/repeat.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct meaning {
    unsigned char digest[DIGEST_SIZE];
    uint64_t lines;
    UT_hash_handle hh;
};

struct repeat {
    struct meaning *ring[REPEAT_WINDOW]; /* NULL: a line without a meaning to count */
    size_t next;
    size_t used; /* places of the ring that were written */
    struct meaning *known;
};

struct repeat *repeat_new(void)
{
    return mem_alloc(sizeof(struct repeat));
}

static void leave(struct repeat *repeat, struct meaning *meaning)
{
    if (--meaning->lines > 0)
        return;
    HASH_DEL(repeat->known, meaning); /* NOLINT(clang-analyzer-core.NullDereference): it is in the table */
    free(meaning);
}

void repeat_clear(struct repeat *repeat)
{
    for (size_t i = 0; i < repeat->used; i++) {
        if (repeat->ring[i] != NULL)
            leave(repeat, repeat->ring[i]);
        repeat->ring[i] = NULL;
    }
    repeat->next = repeat->used = 0;
}

void repeat_free(struct repeat *repeat)
{
    if (repeat == NULL)
        return;
    repeat_clear(repeat);
    free(repeat);
}

static struct meaning *find_or_add(struct repeat *repeat, const unsigned char digest[DIGEST_SIZE])
{
    struct meaning *meaning = NULL;
    HASH_FIND(hh, repeat->known, digest, DIGEST_SIZE, meaning);
    if (meaning != NULL)
        return meaning;
    meaning = mem_alloc(sizeof(*meaning));
    memcpy(meaning->digest, digest, DIGEST_SIZE);
    HASH_ADD(hh, repeat->known, digest, DIGEST_SIZE, meaning);
    return meaning;
}

uint64_t repeat_count(struct repeat *repeat, const unsigned char meaning[DIGEST_SIZE])
{
    struct meaning **place = &repeat->ring[repeat->next];
    struct meaning *leaving = *place;
    uint64_t before = 0;

    *place = NULL;
    if (meaning != NULL) {
        *place = find_or_add(repeat, meaning);
        before = (*place)->lines++;
    }
    if (repeat->used == repeat->next)
        repeat->used++;
    repeat->next = (repeat->next + 1) % REPEAT_WINDOW;
    /* The line that leaves the window still stands among the 65,536 before this one. */
    if (leaving != NULL)
        leave(repeat, leaving);
    return before;
}
