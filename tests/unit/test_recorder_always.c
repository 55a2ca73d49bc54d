/* SPDX-License-Identifier: MIT */
/* Whatever a client and the vendor send, what is kept of it is an event: nothing that was asked ends in quarantine. */

#include <string.h>

#include "gateway/recorder.h"

#include "reader_from.h"

#define NOW    INT64_C(1793491200000000) /* 2026-11-01T00:00:00Z */
#define ROUNDS 10000

static uint32_t state;

/* What is odd somewhere: to JSON, to HTTP, to the fields of an event. */
static const char *const odd[] = {
    "",
    "\"",
    "\\",
    "\\u0000",
    "\xC3\xA9",
    "\xFF",
    "\xED\xA0\x80",
    "\xE2\x80\xAE",
    "\n",
    "\t",
    "\x01",
    "\x7F",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "1e99",
    "-1",
    "0",
    "9223372036854775807",
    "9223372036854775808",
    "00000000000000000000000000000000000000000000000007",
    "tweet_ids",
    "engagement_types",
    "errors",
    "message",
    "unavailable_tweet_ids",
    "unsupported_for_video_views_tweet_ids",
    "Forbidden to access tweets: 5, 6",
    "OAuth ",
    "Bearer ",
    "oauth_token",
    "oauth_consumer_key",
    "=",
    "%41",
    "%",
    "6253282-",
    "token:",
    "eWudHldSbIaelX7swmsiHImEL4KinwaGloHANdrY",
    "{\"tweet_ids\":[\"1\",2],\"engagement_types\":[\"",
    "\"]}",
    "\"],\"",
    "{\"errors\":[{\"message\":\"",
    "{\"unavailable_tweet_ids\":[\"7\",8,",
    "]}",
    "gzip",
    "deflate",
    "200",
    "30",
};

static struct str any_text(size_t pieces)
{
    struct buffer text;

    buffer_init(&text, (size_t)64 * 1024);
    for (size_t count = random_below(&state, pieces + 1); count > 0; count--) {
        const char *piece = odd[random_below(&state, ARRAY_LENGTH(odd))];
        char byte = (char)random_next(&state);
        if (random_below(&state, 8) == 0)
            cr_assert(buffer_add(&text, &byte, 1));
        cr_assert(buffer_add(&text, piece, strlen(piece)));
    }
    if (random_below(&state, 50) == 0) /* a long one */
        for (int i = 0; i < 300; i++)
            cr_assert(buffer_add(&text, "long\xC3\xBC", 6));
    struct str copy = arena_copy(lasting_arena(), text.data != NULL ? (struct str){text.data, text.size} : STR(""));
    buffer_free(&text);
    return random_below(&state, 20) == 0 ? str_of(NULL) : copy;
}

/* Parts, and any texts between them. */
static struct str any_of(const char *const *parts, size_t count)
{
    struct buffer text;

    buffer_init(&text, (size_t)64 * 1024);
    for (size_t i = 0; i < count; i++) {
        struct str any = any_text(random_below(&state, 3));
        cr_assert(buffer_add(&text, parts[i], strlen(parts[i])) && buffer_add(&text, any.data, any.size));
    }
    struct str copy = arena_copy(lasting_arena(), (struct str){text.data, text.size});
    buffer_free(&text);
    return random_below(&state, 4) == 0 ? any_text(8) : copy;
}

static struct str any_authorization(void)
{
    static const char *const parts[] = {"OAuth ", "oauth_consumer_key=\"", "\",oauth_token=\"x", "\""};

    return any_of(parts, ARRAY_LENGTH(parts));
}

static struct str any_request(void)
{
    static const char *const parts[] = {"{\"tweet_ids\":[1", "],\"engagement_types\":[\"a", "\",\"b", "\"]}"};

    return any_of(parts, ARRAY_LENGTH(parts));
}

static struct str any_answer(void)
{
    static const char *const parts[] = {"{\"errors\":[\"", "\"],\"unavailable_tweet_ids\":[\"", "1\",1", "]}"};

    return any_of(parts, ARRAY_LENGTH(parts));
}

/* As a body comes: in pieces, at times packed. */
static void pass(void (*add)(struct record_of *record, struct str bytes), struct record_of *record, struct str body)
{
    struct str bytes = random_below(&state, 4) == 0 && body.data != NULL ? gzip_of(body) : body;

    while (bytes.size > 0) {
        size_t size = 1 + random_below(&state, bytes.size);
        add(record, (struct str){bytes.data, size});
        bytes = (struct str){bytes.data + size, bytes.size - size};
    }
}

static struct recorder *any_recorder(char contract[32])
{
    struct recorder_options options = {.contract = contract, .label_header = NULL};
    struct recorder *recorder;

    snprintf(contract, 32, "%.30s", any_text(2).size > 0 ? odd[random_below(&state, ARRAY_LENGTH(odd))] : "main");
    for (size_t i = 0; i < sizeof(options.key); i++)
        options.key[i] = (unsigned char)random_next(&state);
    recorder = recorder_new(&options);
    const struct recorder_app app = {"oauth_consumer_key", contract};
    if (random_below(&state, 2) == 0)
        recorder_tell_apps(recorder, &app, 1);
    return recorder;
}

/* The two objects joined, as the drain does it. */
static struct str any_event(const struct recorder *recorder)
{
    static const char *const methods[] = {"POST", "GET", "\xFF"};
    static const char *const targets[] = {"/insights/engagement/totals", "/insights/engagement/28hr?x", "\xFF\n"};
    struct str method = str_of(methods[random_below(&state, ARRAY_LENGTH(methods))]);
    struct str target = str_of(targets[random_below(&state, ARRAY_LENGTH(targets))]);
    int64_t time_us = (int64_t)((uint64_t)random_next(&state) * random_next(&state) % (NOW + 1));
    struct record_of *record =
        record_begin(recorder, lasting_arena(), method, target, any_authorization(), any_text(6));

    record_request_header(record, any_text(1), any_text(1));
    if (random_below(&state, 3) == 0)
        record_request_header(record, STR("Content-Encoding"), any_text(1));
    pass(record_request_body, record, any_request());
    if (random_below(&state, 10) > 0)
        record_status(record, (int)random_below(&state, 1200));
    if (random_below(&state, 3) == 0)
        record_answer_header(record, STR("Content-Encoding"), any_text(1));
    record_answer_header(record, STR("X-Per-Minute-Limit"), any_text(2));
    record_answer_header(record, STR("X-Per-Minute-Remaining"), any_text(2));
    pass(record_answer_body, record, any_answer());

    struct str intent = record_intent(record, time_us);
    struct str outcome =
        record_outcome(record, (enum record_end)random_below(&state, 3), (int64_t)(random_next(&state)) << 22);
    char *line = lasting_alloc(intent.size + outcome.size + 1);
    snprintf(line, intent.size + outcome.size + 1, "%.*s,%s\n", (int)intent.size - 1, intent.data, outcome.data + 1);
    cr_expect_eq(strlen(intent.data), intent.size);
    cr_expect_eq(strlen(outcome.data), outcome.size);
    record_free(record);
    return str_of(line);
}

Test(recorder, always_makes_an_event, .init = NULL)
{
    struct arena *arena = arena_new();
    char contract[32];

    state = 20261101;
    for (int round = 0; round < ROUNDS; round++) {
        struct recorder *recorder = any_recorder(contract);
        struct str line = any_event(recorder);
        struct record got;
        struct event event;
        struct rejection why;
        struct error err;
        struct reader *reader = NULL;

        cr_assert(reader_open_input(&reader, input_from(line, 0), "json", &err), "%s", err.text);
        cr_assert_eq(reader_next(reader, &got, &err), READ_RECORD);
        cr_assert(got.readable, "%d: %s: %s", round, got.why.text, line.data);
        cr_assert(event_read(&event, got.values, arena, NOW, &why), "%d: %s: %s", round, why.text, line.data);
        reader_close(reader);
        recorder_free(recorder);
        arena_reset(arena);
        arena_reset(lasting_arena());
    }
    arena_free(arena);
}
