/* SPDX-License-Identifier: MIT */
/* Minima of all that follows, in order: what is not older than a later one can never be the oldest again. */

#include "gateway/spool_times.h"

#include <stdlib.h>
#include <string.h>

#define GROUP_US 100000

void times_free(struct times *times)
{
    free(times->list);
    *times = (struct times){0};
}

static void push(struct times *times, struct time_group group)
{
    if (times->end == times->room && times->first > times->room / 2) {
        memmove(times->list, times->list + times->first, (times->end - times->first) * sizeof(*times->list));
        times->end -= times->first;
        times->first = 0;
    } else if (times->end == times->room) {
        times->room = times->room * 2 + 64;
        times->list = mem_resize(times->list, times->room * sizeof(*times->list));
    }
    times->list[times->end++] = group;
}

void times_add(struct times *times, uint64_t number, int64_t time_us)
{
    struct time_group *back;

    while (times->end > times->first && times->list[times->end - 1].time >= time_us)
        times->end--;
    back = times->end > times->first ? &times->list[times->end - 1] : NULL;
    if (back != NULL && time_us - back->time < GROUP_US)
        back->last = number;
    else
        push(times, (struct time_group){number, time_us});
}

void times_drop(struct times *times, uint64_t last)
{
    while (times->first < times->end && times->list[times->first].last <= last)
        times->first++;
    if (times->first == times->end)
        times->first = times->end = 0;
}

int64_t times_oldest(const struct times *times)
{
    return times->first < times->end ? times->list[times->first].time : 0;
}
