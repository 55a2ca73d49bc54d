/* SPDX-License-Identifier: MIT */
/* Section 2: what the month would be if nothing of it were known. */

#include <math.h>

#include "forecast/steps.h"

#define ALPHA           0.3  /* least part of its error that a month teaches the level */
#define DECAY           0.95 /* of a month's say, a month */
#define LEVEL_DEVIATION 0.2  /* tau0: of the level, before anything was learned about it */
#define LEVEL_MONTHS    2.0  /* n0: how many months that counts for */

void past_fading(size_t count, double fading[FORECAST_HISTORY])
{
    double weight = 1;

    for (size_t i = count; i-- > 0;) {
        fading[i] = weight;
        weight *= DECAY;
    }
}

double month_count(const struct forecast_month *month)
{
    return month->cumulative[month->days];
}

static double log_count(const struct forecast_month *month)
{
    return log(month_count(month) + 0.5);
}

struct level level_learn(struct past past)
{
    double fading[FORECAST_HISTORY], squares = 0, weights = 0;
    struct level level = {.log_count = log_count(&past.months[0])};

    past_fading(past.count, fading);
    for (size_t i = 1; i < past.count; i++) {
        double error = log_count(&past.months[i]) - level.log_count;
        level.log_count += fmax(ALPHA, 1 / (double)(i + 1)) * error;
        squares += fading[i] * error * error;
        weights += fading[i];
    }
    level.count = fmax(exp(level.log_count) - 0.5, 1);
    level.variance =
        (squares + LEVEL_MONTHS * (LEVEL_DEVIATION * LEVEL_DEVIATION + 1 / level.count)) / (weights + LEVEL_MONTHS);
    return level;
}
