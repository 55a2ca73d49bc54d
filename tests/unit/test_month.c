/* SPDX-License-Identifier: MIT */
/* What a billing month's name is. */

#include <criterion/criterion.h>

#include "headroom/model.h"

static const struct {
    const char *text;
    const char *first_day; /* NULL: no month */
} months[] = {
    {"2026-10", "2026-10-01"},
    {"2006-01", "2006-01-01"},
    {"9999-12", "9999-12-01"},
    {"2026-13", NULL},
    {"2026-00", NULL},
    {"0000-01", NULL},
    {"2026-1", NULL},
    {"2026-010", NULL},
    {"2026-10-01", NULL},
    {"202610", NULL},
    {"2026/10", NULL},
    {"", NULL},
    {"this", NULL},
    {"20a6-10", NULL},
    {"-026-10", NULL},
    {"2026--1", NULL},
};

Test(month, parse)
{
    for (size_t i = 0; i < ARRAY_LENGTH(months); i++) {
        char out[11] = "";
        bool good = month_parse(str_of(months[i].text), out);
        cr_expect_eq(good, months[i].first_day != NULL, "%s", months[i].text);
        if (good && months[i].first_day != NULL)
            cr_expect_str_eq(out, months[i].first_day);
    }
    char out[11];
    cr_expect_not(month_parse(str_of(NULL), out));
}
