/* SPDX-License-Identifier: MIT */
/* The reader as the loader sees it: formats by content, what is refused, places, and a mangled file. */

#include "ingest/mapping.h"
#include "reader_from.h"

static const struct {
    struct str content;
    const char *format; /* asked for; NULL: by content */
    const char *found;  /* the format, or a part of the message that refuses it */
    enum exit_code code;
} cases[] = {
    {STR(""), NULL, "empty", EXIT_DONE},
    {STR(""), "csv", "empty", EXIT_DONE},
    {STR(" \n\t\r\n"), "json", "empty", EXIT_DONE},
    {STR("\xEF\xBB\xBF"), NULL, "empty", EXIT_DONE},
    {STR("{\"time\":1}"), NULL, "json", EXIT_DONE},
    {STR("\n \n  {"), NULL, "json", EXIT_DONE},
    {STR("\xEF\xBB\xBF{}"), NULL, "json", EXIT_DONE},
    {STR("zip,occurred_at,username\n"), NULL, "csv", EXIT_DONE},
    {STR("nonsense"), "json", "json", EXIT_DONE},
    {STR("Time,Handle\n"), NULL, "the CSV header has no column time", EXIT_COMMAND},
    {STR("zip;time;handle\n"), NULL, "the CSV header has semicolons", EXIT_COMMAND},
    {STR("[{\"time\":1}]"), NULL, "a JSON array, but not of CloudEvents; `jq -c '.[]'`", EXIT_COMMAND},
    {STR("[17,{\"specversion\":\"1.0\"}]"), NULL, "a JSON array, but not of CloudEvents", EXIT_COMMAND},
    {STR("[[{\"specversion\":\"1.0\"}]]"), NULL, "a JSON array, but not of CloudEvents", EXIT_COMMAND},
    {STR("[nonsense"), NULL, "a JSON array, but not of CloudEvents", EXIT_COMMAND},
    {STR("\n[\n {\"id\":\"a\",\n  \"data\":{},\"specversion\":\"1.0\"},\n  nonsense"), NULL, "cloudevents", EXIT_DONE},
    {STR("{\"id\":\"a\",\"specversion\":\"1.0\"}\nnonsense"), NULL, "cloudevents", EXIT_DONE},
    {STR("{\"data\":{\"specversion\":\"1.0\"}}\n"), NULL, "json", EXIT_DONE},
    {STR("{\"id\":\"a\",\n\"specversion\":\"1.0\"}\n"), NULL, "a JSON object over several lines", EXIT_COMMAND},
    {STR("{\"id\":\"a\",\n\"time\":1}\n"), NULL, "a JSON object over several lines; `jq -c .`", EXIT_COMMAND},
    {STR("{\"id\":\"a\",\n{\"time\":1}\n"), NULL, "json", EXIT_DONE},
    {STR("[]"), NULL, "cloudevents", EXIT_DONE},
    {STR("{\n  \"log\": {\n    \"version\": \"1.2\",\n    \"entries\": []\n  }\n}\n"), NULL, "har", EXIT_DONE},
    {STR("{\"log\":{\"entries\":["), NULL, "har", EXIT_DONE},
    {STR("{\"log\":{\"level\":\"info\"},\"time\":1}\n"), NULL, "json", EXIT_DONE},
    {STR("{\"log\":\"x\",\"version\":{\"version\":1}}\n"), NULL, "json", EXIT_DONE},
    {STR("{\"log\":[{\"version\":1}],\"time\":1}\n"), NULL, "json", EXIT_DONE},
    {STR("[{}]"), "cloudevents", "cloudevents", EXIT_DONE},
    {STR("[{}]"), "json", "json", EXIT_DONE},
    {STR("PK\x03\x04\x14\x00"), NULL, "a zip archive or a workbook", EXIT_COMMAND},
    {STR("\x28\xB5\x2F\xFD\x00"), NULL, "zstdcat", EXIT_COMMAND},
    {STR("\xFF\xFEt\0i\0m\0e\0"), NULL, "is UTF-16 text", EXIT_COMMAND},
    {STR("\xFE\xFF\0t\0i\0m\0e"), "json", "is UTF-16 text", EXIT_COMMAND},
    {STR("{\0\"\0i\0d\0"), NULL, "is UTF-16LE text", EXIT_COMMAND},
    {STR("\0{\0\"\0i\0d"), NULL, "is UTF-16BE text", EXIT_COMMAND},
    {STR("\xFF\xFE\0\0{\0\0\0"), NULL, "is UTF-32 text", EXIT_COMMAND},
    {STR("\0\0\xFE\xFF\0\0\0{"), NULL, "is UTF-32 text", EXIT_COMMAND},
    {STR("{\0\0\0\"\0\0\0"), NULL, "is UTF-32LE text", EXIT_COMMAND},
    {STR("\0\0\0{\0\0\0\""), "csv", "is UTF-32BE text", EXIT_COMMAND},
    {STR("{\0"), NULL, "json", EXIT_DONE},
    {STR("\x7F"
         "ELF\x02\x01\x01\0\0\0\0\0"),
     NULL, "a binary file", EXIT_COMMAND},
    {STR("caf\xE9,time\n"), NULL, "the CSV header can't be read", EXIT_COMMAND},
    {STR("just some text\nmore\n"), NULL,
     "neither JSON lines nor CSV with a known column (its first line begins: just some text)", EXIT_COMMAND},
    {STR("1.2.3.4 - - \"GET /\x1b[31m\""), NULL, "begins: 1.2.3.4 - - \"GET /?[31m\")", EXIT_COMMAND},
    {STR("Authorization: Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"), NULL,
     "begins: Authorization: [masked]", EXIT_COMMAND},
    {STR("{}"), "xml", "format 'xml' is not known; known: json, csv, cloudevents, har", EXIT_USAGE},
};

static void check_case(size_t i, struct str content, size_t limit)
{
    struct reader *reader = NULL;
    struct error err = {0};

    if (reader_open_input(&reader, input_from(content, limit), cases[i].format, &err)) {
        cr_expect_str_eq(reader_format_name(reader), cases[i].found, "case %zu", i);
        reader_close(reader);
        return;
    }
    cr_expect_eq(err.code, cases[i].code, "case %zu: %s", i, err.text);
    cr_expect_not_null(strstr(err.text, cases[i].found), "case %zu: %s", i, err.text);
}

Test(reader, knows_formats_by_content_and_refuses_the_rest)
{
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        for (size_t limit = 0; limit < 3; limit++)
            check_case(i, cases[i].content, limit);
        check_case(i, gzip_of(cases[i].content), 0);
    }
}

Test(reader, refuses_gzip_that_is_cut_off_or_doubled)
{
    struct reader *reader = NULL;
    struct error err = {0};

    cr_expect_not(reader_open_input(&reader, input_from(STR("\x1F\x8B\x08\x00"), 0), NULL, &err));
    cr_expect_not_null(strstr(err.text, "the gzip data is cut off"), "%s", err.text);
    cr_expect_not(reader_open_input(&reader, input_from(gzip_of(gzip_of(STR("{}"))), 0), NULL, &err));
    cr_expect_not_null(strstr(err.text, "gzip within gzip"), "%s", err.text);
}

Test(reader, refuses_a_file_of_blanks_without_end)
{
    size_t size = (size_t)3 << 20;
    char *content = malloc(size);
    struct reader *reader = NULL;
    struct error err = {0};

    memset(content, '\n', size);
    cr_assert_not(reader_open_input(&reader, input_from((struct str){content, size}, 0), NULL, &err));
    cr_expect_not_null(strstr(err.text, "blank bytes"), "%s", err.text);
    free(content);
}

Test(reader, opens_paths)
{
    struct reader *reader = NULL;
    struct error err = {0};

    cr_expect_not(reader_open(&reader, "/nonexistent/log.json", NULL, NULL, &err));
    cr_expect_not_null(strstr(err.text, "/nonexistent/log.json: there is no such file"), "%s", err.text);
    cr_expect_not(reader_open(&reader, "/", NULL, NULL, &err));
    cr_expect_not_null(strstr(err.text, "directory"), "%s", err.text);
    cr_assert(reader_open(&reader, "/dev/null", NULL, NULL, &err), "%s", err.text);
    cr_expect_str_eq(reader_format_name(reader), "empty");
    reader_close(reader);
    reader_close(NULL);
}

Test(reader, tells_how_far_it_came)
{
    struct str content = STR("{\"time\":1}\n\n{\"time\":2}\n\n");
    struct str file = gzip_of(content);
    struct reader *reader = NULL;
    struct record record;
    struct error err = {0};
    unsigned char place[DIGEST_SIZE], expected[DIGEST_SIZE];

    cr_assert(reader_open_input(&reader, input_from(file, 0), NULL, &err));
    cr_expect_eq(reader_bytes_total(reader), file.size);
    cr_assert_eq(reader_next(reader, &record, &err), READ_RECORD);
    cr_expect_eq(reader_place(reader, place), 11);
    digest_of(content.data, 11, expected);
    cr_expect_arr_eq(place, expected, DIGEST_SIZE);
    cr_assert_eq(reader_next(reader, &record, &err), READ_RECORD);
    cr_expect_eq(record.first_byte, 12);
    cr_expect_eq(record.end_byte, 23);
    cr_assert_eq(reader_next(reader, &record, &err), READ_END);
    cr_expect_eq(reader_place(reader, place), content.size);
    digest_of(content.data, content.size, expected);
    cr_expect_arr_eq(place, expected, DIGEST_SIZE);
    cr_expect_eq(reader_bytes_done(reader), file.size);
    reader_close(reader);
}

Test(reader, gives_the_records_before_a_truncation_then_fails)
{
    struct str content = STR("time,handle\nt,a\nt,b\nt,\"c");
    struct str file = gzip_of(content);
    struct reader *reader = NULL;
    struct record record;
    struct error err = {0};

    cr_assert(reader_open_input(&reader, input_from((struct str){file.data, file.size - 8}, 1), NULL, &err));
    cr_assert_eq(reader_next(reader, &record, &err), READ_RECORD);
    cr_assert_eq(reader_next(reader, &record, &err), READ_RECORD);
    cr_expect_eq(reader_next(reader, &record, &err), READ_FAILED);
    cr_expect_eq(reader_next(reader, &record, &err), READ_FAILED);
    reader_close(reader);
}

/* ---- anything ---- */

/* What must hold for every record, whatever the file. */
static void check_record(const struct record *record, struct str content, uint64_t *end, uint64_t *line)
{
    cr_assert_geq(record->first_byte, *end);
    cr_assert_gt(record->end_byte, record->first_byte);
    cr_assert_leq(record->end_byte, content.size);
    cr_assert_gt(record->line, *line);
    cr_assert_eq(memcmp(record->raw.data, content.data + record->first_byte, record->raw.size), 0);
    for (int i = 0; i < FIELD_COUNT; i++) {
        const struct value *value = &record->values[i];
        cr_assert(record->readable || value->kind == VALUE_ABSENT);
        cr_assert(value->kind != VALUE_TEXT || (value->text.size > 0 && str_is_utf8(value->text)));
        cr_assert(value->kind != VALUE_JSON || value->json != NULL);
    }
    cr_assert(record->readable || (record->why.reason[0] != '\0' && str_is_utf8(str_of(record->why.text))));
    *end = record->end_byte;
    *line = record->line;
}

static char *read_anything(struct str content, const char *format, size_t limit, size_t *readable)
{
    struct reader *reader = NULL;
    struct record record;
    struct error err = {0};
    uint64_t end = 0, line = 0;

    if (!reader_open_input(&reader, input_from(content, limit), format, &err)) {
        cr_assert(str_is_utf8(str_of(err.text)), "%s", err.text);
        return NULL;
    }
    while (reader_next(reader, &record, &err) == READ_RECORD) {
        check_record(&record, content, &end, &line);
        *readable += record.readable ? 1 : 0;
    }
    reader_close(reader);
    return read_all(content, format, limit);
}

Test(reader, survives_mangled_files_and_reads_them_alike_at_any_boundary, .timeout = 120)
{
    static const struct str samples[] = {
        STR("{\"id\":\"a\",\"time\":\"2026-10-01T00:00:00Z\",\"user_id\":\"17\",\"failed\":{\"gone\":[\"1\"]}}\n"
            "{\"id\":\"b\",\"time\":1790000000,\"handle\":\"ann\",\"label\":\"x\\ty\",\"metrics\":{\"likes\":1}}\r\n"
            "{\"id\":\"c\",\"time\":1790000000.25,\"username\":\"bob\",\"status\":429}"),
        STR("event_id,occurred_at,handle,label,failed\r\na,2026-10-01T00:00:00Z,ann,\"x, \"\"y\"\"\",\r\n"
            "b,2026-10-01T00:00:00Z,bob,\"two\nlines\",\"{\"\"gone\"\":[\"\"1\"\"]}\"\nc,t,cid,,\n"),
    };
    static const char bytes[] = "{}[]\":,\\\n\r\t 019.-e\xC3\xBC\xFF\0x\"\"\n\n,";
    static const char *const formats[] = {NULL, "json", "csv"};
    uint32_t seed = 99;
    size_t readable = 0;

    for (int i = 0; i < 2000; i++) {
        char data[600];
        struct str sample = samples[random_below(&seed, ARRAY_LENGTH(samples))];
        const char *format = formats[random_below(&seed, ARRAY_LENGTH(formats))];
        memcpy(data, sample.data, sample.size);
        for (size_t changes = random_below(&seed, 6); changes > 0; changes--)
            data[random_below(&seed, sample.size)] = bytes[random_below(&seed, sizeof bytes - 1)];
        struct str content = {data, random_below(&seed, 8) == 0 ? random_below(&seed, sample.size) : sample.size};
        char *whole = read_anything(content, format, 0, &readable);
        char *parts = read_anything(content, format, 1 + random_below(&seed, 9), &readable);
        cr_assert_eq(whole == NULL, parts == NULL);
        cr_assert(whole == NULL || strcmp(whole, parts) == 0, "%s\n%s", whole, parts);
        arena_reset(lasting_arena());
    }
    cr_expect_gt(readable, 1500, "the test must see good records too");
}

/* A log with names of its own: its content and format, the mapping, and the user id and label that are read. */
static const struct {
    const char *content;
    const char *format;
    const char *map;
    const char *user_id;
    const char *label;
} mapped[] = {
    {"{\"uid\":\"7\",\"time\":\"x\",\"label\":\"a\"}\n", NULL, "user_id=uid", "7", "a"},
    {"{\"uid\":\"7\",\"user_id\":\"8\"}\n", NULL, "user_id=uid", "7", NULL},
    {"{\"user_id\":\"8\"}\n", NULL, "user_id=uid", NULL, NULL},
    {"{\"label\":\"7\",\"user_id\":\"a\"}\n", NULL, "user_id=label,label=user_id", "7", "a"},
    {"{\"user.id\":\"7\"}\n", "json", "user_id=user.id", "7", NULL},
    {"{\"user\":{\"id\":\"7\"}}\n", NULL, "user_id=user.id", "7", NULL},
    {"{\"user\":{\"id\":\"7\",\"x\":{\"y\":\"a\"}}}\n", NULL, "user_id=user.id,label=user.x.y", "7", "a"},
    {"{\"user\":{\"id\":null},\"label\":\"a\"}\n", NULL, "user_id=user.id", NULL, "a"},
    {"{\"user\":\"7\",\"label\":\"a\"}\n", NULL, "user_id=user.id", NULL, "a"},
    {"{\"user\":[{\"id\":\"7\"}],\"label\":\"a\"}\n", NULL, "user_id=user.id", NULL, "a"},
    {"{\"user\":{\"id\":\"\\u0037\",\"label\":\"b\"},\"label\":\"a\"}\n", NULL, "user_id=user.id", "7", "a"},
    {"{\"user\":{\"id\":\"7\"}}\n", NULL, "user_id=user.id,label=user", "7", NULL},
    {"ts,uid,label\n1,7,a\n", NULL, "time=ts,user_id=uid", "7", "a"},
    {"ts,uid,user_id,label\n1,7,8,a\n", NULL, "time=ts,user_id=uid", "7", "a"},
    {"ts,\"the, user\"\n1,7\n", "csv", "time=ts,handle=x", NULL, NULL},
    {"time,user_id\n1,7\n", NULL, "", "7", NULL},
};

static struct str text_of(const struct value *value)
{
    return value->kind == VALUE_TEXT ? value->text : (struct str){NULL, 0};
}

Test(reader, reads_the_names_of_a_mapping)
{
    for (size_t i = 0; i < ARRAY_LENGTH(mapped); i++) {
        struct mapping *mapping = NULL;
        struct reader *reader = NULL;
        struct record record;
        struct error err = {0};

        cr_assert(mapping_parse(&mapping, mapped[i].map, &err), "%s", err.text);
        bool open =
            reader_open_mapped(&reader, input_from(str_of(mapped[i].content), 0), mapped[i].format, mapping, &err);
        if (mapped[i].user_id == NULL && mapped[i].content[0] != '{') {
            cr_expect_not(open, "case %zu", i); /* a header without a user */
        } else {
            cr_assert(open, "case %zu: %s", i, err.text);
            cr_assert_eq(reader_next(reader, &record, &err), READ_RECORD, "case %zu: %s", i, err.text);
            cr_expect(str_equal(text_of(&record.values[FIELD_USER_ID]), str_of(mapped[i].user_id)), "case %zu", i);
            cr_expect(str_equal(text_of(&record.values[FIELD_LABEL]), str_of(mapped[i].label)), "case %zu", i);
            reader_close(reader);
        }
        mapping_free(mapping);
    }
}

Test(reader, takes_no_foreign_content_for_a_mapped_log)
{
    static const struct {
        const char *content;
        const char *why;
    } contents[] = {
        {"PK\x03\x04junk", "zip"},
        {"\xff\xfejunk", "UTF-16"},
        {"a\xff", "UTF-8"},
        {"ts;uid\n1;2\n", "semicolons"},
    };
    struct mapping *mapping = NULL;
    struct error err = {0};

    cr_assert(mapping_parse(&mapping, "time=ts,user_id=uid", &err));
    for (size_t i = 0; i < ARRAY_LENGTH(contents); i++) {
        struct reader *reader = NULL;
        cr_expect_not(reader_open_mapped(&reader, input_from(str_of(contents[i].content), 0), NULL, mapping, &err));
        cr_expect(strstr(err.text, contents[i].why) != NULL, "%s", err.text);
    }
    mapping_free(mapping);
}
