/* SPDX-License-Identifier: MIT */
/* Section 5: the way to the month's end, and when it passes a limit. */

#include <math.h>

#include "forecast/steps.h"

/* What the usual development at any time of a month is reckoned from. */
struct course {
    const struct forecast_input *input;
    struct past past;
    struct weekdays weekdays;
    double level_count;
};

static struct course course_of(const struct forecast_input *input)
{
    struct past past = past_of(input);

    return (struct course){.input = input,
                           .past = past,
                           .weekdays = weekdays_learn(past),
                           .level_count = past.count > 0 ? level_learn(past).count : 0};
}

/* G at a time before the month's end. */
static double seen_at(const struct course *course, double time)
{
    double share = weekdays_share(&course->weekdays, course->input->first_weekday, course->input->days, time);

    if (course->past.count == 0)
        return development_default(share, 0).seen;
    return development_learn(course->past, &course->weekdays, share, course->level_count).seen;
}

void forecast_made(const struct forecast_input *input, const struct forecast *forecast, double made[FORECAST_DAYS + 1])
{
    int over = (int)input->elapsed;

    for (int day = 0; day <= over; day++)
        made[day] = 0;
    if (forecast->is_over)
        return;

    struct course course = course_of(input);
    double now = seen_at(&course, input->elapsed);

    for (int day = over + 1; day < input->days; day++)
        made[day] = fmax(made[day - 1], (seen_at(&course, day) - now) / (1 - now));
    made[input->days] = 1;
}

void forecast_path(const struct forecast_input *input, const struct forecast *forecast,
                   double expected[FORECAST_DAYS + 1])
{
    double median = forecast_quantile(forecast, 0.5);

    forecast_made(input, forecast, expected);
    for (int day = 0; day <= input->days; day++)
        expected[day] = forecast->used + (median - forecast->used) * expected[day];
    expected[input->days] = median;
}

int forecast_crossing(const struct forecast_input *input, const struct forecast *forecast, int64_t limit)
{
    double expected[FORECAST_DAYS + 1];

    if (forecast->is_over || forecast->known > (double)limit)
        return 0;
    forecast_path(input, forecast, expected);
    for (int day = (int)input->elapsed + 1; day <= input->days; day++)
        if (expected[day] > (double)limit)
            return day;
    return 0;
}
