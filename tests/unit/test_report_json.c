/* SPDX-License-Identifier: MIT */
/* JSON of rows in memory: escapes, numbers that a reader keeps, times in UTC. */

#include <jansson.h>

#include "report_rendered.h"

#define NO_SHEET "{\"name\": \"One\", \"about\": \"a\", \"blocks\": []}"

static struct error err;

static const struct reconcile_contract contract = {.name = "a \"b\""};

static char *json_of(struct memory *memory, const char *dataset)
{
    const struct report_request request = {.format = &render_json.format,
                                           .dataset = dataset,
                                           .contract = &contract,
                                           .month = "2026-10-01",
                                           .now_us = INT64_C(1793520000000000)};

    return rendered(memory, memory_layout("many", NO_SHEET), &request, &err);
}

Test(report_json, is_one_document)
{
    struct memory memory = memory_new();
    char *text = json_of(&memory, NULL);

    cr_assert_not_null(text, "%s", err.text);
    cr_expect_str_eq(text, "{\"report\":\"test\",\n\"title\":\"t\",\n\"contract\":\"a \\\"b\\\"\",\n"
                           "\"month\":\"2026-10\",\n\"made_at\":\"2026-11-01T08:00:00Z\",\n\"datasets\":{\n"
                           "\"month\":[\n{\"contract\":\"acme\",\"used\":3,\"limit\":2,\"charge\":\"2.50\","
                           "\"currency\":\"EUR\",\"start\":\"2026-09-30T22:00:00Z\",\"zone\":\"Europe/Vienna\"}],\n"
                           "\"things\":[],\n"
                           "\"report\":[\n{\"name\":\"test\",\"title\":\"t\",\"program\":\"headroom " HEADROOM_VERSION
                           "\"}]}}\n");
    free(text);
}

static const char *const hostile[] = {
    "", "plain", "\"\\/", "\x01\x1F\x7F\b\t\r\n", "\xF0\x9F\x98\x80\xD7\xA9\xE2\x80\xA8", "</script>", "=1+1"};

Test(report_json, every_text_is_read_back_as_it_is)
{
    for (size_t i = 0; i < ARRAY_LENGTH(hostile); i++) {
        const char *things[][2] = {{hostile[i], NULL}};
        struct memory memory = memory_new();

        memory.things = things;
        memory.count = 1;
        char *text = json_of(&memory, "things");
        cr_assert_not_null(text, "%s", err.text);
        json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        json_t *datasets = json_object_get(document, "datasets");
        const json_t *row = json_array_get(json_object_get(datasets, "things"), 0);
        cr_expect_eq(json_object_size(datasets), 1);
        cr_expect_str_eq(json_string_value(json_object_get(row, "id")), hostile[i], "case %zu: %s", i, text);
        cr_expect(json_is_null(json_object_get(row, "amount")));
        json_decref(document);
        free(text);
    }
}

static const struct {
    const char *amount, *written;
} numbers[] = {
    {"0", "0"},
    {"-7", "-7"},
    {"9007199254740992", "9007199254740992"},
    {"9007199254740993", "\"9007199254740993\""},
    {"-9007199254740993", "\"-9007199254740993\""},
    {"99999999999999999999999", "\"99999999999999999999999\""},
};

Test(report_json, numbers_that_a_reader_would_change_are_texts)
{
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
        const char *things[][2] = {{"a", numbers[i].amount}};
        struct memory memory = memory_new();
        char wanted[80];

        memory.things = things;
        memory.count = 1;
        snprintf(wanted, sizeof(wanted), "\"amount\":%s}", numbers[i].written);
        char *text = json_of(&memory, "things");
        cr_expect_not_null(strstr(text, wanted), "case %zu: %s", i, text);
        free(text);
    }
}

static const struct {
    const char *time, *utc;
} times[] = {
    {"2026-10-25 02:30:00+02", "2026-10-25T00:30:00Z"},
    {"2026-10-25 02:30:00.123456+01", "2026-10-25T01:30:00.123456Z"},
    {"2026-01-01 00:15:00+05:45", "2025-12-31T18:30:00Z"},
    {"2005-12-31 20:00:00-04", "2006-01-01T00:00:00Z"},
    {"1937-01-01 12:00:27.8+00:19:32", "1937-01-01T11:40:55.8Z"},
    {"2026-03-29 23:59:59.5-03:30", "2026-03-30T03:29:59.5Z"},
    {"2026-10-01 00:00:00", NULL},
    {"2026-10-01 00:00:00+", NULL},
    {"2026-10-01 00:00:00+02x", NULL},
    {"infinity", NULL},
};

Test(report_json, times_are_of_utc)
{
    for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
        struct memory memory = memory_new();

        memory.month[5] = times[i].time;
        char *text = json_of(&memory, "month");
        cr_expect_eq(text != NULL, times[i].utc != NULL, "case %zu: %s", i, err.text);
        if (text != NULL && times[i].utc != NULL)
            cr_expect_not_null(strstr(text, times[i].utc), "case %zu: %s", i, text);
        free(text);
    }
}
