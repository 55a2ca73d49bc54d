/* SPDX-License-Identifier: MIT */
/* The time of day for what can't be taken back. */

#include <criterion/criterion.h>

#include "gateway/steady.h"

#define S     INT64_C(1000000)
#define NOON  (INT64_C(1700000000) * S)
#define HOUR  (3600 * S)
#define BEGAN (77 * S)

static struct steady started(void)
{
    struct steady steady = {0};

    cr_expect_eq(steady_now(&steady, NOON, BEGAN), NOON);
    return steady;
}

Test(steady, goes_with_a_clock_that_goes_well)
{
    struct steady steady = started();

    for (int64_t i = 1; i < 100; i++) /* 0.9 s too fast each minute */
        cr_expect_eq(steady_now(&steady, NOON + i * (60 * S + 900000), BEGAN + i * 60 * S),
                     NOON + i * (60 * S + 900000));
}

Test(steady, does_not_believe_a_step_forward_that_goes_back)
{
    struct steady steady = started();

    for (int64_t i = 1; i < 300; i++)
        cr_expect_eq(steady_now(&steady, NOON + HOUR + i * S, BEGAN + i * S), NOON + i * S);
    cr_expect_eq(steady_now(&steady, NOON + 300 * S, BEGAN + 300 * S), NOON + 300 * S);
    cr_expect_eq(steady_now(&steady, NOON + HOUR + 301 * S, BEGAN + 301 * S), NOON + 301 * S,
                 "the next one is a new one");
    cr_expect_eq(steady_now(&steady, NOON + HOUR + 600 * S, BEGAN + 600 * S), NOON + 600 * S);
}

Test(steady, believes_a_step_forward_that_holds)
{
    struct steady steady = started();

    cr_expect_eq(steady_now(&steady, NOON + HOUR + S, BEGAN + S), NOON + S);
    cr_expect_eq(steady_now(&steady, NOON + HOUR + 300 * S, BEGAN + 300 * S), NOON + 300 * S);
    cr_expect_eq(steady_now(&steady, NOON + HOUR + 301 * S, BEGAN + 301 * S), NOON + HOUR + 301 * S);
    cr_expect_eq(steady_now(&steady, NOON + HOUR + 302 * S, BEGAN + 302 * S), NOON + HOUR + 302 * S);
}

Test(steady, follows_a_step_back_at_once)
{
    struct steady steady = started();

    cr_expect_eq(steady_now(&steady, NOON - HOUR, BEGAN + S), NOON - HOUR);
    cr_expect_eq(steady_now(&steady, NOON + 2 * S, BEGAN + 2 * S), NOON - HOUR + S, "and forward it is a step again");
}
