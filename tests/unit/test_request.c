/* SPDX-License-Identifier: MIT */
/* What a request to the API asked for. */

#include <criterion/criterion.h>

#include "headroom/engagement.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new();
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(request, .init = set_up, .fini = tear_down);

static const struct {
    const char *url;
    bool is_request;
    enum endpoint endpoint;
} urls[] = {
    {"https://data-api.twitter.com/insights/engagement/totals", true, ENDPOINT_TOTALS},
    {"https://data-api.twitter.com/insights/engagement/28hr", true, ENDPOINT_28HR},
    {"https://data-api.twitter.com/insights/engagement/historical", true, ENDPOINT_HISTORICAL},
    {"HTTPS://DATA-API.Twitter.com:443/insights/engagement/totals?a=b", true, ENDPOINT_TOTALS},
    {"http://data-api.twitter.com/insights/engagement/totals#a", true, ENDPOINT_TOTALS},
    {"/insights/engagement/totals", true, ENDPOINT_TOTALS},
    {"/insights/engagement/28hr?x", true, ENDPOINT_28HR},
    {"/insights/engagement/", true, ENDPOINT_ABSENT},
    {"/insights/engagement", true, ENDPOINT_ABSENT},
    {"/insights/engagement?x", true, ENDPOINT_ABSENT},
    {"/insights/engagement/Totals", true, ENDPOINT_ABSENT},
    {"/insights/engagement/totals/", true, ENDPOINT_ABSENT},
    {"/insights/engagement/totals2", true, ENDPOINT_ABSENT},
    {"/insights/engagement2/totals", false, ENDPOINT_ABSENT},
    {"/insights", false, ENDPOINT_ABSENT},
    {"/", false, ENDPOINT_ABSENT},
    {"", false, ENDPOINT_ABSENT},
    {NULL, false, ENDPOINT_ABSENT},
    {"insights/engagement/totals", false, ENDPOINT_ABSENT},
    {"//data-api.twitter.com/insights/engagement/totals", false, ENDPOINT_ABSENT},
    {"https://", false, ENDPOINT_ABSENT},
    {"https://data-api.twitter.com", false, ENDPOINT_ABSENT},
    {"https://data-api.twitter.com?/insights/engagement/totals", false, ENDPOINT_ABSENT},
    {"https://api.twitter.com/insights/engagement/totals", false, ENDPOINT_ABSENT},
    {"https://data-api.twitter.com.evil.example/insights/engagement/totals", false, ENDPOINT_ABSENT},
    {"https://data-api.twitter.com@evil.example/insights/engagement/totals", false, ENDPOINT_ABSENT},
    {"https://data-api.twitter.com:4@evil.example/insights/engagement/totals", false, ENDPOINT_ABSENT},
    {"https://evil.example/?https://data-api.twitter.com/insights/engagement/totals", false, ENDPOINT_ABSENT},
    {"ftp://data-api.twitter.com/insights/engagement/totals", false, ENDPOINT_ABSENT},
};

Test(request, is_told_by_its_url)
{
    for (size_t i = 0; i < ARRAY_LENGTH(urls); i++) {
        enum endpoint endpoint = ENDPOINT_HISTORICAL;
        cr_expect_eq(engagement_is_request(str_of(urls[i].url), &endpoint), urls[i].is_request, "%s", urls[i].url);
        cr_expect_eq(endpoint, urls[i].endpoint, "%s", urls[i].url);
    }
    enum endpoint endpoint;
    cr_expect_not(engagement_is_request(STR("/insights/eng\0gement/totals"), &endpoint));
    cr_expect(engagement_is_request(STR("/insights/engagement/totals\0"), &endpoint));
    cr_expect_eq(endpoint, ENDPOINT_ABSENT);
}

static const struct {
    struct str body;
    int32_t tweet_count;
    const char *metrics;
} bodies[] = {
    {STR("{\"tweet_ids\":[\"1070059276213702656\",\"1\"],\"engagement_types\":[\"favorites\",\"replies\"],"
         "\"groupings\":{\"by\":{\"group_by\":[\"Tweet.id\",\"engagement.type\"]}}}"),
     2, "[\"favorites\",\"replies\"]"},
    {STR("{\"tweet_ids\":[1070059276213702656,9223372036854775807],\"engagement_types\":[ \"replies\" ]}"), 2,
     "[\"replies\"]"},
    {STR("{\"tweet_ids\":[],\"engagement_types\":[]}"), 0, NULL},
    {STR("{\"engagement_types\":[\"a\"]}"), EVENT_ABSENT, "[\"a\"]"},
    {STR("{\"tweet_ids\":\"1,2\",\"engagement_types\":\"a\"}"), EVENT_ABSENT, NULL},
    {STR("{\"tweet_ids\":[\"1\"],\"engagement_types\":[\"a\",5]}"), 1, NULL},
    {STR("{\"tweet_ids\":[\"1\"],\"engagement_types\":[\"\"]}"), 1, NULL},
    {STR("{\"tweet_ids\":[\"1\"],\"engagement_types\":[\"6253282-eWudHldSbIaelX7swmsiHImEL4\"]}"), 1, NULL},
    {STR("{\"tweet_ids\":[\"1\"],\"engagement_types\":[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaa\"]}"),
     1, NULL},
    {STR("{\"tweet_ids\":[\"1\"],\"tweet_ids\":[\"1\",\"2\"]}"), EVENT_ABSENT, NULL},
    {STR("{\"tweet_ids\":[\"1\"]"), EVENT_ABSENT, NULL},
    {STR("{\"tweet_ids\":[\"\xFF\"]}"), EVENT_ABSENT, NULL},
    {STR("{\"tweet_ids\":[\"1\"]}\0"), EVENT_ABSENT, NULL},
    {STR("[\"1\"]"), EVENT_ABSENT, NULL},
    {STR("null"), EVENT_ABSENT, NULL},
    {STR(""), EVENT_ABSENT, NULL},
    {{NULL, 0}, EVENT_ABSENT, NULL},
};

Test(request, is_read)
{
    for (size_t i = 0; i < ARRAY_LENGTH(bodies); i++) {
        struct engagement_request got;
        engagement_read_request(bodies[i].body, arena, &got);
        cr_expect_eq(got.tweet_count, bodies[i].tweet_count, "%s: %d", bodies[i].body.data, got.tweet_count);
        cr_expect(str_equal(got.metrics, str_of(bodies[i].metrics)), "%s: %s", bodies[i].body.data, got.metrics.data);
        cr_expect_eq(got.metrics.data == NULL, bodies[i].metrics == NULL, "%s", bodies[i].body.data);
    }
}
