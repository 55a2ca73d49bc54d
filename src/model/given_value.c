/* SPDX-License-Identifier: MIT */
/* Decimals and dates as people write them, read as texts, so that no decimal ever passes through a float. */

#include <stdlib.h>
#include <string.h>

#include "headroom/model.h"

#define DIGITS "0123456789"

bool given_decimal(const char *text, size_t *whole, size_t *decimals)
{
    *whole = strspn(text, DIGITS);
    *decimals = 0;
    if (text[*whole] == '\0')
        return *whole > 0;
    if (text[*whole] != '.')
        return false;
    *decimals = strspn(text + *whole + 1, DIGITS);
    return *whole > 0 && *decimals > 0 && text[*whole + 1 + *decimals] == '\0';
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_shaped_as_date(const char *text)
{
    static const char shape[] = "dddd-dd-dd";
    if (strlen(text) != sizeof shape - 1)
        return false;
    for (size_t i = 0; shape[i] != '\0'; i++)
        if (shape[i] == 'd' ? strchr(DIGITS, text[i]) == NULL : text[i] != shape[i])
            return false;
    return true;
}

const char *given_date_fault(const char *text)
{
    if (!is_shaped_as_date(text))
        return "is no date; write it as 2026-10-31";
    int year = (int)strtol(text, NULL, 10);
    int month = (int)strtol(text + 5, NULL, 10);
    int day = (int)strtol(text + 8, NULL, 10);
    if (month < 1 || month > 12 || day < 1 || day > days_in(year, month))
        return "is no date: the calendar has no such day";
    return year < 2006 ? "is too early: the vendor did not exist before 2006-01-01" : NULL;
}
