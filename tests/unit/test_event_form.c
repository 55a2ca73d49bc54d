/* SPDX-License-Identifier: MIT */
/* An event's bytes: the canonical form against its description, meaning, made ids and the order of the key. */

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

TestSuite(event_form, .init = set_up, .fini = tear_down);

/* An event as the loader has it before it is sealed. */
static struct event event_of(const char *line)
{
    struct event event;
    struct rejection why = {0};

    cr_assert(read_line(line, &event, arena, &why), "%s: %s", line, why.text);
    event.contract = STR("main");
    event.contract_id = 7;
    if (event.source.data == NULL)
        event.source = STR("main");
    event.position = 12;
    return event;
}

#define AT "\"time\":\"2026-10-31T23:59:59Z\""

static const struct {
    const char *line;
    const char *form;
} forms[] = {
    {"{" AT ",\"id\":\"1\",\"user_id\":5}", "1793491199000000\t7\tmain\t1\t5\tuser\tdelivered\t200\t\\N\t\\N\t\\N\t\\N"
                                            "\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t12"},
    {"{" AT ",\"id\":\"a\\tb\\\\c\\nd\\r\\b\\f\\u000b\\u0001\\u007fé\",\"auth\":\"app\",\"source\":\"\\\\N\","
     "\"outcome\":\"unknown\"}",
     "1793491199000000\t7\t\\\\N\ta\\tb\\\\c\\nd\\r\\b\\f\\v\x01\x7Fé\t~"
     "app\tapp\tattempted\t\\N\t\\N\t\\N\tunknown\t\\N\t\\N\t\\N"
     "\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t12"},
    {"{" AT ",\"id\":\"1\",\"user_id\":5,\"handle\":\"AbC\",\"endpoint\":\"28hr\",\"tweet_count\":2,\"status\":200,"
     "\"outcome\":\"partial\",\"rate_limit\":900,\"rate_remaining\":0,\"latency_ms\":31,\"bytes\":9223372036854775807,"
     "\"app\":\"k\",\"label\":\"l\",\"failed\":{\"too_old\":[17]},\"metrics\":[\"a\\\\b\"]}",
     "1793491199000000\t7\tmain\t1\t5\tuser\tdelivered\t200\t2\t28hr\tpartial\t900\t0\t31\t9223372036854775807\tAbC\tk"
     "\tl\t"
     "{\"too_old\":[\"17\"]}\t[\"a\\\\\\\\b\"]\t12"},
};

Test(event_form, seal_is_the_digest_of_the_described_form)
{
    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
        struct event event = event_of(forms[i].line);
        unsigned char expected[DIGEST_SIZE];
        event_seal(&event);
        digest_of(forms[i].form, strlen(forms[i].form), expected);
        cr_expect_arr_eq(event.digest, expected, DIGEST_SIZE, "%s", forms[i].line);
    }
}

/* Longer than the memory that nearly every form fits in. */
Test(event_form, seals_the_longest_event)
{
    static char label[1000];
    struct event event = event_of("{" AT ",\"id\":\"1\",\"user_id\":5}");
    struct buffer form;
    unsigned char expected[DIGEST_SIZE];

    memset(label, '\\', sizeof(label));
    event.label = (struct str){label, sizeof(label)};
    event_seal(&event);

    buffer_init(&form, 10000);
    cr_assert(buffer_format(&form, "1793491199000000\t7\tmain\t1\t5\tuser\tdelivered\t200"));
    cr_assert(buffer_format(&form, "\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t"));
    cr_assert(buffer_add(&form, label, sizeof(label)));
    cr_assert(buffer_add(&form, label, sizeof(label)));
    cr_assert(buffer_format(&form, "\t\\N\t\\N\t12"));
    digest_of(form.data, form.size, expected);
    cr_expect_arr_eq(event.digest, expected, DIGEST_SIZE);
    buffer_free(&form);
}

/* ---- meaning ---- */

#define BASE "\"user_id\":\"5\",\"handle\":\"Abc\""

static const struct {
    const char *a, *b;
    bool same;
} meanings[] = {
    {"{" AT "," BASE "}", "{" AT "," BASE "}", true},
    {"{" AT "," BASE ",\"id\":\"1\"}", "{" AT "," BASE ",\"id\":\"2\"}", true},
    {"{" AT "," BASE "}", "{\"timestamp\":1793491199," BASE "}", true},
    {"{" AT "," BASE "}", "{\"time\":\"2026-11-01T01:59:59.000+02:00\"," BASE "}", true},
    {"{" AT "," BASE "}", "{" AT ",\"user_id\":5,\"screen_name\":\"@aBC\"}", true},
    {"{" AT "," BASE "}", "{" AT "," BASE ",\"auth\":\"user\",\"status\":\"200\",\"label\":\"\",\"source\":\"main\"}",
     true},
    {"{" AT "," BASE ",\"failed\":{\"a\":[\"1\"],\"b\":[]}}",
     "{" AT "," BASE ",\"failed\":\"{\\\"b\\\":[], \\\"a\\\":[1]}\"}", true},
    {"{" AT "," BASE "}", "{\"time\":\"2026-10-31T23:59:59.000001Z\"," BASE "}", false},
    {"{" AT "," BASE "}", "{" AT ",\"user_id\":\"5\"}", false},
    {"{" AT "," BASE "}", "{" AT ",\"user_id\":\"6\",\"handle\":\"Abc\"}", false},
    {"{" AT "," BASE "}", "{" AT "," BASE ",\"auth\":\"app\"}", false},
    {"{" AT "," BASE "}", "{" AT "," BASE ",\"source\":\"other\"}", false},
    {"{" AT "," BASE "}", "{" AT "," BASE ",\"outcome\":\"ok\"}", false},
    {"{" AT "," BASE "}", "{" AT "," BASE ",\"status\":201}", false},
    {"{" AT "," BASE "}", "{" AT "," BASE ",\"endpoint\":\"totals\"}", false},
    {"{" AT "," BASE "}", "{" AT "," BASE ",\"tweet_count\":1}", false},
    {"{" AT "," BASE "}", "{" AT "," BASE ",\"rate_limit\":1}", false},
    {"{" AT "," BASE ",\"rate_limit\":1}", "{" AT "," BASE ",\"rate_remaining\":1}", false},
    {"{" AT "," BASE ",\"latency_ms\":1}", "{" AT "," BASE ",\"rate_remaining\":1}", false},
    {"{" AT "," BASE ",\"latency_ms\":1}", "{" AT "," BASE ",\"bytes\":1}", false},
    {"{" AT "," BASE ",\"app\":\"x\"}", "{" AT "," BASE ",\"label\":\"x\"}", false},
    {"{" AT "," BASE ",\"failed\":{}}", "{" AT "," BASE "}", false},
    {"{" AT "," BASE ",\"metrics\":[]}", "{" AT "," BASE "}", false},
    {"{" AT "," BASE ",\"label\":\"\\\\N\"}", "{" AT "," BASE "}", false},
    {"{" AT "," BASE ",\"app\":\"a\\tb\"}", "{" AT "," BASE ",\"app\":\"a\",\"label\":\"b\"}", false},
};

Test(event_form, meaning_is_of_the_values)
{
    for (size_t i = 0; i < ARRAY_LENGTH(meanings); i++) {
        struct event a = event_of(meanings[i].a), b = event_of(meanings[i].b);
        unsigned char x[DIGEST_SIZE], y[DIGEST_SIZE];
        b.position = 99;
        b.ordinal = 98;
        b.contract_id = 97; /* another database */
        event_meaning(&a, x);
        event_meaning(&b, y);
        cr_expect_eq(memcmp(x, y, DIGEST_SIZE) == 0, meanings[i].same, "%s\n%s", meanings[i].a, meanings[i].b);
    }
}

Test(event_form, meaning_is_of_the_contract_too)
{
    struct event a = event_of("{" AT "," BASE "}"), b = a;
    unsigned char x[DIGEST_SIZE], y[DIGEST_SIZE];

    b.contract = STR("other");
    event_meaning(&a, x);
    event_meaning(&b, y);
    cr_expect_neq(memcmp(x, y, DIGEST_SIZE), 0);
    cr_expect(str_equal(a.handle, STR("Abc")), "the handle as seen stays");
}

/* ---- made ids ---- */

Test(event_form, names_what_has_no_id)
{
    static const char form[] =
        "1793491199000000\tmain\tmain\t\\N\t5\tuser\tdelivered\t200\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\tabc"
        "\t\\N\t\\N\t\\N\t\\N";
    struct event event = event_of("{" AT "," BASE "}"), again = event;
    unsigned char meaning[DIGEST_SIZE], input[DIGEST_SIZE + 8] = {0}, digest[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];

    event_meaning(&event, meaning);
    digest_of(form, sizeof(form) - 1, input);
    cr_expect_arr_eq(meaning, input, DIGEST_SIZE, "made ids must stay what they are for ever");

    input[DIGEST_SIZE + 6] = 1; /* repeat 258, big-endian */
    input[DIGEST_SIZE + 7] = 2;
    digest_of(input, sizeof(input), digest);
    digest_hex(digest, hex);
    event_name_id(&event, meaning, 258, arena);
    cr_expect(str_equal(event.id, (struct str){hex, 32}), "%.*s", (int)event.id.size, event.id.data);

    event_name_id(&again, meaning, 0, arena);
    cr_expect_not(str_equal(event.id, again.id), "equal lines get ids of their own");
}

Test(event_form, leaves_an_id_alone)
{
    struct event event = event_of("{" AT "," BASE ",\"id\":\"mine\"}");
    unsigned char meaning[DIGEST_SIZE];

    event_meaning(&event, meaning);
    event_name_id(&event, meaning, 0, arena);
    cr_expect(str_equal(event.id, STR("mine")));
}

/* ---- order ---- */

/* Each is before all that follow. */
static const struct event ordered[] = {
    {.time_us = 1, .contract_id = 9, .source = {"z", 1}, .id = {"z", 1}, .subject = {"z", 1}},
    {.time_us = 2, .contract_id = 1, .source = {"z", 1}, .id = {"z", 1}, .subject = {"z", 1}},
    {.time_us = 2, .contract_id = 2, .source = {"a", 1}, .id = {"z", 1}, .subject = {"z", 1}},
    {.time_us = 2, .contract_id = 2, .source = {"a-b", 3}, .id = {"c", 1}, .subject = {"z", 1}},
    {.time_us = 2, .contract_id = 2, .source = {"b", 1}, .id = {"a", 1}, .subject = {"z", 1}},
    {.time_us = 2, .contract_id = 2, .source = {"b", 1}, .id = {"b", 1}, .subject = {"1", 1}, .class = CLASS_DELIVERED},
    {.time_us = 2, .contract_id = 2, .source = {"b", 1}, .id = {"b", 1}, .subject = {"2", 1}, .class = CLASS_ATTEMPTED},
    {.time_us = 2, .contract_id = 2, .source = {"b", 1}, .id = {"b", 1}, .subject = {"2", 1}, .class = CLASS_DELIVERED},
    {.time_us = 2, .contract_id = 2, .source = {"b", 1}, .id = {"b", 1}, .subject = {"2", 1}, .via = VIA_APP},
    {.time_us = 2, .contract_id = 2, .source = {"b", 1}, .id = {"b", 1}, .subject = {"\xC3\xA9", 2}},
    {.time_us = INT64_MAX, .contract_id = 0, .source = {"", 0}, .id = {"", 0}, .subject = {"", 0}},
};

Test(event_form, orders_by_the_key)
{
    for (size_t i = 0; i < ARRAY_LENGTH(ordered); i++)
        for (size_t k = 0; k < ARRAY_LENGTH(ordered); k++) {
            int order = event_compare_key(&ordered[i], &ordered[k]);
            cr_expect_eq((order > 0) - (order < 0), (i > k) - (i < k), "%zu and %zu", i, k);
        }
}
