/* SPDX-License-Identifier: MIT */
/* Content cut into lines: against a plain splitter over the whole content, at random boundaries. */

#include "ingest/record.h"
#include "reader_from.h"

/* The plain splitter: the line at `at`, its text without the line end. */
static struct str plain_line(struct str content, size_t at, size_t *next)
{
    const char *newline = memchr(content.data + at, '\n', content.size - at);
    size_t end = newline != NULL ? (size_t)(newline - content.data) : content.size;

    *next = newline != NULL ? end + 1 : end;
    if (end > at && content.data[end - 1] == '\r')
        end--;
    return (struct str){content.data + at, end - at};
}

static bool plain_is_blank(struct str line)
{
    for (size_t i = 0; i < line.size; i++) {
        if (strchr(" \t\r", line.data[i]) == NULL || line.data[i] == '\0')
            return false;
    }
    return true;
}

static void check_place(struct records *records, struct str content, uint64_t end)
{
    unsigned char place[DIGEST_SIZE], expected[DIGEST_SIZE];

    cr_assert_eq(records_place(records, place), end);
    digest_of(content.data, end, expected);
    cr_assert_arr_eq(place, expected, DIGEST_SIZE, "the digest of the first %" PRIu64 " bytes", end);
}

static void check_record(const struct record *record, struct str line, size_t at, size_t next)
{
    bool fits = line.size <= RECORD_MAX;
    struct str kept = {line.data, fits ? line.size : RECORD_RAW_MAX};

    cr_assert_eq(record->readable, fits, "a line of %zu bytes", line.size);
    cr_assert(str_equal(record->raw, kept));
    cr_assert_geq(record->raw_size, line.size);
    cr_assert_leq(record->raw_size, line.size + (fits ? 0 : 1)); /* a CR may be counted */
    cr_assert_eq(record->first_byte, at);
    cr_assert_eq(record->end_byte, next);
    if (!fits)
        cr_assert_str_eq(record->why.reason, "line_too_long");
}

/* `places`: one in so many records has its digest checked. */
static void check_lines(struct str content, size_t limit, uint32_t *seed, size_t places)
{
    struct records *records = records_new(input_from(content, limit));
    struct record record;
    struct error err = {0};
    size_t at = content.size >= 3 && memcmp(content.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    size_t end = content.size;
    uint64_t number = 1;

    for (size_t next; at < content.size; at = next, number++) {
        struct str line = plain_line(content, at, &next);
        if (plain_is_blank(line)) {
            end = content.data[next - 1] == '\n' ? end : at; /* blanks at the end may begin a line */
            continue;
        }
        cr_assert_eq(records_line(records, &record, &err), READ_RECORD, "line %" PRIu64 ": %s", number, err.text);
        cr_assert_eq(record.line, number);
        check_record(&record, line, at, next);
        if (random_below(seed, places) == 0)
            check_place(records, content, next);
    }
    cr_assert_eq(records_line(records, &record, &err), READ_END);
    cr_assert_eq(records_line(records, &record, &err), READ_END);
    check_place(records, content, end);
    records_free(records);
}

Test(record, cuts_random_content_at_random_boundaries)
{
    uint32_t seed = 42;

    for (int i = 0; i < 300; i++) {
        struct str content = random_text(&seed, random_below(&seed, 2000), STR("ab\n\r \t\n\0\xff"));
        check_lines(content, 1 + random_below(&seed, 40), &seed, 3);
        check_lines(content, 0, &seed, 3);
    }
}

Test(record, takes_cases_of_line_ends_blank_lines_and_bom)
{
    static const struct str cases[] = {
        STR(""),
        STR("\n"),
        STR("\xEF\xBB\xBF"),
        STR("\xEF\xBB"),
        STR("\xEF\xBB\xBFone\n"),
        STR("\xEF\xBB\xBF\xEF\xBB\xBFone\n"), /* only the first is one */
        STR("one"),
        STR("one\r\n"),
        STR("one\r"),
        STR("one\rtwo\n"),
        STR("\r\n\r\none\r\n \t\r\ntwo\n\n\n"),
        STR("one\n\xEF\xBB\xBF"
            "two\n"),
    };
    uint32_t seed = 1;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        for (size_t limit = 0; limit < 5; limit++)
            check_lines(cases[i], limit, &seed, 1);
    }
}

/* Lines of these sizes; free() their data. */
static struct str lines_of(const size_t *sizes, size_t count, const char *line_end)
{
    size_t size = 0, ends = strlen(line_end);
    for (size_t i = 0; i < count; i++)
        size += sizes[i] + ends;

    char *data = malloc(size + 1), *at = data;
    for (size_t i = 0; i < count; i++) {
        memset(at, 'a' + (int)(i % 26), sizes[i]);
        memcpy(at + sizes[i], line_end, ends);
        at += sizes[i] + ends;
    }
    return (struct str){data, size};
}

Test(record, reads_past_lines_that_are_too_long)
{
    static const size_t sizes[][5] = {
        {RECORD_MAX - 1, 1, RECORD_MAX, 1, RECORD_MAX + 1},
        {RECORD_MAX + 2, 5, RECORD_MAX + 3, 0, RECORD_MAX + 4},
        {3 * RECORD_MAX, 7, RECORD_MAX, RECORD_MAX, 9},
        {10, 5 * RECORD_MAX + 17, 10, 2 * RECORD_MAX, 10},
    };
    static const char *const ends[] = {"\n", "\r\n"};
    static const size_t limits[] = {0, 4093, 65536};
    uint32_t seed = 9;

    for (size_t i = 0; i < ARRAY_LENGTH(sizes) * ARRAY_LENGTH(ends) * ARRAY_LENGTH(limits); i++) {
        const char *end = ends[i % 2];
        struct str content = lines_of(sizes[i / 2 % 4], 5, end);
        size_t limit = limits[i / 8];
        check_lines(content, limit, &seed, 1);
        content.size -= strlen(end); /* the last line without its end */
        check_lines(content, limit, &seed, 1);
        free((void *)(uintptr_t)content.data);
    }
}

Test(record, extends_over_lines_up_to_the_ceiling_and_takes_it_back)
{
    static const size_t limits[] = {0, 1000, 65536};
    size_t sizes[40];
    for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++)
        sizes[i] = i % 3 == 2 ? 0 : 50000 + i;
    struct str content = lines_of(sizes, ARRAY_LENGTH(sizes), "\n");

    for (size_t l = 0; l < ARRAY_LENGTH(limits); l++) {
        struct records *records = records_new(input_from(content, limits[l]));
        struct record record;
        struct error err = {0};
        cr_assert_eq(records_line(records, &record, &err), READ_RECORD);
        size_t at = (size_t)record.first_byte, end = sizes[0] + 1, lines = 1;
        while (records_extend(records, &record, &err) == READ_RECORD) {
            end += sizes[lines++] + 1;
            cr_assert(str_equal(record.raw, (struct str){content.data + at, end - at - 1}));
            cr_assert_eq(record.end_byte, end);
            cr_assert_eq(record.line, 1);
        }
        cr_assert_leq(record.raw.size, RECORD_MAX);
        cr_assert_gt(record.raw.size + sizes[lines] + 1, RECORD_MAX, "the next line would have passed the ceiling");
        records_first_line(records, &record);
        cr_assert(str_equal(record.raw, (struct str){content.data, sizes[0]}));
        check_place(records, content, sizes[0] + 1);
        cr_assert_eq(records_line(records, &record, &err), READ_RECORD);
        cr_assert(str_equal(record.raw, (struct str){content.data + sizes[0] + 1, sizes[1]}));
        cr_assert_eq(record.line, 2);
        records_free(records);
    }
    free((void *)(uintptr_t)content.data);
}

Test(record, does_not_extend_past_the_end)
{
    struct records *records = records_new(input_from(STR("one\n\ntwo"), 1));
    struct record record;
    struct error err = {0};

    cr_assert_eq(records_line(records, &record, &err), READ_RECORD);
    cr_expect_eq(records_extend(records, &record, &err), READ_RECORD);
    cr_expect(str_equal(record.raw, STR("one\n")));
    cr_expect_eq(records_extend(records, &record, &err), READ_RECORD);
    cr_expect_eq(records_extend(records, &record, &err), READ_END);
    cr_expect(str_equal(record.raw, STR("one\n\ntwo")));
    cr_expect_eq(records_line(records, &record, &err), READ_END);
    records_free(records);
}

Test(record, gives_what_came_before_a_failure_and_its_place)
{
    size_t sizes[] = {100, 200, 3 * RECORD_MAX};
    struct str content = lines_of(sizes, 3, "\n");
    struct str file = gzip_of(content);
    struct records *records = records_new(input_from((struct str){file.data, file.size - 20}, 0));
    struct record record;
    struct error err = {0};
    unsigned char place[DIGEST_SIZE];

    cr_assert_eq(records_line(records, &record, &err), READ_RECORD);
    cr_assert_eq(records_line(records, &record, &err), READ_RECORD);
    check_place(records, content, 302);
    cr_assert_eq(records_line(records, &record, &err), READ_FAILED);
    cr_expect_not_null(strstr(err.text, "cut off"), "%s", err.text);
    check_place(records, content, records_place(records, place));
    cr_assert_eq(records_line(records, &record, &err), READ_FAILED);
    records_free(records);
    free((void *)(uintptr_t)content.data);
}

Test(record, rejects_nul_and_what_is_no_utf8)
{
    static const struct {
        struct str text;
        const char *reason; /* NULL: fine */
    } cases[] = {
        {STR("plain"), NULL},
        {STR("gr\xC3\xBC\xC3\x9F"
             "e \xF0\x9F\x98\x80"),
         NULL},
        {STR("a\0b"), "nul_byte"},
        {STR("\xFF\0"), "nul_byte"},
        {STR("gr\xFC\xDF"
             "e"),
         "bad_utf8"},
        {STR("\xC0\x80"), "bad_utf8"},
        {STR("\xED\xA0\x80"), "bad_utf8"},
        {STR("cut \xE2\x82"), "bad_utf8"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct record record = {.readable = true, .raw = cases[i].text};
        cr_expect_eq(record_check_text(&record), cases[i].reason == NULL, "case %zu", i);
        cr_expect_eq(record.readable, cases[i].reason == NULL);
        if (cases[i].reason != NULL)
            cr_expect_str_eq(record.why.reason, cases[i].reason);
    }
}
