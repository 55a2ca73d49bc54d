/* SPDX-License-Identifier: MIT */
/* The spool's sets: of drained numbers, and of times; both against what is plainly right, with random steps. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/spool_ranges.h"
#include "gateway/spool_times.h"

#define NUMBERS 200

static void check_ranges(const struct ranges *ranges, const bool *in)
{
    uint64_t prefix = 0, last = 0;

    for (uint64_t i = 1; i < NUMBERS; i++) {
        cr_assert_eq(ranges_have(ranges, i), in[i]);
        prefix += prefix == i - 1 && in[i];
        last = in[i] ? i : last;
    }
    cr_assert_eq(ranges_prefix(ranges), prefix);
    cr_assert_eq(ranges_last(ranges), last);
    for (size_t i = 1; i < ranges->count; i++)
        cr_assert_gt(ranges->list[i].first, ranges->list[i - 1].last + 1, "two ranges touch");
}

Test(spool_sets, ranges_join_what_touches)
{
    for (unsigned seed = 1; seed <= 200; seed++) {
        struct ranges ranges = {0}, copy = {0};
        bool in[NUMBERS] = {false};
        srand(seed);
        for (int step = 0; step < 40; step++) {
            uint64_t first = 1 + (uint64_t)rand() % (NUMBERS - 20), last = first + (uint64_t)rand() % (seed % 19 + 1);
            memset(in + first, true, last - first + 1);
            struct range joined = ranges_add(&ranges, first, last);
            cr_assert(joined.first <= first && joined.last >= last);
            check_ranges(&ranges, in);
        }
        ranges_copy(&copy, &ranges);
        check_ranges(&copy, in);
        ranges_free(&copy);
        ranges_free(&ranges);
    }
}

Test(spool_sets, times_know_the_oldest)
{
    for (unsigned seed = 1; seed <= 100; seed++) {
        struct times times = {0};
        int64_t given[NUMBERS], now = 1790000000000000;
        uint64_t dropped = 0;
        srand(seed);
        for (uint64_t number = 1; number < NUMBERS; number++) {
            now += rand() % 10 == 0 ? -(int64_t)(rand() % 5000000) : rand() % (seed % 2 == 0 ? 400000 : 4000);
            given[number] = now;
            times_add(&times, number, now);
            if (rand() % 3 == 0)
                times_drop(&times, dropped += (uint64_t)rand() % (number - dropped + 1));
            int64_t oldest = INT64_MAX;
            for (uint64_t i = dropped + 1; i <= number; i++)
                oldest = given[i] < oldest ? given[i] : oldest;
            if (oldest == INT64_MAX)
                cr_assert_eq(times_oldest(&times), 0);
            else
                cr_assert(times_oldest(&times) <= oldest && times_oldest(&times) > oldest - 100000);
        }
        times_free(&times);
    }
}
