/* SPDX-License-Identifier: MIT */
/* One milestone is waited for at a time, so that each is reached however many requests keep coming. */

#include "gateway/milestones.h"

void milestones_pass(struct milestones *milestones, struct milestone last)
{
    if (last.number > milestones->newest.number)
        milestones->newest = last;
}

bool milestones_settle(struct milestones *milestones, struct taker *taker, int64_t until_us, struct error *err)
{
    for (;;) {
        if (milestones->next.number == 0) {
            milestones->next = milestones->newest;
            milestones->newest = (struct milestone){0};
        }
        if (milestones->next.number == 0 || until_us <= milestones->next.time_us)
            return true;
        if (!taker_settle(taker, milestones->next.number, milestones->next.time_us, err))
            return false;
        milestones->next = (struct milestone){0};
    }
}
