/* SPDX-License-Identifier: MIT */
/* The use of the rate limit by minute and app. */

#include <criterion/criterion.h>

#include "ingest/minutes.h"

#define MINUTE INT64_C(60000000)

static const bool all_added[8] = {true, true, true, true, true, true, true, true};

static struct event event_at(uint32_t ordinal, int64_t time_us, const char *app, int32_t limit, int32_t remaining)
{
    return (struct event){.contract_id = 1,
                          .ordinal = ordinal,
                          .time_us = time_us,
                          .app = app != NULL ? str_of(app) : (struct str){0},
                          .status = 200,
                          .rate_limit = limit,
                          .rate_remaining = remaining};
}

Test(minutes, folds_by_minute_and_app)
{
    struct event events[] = {
        event_at(0, 5 * MINUTE, "k", 900, 10),
        event_at(1, 5 * MINUTE + 1, NULL, EVENT_ABSENT, EVENT_ABSENT),
        event_at(2, 5 * MINUTE + 2, NULL, 900, EVENT_ABSENT),
        event_at(3, 6 * MINUTE - 1, "k", 1000, 12),
        event_at(4, 6 * MINUTE, "k", 900, 899),
        event_at(5, 6 * MINUTE, "k", EVENT_ABSENT, EVENT_ABSENT),
    };
    const struct event *list[ARRAY_LENGTH(events)];
    struct arena *arena = arena_new();
    struct minute_row *rows = NULL;

    events[5].status = 429;
    for (size_t i = 0; i < ARRAY_LENGTH(events); i++)
        list[i] = &events[i];
    cr_assert_eq(minutes_collect(arena, list, ARRAY_LENGTH(events), all_added, &rows), 3);
    cr_expect_eq(rows[0].minute_us, 5 * MINUTE);
    cr_expect_eq(rows[0].requests, 2);
    cr_expect_eq(rows[0].rate_limit_max, 1000);
    cr_expect_eq(rows[0].rate_remaining_min, 10);
    cr_expect_null(rows[1].app.data);
    cr_expect_eq(rows[1].requests, 1, "one that says nothing of the limit is left out");
    cr_expect_eq(rows[1].rate_remaining_min, EVENT_ABSENT);
    cr_expect_eq(rows[2].minute_us, 6 * MINUTE);
    cr_expect_eq(rows[2].rate_limited, 1);
    arena_free(arena);
}

Test(minutes, leaves_out_what_was_there_already)
{
    struct event event = event_at(1, MINUTE, "k", 900, 1);
    const struct event *list[] = {&event};
    const bool is_added[2] = {true, false};
    struct arena *arena = arena_new();
    struct minute_row *rows = NULL;

    cr_expect_eq(minutes_collect(arena, list, 1, is_added, &rows), 0);
    arena_free(arena);
}
