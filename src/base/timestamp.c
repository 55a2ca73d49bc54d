/* SPDX-License-Identifier: MIT */
/* Time stamps: RFC 3339 and epoch numbers to UTC microseconds and back, and the clocks. */

#include <math.h>
#include <time.h>

#include "headroom/base.h"

#define SECOND       INT64_C(1000000)
#define DAY_SECONDS  INT64_C(86400)
#define DAYS_PER_ERA 146097 /* 400 years */
#define EPOCH_SHIFT  719468 /* days from 0000-03-01 to 1970-01-01 */

/* One past the largest epoch number of each unit, and microseconds in one. */
static const struct {
    int64_t end;
    int64_t us;
} units[] = {
    {INT64_C(100000000000), SECOND},
    {INT64_C(100000000000000), 1000},
    {INT64_C(100000000000000000), 1},
};

static const char not_rfc3339[] = "is neither RFC 3339 (2026-10-31T23:59:59Z) nor an epoch number";
static const char too_early[] = "is before 2006-01-01T00:00:00Z";
static const char too_large[] = "is too large for an epoch number";
static const char negative[] = "is negative";

/* Days since 1970-01-01. The formula is days_from_civil of Howard Hinnant's paper "chrono-Compatible Low-Level Date
 * Algorithms" (howardhinnant.github.io/date_algorithms.html): a year begins in March, so a leap day is its last. */
static int64_t days_from_date(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400; /* years are never negative here */
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return (int64_t)era * DAYS_PER_ERA + day_of_era - EPOCH_SHIFT;
}

struct date {
    int64_t year;
    unsigned month;
    unsigned day;
};

/* The way back: civil_from_days of the same paper. */
static struct date date_from_days(int64_t days)
{
    int64_t shifted = days + EPOCH_SHIFT;
    int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int day_of_era = (int)(shifted - era * DAYS_PER_ERA);
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int march_month = (5 * day_of_year + 2) / 153;
    struct date date = {.month = (unsigned)(march_month < 10 ? march_month + 3 : march_month - 9)};

    date.year = era * 400 + year_of_era + (date.month <= 2 ? 1 : 0);
    date.day = (unsigned)(day_of_year - (153 * march_month + 2) / 5 + 1);
    return date;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Two digits, or -1. */
static int two_digits(const char *at)
{
    return is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + (at[1] - '0') : -1;
}

/* `count` decimal places of the digits at the start of text: what is missing is 0, what is more is cut off. Takes all
 * digits off text; false when there is none. */
MUST_CHECK static bool take_decimals(struct str *text, int count, int64_t *value)
{
    size_t size = 0;
    int64_t sum = 0;

    while (size < text->size && is_digit(text->data[size]))
        size++;
    for (int i = 0; i < count; i++)
        sum = sum * 10 + ((size_t)i < size ? text->data[i] - '0' : 0);
    *value = sum;
    text->data += size;
    text->size -= size;
    return size > 0;
}

/* ---- epoch numbers ---- */

static bool in_range(int64_t value, int64_t *us, const char **why)
{
    if (value < TIMESTAMP_MIN) {
        *why = too_early;
        return false;
    }
    *us = value;
    return true;
}

/* The unit that a number's size tells, or ARRAY_LENGTH(units). */
static size_t unit_of(int64_t number)
{
    size_t unit = 0;

    while (unit < ARRAY_LENGTH(units) && number >= units[unit].end)
        unit++;
    return unit;
}

bool timestamp_from_integer(int64_t epoch, int64_t *us, const char **why)
{
    size_t unit = unit_of(epoch);

    if (epoch < 0 || unit == ARRAY_LENGTH(units)) {
        *why = epoch < 0 ? negative : too_large;
        return false;
    }
    return in_range(epoch * units[unit].us, us, why);
}

/* Text of digits, with or without decimals; more of them than a microsecond has in the number's unit are cut off. */
MUST_CHECK static bool parse_number(struct str text, int64_t *us, const char **why)
{
    struct str whole = {text.data, 0};
    int64_t number, millionths = 0;

    while (whole.size < text.size && is_digit(text.data[whole.size]))
        whole.size++;
    if (whole.size < text.size) {
        struct str rest = {text.data + whole.size + 1, text.size - whole.size - 1};
        if (text.data[whole.size] != '.' || !take_decimals(&rest, 6, &millionths) || rest.size > 0) {
            *why = not_rfc3339;
            return false;
        }
    }
    if (!str_to_int64(whole, 0, INT64_MAX, &number)) {
        *why = too_large;
        return false;
    }
    if (!timestamp_from_integer(number, us, why))
        return false;
    *us += millionths * units[unit_of(number)].us / SECOND;
    return true;
}

bool timestamp_from_real(double epoch, int64_t *us, const char **why)
{
    size_t unit = 0;

    if (epoch < 0 || isnan(epoch)) {
        *why = negative;
        return false;
    }
    while (unit < ARRAY_LENGTH(units) && epoch >= (double)units[unit].end)
        unit++;
    if (unit == ARRAY_LENGTH(units)) {
        *why = too_large;
        return false;
    }
    /* The whole part goes by itself, so that the product does not cost the decimals their last bits. */
    double whole = floor(epoch);
    int64_t decimals = llround((epoch - whole) * (double)units[unit].us);
    return in_range((int64_t)whole * units[unit].us + decimals, us, why);
}

/* ---- RFC 3339 ---- */

MUST_CHECK static bool parse_date(const char *at, int64_t *days, const char **why)
{
    int century = two_digits(at), year = two_digits(at + 2);
    int month = two_digits(at + 5), day = two_digits(at + 8);

    if (century < 0 || year < 0 || at[4] != '-' || at[7] != '-' || month < 0 || day < 0) {
        *why = not_rfc3339;
        return false;
    }
    year += century * 100;
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
        *why = "has a date that does not exist";
        return false;
    }
    *days = days_from_date(year, month, day);
    return true;
}

/* Seconds of the day; second 60 is given as 60 in *second. */
MUST_CHECK static bool parse_clock(const char *at, int64_t *minutes, int *second, const char **why)
{
    int hour = two_digits(at), minute = two_digits(at + 3);

    *second = two_digits(at + 6);
    if (hour < 0 || minute < 0 || *second < 0 || at[2] != ':' || at[5] != ':') {
        *why = not_rfc3339;
        return false;
    }
    if (hour == 24) {
        *why = "has hour 24; write 00 of the next day";
        return false;
    }
    if (hour > 23 || minute > 59 || *second > 60) {
        *why = "has a time of day that does not exist";
        return false;
    }
    *minutes = hour * 60 + minute;
    return true;
}

/* Minutes east of UTC. */
MUST_CHECK static bool parse_offset(struct str text, int64_t *minutes, const char **why)
{
    *minutes = 0;
    if (text.size == 1 && (text.data[0] == 'Z' || text.data[0] == 'z'))
        return true;
    if (text.size == 0) {
        *why = "has no time zone (Z or an offset such as +02:00)";
        return false;
    }

    bool signed_form = text.size == 6 && (text.data[0] == '+' || text.data[0] == '-') && text.data[3] == ':';
    int hour = signed_form ? two_digits(text.data + 1) : -1;
    int minute = signed_form ? two_digits(text.data + 4) : -1;
    if (hour < 0 || minute < 0 || hour > 23 || minute > 59) {
        *why = "has a time zone that is neither Z nor an offset such as +02:00, up to 23:59";
        return false;
    }
    *minutes = (hour * 60 + minute) * (text.data[0] == '-' ? -1 : 1);
    return true;
}

/* A date and a time of day: microseconds as if it were UTC, and the text behind it, which is its zone. */
MUST_CHECK static bool parse_local(struct str text, int64_t *us, struct str *zone, const char **why)
{
    int64_t days, minutes, decimals = 0;
    int second;

    if (text.size < sizeof("2026-10-31") - 1) {
        *why = not_rfc3339;
        return false;
    }
    if (!parse_date(text.data, &days, why))
        return false;
    if (text.size == sizeof("2026-10-31") - 1) {
        *why = "is a date without a time of day";
        return false;
    }
    if (text.size < sizeof("2026-10-31T23:59:59") - 1 ||
        (text.data[10] != 'T' && text.data[10] != 't' && text.data[10] != ' ')) {
        *why = not_rfc3339;
        return false;
    }
    if (!parse_clock(text.data + 11, &minutes, &second, why))
        return false;

    *zone = (struct str){text.data + 19, text.size - 19};
    if (zone->size > 0 && zone->data[0] == '.') {
        zone->data++;
        zone->size--;
        if (!take_decimals(zone, 6, &decimals)) {
            *why = not_rfc3339;
            return false;
        }
    }
    if (second == 60) { /* a leap second: no clock of ours has it */
        second = 59;
        decimals = SECOND - 1;
    }
    *us = (days * DAY_SECONDS + minutes * 60 + second) * SECOND + decimals;
    return true;
}

MUST_CHECK static bool parse_rfc3339(struct str text, int64_t *us, const char **why)
{
    int64_t local, offset;
    struct str zone;

    if (!parse_local(text, &local, &zone, why) || !parse_offset(zone, &offset, why))
        return false;
    return in_range(local - offset * 60 * SECOND, us, why);
}

bool timestamp_parse_local(struct str text, int64_t *us)
{
    struct str zone;
    const char *why;

    return text.size > 4 && text.data[4] == '-' && parse_local(text, us, &zone, &why) && zone.size == 0;
}

bool timestamp_parse(struct str text, int64_t *us, const char **why)
{
    if (text.size > 0 && text.data[0] == '-') {
        *why = negative;
        return false;
    }
    /* The year of RFC 3339 is followed by a hyphen; an epoch number has none. */
    if (text.size > 4 && text.data[4] == '-')
        return parse_rfc3339(text, us, why);
    if (text.size == 0 || !is_digit(text.data[0])) {
        *why = not_rfc3339;
        return false;
    }
    return parse_number(text, us, why);
}

const char *timestamp_format(int64_t us, char out[TIMESTAMP_SIZE])
{
    int64_t seconds = us / SECOND - (us % SECOND < 0);
    unsigned decimals = (unsigned)(us - seconds * SECOND);
    int64_t days = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);
    unsigned clock = (unsigned)(seconds - days * DAY_SECONDS);
    struct date date = date_from_days(days);
    char fraction[16] = "";

    if (decimals % 1000 != 0)
        snprintf(fraction, sizeof(fraction), ".%06u", decimals);
    else if (decimals != 0)
        snprintf(fraction, sizeof(fraction), ".%03u", decimals / 1000);
    /* The remainders say nothing new to us, but show the compiler that it all fits. */
    snprintf(out, TIMESTAMP_SIZE, "%04d-%02u-%02uT%02u:%02u:%02u%.7sZ", (int)(date.year % 1000000), date.month % 100,
             date.day % 100, clock / 3600 % 100, clock / 60 % 60, clock % 60, fraction);
    return out;
}

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000;
}

int64_t timestamp_now(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t timestamp_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t timestamp_since_boot(void)
{
    return read_clock(CLOCK_BOOTTIME);
}
