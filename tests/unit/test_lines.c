/* SPDX-License-Identifier: MIT */
/* Lines that come one by one mean what they mean in a file. */

#include <criterion/criterion.h>
#include <string.h>

#include "ingest/lines.h"
#include "ingest/record.h"

static struct lines *lines;

static void open_lines(void)
{
    struct error err;

    cr_assert(lines_new(&lines, &err), "%s", err.text);
}

static void close_lines(void)
{
    lines_free(lines);
}

TestSuite(lines, .init = open_lines, .fini = close_lines);

static void take(const char *text, struct record *record)
{
    lines_take(lines, str_of(text), 7, record);
    cr_expect_eq(record->line, 7);
}

static bool is_text(const struct value *value, const char *text)
{
    return value->kind == VALUE_TEXT && str_equal(value->text, str_of(text));
}

Test(lines, native_event)
{
    struct record record;

    take("{\"time\":\"2026-10-01T00:00:00Z\",\"username\":\"@Ann\"}", &record);
    cr_expect(record.readable);
    cr_expect_str_eq(lines_format(lines), "json");
    cr_expect(is_text(&record.values[FIELD_TIME], "2026-10-01T00:00:00Z"));
    cr_expect(is_text(&record.values[FIELD_HANDLE], "@Ann"));
}

static const char cloudevent[] = "{\"%s\":\"1.0\",\"type\":\"com.x.engagement.request\",\"id\":\"a\",\"source\":\"s\","
                                 "\"time\":\"2026-10-01T00:00:00Z\",\"subject\":\"12\"}";

Test(lines, cloudevent_however_its_key_is_written)
{
    static const char *const keys[] = {"specversion", "spec\\u0076ersion"};
    struct record record;
    char text[300];

    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        snprintf(text, sizeof text, cloudevent, keys[i]);
        take(text, &record);
        cr_expect(record.readable, "%s", keys[i]);
        cr_expect_str_eq(lines_format(lines), "cloudevents");
        cr_expect(is_text(&record.values[FIELD_USER_ID], "12"));
    }
}

Test(lines, a_word_in_a_value_makes_no_cloudevent)
{
    struct record record;

    take("{\"time\":1790000000,\"user_id\":3,\"label\":\"specversion \\\"1.0\\\"\"}", &record);
    cr_expect(record.readable);
    cr_expect_str_eq(lines_format(lines), "json");
    cr_expect_eq(record.values[FIELD_USER_ID].integer, 3);
}

Test(lines, refused_as_in_a_file)
{
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"", "bad_json"},
        {"[]", "bad_json"},
        {"{\"time\":", "bad_json"},
        {"\xFF", "bad_utf8"},
        {"{\"handle\":\"a\",\"username\":\"b\"}", "two_fields"},
        {"{\"specversion\":\"0.3\"}", "bad_specversion"},
    };
    struct record record;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        take(cases[i].text, &record);
        cr_expect(!record.readable, "%s", cases[i].text);
        cr_expect_str_eq(record.why.reason, cases[i].reason, "%s: %s", cases[i].text, record.why.reason);
    }
}

Test(lines, too_long)
{
    struct record record;
    char *text = mem_alloc(RECORD_MAX + 2);

    memset(text, ' ', RECORD_MAX + 1);
    lines_take(lines, (struct str){text, RECORD_MAX + 1}, 1, &record);
    cr_expect(!record.readable);
    cr_expect_str_eq(record.why.reason, "line_too_long");
    cr_expect_eq(record.raw_size, RECORD_MAX + 1);
    cr_expect_eq(record.raw.size, RECORD_RAW_MAX);
    lines_take(lines, (struct str){text, RECORD_MAX}, 1, &record);
    cr_expect_str_eq(record.why.reason, "bad_json", "one byte less is looked at: %s", record.why.reason);
    free(text);
}
