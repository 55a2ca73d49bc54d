/* SPDX-License-Identifier: MIT */
/* What the gateway keeps of a request and its answer. */

#include <string.h>

#include "gateway/recorder.h"

#include "reader_from.h"

#define NOW  INT64_C(1793491200000000) /* 2026-11-01T00:00:00Z */
#define TAIL "eWudHldSbIaelX7swmsiHImEL4KinwaGloHANdrY"
#define USER                                                                                                           \
    "OAuth "                                                                                                           \
    "oauth_consumer_key=\"key1\",oauth_signature=\"tnnArxj06cWHq44gCs1OSKk%2FjLY%3D\",oauth_token=\"6253282-" TAIL     \
    "\""
#define ASKED "{\"tweet_ids\":[\"1\",\"2\",\"3\"],\"engagement_types\":[\"favorites\"]}"
#define PART  "{\"errors\":[\"1 Tweet ID(s) are unavailable\"],\"unavailable_tweet_ids\":[\"2\"]}"

static const struct recorder_options plain = {.contract = "main", .label_header = "X-Headroom-Label", .key = "a key"};
static struct recorder *recorder;

static void set_up(void)
{
    recorder = recorder_new(&plain);
}

static void tear_down(void)
{
    recorder_free(recorder);
}

TestSuite(recorder, .init = set_up, .fini = tear_down);

static struct record_of *begin(const char *authorization, struct str label)
{
    return record_begin(recorder, lasting_arena(), STR("POST"), STR("/insights/engagement/totals"),
                        str_of(authorization), label);
}

/* ---- the intent ---- */

static void expect_intent(const char *authorization, const char *label, const char *subject, const char *intent)
{
    struct record_of *record = begin(authorization, str_of(label));
    struct str got = record_intent(record, NOW);

    cr_expect_str_eq(got.data, intent);
    cr_expect_eq(strlen(got.data), got.size);
    cr_expect_str_eq(record_subject(record), subject);
    cr_expect_str_eq(record_endpoint(record), "totals");
    record_free(record);
}

#define BEGUN "{\"time\":1793491200000000,\"contract\":\"main\","

Test(recorder, says_who_asked)
{
    recorder_tell_apps(recorder, NULL, 0);
    expect_intent(USER, NULL, "6253282", BEGUN "\"user_id\":\"6253282\",\"app\":\"key1\",\"endpoint\":\"totals\"}");
    expect_intent("Bearer AAAA", NULL, "~app", BEGUN "\"auth\":\"app\",\"endpoint\":\"totals\"}");
    expect_intent("Basic AAAA", NULL, "~app", BEGUN "\"auth\":\"app\",\"endpoint\":\"totals\"}");
    expect_intent(NULL, NULL, "~app", BEGUN "\"auth\":\"app\",\"endpoint\":\"totals\"}");
    expect_intent(NULL, " the \"A\" team\t", "~app",
                  BEGUN "\"auth\":\"app\",\"endpoint\":\"totals\",\"label\":\"the \\\"A\\\" team\"}");
}

/* HMAC-SHA-256 of the token under "a key" and 27 NULs, from `openssl mac`; the same for each encoding of it. */
Test(recorder, stands_a_digest_for_a_token_that_names_nobody)
{
#define DIGEST "0ec8e9d8654020fe20f0e1489546e7ffeb107710fb5a03b73ebe1160cb1b4bf4"
    static const char *const tokens[] = {"OAuth oauth_token=\"" TAIL "\"", "OAuth realm=\"\", oauth_token=" TAIL,
                                         "OAuth oauth_token=\"%65Wud%48ldSbIaelX7swmsiHImEL4KinwaGloHANdr%59\""};
    for (size_t i = 0; i < ARRAY_LENGTH(tokens); i++)
        expect_intent(tokens[i], NULL, "~" DIGEST, BEGUN "\"token\":\"" DIGEST "\",\"endpoint\":\"totals\"}");
}

Test(recorder, tells_tokens_and_keys_apart)
{
    struct recorder_options other = plain;
    other.key[31] = 1;
    struct recorder *another = recorder_new(&other);
    struct str token = STR("OAuth oauth_token=\"" TAIL "\"");
    struct record_of *records[] = {
        begin(token.data, str_of(NULL)),
        begin("OAuth oauth_token=\"" TAIL "x\"", str_of(NULL)),
        record_begin(another, lasting_arena(), STR("POST"), STR("/"), token, str_of(NULL)),
    };

    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(record_subject(records[i]), record_subject(records[k]));
    for (size_t i = 0; i < 3; i++)
        record_free(records[i]);
    recorder_free(another);
}

static void expect_contract(const char *authorization, const char *contract)
{
    struct record_of *record = begin(authorization, str_of(NULL));

    if (contract == NULL)
        cr_expect_null(record_contract(record), "%s", record_contract(record));
    else
        cr_expect_str_eq(record_contract(record), contract);
    record_free(record);
}

Test(recorder, finds_the_contract_by_the_consumer_key)
{
    const struct recorder_app apps[] = {{"key9", "nine"}, {"key1", "one"}, {"key", "none"}};

    expect_contract(USER, NULL); /* it may belong to another contract than --contract */
    expect_contract("Bearer A", "main");
    recorder_tell_apps(recorder, apps, ARRAY_LENGTH(apps));
    expect_contract(USER, "one");
    recorder_tell_apps(recorder, apps, 1);
    expect_contract(USER, "main");
}

Test(recorder, knows_a_request_of_the_api_by_method_and_path)
{
    static const struct {
        const char *method, *target, *endpoint;
    } cases[] = {
        {"POST", "/insights/engagement/28hr?x=%20", "28hr"},
        {"POST", "https://data-api.twitter.com/insights/engagement/historical", "historical"},
        {"GET", "/insights/engagement/totals", NULL},
        {"POST", "/insights/engagement/other", NULL},
        {"POST", "/", NULL},
        {"OPTIONS", "*", NULL},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct record_of *record = record_begin(recorder, lasting_arena(), str_of(cases[i].method),
                                                str_of(cases[i].target), str_of(NULL), str_of(NULL));
        if (cases[i].endpoint == NULL)
            cr_expect_null(record_endpoint(record), "%s", cases[i].target);
        else
            cr_expect_str_eq(record_endpoint(record), cases[i].endpoint);
        record_free(record);
    }
}

Test(recorder, knows_the_header_of_labels)
{
    cr_expect(recorder_is_label(recorder, STR("x-headroom-LABEL")));
    cr_expect_not(recorder_is_label(recorder, STR("x-headroom-label2")));
    cr_expect_not(recorder_is_label(recorder, STR("x-headroom")));

    struct recorder_options none = plain;
    none.label_header = NULL;
    struct recorder *without = recorder_new(&none);
    cr_expect_not(recorder_is_label(without, STR("X-Headroom-Label")));
    recorder_free(without);
}

/* What the intent has for a label; absent: none. */
static struct str label_kept(struct str label)
{
    struct record_of *record = begin(NULL, label);
    json_t *intent = json_loads(record_intent(record, NOW).data, 0, NULL);
    json_t *kept = json_object_get(intent, "label");
    struct str text = arena_copy(lasting_arena(), str_of(json_string_value(kept)));

    cr_assert_not_null(intent);
    json_decref(intent);
    record_free(record);
    return text;
}

Test(recorder, keeps_of_a_label_what_an_event_takes)
{
    char wide[1100];

    memset(wide, 'a', sizeof(wide));
    cr_expect_eq(label_kept((struct str){wide, sizeof(wide)}).size, 1000);
    memcpy(wide + 999, "\xC3\xA9", 2); /* a character across the cut */
    cr_expect_eq(label_kept((struct str){wide, sizeof(wide)}).size, 999);
    cr_expect_null(label_kept(STR("M\xFCller")).data, "Latin-1 is no text");
    cr_expect_null(label_kept(STR("Bearer " TAIL)).data, "a secret in the wrong place");
    cr_expect_null(label_kept(STR("  ")).data);
    cr_expect(str_equal(label_kept(STR("M\xC3\xBCller")), STR("M\xC3\xBCller")));
}

/* ---- the outcome ---- */

struct passing {
    const char *request_coding, *request, *answer_coding;
    struct str answer;
    int status;
    enum record_end end;
};

static char *outcome_of(const struct passing *passing)
{
    struct record_of *record = begin(USER, str_of(NULL));
    struct str asked = str_of(passing->request);

    if (passing->request_coding != NULL) {
        record_request_header(record, STR("Content-Encoding"), str_of(passing->request_coding));
        asked = gzip_of(asked);
    }
    for (size_t i = 0; i < asked.size; i++)
        record_request_body(record, (struct str){asked.data + i, 1});
    record_status(record, 100);
    record_status(record, passing->status);
    if (passing->answer_coding != NULL)
        record_answer_header(record, STR("content-ENCODING"), str_of(passing->answer_coding));
    record_answer_header(record, STR("X-Per-Minute-Limit"), STR(" 30 "));
    record_answer_header(record, STR("x-per-minute-remaining"), STR("-1"));
    for (size_t i = 0; i < passing->answer.size; i++)
        record_answer_body(record, (struct str){passing->answer.data + i, 1});

    struct str text = arena_copy(lasting_arena(), record_outcome(record, passing->end, 12999));
    cr_expect_not_null(strstr(text.data, record_outcome_word(record)));
    record_free(record);
    return strdup(text.data);
}

static void expect_outcome(struct passing passing, const char *outcome)
{
    char *got = outcome_of(&passing);

    cr_expect_str_eq(got, outcome, "%s", got);
    free(got);
}

#define SAID  ",\"tweet_count\":3,\"metrics\":[\"favorites\"]"
#define SPENT ",\"rate_limit\":30,\"latency_ms\":12"

Test(recorder, says_what_became_of_it)
{
    expect_outcome((struct passing){.request = ASKED, .status = 200, .answer = STR("{}")},
                   "{\"status\":200,\"outcome\":\"ok\"" SAID SPENT ",\"bytes\":2}");
    expect_outcome((struct passing){.request = ASKED, .status = 200, .answer = STR(PART)},
                   "{\"status\":200,\"outcome\":\"partial\"" SAID ",\"failed\":{\"unavailable\":[\"2\"]}" SPENT
                   ",\"bytes\":74}");
    expect_outcome((struct passing){.request = "", .status = 401, .answer = STR("")},
                   "{\"status\":401,\"outcome\":\"auth_failed\"" SPENT ",\"bytes\":0}");
    expect_outcome((struct passing){.request = ASKED, .end = RECORD_NO_ANSWER},
                   "{\"outcome\":\"no_answer\"" SAID SPENT "}");
    expect_outcome((struct passing){.request = ASKED, .status = 200, .answer = STR(PART), .end = RECORD_BROKEN},
                   "{\"status\":200,\"outcome\":\"ok\"" SAID SPENT ",\"bytes\":74}");
    expect_outcome((struct passing){.request = ASKED, .status = 999, .answer = STR("?")},
                   "{\"outcome\":\"unknown\"" SAID SPENT ",\"bytes\":1}");
}

Test(recorder, reads_gzip)
{
    struct str packed = gzip_of(STR(PART));
    char *want = mem_format("{\"status\":200,\"outcome\":\"partial\"" SAID ",\"failed\":{\"unavailable\":[\"2\"]}" SPENT
                            ",\"bytes\":%zu}",
                            packed.size);
    struct passing passing = {"x-gzip", ASKED, "GZIP", packed, 200, RECORD_WHOLE};
    expect_outcome(passing, want);

    /* in two members */
    struct str halves[] = {gzip_of((struct str){PART, 30}), gzip_of((struct str){PART + 30, sizeof(PART) - 31})};
    char *both = lasting_alloc(halves[0].size + halves[1].size);
    memcpy(both, halves[0].data, halves[0].size);
    memcpy(both + halves[0].size, halves[1].data, halves[1].size);
    passing.answer = (struct str){both, halves[0].size + halves[1].size};
    char *got = outcome_of(&passing);
    cr_expect_not_null(strstr(got, "partial"), "%s", got);
    free(got);
    free(want);
}

/* The status decides where the body can't be read: cut, broken, another coding, or two of them. */
Test(recorder, takes_the_status_where_the_body_says_nothing)
{
    struct str packed = gzip_of(STR(PART));
    const struct passing cases[] = {
        {NULL, ASKED, "gzip", {packed.data, packed.size - 9}, 200, RECORD_WHOLE},
        {NULL, ASKED, "gzip", STR(PART), 200, RECORD_WHOLE},
        {NULL, ASKED, "deflate", STR(PART), 200, RECORD_WHOLE},
        {NULL, ASKED, "gzip, gzip", packed, 200, RECORD_WHOLE},
        {NULL, ASKED, NULL, packed, 200, RECORD_WHOLE},
        {NULL, ASKED, NULL, {PART, sizeof(PART) - 2}, 200, RECORD_WHOLE},
        {NULL, ASKED, NULL, STR(PART "x"), 200, RECORD_WHOLE},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char *got = outcome_of(&cases[i]);
        cr_expect_not_null(strstr(got, "\"outcome\":\"ok\""), "%zu: %s", i, got);
        cr_expect_not_null(strstr(got, "\"tweet_count\":3"), "%zu: %s", i, got);
        free(got);
    }
}

/* They may be told in lines of their own. */
Test(recorder, takes_the_status_where_two_lines_tell_of_codings)
{
    struct record_of *record = begin(USER, str_of(NULL));

    record_status(record, 200);
    record_answer_header(record, STR("Content-Encoding"), STR("gzip"));
    record_answer_header(record, STR("Content-Encoding"), STR("gzip"));
    record_answer_body(record, gzip_of(STR(PART)));
    (void)record_outcome(record, RECORD_WHOLE, 0);
    cr_expect_str_eq(record_outcome_word(record), "ok");
    record_free(record);
}

/* ---- bounds ---- */

Test(recorder, looks_at_a_megabyte_at_most)
{
    static char spaces[RECORDER_BODY_MAX];
    struct record_of *record = begin(USER, str_of(NULL));

    memset(spaces, ' ', sizeof(spaces));
    record_status(record, 200);
    record_answer_body(record, (struct str){spaces, sizeof(spaces) - sizeof(PART) + 1});
    record_answer_body(record, STR(PART));
    record_request_body(record, (struct str){spaces, sizeof(spaces) - sizeof(ASKED) + 2});
    record_request_body(record, STR(ASKED));
    struct str outcome = record_outcome(record, RECORD_WHOLE, 0);
    cr_expect_str_eq(record_outcome_word(record), "partial", "just as much as is looked at");
    cr_expect_null(strstr(outcome.data, "tweet_count"), "one byte more");
    record_free(record);
}

/* 100 MB of nothing, packed a thousand to one: it must be given up, not waited for. */
Test(recorder, meets_a_bomb)
{
    static char zeros[10 * RECORDER_BODY_MAX];
    memset(zeros, ' ', sizeof(zeros));
    struct str bomb = gzip_of((struct str){zeros, sizeof(zeros)});
    struct record_of *record = begin(USER, str_of(NULL));

    record_status(record, 200);
    record_answer_header(record, STR("Content-Encoding"), STR("gzip"));
    int64_t before = timestamp_monotonic();
    for (int i = 0; i < 10; i++)
        record_answer_body(record, bomb);
    cr_expect_lt(timestamp_monotonic() - before, 500000);
    struct str outcome = record_outcome(record, RECORD_WHOLE, 0);
    cr_expect_str_eq(record_outcome_word(record), "ok");
    char *bytes = mem_format("\"bytes\":%zu}", 10 * bomb.size);
    cr_expect_not_null(strstr(outcome.data, bytes), "%s", outcome.data);
    free(bytes);
    record_free(record);
}

/* ---- no secret ---- */

Test(recorder, keeps_no_secret)
{
    static const char *const headers[] = {
        USER,
        "OAuth oauth_token=\"" TAIL "\",oauth_consumer_key=\"6253282-" TAIL "\"",
        "Bearer " TAIL,
        "OAuth oauth_token=\"6253282-" TAIL "\" oauth_signature=\"tnnArxj06cWHq44gCs1OSKk\"",
    };

    for (size_t i = 0; i < ARRAY_LENGTH(headers); i++) {
        struct record_of *record = begin(headers[i], STR("oauth_token=" TAIL));
        record_request_body(record, STR("{\"tweet_ids\":[],\"engagement_types\":[\"oauth_token=" TAIL "\"]}"));
        struct str kept[] = {record_intent(record, NOW), record_outcome(record, RECORD_NO_ANSWER, 0)};
        for (size_t k = 0; k < 2; k++) {
            cr_expect_null(strstr(kept[k].data, "eWudHldS"), "%s", kept[k].data);
            cr_expect_null(strstr(kept[k].data, "tnnArx"), "%s", kept[k].data);
        }
        record_free(record);
    }
}
