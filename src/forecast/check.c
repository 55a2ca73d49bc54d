/* SPDX-License-Identifier: MIT */
/* Whether what a forecast is to be made from can be. */

#include <math.h>

#include "forecast/check.h"

static bool is_count(double value)
{
    return value >= 0 && value <= FORECAST_COUNT_MAX;
}

MUST_CHECK static bool check_calendar(int days, int first_weekday, struct error *err)
{
    if (days < 1 || days > FORECAST_DAYS)
        return fail(err, EXIT_COMMAND, "%d days: a month has 1 to %d", days, FORECAST_DAYS);
    if (first_weekday < 0 || first_weekday > 6)
        return fail(err, EXIT_COMMAND, "weekday %d: they are numbered from 0, Monday, to 6, Sunday", first_weekday);
    return true;
}

MUST_CHECK static bool check_day(const struct forecast_month *month, int day, struct error *err)
{
    double before = month->cumulative[day - 1], count = month->cumulative[day];

    if (!is_count(count) || !is_count(month->seen[day - 1]))
        return fail(err, EXIT_COMMAND, "day %d has %g unique handles up to its end and %g on it: counts are 0 to %g",
                    day, count, month->seen[day - 1], FORECAST_COUNT_MAX);
    if (count < before)
        return fail(err, EXIT_COMMAND,
                    "day %d ends with %g unique handles after %g the day before: they never get fewer", day, count,
                    before);
    return true;
}

MUST_CHECK static bool check_month(const struct forecast_month *month, struct error *err)
{
    if (!check_calendar(month->days, month->first_weekday, err))
        return false;
    if (!(month->cumulative[0] >= 0 && month->cumulative[0] <= 0))
        return fail(err, EXIT_COMMAND, "it begins with %g unique handles: a month begins with 0", month->cumulative[0]);
    for (int day = 1; day <= month->days; day++)
        if (!check_day(month, day, err))
            return false;
    return true;
}

bool check_months(const struct forecast_month *months, size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!check_month(&months[i], err))
            return fail_within(err, "past month %zu of %zu", i + 1, count);
    return true;
}

bool check_current(const struct forecast_input *input, struct error *err)
{
    if (!check_calendar(input->days, input->first_weekday, err))
        return fail_within(err, "the month that is forecast");
    if (!(input->elapsed >= 0 && input->elapsed <= input->days))
        return fail(err, EXIT_COMMAND, "the month that is forecast: %g days of it have elapsed: it has %d",
                    input->elapsed, input->days);
    if (!is_count(input->used))
        return fail(err, EXIT_COMMAND, "the month that is forecast: %g unique handles so far: counts are 0 to %g",
                    input->used, FORECAST_COUNT_MAX);
    if (!is_count(input->known))
        return fail(err, EXIT_COMMAND, "the month that is forecast: %g unique handles are known: counts are 0 to %g",
                    input->known, FORECAST_COUNT_MAX);
    return true;
}
