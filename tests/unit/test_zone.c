/* SPDX-License-Identifier: MIT */
/* Times without a zone, against the offsets of Berlin's spring and autumn of 2026. */

#include <criterion/criterion.h>
#include <string.h>

#include "ingest/zone.h"

#define HOUR INT64_C(3600000000)

static int64_t instant(const char *text)
{
    int64_t us = 0;
    const char *why = NULL;
    cr_assert(timestamp_parse(str_of(text), &us, &why), "%s: %s", text, why);
    return us;
}

static struct zone *berlin(void)
{
    const struct zone_offset offsets[] = {
        {instant("2025-10-26T01:00:00Z"), HOUR},
        {instant("2026-03-29T01:00:00Z"), 2 * HOUR},
        {instant("2026-10-25T01:00:00Z"), HOUR},
    };
    return zone_new("Europe/Berlin", offsets, ARRAY_LENGTH(offsets));
}

/* A time without a zone, and the same in UTC; NULL: the clock never showed it. */
static const struct {
    const char *local;
    const char *utc;
} cases[] = {
    {"2026-01-15T12:00:00", "2026-01-15T11:00:00Z"},
    {"2026-07-15 12:00:00.5", "2026-07-15T10:00:00.500Z"},
    {"2026-03-29T01:59:59.999999", "2026-03-29T00:59:59.999999Z"},
    {"2026-03-29T02:00:00", NULL},
    {"2026-03-29T02:30:00", NULL},
    {"2026-03-29T02:59:59.999999", NULL},
    {"2026-03-29T03:00:00", "2026-03-29T01:00:00Z"},
    {"2026-10-25T01:59:59", "2026-10-24T23:59:59Z"},
    {"2026-10-25T02:00:00", "2026-10-25T00:00:00Z"}, /* twice: the earlier one */
    {"2026-10-25T02:59:59.999999", "2026-10-25T00:59:59.999999Z"},
    {"2026-10-25T03:00:00", "2026-10-25T02:00:00Z"},
    {"2026-12-31T23:59:60", "2026-12-31T22:59:59.999999Z"},
    {"2025-01-01T00:00:00", "2024-12-31T23:00:00Z"}, /* before the first offset: as that */
    {"2036-07-01T00:00:00", "2036-06-30T23:00:00Z"}, /* behind the last one: as that */
};

Test(zone, places_each_local_time)
{
    struct zone *zone = berlin();
    struct arena *arena = arena_new();

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct value time = {.kind = VALUE_TEXT, .text = str_of(cases[i].local)};
        struct rejection why = {0};
        bool placed = zone_apply(zone, &time, arena, &why);
        cr_expect_eq(placed, cases[i].utc != NULL, "%s", cases[i].local);
        if (placed && cases[i].utc != NULL)
            cr_expect(str_equal(time.text, str_of(cases[i].utc)), "%s is %s", cases[i].local, time.text.data);
        if (placed)
            continue;
        cr_expect_str_eq(why.reason, "bad_time");
        cr_expect_eq(why.field, FIELD_TIME);
        cr_expect(strstr(why.text, cases[i].local) != NULL && strstr(why.text, "Europe/Berlin") != NULL, "%s",
                  why.text);
    }
    arena_free(arena);
    zone_free(zone);
}

Test(zone, leaves_every_other_value_alone)
{
    static const char *const others[] = {
        "2026-03-29T02:30:00Z", "2026-03-29T02:30:00+02:00", "1793491199", "2026-03-29",
        "2026-02-30T12:00:00",  "2026-03-29T24:00:00",       "yesterday",  ""};
    struct zone *zone = berlin();
    struct arena *arena = arena_new();
    struct rejection why = {0};

    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        struct value time = {.kind = VALUE_TEXT, .text = str_of(others[i])};
        cr_expect(zone_apply(zone, &time, arena, &why));
        cr_expect_eq(time.text.data, others[i], "%s", others[i]);
    }
    struct value number = {.kind = VALUE_INTEGER, .integer = 1793491199};
    cr_expect(zone_apply(zone, &number, arena, &why));
    cr_expect_eq(number.kind, VALUE_INTEGER);
    arena_free(arena);
    zone_free(zone);
}

/* A message shows a skipped time as far as its microseconds only, whatever stands behind them. */
Test(zone, shows_no_long_text)
{
    struct zone *zone = berlin();
    struct arena *arena = arena_new();
    struct value time = {.kind = VALUE_TEXT, .text = STR("2026-03-29T02:30:00.12345678901234567890")};
    struct rejection why = {0};

    cr_assert_not(zone_apply(zone, &time, arena, &why));
    cr_assert(strstr(why.text, "2026-03-29T02:30:00.123456\"") != NULL, "%s", why.text);
    arena_free(arena);
    zone_free(zone);
}
