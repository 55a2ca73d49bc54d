/* SPDX-License-Identifier: MIT */
#ifndef FORECAST_MONTHS_H
#define FORECAST_MONTHS_H

/* The months of a real log, from its table of days: tests/data/NAME.daily.csv, which tests/lib/daily.awk makes. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/forecast.h"

#define MONTHS_MAX 120

struct months {
    size_t count;
    char names[MONTHS_MAX][8];
    struct forecast_month of[MONTHS_MAX];
};

/* Monday is 0. */
static inline int first_weekday(const char *name)
{
    int64_t us;
    char text[32];

    snprintf(text, sizeof(text), "%.7s-01T00:00:00", name);
    cr_assert(timestamp_parse_local(str_of(text), &us));
    return (int)((us / INT64_C(86400000000) + 3) % 7); /* 1970-01-01 was a Thursday */
}

/* Numbers with blanks between them, up to a comma or the line's end; *text goes behind it. */
static inline int numbers_read(char **text, double numbers[FORECAST_DAYS])
{
    int count = 0;

    do
        numbers[count++] = (double)strtol(*text, text, 10);
    while (*(*text)++ == ' ');
    return count;
}

static inline void months_add(struct months *months, char *line)
{
    struct forecast_month *month = &months->of[months->count];
    char *text = strchr(line, ',');
    double new[FORECAST_DAYS];

    cr_assert(text != NULL && months->count < MONTHS_MAX);
    *text++ = '\0';
    snprintf(months->names[months->count++], sizeof(months->names[0]), "%.7s", line);
    *month = (struct forecast_month){.first_weekday = first_weekday(line), .days = numbers_read(&text, new)};
    cr_assert_eq(numbers_read(&text, month->seen), month->days);
    for (int day = 0; day < month->days; day++)
        month->cumulative[day + 1] = month->cumulative[day] + new[day];
}

static inline void months_read(struct months *months, const char *set)
{
    char path[128], line[1024];

    snprintf(path, sizeof(path), "tests/data/%s.daily.csv", set);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s: run from the top folder", path);
    months->count = 0;
    cr_assert_not_null(fgets(line, sizeof(line), file));
    while (fgets(line, sizeof(line), file) != NULL)
        months_add(months, line);
    fclose(file);
}

static inline size_t months_find(const struct months *months, const char *name)
{
    size_t i = 0;

    while (i < months->count && strcmp(months->names[i], name) != 0)
        i++;
    cr_assert_lt(i, months->count, "no %s", name);
    return i;
}

/* A month at the end of a day, with so many of the months before it. */
static inline struct forecast_input months_input(const struct months *months, size_t index, int day, size_t known)
{
    size_t past = known < index ? known : index;
    const struct forecast_month *month = &months->of[index];

    return (struct forecast_input){.months = month - past,
                                   .month_count = past,
                                   .days = month->days,
                                   .first_weekday = month->first_weekday,
                                   .elapsed = day,
                                   .used = month->cumulative[day]};
}

#endif
