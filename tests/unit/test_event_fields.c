/* SPDX-License-Identifier: MIT */
/* The words of an event. */

#include <criterion/criterion.h>

#include "headroom/model.h"

static const struct {
    const char *name;
    enum field field;
} names[] = {
    {"id", FIELD_ID},
    {"event_id", FIELD_ID},
    {"time", FIELD_TIME},
    {"occurred_at", FIELD_TIME},
    {"timestamp", FIELD_TIME},
    {"source", FIELD_SOURCE},
    {"user_id", FIELD_USER_ID},
    {"handle", FIELD_HANDLE},
    {"username", FIELD_HANDLE},
    {"screen_name", FIELD_HANDLE},
    {"token", FIELD_TOKEN},
    {"auth", FIELD_AUTH},
    {"endpoint", FIELD_ENDPOINT},
    {"tweet_count", FIELD_TWEET_COUNT},
    {"status", FIELD_STATUS},
    {"outcome", FIELD_OUTCOME},
    {"failed", FIELD_FAILED},
    {"metrics", FIELD_METRICS},
    {"rate_limit", FIELD_RATE_LIMIT},
    {"rate_remaining", FIELD_RATE_REMAINING},
    {"latency_ms", FIELD_LATENCY_MS},
    {"bytes", FIELD_BYTES},
    {"app", FIELD_APP},
    {"contract", FIELD_CONTRACT},
    {"label", FIELD_LABEL},
    {"", FIELD_UNKNOWN},
    {"ID", FIELD_UNKNOWN},
    {"i", FIELD_UNKNOWN},
    {"idx", FIELD_UNKNOWN},
    {" id", FIELD_UNKNOWN},
    {"user", FIELD_UNKNOWN},
    {"Time", FIELD_UNKNOWN},
};

Test(event_fields, are_found_by_name_and_alias)
{
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        cr_expect_eq(field_find(str_of(names[i].name)), names[i].field, "%s", names[i].name);
    cr_expect_eq(field_find(str_of(NULL)), FIELD_UNKNOWN);
    cr_expect_eq(field_find(STR("id\0")), FIELD_UNKNOWN);
}

Test(event_fields, each_has_a_name_that_finds_it)
{
    for (int field = 0; field < FIELD_COUNT; field++)
        cr_expect_eq(field_find(str_of(field_name((enum field)field))), (enum field)field);
    cr_expect_null(field_name(FIELD_UNKNOWN));
}

Test(event_fields, words_are_those_of_the_database)
{
    cr_expect_null(endpoint_name(ENDPOINT_ABSENT));
    cr_expect_null(outcome_name(OUTCOME_ABSENT));
    cr_expect_null(class_name((enum event_class)(CLASS_DELIVERED + 1)));
    cr_expect_str_eq(via_name(VIA_APP), "app");
    cr_expect_str_eq(class_name(CLASS_NOT_ATTEMPTED), "not_attempted");
    cr_expect_str_eq(class_name(CLASS_DELIVERED), "delivered");
    cr_expect_str_eq(endpoint_name(ENDPOINT_28HR), "28hr");
    cr_expect_str_eq(outcome_name(OUTCOME_TOO_OLD_VIDEO), "too_old_video");
    cr_expect_str_eq(outcome_name(OUTCOME_UNKNOWN), "unknown");
}
