/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SPOOL_TIMES_H
#define HEADROOM_GATEWAY_SPOOL_TIMES_H

/* spool_times: how old the oldest of many numbered entries is, from the front of which entries are dropped; as the
 * clock may step, the oldest need not be the first. In memory that grows with the time that they span. */

#include "headroom/base.h"

struct times {
    struct time_group {
        uint64_t last; /* the group's last number */
        int64_t time;  /* nothing in it, or after it, is older */
    } * list;          /* owned */
    size_t first, end, room;
};
void times_free(struct times *times);
void times_add(struct times *times, uint64_t number, int64_t time_us); /* numbers ascend */
void times_drop(struct times *times, uint64_t last);                   /* those up to last */
/* The oldest, or up to 0.1 s before it; 0: nothing is there. */
int64_t times_oldest(const struct times *times);

#endif
