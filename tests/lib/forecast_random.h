/* SPDX-License-Identifier: MIT */
#ifndef FORECAST_RANDOM_H
#define FORECAST_RANDOM_H

/* Random histories, the odd ones among them: empty months, one month, equal months, tiny and huge counts, all on one
 * day, 1 to 63 days, months over and months that have hardly begun, days of 23 and 25 hours. A seed gives the same
 * everywhere. */

#include "headroom/forecast.h"

#define RANDOM_MONTHS 48 /* more than are used */

struct random_history {
    uint64_t state;
    struct forecast_month months[RANDOM_MONTHS];
    struct forecast_input input;
    int64_t limit;
};

/* splitmix64 */
static inline uint64_t random_next(struct random_history *random)
{
    uint64_t x = random->state += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static inline int random_below(struct random_history *random, int count)
{
    return (int)(random_next(random) % (uint64_t)count);
}

/* About how many handles a day a history has. */
static inline uint64_t random_size(struct random_history *random)
{
    static const uint64_t sizes[] = {1, 2, 4, 10, 50, 50, 50, 1000, 1000000, 1000000000, UINT64_C(10000000000000)};

    return sizes[random_below(random, ARRAY_LENGTH(sizes))];
}

static inline int random_days(struct random_history *random)
{
    int kind = random_below(random, 10);

    return kind == 0 ? 1 + random_below(random, 27) : kind == 1 ? 32 + random_below(random, 32) : 28 + kind % 4;
}

static inline double random_new(struct random_history *random, uint64_t size, int kind, bool is_first, bool is_last)
{
    if (kind == 0 || (kind == 1 && !is_first) || (kind == 2 && !is_last))
        return 0;
    return (double)(random_next(random) % (kind == 3 ? 2 : size));
}

static inline void random_month(struct random_history *random, struct forecast_month *month, uint64_t size)
{
    int kind = random_below(random, 9);

    *month = (struct forecast_month){.days = random_days(random)};
    month->first_weekday = random_below(random, 7);
    for (int day = 0; day < month->days; day++) {
        double new = random_new(random, size, kind, day == 0, day == month->days - 1);
        month->cumulative[day + 1] = month->cumulative[day] + new;
        month->seen[day] = kind == 4 ? 0 : new + (double)(random_next(random) % size);
    }
}

static inline double random_elapsed(struct random_history *random, int days)
{
    double hours = random_below(random, 2) == 0 ? 23 : 25, part = random_below(random, 23) / hours;

    switch (random_below(random, 8)) {
    case 0:
        return days;
    case 1:
        return 0;
    case 2:
        return 1e-12;
    case 3:
        return days - 1e-9;
    case 4:
        return random_below(random, days) + part;
    default:
        return random_below(random, days + 1);
    }
}

static inline void random_make(struct random_history *random, uint64_t seed)
{
    uint64_t size;

    random->state = seed;
    size = random_size(random);
    random_month(random, &random->months[0], size);
    bool are_equal = random_below(random, 8) == 0;
    for (int i = 1; i < RANDOM_MONTHS; i++)
        if (are_equal)
            random->months[i] = random->months[0];
        else
            random_month(random, &random->months[i], random_below(random, 20) == 0 ? random_size(random) : size);

    int days = random_days(random);
    random->input = (struct forecast_input){.months = random->months, .days = days};
    random->input.month_count =
        (size_t)(random_below(random, 3) == 0 ? random_below(random, 3) : random_below(random, 49));
    if (random->input.month_count == 0)
        random->input.months = NULL;
    random->input.first_weekday = random_below(random, 7);
    random->input.elapsed = random_elapsed(random, days);
    random->input.used = random_below(random, 4) == 0 ? 0 : (double)(random_next(random) % (size * 20));
    if (random_below(random, 4) == 0)
        random->input.known = (double)(random_next(random) % (size * 40));
    random->limit = (int64_t)(random_next(random) % (size * 40));
}

#endif
