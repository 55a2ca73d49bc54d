/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SPOOL_RANGES_H
#define HEADROOM_GATEWAY_SPOOL_RANGES_H

/* spool_ranges: a set of numbers from 1 on, kept as the few ranges that it consists of, in order; none touch. */

#include "headroom/base.h"

struct range {
    uint64_t first, last;
};
struct ranges {
    struct range *list; /* owned */
    size_t count, room;
};
void ranges_free(struct ranges *ranges);
void ranges_copy(struct ranges *to, const struct ranges *from); /* into one that is there */
/* Adds first to last; gives the range that holds them now. */
struct range ranges_add(struct ranges *ranges, uint64_t first, uint64_t last);
bool ranges_have(const struct ranges *ranges, uint64_t number);
/* Up to which number all from 1 on are in it; 0: not even 1. */
uint64_t ranges_prefix(const struct ranges *ranges);
uint64_t ranges_last(const struct ranges *ranges); /* 0: empty */

#endif
