/* SPDX-License-Identifier: MIT */
/* Many small allocations that end together. */

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/base.h"

#define FIRST_CHUNK   ((size_t)64 * 1024)
#define LARGEST_CHUNK ((size_t)1024 * 1024)

struct chunk {
    struct chunk *next; /* older ones */
    size_t capacity;
    size_t used;
    alignas(max_align_t) char data[];
};

struct arena {
    struct chunk *open; /* the one that small allocations are taken from */
    size_t used;
};

static struct chunk *chunk_new(size_t capacity, struct chunk *next)
{
    struct chunk *chunk = mem_resize(NULL, sizeof(*chunk) + capacity);

    chunk->next = next;
    chunk->capacity = capacity;
    chunk->used = 0;
    return chunk;
}

struct arena *arena_new(void)
{
    struct arena *arena = mem_alloc(sizeof(*arena));

    arena->open = chunk_new(FIRST_CHUNK, NULL);
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    arena_reset(arena);
    free(arena->open);
    free(arena);
}

void arena_reset(struct arena *arena)
{
    while (arena->open->next != NULL) {
        struct chunk *older = arena->open->next;
        free(arena->open);
        arena->open = older;
    }
    arena->open->used = 0;
    arena->used = 0;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

/* A block that would waste much of a chunk gets one of its own, behind the first so that the open one stays open. */
static void *take_large(struct arena *arena, size_t size)
{
    struct chunk *last = arena->open;
    struct chunk *own = chunk_new(size, NULL);

    own->used = size;
    arena->used += size;
    if (last->next == NULL) { /* the first chunk must stay the last of the list: arena_reset keeps that one */
        arena->open = chunk_new(FIRST_CHUNK, last);
        last = arena->open;
    }
    own->next = last->next;
    last->next = own;
    return own->data;
}

static void *take(struct arena *arena, size_t size, size_t alignment)
{
    struct chunk *chunk = arena->open;
    size_t start = (chunk->used + alignment - 1) & ~(alignment - 1);

    if (start <= chunk->capacity && size <= chunk->capacity - start) {
        arena->used += start + size - chunk->used;
        chunk->used = start + size;
        return chunk->data + start;
    }
    if (size > FIRST_CHUNK / 4)
        return take_large(arena, size);

    size_t capacity = chunk->capacity < LARGEST_CHUNK ? chunk->capacity * 2 : LARGEST_CHUNK;
    arena->open = chunk_new(capacity, chunk);
    return take(arena, size, alignment);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return take(arena, size, alignof(max_align_t));
}

struct str arena_copy(struct arena *arena, struct str s)
{
    if (s.data == NULL)
        return s;

    char *copy = take(arena, s.size + 1, 1);
    memcpy(copy, s.data, s.size);
    copy[s.size] = '\0';
    return (struct str){copy, s.size};
}
