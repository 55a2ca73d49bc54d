/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_STEADY_H
#define HEADROOM_GATEWAY_STEADY_H

/*
 * steady: the time of day for what can't be taken back. A clock that goes forward by a step may be set back a moment
 * later; so a step forward is believed only when it has held for a while, and until then the time goes on from before.
 * A step back is followed at once. Pure; one thread at a time.
 */

#include "headroom/base.h"

#define STEADY_SLACK_US  INT64_C(1000000)   /* forward by no more is no step */
#define STEADY_BELIEF_US INT64_C(300000000) /* a step has held for so long: it is believed */

struct steady {
    int64_t day_us, monotonic_us; /* when it was last believed, by both clocks; 0: never, then it is */
    int64_t step_us;              /* when the step that is not believed was first seen, monotonic; 0: there is none */
};
/* day_us: the time of day, microseconds since the epoch; monotonic_us: of timestamp_monotonic, the same moment. Returns
 * day_us, or what it would be without the step. */
int64_t steady_now(struct steady *steady, int64_t day_us, int64_t monotonic_us);

#endif
