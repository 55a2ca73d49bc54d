/* SPDX-License-Identifier: MIT */
/* CloudEvents as records: cases as data, and what they mean held against the JSON reader. */

#include "reader_from.h"

#define HEAD "{\"specversion\":\"1.0\",\"type\":\"com.x.engagement.request\",\"id\":\"a\",\"source\":\"/app\","
#define TIME "\"time\":\"2026-10-01T00:00:00Z\""
#define BOTH "id=a time=2026-10-01T00:00:00Z source=/app"

static const struct {
    struct str content;
    const char *records;
} cases[] = {
    {STR(HEAD TIME ",\"subject\":\"17\"}\n"), "1 " BOTH " user_id=17|END"},
    {STR(HEAD TIME ",\"subject\":17}\n"), "1 id=a time=2026-10-01T00:00:00Z source=/app user_id=#17|END"},
    {STR(HEAD TIME ",\"subject\":\"ann\"}\n"), "1 " BOTH " handle=ann|END"},
    {STR(HEAD TIME ",\"subject\":\"@17\"}\n"), "1 " BOTH " handle=@17|END"},
    {STR(HEAD TIME ",\"subject\":\"no way\"}\n"), "1 " BOTH " handle=no way|END"},
    {STR(HEAD TIME ",\"subject\":true}\n"), "1 " BOTH " handle=true|END"},
    {STR(HEAD TIME ",\"data\":{\"user_id\":17,\"screen_name\":\"ann\",\"status\":200,\"zip\":[]}}\n"),
     "1 " BOTH " user_id=#17 handle=ann status=#200|END"},
    {STR("{\"data\":{\"auth\":\"app\",\"failed\":{\"gone\":[\"1\"]}},\"specversion\":\"1.1\",\"id\":7,\"time\":"
         "1790000000,"
         "\"source\":\"s\",\"type\":\"com.x.engagement.request\",\"traceparent\":\"00\",\"status\":99}"),
     "1 id=#7 time=#1790000000 source=s auth=app failed={\"gone\":[\"1\"]}|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":null}\n"), "1 " BOTH " user_id=17|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":{}}\n"), "1 " BOTH " user_id=17|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":\"\",\"datacontenttype\":\"text/plain\"}\n"),
     "1 " BOTH " user_id=17|END"},

    /* data may complete the subject, and say the same */
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":{\"handle\":\"Ann\",\"user_id\":\"017\"}}\n"),
     "1 " BOTH " user_id=17 handle=Ann|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":{\"user_id\":17}}\n"), "1 " BOTH " user_id=17|END"},
    {STR(HEAD TIME ",\"subject\":\"@ann\",\"data\":{\"handle\":\"Ann\",\"user_id\":17}}\n"),
     "1 " BOTH " user_id=#17 handle=@ann|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":{\"user_id\":18}}\n"), "1 !contradiction|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":{\"user_id\":\"x\"}}\n"), "1 !contradiction|END"},
    {STR(HEAD TIME ",\"subject\":\"ann\",\"data\":{\"username\":\"bob\"}}\n"), "1 !contradiction|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":{\"handle\":\"a\",\"username\":\"a\"}}\n"), "1 !two_fields|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":{\"id\":\"a\",\"timestamp\":\"2026-10-01T00:00:00Z\"}}\n"),
     "1 " BOTH " user_id=17|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":{\"id\":\"b\"}}\n"), "1 !contradiction|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":{\"source\":\"b\"}}\n"), "1 !contradiction|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":{\"subject\":\"18\",\"type\":\"x\"}}\n"), "1 " BOTH " user_id=17|END"},

    /* data_base64 */
    {STR(HEAD TIME ",\"subject\":\"17\",\"data_base64\":\"eyJzdGF0dXMiOjQwMywiaGFuZGxlIjoiYW5uIn0=\"}\n"),
     "1 " BOTH " user_id=17 handle=ann status=#403|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data_base64\":\"eyJzd\"}\n"), "1 !bad_data|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data_base64\":\"/w==\"}\n"), "1 !bad_data|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data_base64\":\"W10=\"}\n"), "1 !bad_json|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data_base64\":17}\n"), "1 !bad_data|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data_base64\":\"e30=\",\"data\":{}}\n"), "1 !bad_data|END"},

    /* what is none of ours */
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":[]}\n"), "1 !bad_data|END"},
    {STR(HEAD TIME ",\"subject\":\"17\",\"data\":\"{}\"}\n"), "1 !bad_data|END"},
    {STR(HEAD "\"subject\":\"17\"}\n"), "1 !missing_time|END"},
    {STR("{\"specversion\":\"1.0\",\"type\":\"com.x.engagement.request\",\"source\":\"s\"," TIME "}\n"),
     "1 !missing_id|END"},
    {STR("{\"specversion\":\"1.0\",\"type\":\"com.x.engagement.request\",\"id\":\"s\",\"source\":\"\"," TIME "}\n"),
     "1 !missing_source|END"},
    {STR("{\"specversion\":\"1.0\",\"type\":\"com.x.engagement.Request\",\"id\":\"s\"}\n"), "1 !other_type|END"},
    {STR("{\"specversion\":\"1.0\",\"id\":\"s\"}\n"), "1 !other_type|END"},
    {STR("{\"specversion\":\"2.0\"}\n{\"specversion\":1.0}\n{\"specversion\":\"1.\"}\n{\"x\":1}"),
     "1 !bad_specversion|2 !bad_specversion|3 !bad_specversion|4 !bad_specversion|END"},
    {STR("{\"specversion\":\"1.0\",\n" HEAD TIME ",\"subject\":\"17\"}\n[1]\n" HEAD TIME
         ",\"data\":{\"a\":1,\"a\":2}}"),
     "1 !bad_json|2 " BOTH " user_id=17|3 !bad_json|4 !bad_json|END"},

    /* an array */
    {STR("[" HEAD TIME ",\"subject\":\"17\"},\n\n " HEAD TIME ",\"subject\":\"\\u0061nn\"}]\n"),
     "1 " BOTH " user_id=17|2 " BOTH " handle=ann|END"},
    {STR("[" HEAD TIME ",\n\"subject\":\n\"17\"},17,{\"specversion\":},{\"specversion\":\"\xFF\"}," HEAD TIME "}"),
     "1 " BOTH " user_id=17|2 !bad_json|3 !bad_json|4 !bad_utf8|5 " BOTH "|log: breaks off at byte 279, behind element "
     "5: it is cut off or still being written; take it in again when it is whole, which adds the rest"},
};

Test(reader_cloudevents, reads_cases)
{
    static const size_t limits[] = {0, 1, 7};

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        for (size_t l = 0; l < ARRAY_LENGTH(limits); l++)
            cr_expect_str_eq(read_all(cases[i].content, "cloudevents", limits[l]), cases[i].records, "case %zu", i);
    }
}

/* ---- the same meaning ---- */

static void seal(struct str content, const char *format, struct arena *arena, unsigned char out[DIGEST_SIZE])
{
    struct reader *reader = NULL;
    struct record record;
    struct rejection why;
    struct event event;
    struct error err = {0};

    cr_assert(reader_open_input(&reader, input_from(content, 0), NULL, &err), "%s", err.text);
    cr_assert_str_eq(reader_format_name(reader), format);
    cr_assert_eq(reader_next(reader, &record, &err), READ_RECORD);
    cr_assert(record.readable, "%s", record.why.text);
    cr_assert(event_read(&event, record.values, arena, INT64_MAX / 2, &why), "%s", why.text);
    event.contract = STR("acme");
    event.position = 1;
    event_seal(&event);
    memcpy(out, event.digest, DIGEST_SIZE);
    cr_assert_eq(reader_next(reader, &record, &err), READ_END);
    reader_close(reader);
}

static const struct {
    struct str json, cloudevent;
} pairs[] = {
    {STR("{\"id\":\"a\",\"source\":\"/"
         "app\",\"time\":\"2026-10-01T02:00:00+02:00\",\"user_id\":\"17\",\"handle\":\"ann\","
         "\"endpoint\":\"totals\",\"tweet_count\":2,\"status\":200,\"outcome\":\"partial\",\"failed\":{\"gone\":[1]},"
         "\"metrics\":[\"impressions\"],\"rate_limit\":9,\"rate_remaining\":8,\"latency_ms\":7,\"bytes\":6,\"app\":"
         "\"key\","
         "\"label\":\"gr\xC3\xBC\xC3\x9F\"}"),
     STR(HEAD TIME
         ",\"datacontenttype\":\"application/"
         "json\",\"dataschema\":\"urn:x\",\"subject\":\"017\",\"data\":{\"username\":"
         "\"ann\",\"endpoint\":\"totals\",\"tweet_count\":\"2\",\"status\":200,\"outcome\":\"partial\",\"failed\":{"
         "\"gone\":[\"1\"]},\"metrics\":[\"impressions\"],\"rate_limit\":9,\"rate_remaining\":8,\"latency_ms\":7,"
         "\"bytes\":6,\"app\":\"key\",\"label\":\"gr\\u00fc\\u00df\"}}")},
    {STR("{\"id\":\"17\",\"source\":\"s\",\"time\":1790000000.25,\"auth\":\"app\",\"status\":429}"),
     STR("[{\"specversion\":\"1.0\",\"type\":\"com.x.engagement.request\",\"id\":17,\"source\":\"s\",\"time\":"
         "\"1790000000250\",\"data_base64\":\"eyJhdXRoIjoiYXBwIiwic3RhdHVzIjo0Mjl9\"}]")},
};

Test(reader_cloudevents, mean_what_json_lines_mean)
{
    struct arena *arena = arena_new();
    unsigned char json[DIGEST_SIZE], cloudevent[DIGEST_SIZE];

    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
        seal(pairs[i].json, "json", arena, json);
        seal(pairs[i].cloudevent, "cloudevents", arena, cloudevent);
        cr_expect_arr_eq(json, cloudevent, DIGEST_SIZE, "pair %zu", i);
    }
    arena_free(arena);
}

Test(reader_cloudevents, name_columns_but_no_extensions)
{
    static const struct column expected[] = {
        {"id", FIELD_ID},         {"source", FIELD_SOURCE}, {"time", FIELD_TIME}, {"subject", FIELD_USER_ID},
        {"status", FIELD_STATUS}, {"zip", FIELD_UNKNOWN},   {"", FIELD_UNKNOWN},
    };
    struct reader *reader = NULL;
    struct record record;
    struct error err = {0};
    const struct column *columns;

    cr_assert(reader_open_input(
        &reader, input_from(STR(HEAD TIME ",\"traceparent\":\"00\",\"data\":{\"status\":200,\"zip\":1,\"\":2}}"), 0),
        NULL, &err));
    cr_assert_eq(reader_next(reader, &record, &err), READ_RECORD);
    cr_assert_eq(reader_columns(reader, &columns), ARRAY_LENGTH(expected));
    for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
        cr_expect_str_eq(columns[i].name, expected[i].name);
        cr_expect_eq(columns[i].field, expected[i].field);
    }
    cr_expect_not(reader_is_whole_document(reader));
    reader_close(reader);
    cr_assert(reader_open_input(&reader, input_from(STR("[]"), 0), NULL, &err));
    cr_expect(reader_is_whole_document(reader));
    cr_expect_eq(reader_next(reader, &record, &err), READ_END);
    reader_close(reader);
}

Test(reader_cloudevents, say_what_is_wrong_without_a_byte_of_it)
{
    static const struct {
        struct str content;
        const char *text;
    } broken[] = {
        {STR(HEAD TIME ",\"subject\":\"hunter2\",\"data\":{\"handle\":\"secret\"}}"),
         "handle of data is another than the attribute subject says"},
        {STR("[{\"specversion\":\"1.0\",\"hunter2\":hunter2}]"),
         "the element is not valid JSON: invalid token (column 37)"},
        {STR("{\"specversion\":\"1.0\",\"type\":\"hunter2\"}"),
         "type is absent or another than com.x.engagement.request"},
        {STR(HEAD TIME ",\"data\":\"hunter2\"}"), "data is no object; an object with our other fields is taken"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(broken); i++) {
        struct reader *reader = NULL;
        struct record record;
        struct error err = {0};
        cr_assert(reader_open_input(&reader, input_from(broken[i].content, 0), NULL, &err), "%s", err.text);
        cr_assert_eq(reader_next(reader, &record, &err), READ_RECORD);
        cr_expect_not(record.readable);
        cr_expect_str_eq(record.why.text, broken[i].text);
        reader_close(reader);
    }
}
