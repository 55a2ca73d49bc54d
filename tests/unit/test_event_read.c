/* SPDX-License-Identifier: MIT */
/* What a line's values become: an event with its subject and class, or a rejection that says why. */

#include <stdlib.h>
#include <string.h>

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

TestSuite(event_read, .init = set_up, .fini = tear_down);

#define AT     "\"time\":\"2026-10-31T23:59:59Z\""
#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void expect_text(struct str found, const char *expected, const char *line)
{
    cr_expect(str_equal(found, str_of(expected)) && (found.data == NULL) == (expected == NULL),
              "%s\n   gave %.*s instead of %s", line, (int)found.size, found.data, expected);
}

/* ---- who ---- */

static const struct {
    const char *line;
    const char *subject;
    const char *handle;
    int64_t user_id;
    enum via via;
} users[] = {
    {"{" AT ",\"user_id\":\"2244994945\"}", "2244994945", NULL, 2244994945, VIA_USER},
    {"{" AT ",\"user_id\":2244994945}", "2244994945", NULL, 2244994945, VIA_USER},
    {"{" AT ",\"user_id\":\"0002244994945\"}", "2244994945", NULL, 2244994945, VIA_USER},
    {"{" AT ",\"user_id\":\"9223372036854775807\"}", "9223372036854775807", NULL, INT64_MAX, VIA_USER},
    {"{" AT ",\"user_id\":1}", "1", NULL, 1, VIA_USER},
    {"{" AT ",\"handle\":\"@TwitterDev\"}", "@twitterdev", "TwitterDev", 0, VIA_USER},
    {"{" AT ",\"username\":\"TwitterDev\"}", "@twitterdev", "TwitterDev", 0, VIA_USER},
    {"{" AT ",\"handle\":\"12345\"}", "@12345", "12345", 0, VIA_USER},
    {"{" AT ",\"user_id\":\"5\",\"handle\":\"@TwitterDev\"}", "5", "TwitterDev", 5, VIA_USER},
    {"{" AT ",\"user_id\":null,\"handle\":\"x\"}", "@x", "x", 0, VIA_USER},
    {"{" AT ",\"user_id\":\"\",\"handle\":\"x\"}", "@x", "x", 0, VIA_USER},
    {"{" AT ",\"user_id\":\"5\",\"handle\":\"\",\"auth\":\"\"}", "5", NULL, 5, VIA_USER},
    {"{" AT ",\"user_id\":\"5\",\"auth\":\"user\"}", "5", NULL, 5, VIA_USER},
    {"{" AT ",\"token\":\"" DIGEST "\"}", "~" DIGEST, NULL, 0, VIA_USER},
    {"{" AT ",\"token\":\"\",\"user_id\":\"5\"}", "5", NULL, 5, VIA_USER},
    {"{" AT ",\"auth\":\"app\"}", "~app", NULL, 0, VIA_APP},
    {"{" AT ",\"auth\":\"app\",\"user_id\":\"5\"}", "5", NULL, 5, VIA_APP},
    {"{" AT ",\"auth\":\"app\",\"handle\":\"@X\"}", "@x", "X", 0, VIA_APP},
    {"{" AT ",\"auth\":\"app\",\"handle\":\"@X\",\"user_id\":\"5\"}", "5", "X", 5, VIA_APP},
};

Test(event_read, decides_the_subject)
{
    for (size_t i = 0; i < ARRAY_LENGTH(users); i++) {
        struct event event;
        struct rejection why = {0};
        cr_expect(read_line(users[i].line, &event, arena, &why), "%s: %s", users[i].line, why.text);
        expect_text(event.subject, users[i].subject, users[i].line);
        expect_text(event.handle, users[i].handle, users[i].line);
        cr_expect_eq(event.user_id, users[i].user_id, "%s", users[i].line);
        cr_expect_eq(event.via, users[i].via, "%s", users[i].line);
    }
}

/* ---- class: rules 16 and 17 ---- */

static const struct {
    const char *rest;
    int status; /* after the defaults */
    enum event_class class;
} classes[] = {
    {"", 200, CLASS_DELIVERED},
    {"\"outcome\":\"ok\"", 200, CLASS_DELIVERED},
    {"\"outcome\":\"partial\"", 200, CLASS_DELIVERED},
    {"\"outcome\":\"auth_failed\"", -1, CLASS_NOT_ATTEMPTED},
    {"\"outcome\":\"rate_limited\"", -1, CLASS_NOT_ATTEMPTED},
    {"\"outcome\":\"bad_request\"", -1, CLASS_ATTEMPTED},
    {"\"outcome\":\"forbidden\"", -1, CLASS_ATTEMPTED},
    {"\"outcome\":\"unavailable\"", -1, CLASS_ATTEMPTED},
    {"\"outcome\":\"too_old\"", -1, CLASS_ATTEMPTED},
    {"\"outcome\":\"too_old_video\"", -1, CLASS_ATTEMPTED},
    {"\"outcome\":\"not_found\"", -1, CLASS_ATTEMPTED},
    {"\"outcome\":\"server_error\"", -1, CLASS_ATTEMPTED},
    {"\"outcome\":\"no_answer\"", -1, CLASS_ATTEMPTED},
    {"\"outcome\":\"unknown\"", -1, CLASS_ATTEMPTED},
    {"\"outcome\":\"unknown\",\"tweet_count\":5", -1, CLASS_ATTEMPTED},
    /* the status decides, whatever the outcome */
    {"\"status\":200", 200, CLASS_DELIVERED},
    {"\"status\":204", 204, CLASS_DELIVERED},
    {"\"status\":299", 299, CLASS_DELIVERED},
    {"\"status\":199", 199, CLASS_ATTEMPTED},
    {"\"status\":300", 300, CLASS_ATTEMPTED},
    {"\"status\":400", 400, CLASS_ATTEMPTED},
    {"\"status\":401", 401, CLASS_NOT_ATTEMPTED},
    {"\"status\":429", 429, CLASS_NOT_ATTEMPTED},
    {"\"status\":403", 403, CLASS_ATTEMPTED},
    {"\"status\":503", 503, CLASS_ATTEMPTED},
    {"\"status\":401,\"outcome\":\"ok\"", 401, CLASS_NOT_ATTEMPTED},
    {"\"status\":500,\"outcome\":\"ok\"", 500, CLASS_ATTEMPTED},
    {"\"status\":500,\"outcome\":\"auth_failed\"", 500, CLASS_ATTEMPTED},
    {"\"status\":200,\"outcome\":\"auth_failed\"", 200, CLASS_ANSWERED},
    {"\"status\":200,\"outcome\":\"rate_limited\"", 200, CLASS_ANSWERED},
    {"\"status\":200,\"outcome\":\"unavailable\"", 200, CLASS_ANSWERED},
    {"\"status\":200,\"outcome\":\"unknown\"", 200, CLASS_ANSWERED},
    {"\"status\":200,\"outcome\":\"partial\"", 200, CLASS_DELIVERED},
    /* what was delivered */
    {"\"tweet_count\":0", 200, CLASS_ANSWERED},
    {"\"tweet_count\":0,\"outcome\":\"ok\"", 200, CLASS_ANSWERED},
    {"\"tweet_count\":1", 200, CLASS_DELIVERED},
    {"\"tweet_count\":2,\"failed\":{\"forbidden\":[\"1\"]}", 200, CLASS_DELIVERED},
    {"\"tweet_count\":2,\"failed\":{\"forbidden\":[\"1\",\"2\"]}", 200, CLASS_ANSWERED},
    {"\"tweet_count\":2,\"failed\":{\"forbidden\":[\"1\"],\"too_old\":[\"2\"]}", 200, CLASS_ANSWERED},
    {"\"tweet_count\":2,\"failed\":{\"forbidden\":[\"1\"],\"too_old\":[\"1\"]}", 200, CLASS_DELIVERED}, /* once */
    {"\"tweet_count\":2,\"failed\":{\"forbidden\":[\"1\",1,\"01\"]}", 200, CLASS_DELIVERED},
    {"\"tweet_count\":2,\"failed\":{\"forbidden\":[\"1\",\"2\",\"3\"]}", 200, CLASS_ANSWERED},
    {"\"tweet_count\":2,\"failed\":{\"forbidden\":[\"1\"]},\"status\":200,\"outcome\":\"forbidden\"", 200,
     CLASS_DELIVERED},
    {"\"tweet_count\":2,\"failed\":{\"forbidden\":[\"1\",\"2\"]},\"outcome\":\"ok\"", 200, CLASS_ANSWERED},
    {"\"tweet_count\":0,\"failed\":{\"forbidden\":[\"1\"]}", 200, CLASS_ANSWERED},
    {"\"failed\":{\"forbidden\":[\"1\"]}", 200, CLASS_DELIVERED}, /* of how many is not known */
    {"\"failed\":{\"forbidden\":[\"1\"]},\"status\":200,\"outcome\":\"forbidden\"", 200, CLASS_ANSWERED},
    {"\"tweet_count\":2,\"failed\":{}", 200, CLASS_DELIVERED},
    {"\"tweet_count\":2,\"failed\":{},\"status\":200,\"outcome\":\"forbidden\"", 200, CLASS_ANSWERED},
    {"\"tweet_count\":2,\"failed\":{\"forbidden\":[]},\"status\":200,\"outcome\":\"forbidden\"", 200, CLASS_ANSWERED},
    {"\"tweet_count\":2,\"failed\":{\"forbidden\":[\"1\"]},\"status\":500", 500, CLASS_ATTEMPTED},
};

Test(event_read, decides_the_class)
{
    for (size_t i = 0; i < ARRAY_LENGTH(classes); i++) {
        char line[500];
        struct event event;
        struct rejection why = {0};
        snprintf(line, sizeof(line), "{" AT ",\"user_id\":1%s%s}", classes[i].rest[0] != '\0' ? "," : "",
                 classes[i].rest);
        cr_expect(read_line(line, &event, arena, &why), "%s: %s", line, why.text);
        cr_expect_str_eq(class_name(event.class), class_name(classes[i].class), "%s gave %s", line,
                         class_name(event.class));
        cr_expect_eq(event.status, classes[i].status, "%s", line);
    }
}

/* ---- JSON fields ---- */

static const struct {
    const char *rest;
    const char *failed;
    const char *metrics;
    int failed_count;
} lists[] = {
    {"\"failed\":{}", "{}", NULL, 0},
    {"\"failed\":{\"b\":[\"2\",1],\"a_b\":[3]}", "{\"a_b\":[\"3\"],\"b\":[\"2\",\"1\"]}", NULL, 3},
    {"\"failed\":{\"a\":[],\"_\":[]}", "{\"_\":[],\"a\":[]}", NULL, 0},
    {"\"failed\":{\"a\":[\"0017\",17]}", "{\"a\":[\"17\",\"17\"]}", NULL, 1},
    {"\"failed\":{\"a\":[\"9223372036854775807\"]}", "{\"a\":[\"9223372036854775807\"]}", NULL, 1},
    {"\"failed\":\"{ \\\"b\\\" : [ \\\"2\\\", 1 ] }\"", "{\"b\":[\"2\",\"1\"]}", NULL, 2},
    {"\"failed\":null", NULL, NULL, 0},
    {"\"failed\":\"\"", NULL, NULL, 0},
    {"\"failed\":\"null\"", NULL, NULL, 0},
    {"\"metrics\":[]", NULL, "[]", 0},
    {"\"metrics\":[\"url_clicks\",\"impressions\"]", NULL, "[\"url_clicks\",\"impressions\"]", 0},
    {"\"metrics\":\"[\\\"url_clicks\\\"]\"", NULL, "[\"url_clicks\"]", 0},
    {"\"metrics\":[\"a\\\"b\\\\c\\n\\u0001\\u007fé/\"]", NULL, "[\"a\\\"b\\\\c\\u000a\\u0001\x7Fé/\"]", 0},
    {"\"metrics\":\"\"", NULL, NULL, 0},
};

Test(event_read, makes_lists_canonical)
{
    for (size_t i = 0; i < ARRAY_LENGTH(lists); i++) {
        char line[500];
        struct event event;
        struct rejection why = {0};
        snprintf(line, sizeof(line), "{" AT ",\"user_id\":1,%s}", lists[i].rest);
        cr_expect(read_line(line, &event, arena, &why), "%s: %s", line, why.text);
        expect_text(event.failed, lists[i].failed, line);
        expect_text(event.metrics, lists[i].metrics, line);
        cr_expect_eq(event.failed_count, lists[i].failed_count, "%s", line);
    }
}

/* A line with `count` entries in a list. */
static bool read_long_list(const char *before, const char *entry, size_t count, const char *after)
{
    char *line = mem_alloc(count * (strlen(entry) + 24) + 500);
    size_t size = (size_t)sprintf(line, "{" AT ",\"user_id\":1,%s", before);
    struct event event;
    struct rejection why;

    for (size_t i = 0; i < count; i++)
        size += (size_t)sprintf(line + size, "%s\"%zu%s\"", i > 0 ? "," : "", i + 1, entry);
    strcpy(line + size, after);
    bool good = read_line(line, &event, arena, &why);
    free(line);
    return good;
}

Test(event_read, takes_a_thousand_entries_and_no_more)
{
    cr_expect(read_long_list("\"failed\":{\"a\":[", "", 1000, "]}}"));
    cr_expect_not(read_long_list("\"failed\":{\"a\":[", "", 1001, "]}}"));
    cr_expect_not(read_long_list("\"failed\":{\"b\":[\"7\"],\"a\":[", "", 1000, "]}}"));
    cr_expect(read_long_list("\"metrics\":[", "x", 1000, "]}"));
    cr_expect_not(read_long_list("\"metrics\":[", "x", 1001, "]}"));
}

/* ---- all fields ---- */

Test(event_read, keeps_every_field)
{
    static const char line[] =
        "{\"id\":\"req "
        "1\",\"time\":1793491199.5,\"source\":\"gw\",\"user_id\":\"5\",\"handle\":\"Abc\",\"auth\":\"user\","
        "\"endpoint\":\"28hr\",\"tweet_count\":\"25\",\"status\":\"200\",\"outcome\":\"partial\",\"rate_limit\":900,"
        "\"rate_remaining\":0,\"latency_ms\":2147483647,\"bytes\":\"9223372036854775807\",\"app\":"
        "\"xvz1evFS4wEEPTGEFPHBog\","
        "\"contract\":\"main\",\"label\":\"Über uns\\t1\"}";
    struct event event;
    struct rejection why = {0};

    cr_assert(read_line(line, &event, arena, &why), "%s", why.text);
    cr_expect_eq(event.time_us, INT64_C(1793491199500000));
    expect_text(event.id, "req 1", line);
    expect_text(event.source, "gw", line);
    expect_text(event.app, "xvz1evFS4wEEPTGEFPHBog", line);
    expect_text(event.contract, "main", line);
    expect_text(event.label, "Über uns\t1", line);
    cr_expect_eq(event.endpoint, ENDPOINT_28HR);
    cr_expect_eq(event.outcome, OUTCOME_PARTIAL);
    cr_expect_eq(event.tweet_count, 25);
    cr_expect_eq(event.status, 200);
    cr_expect_eq(event.rate_limit, 900);
    cr_expect_eq(event.rate_remaining, 0);
    cr_expect_eq(event.latency_ms, INT32_MAX);
    cr_expect_eq(event.bytes, INT64_MAX);
    cr_expect_eq(event.contract_id, 0);
}

Test(event_read, gives_absent_for_what_is_not_there)
{
    struct event event;
    struct rejection why = {0};

    memset(&event, 0x5A, sizeof(event)); /* what an earlier event left behind */
    cr_assert(read_line("{" AT ",\"user_id\":1}", &event, arena, &why), "%s", why.text);
    cr_expect_null(event.id.data);
    cr_expect_null(event.source.data);
    cr_expect_null(event.contract.data);
    cr_expect_null(event.app.data);
    cr_expect_null(event.label.data);
    cr_expect_null(event.handle.data);
    cr_expect_null(event.failed.data);
    cr_expect_null(event.metrics.data);
    cr_expect_eq(event.tweet_count, EVENT_ABSENT);
    cr_expect_eq(event.rate_limit, EVENT_ABSENT);
    cr_expect_eq(event.rate_remaining, EVENT_ABSENT);
    cr_expect_eq(event.latency_ms, EVENT_ABSENT);
    cr_expect_eq(event.bytes, EVENT_ABSENT);
    cr_expect_eq(event.endpoint, ENDPOINT_ABSENT);
    cr_expect_eq(event.outcome, OUTCOME_ABSENT);
    cr_expect_eq(event.position, 0);
}

Test(event_read, borrows_nothing_from_the_line)
{
    char time[] = "2026-10-31T23:59:59Z", id[] = "req1", label[] = "label", handle[] = "Abc";
    struct value values[FIELD_COUNT] = {
        [FIELD_TIME] = {.kind = VALUE_TEXT, .text = {time, 20}},
        [FIELD_ID] = {.kind = VALUE_TEXT, .text = {id, 4}},
        [FIELD_LABEL] = {.kind = VALUE_TEXT, .text = {label, 5}},
        [FIELD_HANDLE] = {.kind = VALUE_TEXT, .text = {handle, 3}},
    };
    struct event event;
    struct rejection why;

    cr_assert(event_read(&event, values, arena, NOW, &why));
    memset(id, 'x', 4);
    memset(label, 'x', 5);
    memset(handle, 'x', 3);
    expect_text(event.id, "req1", "id");
    expect_text(event.label, "label", "label");
    expect_text(event.handle, "Abc", "handle");
    expect_text(event.subject, "@abc", "subject");
}

/* A number as id is its digits, in whatever form it came. */
Test(event_read, takes_numbers_as_ids)
{
    static const char *const pairs[][2] = {
        {"0", "0"}, {"17", "17"}, {"9223372036854775807", "9223372036854775807"}, {"\"007\"", "007"}};

    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
        char line[200];
        struct event event;
        struct rejection why = {0};
        snprintf(line, sizeof(line), "{" AT ",\"user_id\":1,\"id\":%s}", pairs[i][0]);
        cr_expect(read_line(line, &event, arena, &why), "%s: %s", line, why.text);
        expect_text(event.id, pairs[i][1], line);
    }
}

/* ---- rejections ---- */

static const struct {
    const char *line;
    enum field field;
    const char *reason;
    const char *text; /* a part of it */
} rejections[] = {
    {"{\"user_id\":1}", FIELD_TIME, "missing_time", "time is absent"},
    {"{\"user_id\":1,\"time\":\"\"}", FIELD_TIME, "missing_time", "time is absent"},
    {"{\"user_id\":1,\"time\":\"2026-10-31\"}", FIELD_TIME, "bad_time", "time is \"2026-10-31\": it is a date without"},
    {"{\"user_id\":1,\"time\":\"2026-10-31T12:00:00\"}", FIELD_TIME, "bad_time", "no time zone"},
    {"{\"user_id\":1,\"time\":\"2005-12-31T23:59:59Z\"}", FIELD_TIME, "bad_time", "before 2006"},
    {"{\"user_id\":1,\"time\":5}", FIELD_TIME, "bad_time", "time is 5: it is before 2006"},
    {"{\"user_id\":1,\"time\":-1.5}", FIELD_TIME, "bad_time", "time is -1.5: it is negative"},
    {"{\"user_id\":1,\"time\":true}", FIELD_TIME, "bad_time", "time is true: it is neither a text nor a number"},
    {"{\"user_id\":1,\"time\":\"2026-11-02T00:00:00.000001Z\"}", FIELD_TIME, "future_time", "24 hours"},
    {"{" AT "}", FIELD_UNKNOWN, "missing_user", "user_id, handle and token are all absent"},
    {"{" AT ",\"auth\":\"user\",\"handle\":\"\"}", FIELD_UNKNOWN, "missing_user", "unless auth is app"},
    {"{" AT ",\"token\":5}", FIELD_TOKEN, "bad_token", "never the token itself"},
    {"{" AT ",\"token\":\"" DIGEST "0\"}", FIELD_TOKEN, "bad_token", "64 hex digits"},
    {"{" AT ",\"token\":\"A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}", FIELD_TOKEN,
     "bad_token", "in lower case"},
    {"{" AT ",\"token\":\"" DIGEST "\",\"user_id\":1}", FIELD_TOKEN, "contradiction", "leave it out"},
    {"{" AT ",\"token\":\"" DIGEST "\",\"handle\":\"a\"}", FIELD_TOKEN, "contradiction", "leave it out"},
    {"{" AT ",\"token\":\"" DIGEST "\",\"auth\":\"app\"}", FIELD_TOKEN, "contradiction", "auth is app"},
    {"{" AT ",\"user_id\":0}", FIELD_USER_ID, "bad_user_id", "user_id is 0: must be 1 to 9223372036854775807"},
    {"{" AT ",\"user_id\":-5}", FIELD_USER_ID, "bad_user_id", "user_id is -5"},
    {"{" AT ",\"user_id\":\"-5\"}", FIELD_USER_ID, "bad_user_id", "user_id is \"-5\""},
    {"{" AT ",\"user_id\":\"0\"}", FIELD_USER_ID, "bad_user_id", "\"0\""},
    {"{" AT ",\"user_id\":\"9223372036854775808\"}", FIELD_USER_ID, "bad_user_id", "\"9223372036854775808\""},
    {"{" AT ",\"user_id\":5.0}", FIELD_USER_ID, "bad_user_id", "user_id is 5"},
    {"{" AT ",\"user_id\":\"abc\",\"handle\":\"x\"}", FIELD_USER_ID, "bad_user_id", "\"abc\""},
    {"{" AT ",\"user_id\":[5]}", FIELD_USER_ID, "bad_user_id", "user_id is an array"},
    {"{" AT ",\"handle\":\"a b\"}", FIELD_HANDLE, "bad_handle", "handle is \"a b\": must be 1 to 20 of"},
    {"{" AT ",\"handle\":\"@\",\"user_id\":5}", FIELD_HANDLE, "bad_handle", "\"@\""},
    {"{" AT ",\"handle\":5}", FIELD_HANDLE, "bad_handle", "handle is 5"},
    {"{" AT ",\"handle\":\"a\\u001b[31m\\nb\\u009b\"}", FIELD_HANDLE, "bad_handle", "\"a\\x1B[31m\\x0Ab\\x9B\""},
    {"{" AT ",\"user_id\":1,\"auth\":\"App\"}", FIELD_AUTH, "bad_auth", "auth is \"App\": must be user or app"},
    {"{" AT ",\"user_id\":1,\"auth\":1}", FIELD_AUTH, "bad_auth", "auth is 1"},
    {"{" AT ",\"user_id\":1,\"endpoint\":\"/totals\"}", FIELD_ENDPOINT, "bad_endpoint", "totals, 28hr or historical"},
    {"{" AT ",\"user_id\":1,\"outcome\":\"OK\"}", FIELD_OUTCOME, "bad_outcome", "no_answer or unknown"},
    {"{" AT ",\"user_id\":1,\"outcome\":\"ok \"}", FIELD_OUTCOME, "bad_outcome", "\"ok \""},
    {"{" AT ",\"user_id\":1,\"status\":99}", FIELD_STATUS, "bad_status",
     "status is 99: must be an HTTP status from 100"},
    {"{" AT ",\"user_id\":1,\"status\":600}", FIELD_STATUS, "bad_status", "600"},
    {"{" AT ",\"user_id\":1,\"status\":200.0}", FIELD_STATUS, "bad_status", "200"},
    {"{" AT ",\"user_id\":1,\"tweet_count\":-1}", FIELD_TWEET_COUNT, "bad_tweet_count", "-1"},
    {"{" AT ",\"user_id\":1,\"tweet_count\":2147483648}", FIELD_TWEET_COUNT, "bad_tweet_count", "2147483647"},
    {"{" AT ",\"user_id\":1,\"rate_limit\":\"x\"}", FIELD_RATE_LIMIT, "bad_rate_limit", "rate_limit is \"x\""},
    {"{" AT ",\"user_id\":1,\"rate_remaining\":-1}", FIELD_RATE_REMAINING, "bad_rate_remaining", "-1"},
    {"{" AT ",\"user_id\":1,\"latency_ms\":1.5}", FIELD_LATENCY_MS, "bad_latency_ms", "1.5"},
    {"{" AT ",\"user_id\":1,\"bytes\":\"9223372036854775808\"}", FIELD_BYTES, "bad_bytes", "9223372036854775807"},
    {"{" AT ",\"user_id\":1,\"id\":-1}", FIELD_ID, "bad_id", "id is -1"},
    {"{" AT ",\"user_id\":1,\"id\":1.5}", FIELD_ID, "bad_id", "id is 1.5"},
    {"{" AT ",\"user_id\":1,\"id\":{}}", FIELD_ID, "bad_id", "id is an object"},
    {"{" AT ",\"user_id\":1,\"source\":5}", FIELD_SOURCE, "bad_source",
     "source is 5: must be a text of 1 to 255 bytes"},
    {"{" AT ",\"user_id\":1,\"label\":false}", FIELD_LABEL, "bad_label", "label is false"},
    {"{" AT ",\"user_id\":1,\"failed\":[]}", FIELD_FAILED, "bad_failed", "failed is an array"},
    {"{" AT ",\"user_id\":1,\"failed\":5}", FIELD_FAILED, "bad_failed", "failed is 5"},
    {"{" AT ",\"user_id\":1,\"failed\":\"5\"}", FIELD_FAILED, "bad_failed", "failed is \"5\""},
    {"{" AT ",\"user_id\":1,\"failed\":\"{\"}", FIELD_FAILED, "bad_failed", "failed is \"{\""},
    {"{" AT ",\"user_id\":1,\"failed\":\"{} x\"}", FIELD_FAILED, "bad_failed", "\"{} x\""},
    {"{" AT ",\"user_id\":1,\"failed\":\"{\\\"a\\\":[],\\\"a\\\":[]}\"}", FIELD_FAILED, "bad_failed", "failed is"},
    {"{" AT ",\"user_id\":1,\"failed\":{\"A\":[]}}", FIELD_FAILED, "bad_failed", "[a-z_]"},
    {"{" AT ",\"user_id\":1,\"failed\":{\"\":[]}}", FIELD_FAILED, "bad_failed", "failed is an object"},
    {"{" AT ",\"user_id\":1,\"failed\":{\"a\":5}}", FIELD_FAILED, "bad_failed", "failed is an object"},
    {"{" AT ",\"user_id\":1,\"failed\":{\"a\":[0]}}", FIELD_FAILED, "bad_failed", "failed is an object"},
    {"{" AT ",\"user_id\":1,\"failed\":{\"a\":[\"x\"]}}", FIELD_FAILED, "bad_failed", "failed is an object"},
    {"{" AT ",\"user_id\":1,\"failed\":{\"a\":[null]}}", FIELD_FAILED, "bad_failed", "failed is an object"},
    {"{" AT ",\"user_id\":1,\"failed\":{\"a\":[1.0]}}", FIELD_FAILED, "bad_failed", "failed is an object"},
    {"{" AT ",\"user_id\":1,\"metrics\":{}}", FIELD_METRICS, "bad_metrics", "metrics is an object"},
    {"{" AT ",\"user_id\":1,\"metrics\":[1]}", FIELD_METRICS, "bad_metrics",
     "metrics is an array: must be an array of"},
    {"{" AT ",\"user_id\":1,\"metrics\":[\"\"]}", FIELD_METRICS, "bad_metrics", "1 to 64 bytes"},
    {"{" AT ",\"user_id\":1,\"metrics\":\"url_clicks\"}", FIELD_METRICS, "bad_metrics", "\"url_clicks\""},
};

Test(event_read, rejects_and_says_why)
{
    for (size_t i = 0; i < ARRAY_LENGTH(rejections); i++) {
        struct event event;
        struct rejection why = {.reason = ""};
        cr_expect_not(read_line(rejections[i].line, &event, arena, &why), "%s", rejections[i].line);
        cr_expect_eq(why.field, rejections[i].field, "%s", rejections[i].line);
        cr_expect_str_eq(why.reason, rejections[i].reason, "%s: %s", rejections[i].line, why.reason);
        cr_expect_not_null(strstr(why.text, rejections[i].text), "%s: %s", rejections[i].line, why.text);
        cr_expect_lt(strlen(why.text), sizeof(why.text) - 1, "%s: %s", rejections[i].line, why.text);
    }
}

/* The largest text of each field, and one byte more. */
static const struct {
    enum field field;
    size_t size_max;
} sizes[] = {
    {FIELD_ID, 255}, {FIELD_SOURCE, 255}, {FIELD_APP, 255}, {FIELD_CONTRACT, 100}, {FIELD_LABEL, 1000},
};

Test(event_read, limits_the_size_of_texts)
{
    static char text[1002];
    struct value values[FIELD_COUNT] = {
        [FIELD_TIME] = {.kind = VALUE_INTEGER, .integer = 1793491199},
        [FIELD_USER_ID] = {.kind = VALUE_INTEGER, .integer = 1},
    };

    memset(text, 'x', sizeof(text));
    for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
        struct event event;
        struct rejection why = {0};
        struct value *value = &values[sizes[i].field];
        *value = (struct value){.kind = VALUE_TEXT, .text = {text, sizes[i].size_max}};
        cr_expect(event_read(&event, values, arena, NOW, &why), "%s", why.text);
        value->text.size++;
        cr_expect_not(event_read(&event, values, arena, NOW, &why), "%s", field_name(sizes[i].field));
        cr_expect_eq(why.field, sizes[i].field);
        cr_expect_not_null(strstr(why.text, "x…\": must be"), "%s", why.text);
        cr_expect_lt(strlen(why.text), 160);
        value->kind = VALUE_ABSENT;
    }
}

Test(event_read, cuts_what_it_shows_between_characters)
{
    struct event event;
    struct rejection why;

    for (size_t lead = 0; lead < 4; lead++) {
        char line[500];
        snprintf(line, sizeof(line), "{" AT ",\"handle\":\"%.*s%s\"}", (int)lead, "abc",
                 "€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€");
        cr_expect_not(read_line(line, &event, arena, &why));
        cr_expect(str_is_utf8(str_of(why.text)), "%s", why.text);
        cr_expect_not_null(strstr(why.text, "€…\": must"), "%s", why.text);
    }
}

Test(event_read, takes_a_time_24_hours_ahead)
{
    struct event event;
    struct rejection why;

    cr_expect(read_line("{\"user_id\":1,\"time\":\"2026-11-02T00:00:00Z\"}", &event, arena, &why));
}

/* ---- secrets ---- */

static const char *const secret_fields[] = {"id", "source", "app", "contract", "label"};
static const char *const secret_values[] = {
    "6253282-eWudHldSbIaelX7swmsiHImEL4KinwaGloHANdrY",
    "Bearer eWudHldSbIaelX7",
    "oauth_token=eWudHldSbIaelX7",
    "Cookie: eWudHldSbIaelX7",
};

Test(event_read, rejects_a_secret_without_a_byte_of_it)
{
    for (size_t f = 0; f < ARRAY_LENGTH(secret_fields); f++)
        for (size_t s = 0; s < ARRAY_LENGTH(secret_values); s++) {
            char line[500];
            struct event event;
            struct rejection why = {.reason = ""};
            snprintf(line, sizeof(line), "{" AT ",\"user_id\":1,\"%s\":\"%s\"}", secret_fields[f], secret_values[s]);
            cr_expect_not(read_line(line, &event, arena, &why), "%s", line);
            cr_expect_str_eq(why.reason, "secret", "%s: %s", line, why.text);
            cr_expect_eq(why.field, field_find(str_of(secret_fields[f])));
            cr_expect_null(strstr(why.text, "eWud"), "%s", why.text);
        }
}

/* The rest of a line around the value of a field that no secret fits into. */
static const char *const around[][2] = {
    {"\"user_id\":1,\"time\":\"", ""},
    {AT ",\"user_id\":\"", ""},
    {AT ",\"handle\":\"", ""},
    {AT ",\"user_id\":1,\"auth\":\"", ""},
    {AT ",\"user_id\":1,\"endpoint\":\"", ""},
    {AT ",\"user_id\":1,\"outcome\":\"", ""},
    {AT ",\"user_id\":1,\"status\":\"", ""},
    {AT ",\"user_id\":1,\"failed\":\"", ""},
    {AT ",\"user_id\":1,\"failed\":\"{\\\"a\\\":[\\\"", "\\\"]}"},
    {AT ",\"user_id\":1,\"metrics\":\"", ""},
};

Test(event_read, masks_secrets_in_any_rejection)
{
    for (size_t f = 0; f < ARRAY_LENGTH(around); f++)
        for (size_t s = 0; s < ARRAY_LENGTH(secret_values); s++) {
            char line[500];
            struct event event;
            struct rejection why = {.reason = ""};
            snprintf(line, sizeof(line), "{%s%s%s\"}", around[f][0], secret_values[s], around[f][1]);
            cr_expect_not(read_line(line, &event, arena, &why), "%s", line);
            cr_expect_null(strstr(why.text, "eWud"), "%s", why.text);
            cr_expect_not_null(strstr(why.text, "[masked]"), "%s", why.text);
        }
}

Test(event_read, rejects_a_secret_in_metrics)
{
    struct event event;
    struct rejection why = {.reason = ""};

    cr_expect_not(
        read_line("{" AT ",\"user_id\":1,\"metrics\":[\"x\",\"6253282-eWudHldSbIaelX7swmsi\"]}", &event, arena, &why));
    cr_expect_str_eq(why.reason, "secret");
}
