/* SPDX-License-Identifier: MIT */
/* The line that an entry of the spool becomes. */

#include <criterion/criterion.h>

#include "gateway/taker_parts.h"

static const struct {
    const char *intent, *outcome, *line;
} cases[] = {
    {"{\"time\":1}", "{\"status\":200}", "{\"source\":\"gateway 5f\",\"id\":\"7\",\"time\":1,\"status\":200}"},
    {" { \"time\":1 } ", "{}", "{\"source\":\"gateway 5f\",\"id\":\"7\",\"time\":1}"},
    {"{}", "{\"outcome\":\"unknown\"}", "{\"source\":\"gateway 5f\",\"id\":\"7\",\"outcome\":\"unknown\"}"},
    {"{}", "{}", "{\"source\":\"gateway 5f\",\"id\":\"7\"}"},
    {"broken", "{\"a\":{}}", "{\"source\":\"gateway 5f\",\"id\":\"7\",broken,\"a\":{}}"},
};

Test(taker, merges_intent_and_outcome)
{
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct spool_entry entry = {
            .number = 7, .intent = str_of(cases[i].intent), .outcome = str_of(cases[i].outcome)};
        struct buffer text;
        buffer_init(&text, 1000);
        cr_assert(taker_merge(&text, "gateway 5f", &entry));
        cr_expect_str_eq(text.data, cases[i].line);
        buffer_free(&text);
    }
}

Test(taker, says_when_a_line_does_not_fit)
{
    struct spool_entry entry = {.number = 7, .intent = STR("{\"time\":1}"), .outcome = STR("{}")};
    struct buffer text;

    buffer_init(&text, 30);
    cr_expect(!taker_merge(&text, "gateway 5f", &entry));
    buffer_free(&text);
}
