/* SPDX-License-Identifier: MIT */
/* Pieces of text, whole numbers and memory. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/base.h"

Test(str, absent_is_not_empty)
{
    cr_assert_null(str_of(NULL).data);
    cr_assert_not_null(str_of("").data);
    cr_assert_eq(str_of("").size, 0);
    cr_assert_eq(STR("a\0b").size, 3);
}

static const struct {
    struct str a, b;
    int order;
} orders[] = {
    {{"", 0}, {"", 0}, 0},     {{NULL, 0}, {"", 0}, 0},         {{"a", 1}, {"a", 1}, 0},
    {{"a", 1}, {"b", 1}, -1},  {{"a", 1}, {"ab", 2}, -1},       {{"b", 1}, {"ab", 2}, 1},
    {{"A", 1}, {"a", 1}, -1},  {{"z", 1}, {"\xC3\xA9", 2}, -1}, {{"a\0b", 3}, {"a", 1}, 1},
    {{NULL, 0}, {"a", 1}, -1}, {{"\xFF", 1}, {"\x01", 1}, 1},
};

Test(str, compares_bytewise)
{
    for (size_t i = 0; i < ARRAY_LENGTH(orders); i++) {
        int there = str_compare(orders[i].a, orders[i].b);
        int back = str_compare(orders[i].b, orders[i].a);
        cr_expect_eq((there > 0) - (there < 0), orders[i].order, "case %zu", i);
        cr_expect_eq((back > 0) - (back < 0), -orders[i].order, "case %zu", i);
        cr_expect_eq(str_equal(orders[i].a, orders[i].b), orders[i].order == 0, "case %zu", i);
    }
}

Test(str, trims_blanks_and_tabs_alone)
{
    cr_assert(str_equal(str_trim(STR(" \t a b\t ")), STR("a b")));
    cr_assert(str_equal(str_trim(STR("a\n")), STR("a\n")));
    cr_assert_eq(str_trim(STR(" \t ")).size, 0);
    cr_assert_eq(str_trim(STR("")).size, 0);
}

static const struct {
    struct str text;
    bool good;
} utf8[] = {
    {{"", 0}, true},
    {{"plain ASCII that is longer than a word", 38}, true},
    {{"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 9}, true},
    {{"12345678\xC3\xA9", 10}, true},
    {{"\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF", 10}, true}, /* beside the surrogates; the last of all */
    {{"a\0b", 3}, false},
    {{"1234567\0", 8}, false},
    {{"\x80", 1}, false},
    {{"\xC3", 1}, false},
    {{"1234567\xC3", 8}, false},
    {{"\xE2\x82", 2}, false},
    {{"\xF0\x9F\x98", 3}, false},
    {{"\xC0\xAF", 2}, false}, /* overlong forms of '/' */
    {{"\xC1\xBF", 2}, false},
    {{"\xE0\x9F\xBF", 3}, false},
    {{"\xF0\x8F\xBF\xBF", 4}, false},
    {{"\xED\xA0\x80", 3}, false}, /* a surrogate */
    {{"\xF4\x90\x80\x80", 4}, false},
    {{"\xF5\x80\x80\x80", 4}, false},
    {{"\xE2\x28\xA1", 3}, false},
    {{"\xE2\x82\x28", 3}, false},
    {{"\xFF\xFE", 2}, false},
};

Test(str, knows_utf8)
{
    for (size_t i = 0; i < ARRAY_LENGTH(utf8); i++)
        cr_expect_eq(str_is_utf8(utf8[i].text), utf8[i].good, "case %zu", i);
}

static const struct {
    const char *text;
    int64_t min, max;
    bool good;
    int64_t value;
} numbers[] = {
    {"0", 0, 9, true, 0},
    {"007", 0, 9, true, 7},
    {"9223372036854775807", 1, INT64_MAX, true, INT64_MAX},
    {"0000000000000000000000009223372036854775807", 1, INT64_MAX, true, INT64_MAX},
    {"-9223372036854775808", INT64_MIN, INT64_MAX, true, INT64_MIN},
    {"-1", -5, 5, true, -1},
    {"-0", -5, 5, true, 0},
    {"599", 100, 599, true, 599},
    {"600", 100, 599, false, 0},
    {"99", 100, 599, false, 0},
    {"0", 1, INT64_MAX, false, 0},
    {"-1", 0, 5, false, 0},
    {"-6", -5, 5, false, 0},
    {"9223372036854775808", 0, INT64_MAX, false, 0},
    {"-9223372036854775809", INT64_MIN, INT64_MAX, false, 0},
    {"99999999999999999999", 0, INT64_MAX, false, 0},
    {"", 0, 9, false, 0},
    {"-", -5, 5, false, 0},
    {"+1", 0, 9, false, 0},
    {" 1", 0, 9, false, 0},
    {"1 ", 0, 9, false, 0},
    {"1.0", 0, 9, false, 0},
    {"1e1", 0, 99, false, 0},
    {"0x1", 0, 9, false, 0},
};

Test(str, reads_whole_numbers)
{
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
        int64_t value = 4711;
        bool good = str_to_int64(str_of(numbers[i].text), numbers[i].min, numbers[i].max, &value);
        cr_expect_eq(good, numbers[i].good, "%s", numbers[i].text);
        cr_expect_eq(value, good ? numbers[i].value : 4711, "%s", numbers[i].text);
    }
}

Test(memory, is_zeroed_copied_and_formatted)
{
    char *block = mem_alloc(100);
    for (size_t i = 0; i < 100; i++)
        cr_assert_eq(block[i], 0);
    block = mem_resize(block, 200);
    free(block);
    free(mem_alloc(0));

    char *text = mem_text("abc");
    cr_assert_str_eq(text, "abc");
    free(text);
    text = mem_format("%s-%d", "x", 5);
    cr_assert_str_eq(text, "x-5");
    free(text);
}
