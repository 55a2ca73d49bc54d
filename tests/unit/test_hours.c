/* SPDX-License-Identifier: MIT */
/* The hours of a batch's sources. */

#include <criterion/criterion.h>
#include <stdlib.h>

#include "ingest/hours.h"

#define HOUR INT64_C(3600000000)
#define DAY  (24 * HOUR)

static const int64_t day_0 = INT64_C(20000); /* 2024-10-04 */

static struct event event_at(int64_t contract_id, const char *source, int64_t time_us)
{
    return (struct event){.contract_id = contract_id, .source = str_of(source), .time_us = day_0 * DAY + time_us};
}

/* Collects; returns the number of rows. */
static size_t collect(struct arena *arena, const struct event *events, size_t count, struct hours_row **rows)
{
    const struct event **list = mem_alloc((count + 1) * sizeof(*list));
    for (size_t i = 0; i < count; i++)
        list[i] = &events[i];
    size_t found = hours_collect(arena, list, count, rows);
    free(list);
    return found;
}

static const struct hours_row *row_of(const struct hours_row *rows, size_t count, int64_t contract_id,
                                      const char *source, int64_t day)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].contract_id == contract_id && str_equal(rows[i].source, str_of(source)) && rows[i].day == day)
            return &rows[i];
    }
    cr_assert_fail("no row for %s", source);
    return NULL;
}

Test(hours, bits_follow_the_hours_of_the_day)
{
    struct arena *arena = arena_new();
    struct hours_row *rows = NULL;
    const struct event events[] = {
        event_at(1, "a", 0),       event_at(1, "a", HOUR - 1), event_at(1, "a", HOUR),
        event_at(1, "a", DAY - 1), event_at(1, "a", DAY),
    };

    cr_assert_eq(collect(arena, events, ARRAY_LENGTH(events), &rows), 2);
    cr_assert_eq(row_of(rows, 2, 1, "a", day_0)->hours, 1 << 0 | 1 << 1 | 1 << 23);
    cr_assert_eq(row_of(rows, 2, 1, "a", day_0 + 1)->hours, 1 << 0);
    arena_free(arena);
}

Test(hours, contracts_and_sources_are_kept_apart)
{
    struct arena *arena = arena_new();
    struct hours_row *rows = NULL;
    const struct event events[] = {
        event_at(1, "a", 0),        event_at(1, "b", 0),        event_at(2, "a", 0),   event_at(1, "a", 5 * HOUR),
        event_at(1, "b", 6 * HOUR), event_at(2, "a", 7 * HOUR), event_at(1, "b", DAY), event_at(1, "a", DAY),
    };

    cr_assert_eq(collect(arena, events, ARRAY_LENGTH(events), &rows), 5);
    cr_assert_eq(row_of(rows, 5, 1, "a", day_0)->hours, 1 << 0 | 1 << 5);
    cr_assert_eq(row_of(rows, 5, 1, "b", day_0)->hours, 1 << 0 | 1 << 6);
    cr_assert_eq(row_of(rows, 5, 2, "a", day_0)->hours, 1 << 0 | 1 << 7);
    cr_assert_eq(row_of(rows, 5, 1, "a", day_0 + 1)->hours, 1 << 0);
    cr_assert_eq(row_of(rows, 5, 1, "b", day_0 + 1)->hours, 1 << 0);
    arena_free(arena);
}

/* The longest source of all, and one that begins like it. */
Test(hours, long_sources_differ_in_their_last_byte)
{
    struct arena *arena = arena_new();
    struct hours_row *rows = NULL;
    char longest[256], other[256];
    for (size_t i = 0; i < 255; i++)
        longest[i] = other[i] = 'x';
    other[254] = 'y';
    longest[255] = other[255] = '\0';
    const struct event events[] = {event_at(1, longest, 0), event_at(1, other, 0), event_at(1, longest, HOUR)};

    cr_assert_eq(collect(arena, events, ARRAY_LENGTH(events), &rows), 2);
    cr_assert_eq(row_of(rows, 2, 1, longest, day_0)->hours, 3);
    cr_assert_eq(row_of(rows, 2, 1, other, day_0)->hours, 1);
    arena_free(arena);
}

Test(hours, no_events_have_no_hours)
{
    struct arena *arena = arena_new();
    struct hours_row *rows = NULL;

    cr_assert_eq(collect(arena, NULL, 0, &rows), 0);
    arena_free(arena);
}
