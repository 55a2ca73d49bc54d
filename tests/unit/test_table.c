/* SPDX-License-Identifier: MIT */
/* Tables: alignment, widths of what is not ASCII, and text from logs that must not steer a terminal. */

#include <criterion/criterion.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "cli/text.h"
#include "cli/wrap.h"

static const struct table_column columns[] = {{"NAME", TABLE_LEFT}, {"COUNT", TABLE_RIGHT}, {"NOTE", TABLE_LEFT}};

static char *printed;
static size_t printed_size;
static FILE *out;

static void begin(void)
{
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    out = open_memstream(&printed, &printed_size);
}

static void end(void)
{
    fclose(out);
    free(printed);
}

TestSuite(table, .init = begin, .fini = end);

static const char *text(void)
{
    fflush(out);
    return printed;
}

Test(table, pads_to_the_widest_and_leaves_nothing_behind)
{
    struct table *table = table_new(columns, 3);
    table_add(table, (const char *const[]){"a", "1", "x"});
    table_add(table, (const char *const[]){"longer", "123456", ""});
    cr_assert_eq(table_width(table), 6 + 2 + 6 + 2 + 4);
    table_print(table, out);
    table_free(table);
    cr_assert_str_eq(text(), "NAME     COUNT  NOTE\n"
                             "a            1  x\n"
                             "longer  123456\n");
}

Test(table, shows_a_dash_for_nothing)
{
    struct table *table = table_new(columns, 3);
    table_add(table, (const char *const[]){NULL, NULL, NULL});
    table_print(table, out);
    table_free(table);
    cr_assert_str_eq(text(), "NAME  COUNT  NOTE\n"
                             "–         –  –\n");
}

Test(table, counts_columns_and_not_bytes)
{
    struct table *table = table_new(columns, 3);
    table_add(table, (const char *const[]){"Zürich", "1", "x"});
    table_add(table, (const char *const[]){"東京", "1", "x"});
    table_add(table, (const char *const[]){"plain", "1", "x"});
    table_print(table, out);
    table_free(table);
    cr_assert_str_eq(text(), "NAME    COUNT  NOTE\n"
                             "Zürich      1  x\n"
                             "東京        1  x\n"
                             "plain       1  x\n");
}

Test(table, takes_the_power_from_control_characters)
{
    struct table *table = table_new(columns, 1);
    table_add(table, (const char *const[]){"a\033[2J\nb\x7F"});
    table_add(table, (const char *const[]){"a\xC2\x9B"
                                           "b"});
    table_print(table, out);
    table_free(table);
    cr_assert_null(strchr(text(), '\033'));
    cr_assert_str_eq(text(), "NAME\na\\u001B[2J\\u000Ab\\u007F\na\\u009Bb\n");
}

Test(table, writes_out_bytes_that_are_no_utf8)
{
    struct table *table = table_new(columns, 2);
    table_add(table, (const char *const[]){"a\xFFzz", "1"});
    table_add(table, (const char *const[]){"abcdef", "2"});
    table_print(table, out);
    table_free(table);
    cr_assert_str_eq(text(), "NAME     COUNT\na\\xFFzz      1\nabcdef       2\n");
}

Test(table, prints_in_parts_with_one_heading)
{
    struct table *table = table_new(columns, 2);
    table_add(table, (const char *const[]){"longer", "1"});
    cr_assert_eq(table_rows(table), 1);
    table_flush(table, out);
    cr_assert_eq(table_rows(table), 0);
    table_add(table, (const char *const[]){"b", "2"});
    table_flush(table, out);
    table_free(table);
    cr_assert_str_eq(text(), "NAME    COUNT\nlonger      1\nb           2\n");
}

Test(table, has_no_colour_where_no_terminal_is)
{
    struct table *table = table_new(columns, 1);
    table_add(table, (const char *const[]){"a"});
    table_set_tone(table, TABLE_BAD);
    table_print(table, out);
    table_free(table);
    cr_assert_str_eq(text(), "NAME\na\n");
}

static const struct {
    int64_t used, limit;
    const char *bar;
} bars[] = {
    {0, 10, "········ 0%"},    {5, 10, "████···· 50%"},
    {10, 10, "████████ 100%"}, {999, 1000, "███████▉ 99%"},
    {15, 10, "████████ 150%"}, {0, 0, "████████ 100%"},
    {1, 0, "████████ >999%"},  {INT64_MAX, 1, "████████ >999%"},
    {1, 100, "········ 1%"},   {INT64_MAX / 2, INT64_MAX, "███▉···· 49%"},
};

Test(cell, a_bar_shows_the_share_of_the_limit)
{
    for (size_t i = 0; i < ARRAY_LENGTH(bars); i++) {
        struct cell cell;
        struct reconcile_status status = {.unique_handles = bars[i].used, .limit = bars[i].limit};
        cr_expect_str_eq(cell_bar(&cell, &status, 8), bars[i].bar);
    }
    struct cell cell;
    struct reconcile_status unlimited = {.unique_handles = 5, .limit = RECONCILE_NO_LIMIT};
    cr_assert_null(cell_bar(&cell, &unlimited, 8));
}

Test(cell, a_time_is_cut_to_its_second)
{
    struct cell cell;
    cr_assert_str_eq(cell_time(&cell, INT64_C(1751325163000001)), "2025-06-30T23:12:43Z");
    cr_assert_null(cell_time(&cell, RECONCILE_NO_TIME));
}

static void expect_wrapped(const char *in, size_t indent, size_t column, const char *wanted)
{
    char *got = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&got, &size);
    wrap_print(memory, in, indent, column);
    fclose(memory);
    cr_expect_str_eq(got, wanted);
    free(got);
}

Test(wrap, breaks_at_eighty_columns)
{
    expect_wrapped("a b", 2, 0, "  a b\n");
    expect_wrapped("a b", 2, 2, "a b\n");
    expect_wrapped("one\n\ntwo", 0, 0, "one\n\ntwo\n");
    expect_wrapped("1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 123\n", 0, 0,
                   "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 123\n");
    expect_wrapped("1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234", 0, 0,
                   "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890\n1234\n");
    expect_wrapped("  list item", 1, 0, "   list item\n");
}
