/* SPDX-License-Identifier: MIT */
/* What the API answered: the outcome and the Tweets that failed, and that an event takes both. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/engagement.h"

#include "event_values.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new();
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(answer, .init = set_up, .fini = tear_down);

#define GROUPED  "\"By\":{\"1\":{\"favorites\":\"8\"}}"
#define OLD      "Impressions & engagements for tweets older than 90 days (2026-08-01) are not supported"
#define REFUSED  "Your account could not be authenticated. Reason: Unable to authenticate"
#define UNAVAILS "\"errors\":[\"2 Tweet ID(s) are unavailable\"],\"unavailable_tweet_ids\":[\"11\",\"12\"]"

static const struct {
    int status;
    struct str body;
    enum outcome outcome;
    const char *failed;
} cases[] = {
    {200, STR("{" GROUPED "}"), OUTCOME_OK, NULL},
    {200, STR("{\"start\":\"2026-10-01T00:00:00Z\",\"end\":\"2026-10-02T00:00:00Z\"," GROUPED "}"), OUTCOME_OK, NULL},
    {200, STR("{\"errors\":[]," GROUPED "}"), OUTCOME_OK, NULL},
    {200, STR("{\"unavailable_tweet_ids\":[]," GROUPED "}"), OUTCOME_OK, NULL},
    {201, STR("{}"), OUTCOME_OK, NULL},
    {200, {NULL, 0}, OUTCOME_OK, NULL},
    {200, STR(""), OUTCOME_OK, NULL},
    {200, STR("{\"errors\":[\"cut"), OUTCOME_OK, NULL},
    {200, STR("<html>"), OUTCOME_OK, NULL},
    {200, STR("[1]"), OUTCOME_OK, NULL},
    {200, STR("{\"errors\":[\"\xFF\"]}"), OUTCOME_OK, NULL},
    /* some Tweets failed */
    {200, STR("{" GROUPED "," UNAVAILS "}"), OUTCOME_PARTIAL, "{\"unavailable\":[\"11\",\"12\"]}"},
    {200, STR("{" UNAVAILS "}"), OUTCOME_PARTIAL, "{\"unavailable\":[\"11\",\"12\"]}"},
    {200, STR("{\"unavailable_tweet_ids\":[11,9223372036854775807]}"), OUTCOME_PARTIAL,
     "{\"unavailable\":[\"11\",\"9223372036854775807\"]}"},
    {200, STR("{\"errors\":[\"Forbidden to access tweets: 21, 22\"]," GROUPED "}"), OUTCOME_PARTIAL,
     "{\"forbidden\":[\"21\",\"22\"]}"},
    {200, STR("{\"errors\":[{\"message\":\"forbidden to access Tweets: 21,22\",\"code\":5}]}"), OUTCOME_PARTIAL,
     "{\"forbidden\":[\"21\",\"22\"]}"},
    {200, STR("{\"errors\":[\"" OLD "\"],\"unsupported_for_impressions_engagements_tweet_ids\":[\"31\"]}"),
     OUTCOME_PARTIAL, "{\"too_old\":[\"31\"]}"},
    {200, STR("{\"unsupported_for_video_views_tweet_ids\":[\"41\"]," GROUPED "}"), OUTCOME_PARTIAL,
     "{\"too_old_video\":[\"41\"]}"},
    {200,
     STR("{" UNAVAILS ",\"unsupported_for_video_views_tweet_ids\":[\"12\"],"
         "\"unsupported_for_impressions_engagements_tweet_ids\":[\"31\"]}"),
     OUTCOME_PARTIAL, "{\"too_old\":[\"31\"],\"too_old_video\":[\"12\"],\"unavailable\":[\"11\",\"12\"]}"},
    {200, STR("{\"errors\":[\"something new\"]," GROUPED "}"), OUTCOME_PARTIAL, NULL},
    {200, STR("{\"errors\":[{}]}"), OUTCOME_PARTIAL, NULL},
    /* what is no Tweet id is none */
    {200, STR("{\"unavailable_tweet_ids\":[\"x\",\"\",0,-1,1.5,null,{},[\"5\"],\"9223372036854775808\",\"6\"]}"),
     OUTCOME_PARTIAL, "{\"unavailable\":[\"6\"]}"},
    {200, STR("{\"errors\":[\"Forbidden to access tweets 5\"]}"), OUTCOME_PARTIAL, NULL},
    {200, STR("{\"errors\":[\"Forbidden to access tweets:\"]}"), OUTCOME_PARTIAL, NULL},
    {200, STR("{\"errors\":[\"5: Forbidden to access tweets: 6a7\"]}"), OUTCOME_PARTIAL,
     "{\"forbidden\":[\"6\",\"7\"]}"},
    {200, STR("{\"unavailable_tweet_ids\":\"11\"}"), OUTCOME_OK, NULL},
    {200, STR("{\"errors\":\"text\"}"), OUTCOME_OK, NULL},
    /* refused */
    {400, STR("{\"errors\":[\"Missing JSON\"]}"), OUTCOME_BAD_REQUEST, NULL},
    {400, STR(""), OUTCOME_BAD_REQUEST, NULL},
    {400, STR("{" UNAVAILS "}"), OUTCOME_UNAVAILABLE, "{\"unavailable\":[\"11\",\"12\"]}"},
    {400, STR("{\"errors\":[{\"message\":\"1 Tweet ID(s) are unavailable\"}]}"), OUTCOME_UNAVAILABLE, NULL},
    {400, STR("{\"errors\":[\"" OLD "\"]}"), OUTCOME_TOO_OLD, NULL},
    {400, STR("{\"errors\":[\"Video views for tweets older than 1800 days are not supported\"]}"),
     OUTCOME_TOO_OLD_VIDEO, NULL},
    {400, STR("{" UNAVAILS ",\"errors\":[\"Forbidden to access tweets: 21\"]}"), OUTCOME_FORBIDDEN,
     "{\"forbidden\":[\"21\"],\"unavailable\":[\"11\",\"12\"]}"},
    {401, STR("{\"errors\":[\"" REFUSED "\"]}"), OUTCOME_AUTH_FAILED, NULL},
    {403, STR("{\"errors\":[\"Forbidden to access tweets: 21, 22\"]}"), OUTCOME_FORBIDDEN,
     "{\"forbidden\":[\"21\",\"22\"]}"},
    {403, STR("{" UNAVAILS "}"), OUTCOME_FORBIDDEN, "{\"unavailable\":[\"11\",\"12\"]}"},
    {404, STR("not found"), OUTCOME_NOT_FOUND, NULL},
    {405, STR(""), OUTCOME_BAD_REQUEST, NULL},
    {429, STR("{\"errors\":[\"Exceeded rate limit\"]}"), OUTCOME_RATE_LIMITED, NULL},
    {500, STR(""), OUTCOME_SERVER_ERROR, NULL},
    {503, STR("{\"errors\":[\"services are unavailable\"]}"), OUTCOME_SERVER_ERROR, NULL},
    {599, STR(""), OUTCOME_SERVER_ERROR, NULL},
    {302, STR(""), OUTCOME_UNKNOWN, NULL},
    {100, STR(""), OUTCOME_UNKNOWN, NULL},
    {EVENT_ABSENT, {NULL, 0}, OUTCOME_NO_ANSWER, NULL},
    {0, STR("{" UNAVAILS "}"), OUTCOME_NO_ANSWER, NULL},
};

/* What the answer says is what an event takes. */
static void expect_event(const struct engagement_answer *answer, const char *what)
{
    struct value values[FIELD_COUNT] = {
        [FIELD_TIME] = {.kind = VALUE_TEXT, .text = STR("2026-10-31T00:00:00Z")},
        [FIELD_USER_ID] = {.kind = VALUE_INTEGER, .integer = 5},
        [FIELD_OUTCOME] = {.kind = VALUE_TEXT, .text = str_of(outcome_name(answer->outcome))},
        [FIELD_FAILED] = {.kind = VALUE_TEXT, .text = answer->failed},
    };
    struct event event;
    struct rejection why;

    cr_expect(event_read(&event, values, arena, NOW, &why), "%s: %s", what, why.text);
}

Test(answer, is_read)
{
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const char *what = cases[i].body.data != NULL ? cases[i].body.data : "(none)";
        struct engagement_answer got;
        engagement_read_answer(cases[i].status, cases[i].body, arena, &got);
        cr_expect_eq(got.outcome, cases[i].outcome, "%d %s: %s", cases[i].status, what, outcome_name(got.outcome));
        cr_expect(str_equal(got.failed, str_of(cases[i].failed)), "%d %s: %s", cases[i].status, what, got.failed.data);
        cr_expect_eq(got.failed.data == NULL, cases[i].failed == NULL, "%s", what);
        expect_event(&got, what);
    }
}

Test(answer, lists_no_more_tweets_than_an_event_takes)
{
    struct buffer body;
    struct engagement_answer got;

    buffer_init(&body, (size_t)1024 * 1024);
    cr_assert(buffer_format(&body, "{\"unavailable_tweet_ids\":[1"));
    for (int i = 2; i <= 5000; i++)
        cr_assert(buffer_format(&body, ",%d", i));
    cr_assert(buffer_format(&body, "]}"));
    engagement_read_answer(200, (struct str){body.data, body.size}, arena, &got);
    cr_expect_eq(got.outcome, OUTCOME_PARTIAL);
    cr_expect_not_null(strstr(got.failed.data, ",\"1000\"]}"));
    expect_event(&got, "5000 Tweets");
    buffer_free(&body);
}

Test(answer, survives_deep_nesting)
{
    const size_t size = 100000;
    char *deep = malloc(size);
    struct engagement_answer got;

    cr_assert_not_null(deep);
    memset(deep, '[', size);
    engagement_read_answer(200, (struct str){deep, size}, arena, &got);
    cr_expect_eq(got.outcome, OUTCOME_OK);
    free(deep);
}
