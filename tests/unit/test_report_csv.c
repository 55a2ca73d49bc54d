/* SPDX-License-Identifier: MIT */
/* CSV of rows in memory: quoting, the guard against formulas, and that both can be undone. */

#include "report_rendered.h"

#define NO_SHEET "{\"name\": \"One\", \"about\": \"a\", \"blocks\": []}"

static struct error err;

static char *csv_of(struct memory *memory, bool raw, bool bom, const char *dataset)
{
    const struct report_request request = {
        .format = &render_csv.format, .dataset = dataset, .month = "2026-10-01", .raw = raw, .bom = bom};

    return rendered(memory, memory_layout("many", NO_SHEET), &request, &err);
}

static const struct {
    const char *text, *guarded, *raw;
} cells[] = {
    {"plain", "plain", "plain"},
    {"a,b", "\"a,b\"", "\"a,b\""},
    {"a;b", "\"a;b\"", "\"a;b\""},
    {"say \"x\"", "\"say \"\"x\"\"\"", "\"say \"\"x\"\"\""},
    {"\"", "\"\"\"\"", "\"\"\"\""},
    {"a\r\nb", "\"a\r\nb\"", "\"a\r\nb\""},
    {"", "\"\"", "\"\""},
    {NULL, "", ""},
    {"=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"", "\"=HYPERLINK(\"\"x\"\")\""},
    {"+1", "\"'+1\"", "+1"},
    {"-2+3", "\"'-2+3\"", "-2+3"},
    {"@SUM", "\"'@SUM\"", "@SUM"},
    {"\t=1", "\"'\t=1\"", "\"\t=1\""},
    {"\rx", "\"'\rx\"", "\"\rx\""},
    {"\nx", "\"'\nx\"", "\"\nx\""},
    {" =1", "\"' =1\"", " =1"},
    {"\xC2\xA0+1", "\"'\xC2\xA0+1\"", "\xC2\xA0+1"},
    {"\xEF\xBC\x9D"
     "1",
     "\"'\xEF\xBC\x9D"
     "1\"",
     "\xEF\xBC\x9D"
     "1"},
    {"'x", "\"''x\"", "'x"},
    {"a=1", "a=1", "a=1"},
    {"\x01\x07", "\x01\x07", "\x01\x07"},
    {"\xF0\x9F\x98\x80 \xD7\xA9", "\xF0\x9F\x98\x80 \xD7\xA9", "\xF0\x9F\x98\x80 \xD7\xA9"},
    {"9223372036854775807", "9223372036854775807", "9223372036854775807"},
};

Test(report_csv, quotes_and_guards_texts)
{
    for (size_t i = 0; i < ARRAY_LENGTH(cells); i++)
        for (int raw = 0; raw < 2; raw++) {
            const char *things[][2] = {{cells[i].text, "5"}};
            struct memory memory = memory_new();
            char wanted[200];

            memory.things = things;
            memory.count = 1;
            snprintf(wanted, sizeof(wanted), "id,amount\r\n%s,5\r\n", raw ? cells[i].raw : cells[i].guarded);
            char *text = csv_of(&memory, raw, false, "things");
            cr_assert_not_null(text, "case %zu: %s", i, err.text);
            cr_expect_str_eq(text, wanted, "case %zu: %s\nwanted: %s", i, text, wanted);
            free(text);
        }
}

/* The guard's own rule, as the help tells it: an apostrophe in front is one too many. */
Test(report_csv, the_guard_can_be_undone)
{
    for (size_t i = 0; i < ARRAY_LENGTH(cells); i++) {
        const char *things[][2] = {{cells[i].text, "5"}};
        struct memory memory = memory_new();
        struct arena *arena = arena_new();
        struct str found[2];
        struct str row;
        size_t count;
        uint64_t lines;
        const char *why;

        memory.things = things;
        memory.count = 1;
        char *text = csv_of(&memory, false, false, "things");
        struct str rest = str_of(strchr(text, '\n') + 1);
        cr_assert(csv_next(&rest, &row, &lines));
        cr_assert(csv_cells(row, arena, found, 2, &count, &why), "%s", why);
        if (found[0].size > 0 && *found[0].data == '\'')
            found[0] = (struct str){found[0].data + 1, found[0].size - 1};
        cr_expect(str_equal(found[0], str_of(cells[i].text != NULL ? cells[i].text : "")), "case %zu", i);
        free(text);
        arena_free(arena);
    }
}

Test(report_csv, numbers_are_bare_and_times_have_their_offset)
{
    struct memory memory = memory_new();

    memory.month[1] = "-3";
    memory.month[2] = NULL;
    char *text = csv_of(&memory, false, true, "month");
    cr_assert_not_null(text, "%s", err.text);
    cr_expect_str_eq(text, "\xEF\xBB\xBF"
                           "contract,used,limit,charge,currency,start,zone\r\n"
                           "acme,-3,,2.50,EUR,2026-10-01T00:00:00+02:00,Europe/Vienna\r\n");
    free(text);
}

static const struct {
    const char *given, *written;
} times[] = {
    {"2026-10-01 00:00:00+00", "2026-10-01T00:00:00Z"},
    {"2026-10-01 00:00:00.25-03:30", "2026-10-01T00:00:00.25-03:30"},
    {"1937-01-01 12:00:27+00:19:32", "1937-01-01T11:40:55Z"},
};

Test(report_csv, times_are_rfc_3339)
{
    for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
        struct memory memory = memory_new();
        char wanted[80];

        memory.month[5] = times[i].given;
        snprintf(wanted, sizeof(wanted), ",EUR,%s,", times[i].written);
        char *text = csv_of(&memory, false, false, "month");
        cr_assert_not_null(text, "%s", err.text);
        cr_expect_not_null(strstr(text, wanted), "case %zu: %s", i, text);
        free(text);
    }
}

Test(report_csv, what_is_no_number_is_no_way_around_the_guard)
{
    static const char *const wrong[] = {"=1", "1+1", "NaN", "0x10", " 1", "1e", ".5", "01", "Infinity", "-", ""};

    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        const char *things[][2] = {{"a", wrong[i]}};
        struct memory memory = memory_new();

        memory.things = things;
        memory.count = 1;
        cr_expect_null(csv_of(&memory, true, false, "things"), "case %zu", i);
        cr_expect_not_null(strstr(err.text, "things: amount: \""), "%s", err.text);
        cr_expect_not_null(strstr(err.text, "\" is not of the kind integer"), "%s", err.text);
    }
}

/* More than the sink holds, in one text and in many. */
Test(report_csv, long_texts_stay_whole)
{
    static char label[3 * SINK_SIZE];
    const char *things[][2] = {{label, "1"}, {"b", "2"}};
    struct memory memory = memory_new();

    memset(label, 'x', sizeof(label) - 1);
    memory.things = things;
    memory.count = 2;
    memory.invented = 20000;
    char *text = csv_of(&memory, false, false, "things");
    cr_assert_not_null(text, "%s", err.text);
    cr_expect_eq(strspn(text + strlen("id,amount\r\n"), "x"), sizeof(label) - 1);
    cr_expect_not_null(strstr(text, "x,1\r\nb,2\r\nid 1,1\r\n"));
    cr_expect_str_eq(text + strlen(text) - strlen("id 20000,20000\r\n"), "id 20000,20000\r\n");
    free(text);
}

Test(report_csv, names_the_datasets_there_are)
{
    struct memory memory = memory_new();

    cr_expect_null(csv_of(&memory, false, false, "nothing"));
    cr_expect_str_eq(err.text, "the report test has no dataset \"nothing\"; it has: month, things, report");
    cr_expect_null(csv_of(&memory, false, false, NULL));
    cr_expect_str_eq(err.text, "csv holds one dataset, and the report test has several: --dataset chooses from month, "
                               "things, report");
    cr_expect_eq(err.code, EXIT_USAGE);
}
