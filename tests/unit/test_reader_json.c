/* SPDX-License-Identifier: MIT */
/* JSON lines as records: cases as data, each read at several chunk sizes. */

#include "reader_from.h"

static const struct {
    struct str content;
    const char *records; /* as read_all writes them */
} cases[] = {
    {STR("{\"time\":\"2026-10-01T00:00:00Z\",\"handle\":\"ann\"}\n"), "1 time=2026-10-01T00:00:00Z handle=ann|END"},
    {STR("{\"timestamp\":1790000000.5,\"user_id\":17}"), "1 time=#1790000000.5 user_id=#17|END"},
    {STR("{\"id\":\"\",\"event_id\":\"e\",\"time\":null}\n"), "1 id=e|END"},
    {STR("{\"id\":\"a\",\"event_id\":\"b\"}\n{\"time\":1}"), "1 !two_fields|2 time=#1|END"},
    {STR("{\"id\":\"a\",\"event_id\":null}\n"), "1 id=a|END"},
    {STR("{\"username\":\"a\",\"screen_name\":\"a\"}\n"), "1 !two_fields|END"},
    {STR("{\"id\":null,\"id\":\"x\"}\n"), "1 !bad_json|END"},
    {STR("{\"x\":1,\"x\":1}\n{\"x\":1}"), "1 !bad_json|2|END"},
    {STR("{\"TIME\":1,\"Time\":2,\"times\":3}"), "1|END"},
    {STR("{\"failed\":{\"gone\":[\"1\",2]},\"metrics\":{\"likes\":{\"b\":1,\"a\":2}}}"),
     "1 failed={\"gone\":[\"1\",2]} metrics={\"likes\":{\"a\":2,\"b\":1}}|END"},
    {STR("{\"failed\":[],\"auth\":true}"), "1 auth=true failed=[]|END"},
    {STR("{\"label\":\"gr\\u00fc\\u00dfe\",\"tweet_count\":-3}"), "1 tweet_count=#-3 label=gr\xC3\xBC\xC3\x9F"
                                                                  "e|END"},
    {STR("{\"\\u0069d\":\"escaped key\"}"), "1 id=escaped key|END"},
    {STR("{}\n"), "1|END"},
    {STR("{\"user_id\":9223372036854775807}\n{\"user_id\":9223372036854775808}\n"),
     "1 user_id=#9223372036854775807|2 user_id=9223372036854775808|END"},
    {STR("{\"tweet_count\":9223372036854775808,\"handle\":18446744073709551616}"),
     "1 handle=#1.8446744073709552e+19 tweet_count=#9.2233720368547758e+18|END"},
    {STR("\xEF\xBB\xBF\n\r\n  \n{\"id\":\"a\"}\r\n\n{\"id\":\"b\"}"), "4 id=a|6 id=b|END"},
    {STR("{\"id\":\"a\"}\nnonsense\n[1]\n17\n\"text\"\n{\"id\":\n{\"id\":\"b\"}\n"),
     "1 id=a|2 !bad_json|3 !bad_json|4 !bad_json|5 !bad_json|6 !bad_json|7 id=b|END"},
    {STR("{\"id\":\"a\0b\"}\n{\"id\":\"\xFF\"}\n{\"id\":\"ok\"}\n"), "1 !nul_byte|2 !bad_utf8|3 id=ok|END"},
    {STR("{\"id\":\"a\"}{\"id\":\"b\"}\n"), "1 !bad_json|END"},
};

Test(reader_json, reads_cases)
{
    static const size_t limits[] = {0, 1, 2, 7};

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        for (size_t l = 0; l < ARRAY_LENGTH(limits); l++)
            cr_expect_str_eq(read_all(cases[i].content, NULL, limits[l]), cases[i].records, "case %zu", i);
        struct str file = gzip_of(cases[i].content);
        cr_expect_str_eq(read_all(file, NULL, 0), cases[i].records, "case %zu, compressed", i);
    }
}

#define NO_OBJECT "; what is taken is an object in braces, with its fields by name: {\"NAME\": VALUE, …}"

/* A line that makes jansson cite what it found. */
Test(reader_json, says_where_a_line_is_broken_without_citing_it)
{
    static const struct {
        struct str line;
        const char *text;
    } broken[] = {
        {STR("{\"auth\": Bearer hunter2secret}"), "the line is not valid JSON: invalid token (column 15)"},
        {STR("{\"hunter2secret\":1,\"hunter2secret\":2}"),
         "the line is not valid JSON: duplicate object key (column 34)"},
        {STR("{\"a\":1} hunter2secret"), "the line is not valid JSON: end of file expected (column 14)"},
        {STR("{\"a\":1e999}"), "the line is not valid JSON: real number overflow (column 10)"},
        {STR("[\"hunter2secret\"]"), "the line is a JSON array" NO_OBJECT},
        {STR("4"), "the line is a number" NO_OBJECT},
        {STR("\"hunter2secret\""), "the line is a JSON string" NO_OBJECT},
        {STR("null"), "the line is null" NO_OBJECT},
        {STR(" true"), "the line is true" NO_OBJECT},
        {STR("4 hunter2secret"), "the line is not valid JSON: '[' or '{' expected (column 1)"},
        {STR("{\"id\":\"hunter2\",\"event_id\":\"secret\"}"),
         "id is given by two keys (its name and an alias); one is taken"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(broken); i++) {
        struct reader *reader = NULL;
        struct record record;
        struct error err = {0};
        cr_assert(reader_open_input(&reader, input_from(broken[i].line, 0), "json", &err), "%s", err.text);
        cr_assert_eq(reader_next(reader, &record, &err), READ_RECORD);
        cr_expect_not(record.readable);
        cr_expect_str_eq(record.why.text, broken[i].text);
        cr_expect_eq(record.values[FIELD_ID].kind, VALUE_ABSENT);
        reader_close(reader);
    }
}

Test(reader_json, lists_the_columns_it_saw)
{
    struct str content =
        STR("{\"time\":1,\"zip\":2}\n{\"event_id\":\"a\",\"zip\":3,\"time\":4}\n{\"id\":1,\"ti\\tme\":2}\n");
    static const struct column expected[] = {
        {"time", FIELD_TIME}, {"zip", FIELD_UNKNOWN},   {"event_id", FIELD_ID},
        {"id", FIELD_ID},     {"ti?me", FIELD_UNKNOWN},
    };
    struct reader *reader = NULL;
    struct record record;
    struct error err = {0};
    const struct column *columns;

    cr_assert(reader_open_input(&reader, input_from(content, 0), NULL, &err));
    cr_expect_eq(reader_columns(reader, &columns), 0);
    while (reader_next(reader, &record, &err) == READ_RECORD)
        continue;
    cr_assert_eq(reader_columns(reader, &columns), ARRAY_LENGTH(expected));
    for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
        cr_expect_str_eq(columns[i].name, expected[i].name);
        cr_expect_eq(columns[i].field, expected[i].field);
    }
    reader_close(reader);
}

Test(reader_json, remembers_at_most_50_unknown_columns)
{
    char *content = lasting_alloc(ALL_MAX);
    size_t used = 0;
    struct reader *reader = NULL;
    struct record record;
    struct error err = {0};
    const struct column *columns;

    for (int i = 0; i < 3000; i++)
        used += (size_t)snprintf(content + used, ALL_MAX - used, "{\"key%d\":1,\"time\":2,\"%0100d\":3}\n", i, i);
    cr_assert(reader_open_input(&reader, input_from((struct str){content, used}, 0), NULL, &err));
    while (reader_next(reader, &record, &err) == READ_RECORD)
        cr_assert(record.readable && record.values[FIELD_TIME].integer == 2);
    cr_assert_eq(reader_columns(reader, &columns), 51, "and time");
    cr_expect_str_eq(columns[0].name, "key0");
    cr_expect_eq(strlen(columns[2].name), 64, "long names are cut");
    reader_close(reader);
}

/* The keys of a line are known by those of the line before: they must not be mixed up when they change. */
Test(reader_json, follows_keys_that_change_places)
{
    static const char *const keys[] = {"id",  "time", "handle", "source", "label",   "app",
                                       "zip", "zap",  "",       "i",      "username"};
    uint32_t seed = 77;
    char line[400], expected[400];

    char *content = lasting_alloc(ALL_MAX), *all = lasting_alloc(ALL_MAX);
    size_t content_used = 0, all_used = 0;
    for (int number = 1; number <= 2000; number++) {
        const char *chosen[FIELD_COUNT] = {NULL};
        bool used_key[ARRAY_LENGTH(keys)] = {false};
        size_t used = 0;
        for (size_t count = 1 + random_below(&seed, 6), i = 0; i < count; i++) {
            size_t key = random_below(&seed, ARRAY_LENGTH(keys));
            enum field field = field_find(str_of(keys[key]));
            if (used_key[key] || (field != FIELD_UNKNOWN && chosen[field] != NULL))
                continue;
            used_key[key] = true;
            if (field != FIELD_UNKNOWN)
                chosen[field] = keys[key];
            used += (size_t)snprintf(line + used, sizeof line - used, "%s\"%s\":\"%s!\"", used > 0 ? "," : "",
                                     keys[key], keys[key]);
        }
        content_used += (size_t)snprintf(content + content_used, ALL_MAX - content_used, "{%s}\n", line);
        used = (size_t)snprintf(expected, sizeof expected, "%d", number);
        for (int field = 0; field < FIELD_COUNT; field++) {
            if (chosen[field] != NULL)
                used += (size_t)snprintf(expected + used, sizeof expected - used, " %s=%s!",
                                         field_name((enum field)field), chosen[field]);
        }
        all_used += (size_t)snprintf(all + all_used, ALL_MAX - all_used, "%s|", expected);
    }
    snprintf(all + all_used, ALL_MAX - all_used, "END");
    cr_assert_str_eq(read_all((struct str){content, content_used}, NULL, 0), all);
}
