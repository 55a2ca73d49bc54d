/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_PROXY_LIMITS_H
#define HEADROOM_GATEWAY_PROXY_LIMITS_H

/* limits: what waits for somebody else, and until when. Each kind of waiting has one span, so that a queue in the order
 * of beginning is one in the order of ending: setting, clearing and looking are as fast for thousands as for one. */

#include "headroom/base.h"

struct deadline_queue;
struct deadline {
    struct deadline *prev, *next;
    struct deadline_queue *queue; /* NULL: it waits for nothing */
    int64_t at_us;                /* of the clock that never jumps */
    void *owner;
};
typedef void deadline_fn(void *owner);
struct deadline_queue {
    struct deadline *first, *last;
    int64_t span_us;
    deadline_fn *passed; /* may set and clear any deadline */
};

/* From now on, instead of what it was in before. */
void deadline_set(struct deadline *deadline, struct deadline_queue *queue, int64_t now_us);
void deadline_clear(struct deadline *deadline);
/* Calls passed for all whose time is over; each waits for nothing then. */
void deadline_look(struct deadline_queue *queue, int64_t now_us);
/* Microseconds until the first ends: 0 or more; -1: none waits. */
int64_t deadline_next(const struct deadline_queue *queue, int64_t now_us);

#endif
