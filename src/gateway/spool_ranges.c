/* SPDX-License-Identifier: MIT */
/* A set of numbers as ranges in an array that is searched by halves. */

#include "gateway/spool_ranges.h"

#include <stdlib.h>
#include <string.h>

void ranges_free(struct ranges *ranges)
{
    free(ranges->list);
    *ranges = (struct ranges){0};
}

static void make_room(struct ranges *ranges, size_t count)
{
    if (count <= ranges->room)
        return;
    ranges->room = count * 2 + 8;
    ranges->list = mem_resize(ranges->list, ranges->room * sizeof(*ranges->list));
}

void ranges_copy(struct ranges *to, const struct ranges *from)
{
    make_room(to, from->count);
    if (from->count > 0)
        memcpy(to->list, from->list, from->count * sizeof(*to->list));
    to->count = from->count;
}

/* The first range that ends at number or after it. */
static size_t find(const struct ranges *ranges, uint64_t number)
{
    size_t low = 0, high = ranges->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranges->list[middle].last < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct range ranges_add(struct ranges *ranges, uint64_t first, uint64_t last)
{
    size_t at = find(ranges, first - 1); /* one that ends right before it touches it too */
    size_t end = at;
    struct range joined = {first, last};

    for (; end < ranges->count && ranges->list[end].first <= last + 1; end++) {
        if (ranges->list[end].first < joined.first)
            joined.first = ranges->list[end].first;
        if (ranges->list[end].last > joined.last)
            joined.last = ranges->list[end].last;
    }
    make_room(ranges, ranges->count + 1);
    memmove(&ranges->list[at + 1], &ranges->list[end], (ranges->count - end) * sizeof(*ranges->list));
    ranges->list[at] = joined;
    ranges->count = ranges->count - (end - at) + 1;
    return joined;
}

bool ranges_have(const struct ranges *ranges, uint64_t number)
{
    size_t at = find(ranges, number);

    return at < ranges->count && ranges->list[at].first <= number;
}

uint64_t ranges_prefix(const struct ranges *ranges)
{
    return ranges->count > 0 && ranges->list[0].first <= 1 ? ranges->list[0].last : 0;
}

uint64_t ranges_last(const struct ranges *ranges)
{
    return ranges->count > 0 ? ranges->list[ranges->count - 1].last : 0;
}
