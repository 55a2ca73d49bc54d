/* SPDX-License-Identifier: MIT */
/* What the time of day should be, by the monotonic clock, against what it is. */

#include "gateway/steady.h"

int64_t steady_now(struct steady *steady, int64_t day_us, int64_t monotonic_us)
{
    int64_t expected_us = steady->day_us + (monotonic_us - steady->monotonic_us);

    if (steady->day_us != 0 && day_us - expected_us > STEADY_SLACK_US) {
        if (steady->step_us == 0)
            steady->step_us = monotonic_us;
        if (monotonic_us - steady->step_us < STEADY_BELIEF_US)
            return expected_us;
    }
    *steady = (struct steady){.day_us = day_us, .monotonic_us = monotonic_us};
    return day_us;
}
