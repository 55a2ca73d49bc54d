/* SPDX-License-Identifier: MIT */
/* Time stamps: every form that is taken, every one that is refused, and each day of eight centuries. */

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "headroom/base.h"

/* Read, and what it is in UTC. The instants were reckoned with GNU date. */
static const struct {
    const char *text;
    const char *utc;
    int64_t us;
} good[] = {
    {"2026-10-31T23:59:59Z", "2026-10-31T23:59:59Z", INT64_C(1793491199000000)},
    {"2006-01-01T00:00:00Z", "2006-01-01T00:00:00Z", TIMESTAMP_MIN},
    {"2026-10-31t23:59:59z", "2026-10-31T23:59:59Z", INT64_C(1793491199000000)},
    {"2026-10-31 23:59:59+00:00", "2026-10-31T23:59:59Z", INT64_C(1793491199000000)},
    {"2026-10-31T23:59:59-00:00", "2026-10-31T23:59:59Z", INT64_C(1793491199000000)},
    {"2026-11-01T05:29:59+05:30", "2026-10-31T23:59:59Z", INT64_C(1793491199000000)},
    {"2026-10-31T00:00:59-23:59", "2026-10-31T23:59:59Z", INT64_C(1793491199000000)},
    {"2026-11-01T23:58:59+23:59", "2026-10-31T23:59:59Z", INT64_C(1793491199000000)},
    {"2005-12-31T23:30:00-01:00", "2006-01-01T00:30:00Z", INT64_C(1136075400000000)},
    {"2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z", INT64_C(1709208000000000)},
    {"2000-02-29T00:00:00Z", NULL, 0}, /* a leap year, but before the vendor's time */
    {"2026-10-31T23:59:59.1Z", "2026-10-31T23:59:59.100Z", INT64_C(1793491199100000)},
    {"2026-10-31T23:59:59.123Z", "2026-10-31T23:59:59.123Z", INT64_C(1793491199123000)},
    {"2026-10-31T23:59:59.000001Z", "2026-10-31T23:59:59.000001Z", INT64_C(1793491199000001)},
    {"2026-10-31T23:59:59.1234569Z", "2026-10-31T23:59:59.123456Z", INT64_C(1793491199123456)},
    {"2026-10-31T23:59:59.99999999999999999999999999Z", "2026-10-31T23:59:59.999999Z", INT64_C(1793491199999999)},
    {"2026-10-31T23:59:60Z", "2026-10-31T23:59:59.999999Z", INT64_C(1793491199999999)},
    {"2026-10-31T12:34:60.5Z", "2026-10-31T12:34:59.999999Z", INT64_C(1793450099999999)},
    {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", INT64_C(253402300799000000)},
    {"1793491199", "2026-10-31T23:59:59Z", INT64_C(1793491199000000)},
    {"1793491199.5", "2026-10-31T23:59:59.500Z", INT64_C(1793491199500000)},
    {"1793491199.1234569", "2026-10-31T23:59:59.123456Z", INT64_C(1793491199123456)},
    {"1793491199123", "2026-10-31T23:59:59.123Z", INT64_C(1793491199123000)},
    {"1793491199123.4569", "2026-10-31T23:59:59.123456Z", INT64_C(1793491199123456)},
    {"1793491199123456", "2026-10-31T23:59:59.123456Z", INT64_C(1793491199123456)},
    {"1793491199123456.9", "2026-10-31T23:59:59.123456Z", INT64_C(1793491199123456)},
    {"001793491199", "2026-10-31T23:59:59Z", INT64_C(1793491199000000)},
    {"1136073600", "2006-01-01T00:00:00Z", TIMESTAMP_MIN},
    {"99999999999", "5138-11-16T09:46:39Z", INT64_C(99999999999000000)},        /* seconds up to here */
    {"99999999999999", "5138-11-16T09:46:39.999Z", INT64_C(99999999999999000)}, /* milliseconds up to here */
    {"99999999999999999", "5138-11-16T09:46:39.999999Z", INT64_C(99999999999999999)},
};

Test(timestamp, reads_every_form)
{
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
        int64_t us = 0;
        const char *why = NULL;
        char out[TIMESTAMP_SIZE];
        bool read = timestamp_parse(str_of(good[i].text), &us, &why);
        cr_expect_eq(read, good[i].utc != NULL, "%s: %s", good[i].text, why);
        cr_expect_eq(us, good[i].us, "%s", good[i].text);
        if (read)
            cr_expect_str_eq(timestamp_format(us, out), good[i].utc);
    }
}

/* Refused, and a part of the reason. */
static const struct {
    const char *text;
    const char *why;
} bad[] = {
    {"", "RFC 3339"},
    {"yesterday", "RFC 3339"},
    {"2026-10-31", "without a time of day"},
    {"2026-10-31T12:00:00", "no time zone"},
    {"2026-10-31T12:00:00.5", "no time zone"},
    {"2026-10-31T24:00:00Z", "hour 24"},
    {"2026-10-31T25:00:00Z", "time of day"},
    {"2026-10-31T23:60:00Z", "time of day"},
    {"2026-10-31T23:59:61Z", "time of day"},
    {"2026-02-29T00:00:00Z", "date that does not exist"},
    {"2100-02-29T00:00:00Z", "date that does not exist"},
    {"2026-04-31T00:00:00Z", "date that does not exist"},
    {"2026-13-01T00:00:00Z", "date that does not exist"},
    {"2026-00-01T00:00:00Z", "date that does not exist"},
    {"2026-01-00T00:00:00Z", "date that does not exist"},
    {"2026-01-32T00:00:00Z", "date that does not exist"},
    {"2005-12-31T23:59:59.999999Z", "before 2006"},
    {"2006-01-01T00:00:00+00:01", "before 2006"},
    {"0001-01-01T00:00:00Z", "before 2006"},
    {"2026-10-31T12:00:00+24:00", "time zone"},
    {"2026-10-31T12:00:00+05:60", "time zone"},
    {"2026-10-31T12:00:00+0530", "time zone"},
    {"2026-10-31T12:00:00+05", "time zone"},
    {"2026-10-31T12:00:00 Z", "time zone"},
    {"2026-10-31T12:00:00ZZ", "time zone"},
    {"2026-10-31T12:00:00UTC", "time zone"},
    {"2026-10-31T12:00:00.Z", "RFC 3339"},
    {"2026-10-31T12:00:00,5Z", "time zone"},
    {"2026-10-31  12:00:00Z", "RFC 3339"},
    {"2026-10-31_12:00:00Z", "RFC 3339"},
    {"2026-10-31T12:00Z", "RFC 3339"},
    {"2026-10-31T1:00:00Z", "RFC 3339"},
    {"2026-10-31T12-00-00Z", "RFC 3339"},
    {"2026/10/31T12:00:00Z", "RFC 3339"},
    {"2026-1-31T12:00:00Z", "RFC 3339"},
    {"20261031T120000Z", "RFC 3339"},
    {" 2026-10-31T12:00:00Z", "RFC 3339"},
    {"2026-1x-31T12:00:00Z", "RFC 3339"},
    {"-1793491199", "negative"},
    {"-0", "negative"},
    {"+1793491199", "RFC 3339"},
    {"1793491199.", "RFC 3339"},
    {".5", "RFC 3339"},
    {"1793491199.5.5", "RFC 3339"},
    {"1.793e9", "RFC 3339"},
    {"1793491199s", "RFC 3339"},
    {"0", "before 2006"},
    {"1136073599", "before 2006"},
    {"1136073599.999999", "before 2006"},
    {"100000000000", "before 2006"},    /* milliseconds from here: 1973 */
    {"100000000000000", "before 2006"}, /* microseconds from here: 1973 */
    {"100000000000000000", "too large"},
    {"99999999999999999999999999", "too large"},
};

Test(timestamp, refuses_the_rest_and_says_why)
{
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        int64_t us = 4711;
        const char *why = "";
        cr_expect_not(timestamp_parse(str_of(bad[i].text), &us, &why), "%s", bad[i].text);
        cr_expect_not_null(strstr(why, bad[i].why), "%s: %s", bad[i].text, why);
    }
}

/* No byte behind the text is read: the sanitizer sees one that is. */
Test(timestamp, refuses_every_beginning)
{
    static const char text[] = "2026-10-31T23:59:59.5+00:00";
    const char *why;
    int64_t us;

    for (size_t size = 0; size < sizeof(text) - 1; size++) {
        char *piece = malloc(size + 1);
        memcpy(piece, text, size);
        bool is_year = size == 4; /* an epoch number, before 2006 */
        cr_expect_not(timestamp_parse((struct str){piece, size}, &us, &why), "%zu", size);
        cr_expect_eq(strcmp(why, "is before 2006-01-01T00:00:00Z") == 0, is_year || (size > 0 && size < 4), "%zu",
                     size);
        free(piece);
    }
}

static const struct {
    double epoch;
    int64_t us; /* 0: refused */
} reals[] = {
    {1793491199.5, INT64_C(1793491199500000)},
    {1793491199.123456, INT64_C(1793491199123456)},
    {1793491199.999999, INT64_C(1793491199999999)},
    {1793491199.9999999, INT64_C(1793491200000000)}, /* rounded, never cut */
    {1793491199123.4561, INT64_C(1793491199123456)},
    {1793491199123456.0, INT64_C(1793491199123456)},
    {1136073600.0, TIMESTAMP_MIN},
    {1136073599.0, 0},
    {1e17, 0},
    {1e300, 0},
    {-1.0, 0},
    {-1e300, 0},
};

Test(timestamp, rounds_real_numbers)
{
    const char *why;

    for (size_t i = 0; i < ARRAY_LENGTH(reals); i++) {
        int64_t us = 0;
        cr_expect_eq(timestamp_from_real(reals[i].epoch, &us, &why), reals[i].us != 0, "%f", reals[i].epoch);
        cr_expect_eq(us, reals[i].us, "%f", reals[i].epoch);
    }
    int64_t us;
    cr_expect_not(timestamp_from_real((double)NAN, &us, &why));
    cr_expect_not(timestamp_from_real((double)INFINITY, &us, &why));
}

Test(timestamp, reads_integers_as_text_of_digits)
{
    static const int64_t numbers[] = {0,
                                      -1,
                                      1136073599,
                                      1136073600,
                                      1793491199,
                                      99999999999,
                                      100000000000,
                                      99999999999999,
                                      100000000000000,
                                      99999999999999999,
                                      100000000000000000,
                                      INT64_MAX,
                                      INT64_MIN};

    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
        char text[32];
        int64_t a = 0, b = 0;
        const char *why_a = "", *why_b = "";
        snprintf(text, sizeof(text), "%lld", (long long)numbers[i]);
        bool as_text = timestamp_parse(str_of(text), &a, &why_a);
        cr_expect_eq(timestamp_from_integer(numbers[i], &b, &why_b), as_text, "%s", text);
        cr_expect_eq(a, b, "%s", text);
        cr_expect_str_eq(why_a, why_b);
    }
}

/* A plain calendar that counts day by day stands against the formula. */
Test(timestamp, knows_each_day_from_2006_to_2800)
{
    int64_t day = TIMESTAMP_MIN;
    int year = 2006, month = 1, date = 1;

    while (year < 2800) {
        static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        char text[64], out[TIMESTAMP_SIZE];
        const char *why = "";
        int64_t us = 0;
        snprintf(text, sizeof(text), "%04d-%02d-%02dT00:00:00Z", year, month, date);
        cr_assert(timestamp_parse(str_of(text), &us, &why), "%s: %s", text, why);
        cr_assert_eq(us, day, "%s", text);
        cr_assert_str_eq(timestamp_format(us, out), text);
        day += INT64_C(86400000000);
        if (++date > days[month - 1] + (month == 2 && leap ? 1 : 0)) {
            date = 1;
            month = month % 12 + 1;
            year += month == 1 ? 1 : 0;
        }
    }
}

Test(timestamp, formats_what_lies_before_1970)
{
    char out[TIMESTAMP_SIZE];

    cr_assert_str_eq(timestamp_format(0, out), "1970-01-01T00:00:00Z");
    cr_assert_str_eq(timestamp_format(-1, out), "1969-12-31T23:59:59.999999Z");
    cr_assert_str_eq(timestamp_format(-86400000000, out), "1969-12-31T00:00:00Z");
}

Test(timestamp, clocks_run)
{
    int64_t before = timestamp_monotonic();

    cr_assert_gt(timestamp_now(), INT64_C(1700000000000000));
    cr_assert_geq(timestamp_monotonic(), before);
}
