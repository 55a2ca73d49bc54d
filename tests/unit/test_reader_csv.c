/* SPDX-License-Identifier: MIT */
/* CSV as records: cases as data, random tables, and stray quotes that must not take good rows along. */

#include "ingest/record.h"
#include "reader_from.h"

#include <time.h>

static const struct {
    struct str content;
    const char *records; /* as read_all writes them */
} cases[] = {
    {STR("event_id,occurred_at,handle\na,t,ann\nb,u,\"bob\"\n"),
     "2 id=a time=t handle=ann|3 id=b time=u handle=bob|END"},
    {STR("\xEF\xBB\xBFtime,user_id\r\nt,1\r\n\r\nu,2"), "2 time=t user_id=1|4 time=u user_id=2|END"},
    {STR("\"time\",\"handle\"\nt,ann\n"), "2 time=t handle=ann|END"},
    {STR("time,auth\nt,app\n"), "2 time=t auth=app|END"},
    {STR("time,handle"), "END"},
    {STR("\n\ntime,handle\n\nt,a"), "5 time=t handle=a|END"},
    {STR("time,handle,zip\nt,a,whatever\n"), "2 time=t handle=a|END"},
    {STR("time,handle,\nt,a,x\n"), "2 time=t handle=a|END"},
    {STR("time,handle,label\nt,,\n\"\",\"\",\"x\"\n,,\n"), "2 time=t|3 label=x|4|END"},
    {STR("time,handle,label\nt,a,\"one, \"\"two\"\"\"\nt,b,\"\"\"\"\n"),
     "2 time=t handle=a label=one, \"two\"|3 time=t handle=b label=\"|END"},
    {STR("time,handle,label\nt,a,\"one\n\ntwo\r\nthree\"\nt,b,x\n"),
     "2 time=t handle=a label=one\n\ntwo\r\nthree|6 time=t handle=b label=x|END"},
    {STR("time,handle\nt\nt,a,b\nt,a\n,\n"), "2 !field_count|3 !field_count|4 time=t handle=a|5|END"},
    {STR("time,handle,label\nt,a,5\" disk\nt,b,\"x\"y\nt,c,ok\n"),
     "2 !bad_quote|3 !bad_quote|4 time=t handle=c label=ok|END"},
    {STR("time,handle\nt,\"a\nt,b\nt,c\n"), "2 !bad_quote|3 time=t handle=b|4 time=t handle=c|END"},
    {STR("time,handle\nt,\"a\nt,b\nt,c\"\nt,d\n"),
     "2 time=t handle=a\nt,b\nt,c|5 time=t handle=d|END"}, /* well-formed, if strange: event_read refuses the handle */
    {STR("time,handle\nt,\"a\nt,b\nt,c\"x\nt,d\n"),
     "2 !bad_quote|3 time=t handle=b|4 !bad_quote|5 time=t handle=d|END"},
    {STR("time,handle\nt,a,\"x\ny\"\nt,b\n"), "2 !field_count|3 !bad_quote|4 time=t handle=b|END"},
    {STR("time,handle\nt,\"\xFF\"\nt,\"a\0b\"\nt,a\n"), "2 !bad_utf8|3 !nul_byte|4 time=t handle=a|END"},
    {STR("time,handle,failed,metrics\nt,a,\"{\"\"gone\"\":[\"\"1\"\"]}\",{}\n"),
     "2 time=t handle=a failed={\"gone\":[\"1\"]} metrics={}|END"},
    {STR("time,handle,failed\nt,a,null\nt,b,{\nt,c,7\nt,d,\"{\"\"a\"\":1,\"\"a\"\":2}\"\n"),
     "2 time=t handle=a|3 !bad_json|4 time=t handle=c failed=#7|5 !bad_json|END"},
    {STR("time,handle\n t , a \n"), "2 time= t  handle= a |END"},
};

Test(reader_csv, reads_cases)
{
    static const size_t limits[] = {0, 1, 2, 7};

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        for (size_t l = 0; l < ARRAY_LENGTH(limits); l++)
            cr_expect_str_eq(read_all(cases[i].content, NULL, limits[l]), cases[i].records, "case %zu", i);
    }
}

static const struct {
    struct str content;
    const char *what;
} headers[] = {
    {STR("handle,status\n"), "has no column time"},
    {STR("time,status\n"), "has no column that says who was used"},
    {STR("time,username,screen_name\n"), "has two columns for handle (username and screen_name)"},
    {STR("time,handle,id,time\n"), "has two columns for time (time and time)"},
    {STR("Time,Handle\n"), "has no column time; names are exact, in lower case"},
    {STR("time ,handle\n"), "has no column time"},
    {STR("time,handle,\"zip\n"), "can't be read (field 3: a quoted field is not closed"},
    {STR("time,handle,a\"b\n"), "can't be read (field 3: a quote stands inside"},
    {STR("time,handle,\xFF\n"), "can't be read (the record is not valid UTF-8"},
};

Test(reader_csv, refuses_headers_naming_the_known_columns)
{
    for (size_t i = 0; i < ARRAY_LENGTH(headers); i++) {
        struct reader *reader = NULL;
        struct error err = {0};
        cr_assert_not(reader_open_input(&reader, input_from(headers[i].content, 0), "csv", &err), "case %zu", i);
        cr_expect_not_null(strstr(err.text, headers[i].what), "case %zu: %s", i, err.text);
        cr_expect_not_null(strstr(err.text, "known columns: id, time, source, user_id"), "%s", err.text);
        cr_expect_eq(err.code, EXIT_COMMAND);
    }
}

Test(reader_csv, names_what_separates_the_columns_instead_of_commas)
{
    static const struct {
        struct str content;
        const char *what;
    } separated[] = {
        {STR("time;handle\n"), "has semicolons, not commas, between its columns"},
        {STR("\"time\";\"handle\"\n"), "has semicolons"},
        {STR("time\thandle\n"), "has tabs"},
        {STR("time|handle\n"), "has vertical bars"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(separated); i++) {
        struct reader *reader = NULL;
        struct error err = {0};
        cr_assert_not(reader_open_input(&reader, input_from(separated[i].content, 0), NULL, &err), "case %zu", i);
        cr_expect_not_null(strstr(err.text, separated[i].what), "case %zu: %s", i, err.text);
        cr_expect_eq(err.code, EXIT_COMMAND);
    }
}

Test(reader_csv, lists_all_columns_of_the_header)
{
    struct str content = STR("time,zip,username,,Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
    static const enum field fields[] = {FIELD_TIME, FIELD_UNKNOWN, FIELD_HANDLE, FIELD_UNKNOWN, FIELD_UNKNOWN};
    struct reader *reader = NULL;
    struct error err = {0};
    const struct column *columns;

    cr_assert(reader_open_input(&reader, input_from(content, 0), NULL, &err), "%s", err.text);
    cr_assert_eq(reader_columns(reader, &columns), ARRAY_LENGTH(fields));
    for (size_t i = 0; i < ARRAY_LENGTH(fields); i++)
        cr_expect_eq(columns[i].field, fields[i]);
    cr_expect_str_eq(columns[1].name, "zip");
    cr_expect_null(strstr(columns[4].name, "AAAA"), "%s", columns[4].name);
    reader_close(reader);
}

Test(reader_csv, refuses_a_header_of_too_many_columns)
{
    char *content = lasting_alloc(4000);
    memcpy(content, "time,handle", 11);
    memset(content + 11, ',', 3000);
    struct reader *reader = NULL;
    struct error err = {0};

    cr_assert_not(reader_open_input(&reader, input_from((struct str){content, 3011}, 0), NULL, &err));
    cr_expect_not_null(strstr(err.text, "more than 1000 columns"), "%s", err.text);
}

/* ---- random tables ---- */

struct text {
    char *data;
    size_t used;
};

static void add(struct text *text, const char *bytes, size_t size)
{
    cr_assert_leq(text->used + size + 1, ALL_MAX);
    memcpy(text->data + text->used, bytes, size);
    text->used += size;
    text->data[text->used] = '\0';
}

static void add_quoted(struct text *text, struct str cell)
{
    add(text, "\"", 1);
    for (size_t i = 0; i < cell.size; i++)
        add(text, cell.data[i] == '"' ? "\"\"" : cell.data + i, cell.data[i] == '"' ? 2 : 1);
    add(text, "\"", 1);
}

static bool needs_quotes(struct str cell)
{
    for (size_t i = 0; i < cell.size; i++) {
        if (strchr(",\"\r\n", cell.data[i]) != NULL)
            return true;
    }
    return false;
}

Test(reader_csv, reads_random_tables_back)
{
    static const char *const names[] = {"time", "handle", "label"};
    uint32_t seed = 2026;

    for (int table = 0; table < 200; table++) {
        arena_reset(lasting_arena());
        struct text csv = {lasting_alloc(ALL_MAX), 0}, expected = {lasting_alloc(ALL_MAX), 0};
        const char *line_end = random_below(&seed, 2) == 0 ? "\n" : "\r\n";
        size_t line = 2;
        char start[30];

        add(&csv, "time,handle,label", 17);
        add(&csv, line_end, strlen(line_end));
        for (size_t row = 0; row < 30; row++) {
            add(&expected, start, (size_t)snprintf(start, sizeof start, "%zu", line));
            for (size_t i = 0; i < 3; i++) {
                struct str cell = random_text(&seed, (i == 0 ? 1 : 0) + random_below(&seed, 8), STR("ab,\"\n\rc"));
                add(&csv, ",", i > 0 ? 1 : 0);
                if (needs_quotes(cell) || random_below(&seed, 3) == 0)
                    add_quoted(&csv, cell);
                else
                    add(&csv, cell.data, cell.size);
                for (size_t at = 0; at < cell.size; at++)
                    line += cell.data[at] == '\n' ? 1 : 0;
                if (cell.size > 0) {
                    add(&expected, " ", 1);
                    add(&expected, names[i], strlen(names[i]));
                    add(&expected, "=", 1);
                    add(&expected, cell.data, cell.size);
                }
            }
            add(&csv, line_end, strlen(line_end));
            add(&expected, "|", 1);
            line++;
        }
        add(&expected, "END", 3);
        char *all = read_all((struct str){csv.data, csv.used}, NULL, random_below(&seed, 50));
        cr_assert_str_eq(all, expected.data, "table %d:\n%s", table, csv.data);
    }
}

/* ---- stray quotes ---- */

/* Counts records of n lines of `line` behind a header, with `first` before them; all must be read in linear time. */
static void check_many(const char *first, const char *line, size_t n, size_t readable, size_t unreadable)
{
    size_t room = 30 + strlen(first) + n * strlen(line);
    struct text csv = {malloc(room), 0};
    struct reader *reader = NULL;
    struct record record;
    struct error err = {0};
    size_t good = 0, bad = 0;

    csv.used = (size_t)snprintf(csv.data, room, "time,handle\n%s", first);
    for (size_t i = 0; i < n; i++) {
        memcpy(csv.data + csv.used, line, strlen(line));
        csv.used += strlen(line);
    }
    int64_t started = timestamp_monotonic();
    cr_assert(reader_open_input(&reader, input_from((struct str){csv.data, csv.used}, 0), NULL, &err), "%s", err.text);
    while (reader_next(reader, &record, &err) == READ_RECORD) {
        good += record.readable ? 1 : 0;
        bad += record.readable ? 0 : 1;
    }
    cr_expect_eq(good, readable, "%s%s...: %zu", first, line, good);
    cr_expect_eq(bad, unreadable, "%s%s...: %zu", first, line, bad);
    cr_expect_lt(timestamp_monotonic() - started, 20000000, "%s%s...", first, line);
    reader_close(reader);
    free(csv.data);
}

Test(reader_csv, loses_one_line_to_a_stray_quote)
{
    check_many("t,\"a\n", "t,b\n", 2000000, 2000000, 1); /* the ceiling ends the search, not the file */
    check_many("", "t,\"a\n", 300000, 0, 300000);
    check_many("", "t,a\"\n", 300000, 0, 300000);
    check_many("t,\"a\n", "t,\"\"\n", 500000, 500000, 1);
    check_many("t,\"a\n", ",\"\"\"\"\n", 500000, 500000, 1);
    check_many("", "\"\n", 300000, 0, 300000);
    check_many("", "t,\"a\n\n\n\nt,b\n", 50000, 50000, 50000);
}

Test(reader_csv, takes_a_row_up_to_the_ceiling)
{
    struct text csv = {malloc(2 * RECORD_MAX), 0};
    struct reader *reader = NULL;
    struct record record;
    struct error err = {0};

    csv.used = (size_t)snprintf(csv.data, 2 * RECORD_MAX, "time,label,handle\nt,\"");
    for (size_t i = 0; i < RECORD_MAX - 6; i++) /* t,"…",a has 6 bytes besides the text */
        csv.data[csv.used++] = i % 3 == 0 ? '\n' : 'x';
    csv.used += (size_t)snprintf(csv.data + csv.used, RECORD_MAX, "\",a\nt,,b\n");
    cr_assert(reader_open_input(&reader, input_from((struct str){csv.data, csv.used}, 0), NULL, &err));
    cr_assert_eq(reader_next(reader, &record, &err), READ_RECORD);
    cr_expect(record.readable, "%s", record.why.text);
    cr_expect_eq(record.raw.size, RECORD_MAX);
    cr_expect_eq(record.values[FIELD_LABEL].text.size, RECORD_MAX - 6);
    cr_assert_eq(reader_next(reader, &record, &err), READ_RECORD);
    cr_expect(str_equal(record.values[FIELD_HANDLE].text, STR("b")));
    reader_close(reader);
    free(csv.data);
}
