/* SPDX-License-Identifier: MIT */
/* Values behind options: what is taken as it is written, and what is refused with which words. */

#include <criterion/criterion.h>
#include <string.h>

#include "cli/value.h"

static struct error err;

static void expect(bool taken, bool wanted, const char *text, const char *said)
{
    cr_expect_eq(taken, wanted, "'%s': %s", text, err.text);
    if (wanted || taken)
        return;
    cr_expect_eq(err.code, EXIT_USAGE, "'%s'", text);
    cr_expect_not_null(strstr(err.text, said), "'%s' says: %s", text, err.text);
}

/* said: what the refusal holds; NULL: the value is taken. */
struct sample {
    const char *text;
    const char *said;
};

static const struct sample prices[] = {
    {"2.50", NULL},
    {"0", NULL},
    {"0.0123456789", NULL},
    {"0.123456789012", NULL},
    {"0.1234567890123", "13 decimals"},
    {"999999999999", NULL},
    {"1000000000000", "too big"},
    {"000000000000001.5", NULL},
    {"0000000000000", NULL},
    {"-1", "negative"},
    {"-0.5", "negative"},
    {"", "is no price"},
    {".", "is no price"},
    {".5", "is no price"},
    {"5.", "is no price"},
    {"2,50", "decimal point"},
    {"1,000.00", "decimal point"},
    {"1e5", "is no price"},
    {"+1", "is no price"},
    {" 1", "is no price"},
    {"1.2.3", "is no price"},
    {"NaN", "is no price"},
    {"Infinity", "is no price"},
    {"0x10", "is no price"},
};

Test(value, a_price_is_exact_decimal_text)
{
    for (size_t i = 0; i < ARRAY_LENGTH(prices); i++)
        expect(value_price("price", prices[i].text, &err), prices[i].said == NULL, prices[i].text, prices[i].said);
    cr_assert_eq(value_decimals("2.50"), 2);
    cr_assert_eq(value_decimals("2"), 0);
}

static const struct sample dates[] = {
    {"2026-10-31", NULL},          {"2024-02-29", NULL},
    {"2000-02-29", "too early"},   {"2026-02-29", "no such day"},
    {"2100-02-29", "no such day"}, {"2026-13-01", "no such day"},
    {"2026-00-01", "no such day"}, {"2026-01-00", "no such day"},
    {"2026-04-31", "no such day"}, {"2005-12-31", "too early"},
    {"2006-01-01", NULL},          {"2026-1-1", "is no date"},
    {"20260101", "is no date"},    {"", "is no date"},
    {"2026-10-31x", "is no date"}, {"2026/10/31", "is no date"},
    {"+026-10-31", "is no date"},
};

Test(value, a_date_is_one_of_the_calendar)
{
    for (size_t i = 0; i < ARRAY_LENGTH(dates); i++)
        expect(value_date("from", dates[i].text, &err), dates[i].said == NULL, dates[i].text, dates[i].said);
}

static const struct sample counts[] = {
    {"0", NULL},
    {"9223372036854775807", NULL},
    {"9223372036854775808", "out of range"},
    {"99999999999999999999999", "out of range"},
    {"-1", "negative"},
    {"-", "no whole number"},
    {"", "no whole number"},
    {"1.5", "no whole number"},
    {"ten", "no whole number"},
    {"1 000", "no whole number"},
};

Test(value, a_count_is_a_whole_number_in_range)
{
    for (size_t i = 0; i < ARRAY_LENGTH(counts); i++)
        expect(value_count("limit", counts[i].text, 0, INT64_MAX, &err), counts[i].said == NULL, counts[i].text,
               counts[i].said);
    expect(value_count("billing-day", "32", 1, 31, &err), false, "32", "1 to 31");
    expect(value_count("billing-day", "0", 1, 31, &err), false, "0", "1 to 31");
}

Test(value, a_choice_is_one_of_those_there_are)
{
    static const char *const rules[] = {"answered", "delivered", NULL};
    expect(value_choice("counting", "delivered", rules, &err), true, "delivered", NULL);
    expect(value_choice("counting", "deliverd", rules, &err), false, "deliverd", "did you mean delivered?");
    expect(value_choice("counting", "x", rules, &err), false, "x", "there are: answered, delivered");
    expect(value_choice("counting", "", rules, &err), false, "", "there are: answered, delivered");
}

Test(value, a_name_can_be_read_and_typed)
{
    char longest[102];
    memset(longest, 'a', sizeof longest);
    longest[101] = '\0';
    expect(value_name("contract", "acme", &err), true, "acme", NULL);
    expect(value_name("contract", "Müller & Söhne 2026", &err), true, "Müller", NULL);
    expect(value_name("contract", "", &err), false, "", "is empty");
    expect(value_name("contract", "a\nb", &err), false, "newline", "control characters");
    expect(value_name("contract", "a\033[31mb", &err), false, "escape", "control characters");
    expect(value_name("contract", "a\xC2\x9B", &err), false, "C1", "control characters");
    expect(value_name("contract", "\xFF", &err), false, "bytes", "not UTF-8");
    expect(value_name("contract", " acme", &err), false, " acme", "blanks at its ends");
    expect(value_name("contract", longest, &err), false, "long", "too long");
    longest[99] = (char)0xC3;
    longest[100] = (char)0xA9;
    expect(value_name("contract", longest, &err), false, "100 characters", "101 bytes, at most 100");
    longest[98] = (char)0xC3;
    longest[99] = (char)0xA9;
    longest[100] = '\0';
    expect(value_name("contract", longest, &err), true, "100 bytes", NULL);
}

#define SECOND INT64_C(1000000)

Test(value, sizes_and_spans_have_units)
{
    uint64_t bytes = 0;
    int64_t us = 0;
    expect(value_size("max-body", "64K", 1, UINT64_C(1) << 40, &bytes, &err), true, "64K", NULL);
    cr_expect_eq(bytes, 65536);
    expect(value_size("max-body", "2G", 1, UINT64_C(1) << 40, &bytes, &err), true, "2G", NULL);
    cr_expect_eq(bytes, UINT64_C(2) << 30);
    expect(value_size("max-body", "17", 1, 100, &bytes, &err), true, "17", NULL);
    cr_expect_eq(bytes, 17);
    expect(value_size("max-body", "K", 1, 100, &bytes, &err), false, "K", "is no size: write it as 64K");
    expect(value_size("max-body", "-1K", 1, 100, &bytes, &err), false, "-1K", "is no size");
    expect(value_size("max-body", "1k", 1, 100, &bytes, &err), false, "1k", "is no size");
    expect(value_size("max-body", "1.5M", 1, 100, &bytes, &err), false, "1.5M", "is no size");
    expect(value_size("max-body", "9223372036854775807G", 1, 100, &bytes, &err), false, "overflow", "is no size");
    expect(value_size("max-body", "1G", 1024, 1 << 20, &bytes, &err), false, "1G", "out of range: 1K to 1M");
    expect(value_span("grace", "500ms", 0, 10 * SECOND, &us, &err), true, "500ms", NULL);
    cr_expect_eq(us, SECOND / 2);
    expect(value_span("grace", "7d", 0, 700000 * SECOND, &us, &err), true, "7d", NULL);
    cr_expect_eq(us, 7 * 86400 * SECOND);
    expect(value_span("grace", "10", 0, 10 * SECOND, &us, &err), false, "10", "is no span: write it as 500ms");
    expect(value_span("grace", "1 s", 0, 10 * SECOND, &us, &err), false, "1 s", "is no span");
    expect(value_span("grace", "2h", 100000, 3600 * SECOND, &us, &err), false, "2h", "out of range: 100ms to 1h");
}
