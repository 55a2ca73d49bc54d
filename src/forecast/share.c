/* SPDX-License-Identifier: MIT */
/* Section 1: how much of a month has elapsed, by the weights of its weekdays. */

#include "forecast/steps.h"

struct past past_of(const struct forecast_input *input)
{
    if (input->month_count <= FORECAST_HISTORY) /* without a month there need be no array */
        return (struct past){.months = input->months, .count = input->month_count};
    return (struct past){.months = input->months + input->month_count - FORECAST_HISTORY, .count = FORECAST_HISTORY};
}

struct handle_days {
    double handles[7]; /* A: (handle, day) pairs on the weekday */
    double days[7];    /* B: such days */
};

static void add_month(struct handle_days *sums, const struct forecast_month *month)
{
    for (int day = 0; day < month->days; day++) {
        int weekday = (month->first_weekday + day) % 7;
        sums->handles[weekday] += month->seen[day];
        sums->days[weekday] += 1;
    }
}

static double sum_of_week(const double values[7])
{
    double sum = 0;

    for (int k = 0; k < 7; k++)
        sum += values[k];
    return sum;
}

struct weekdays weekdays_learn(struct past past)
{
    struct handle_days sums = {0};
    struct weekdays weekdays;
    size_t first = past.count > FORECAST_WEEKDAYS ? past.count - FORECAST_WEEKDAYS : 0;

    for (size_t i = first; i < past.count; i++)
        add_month(&sums, &past.months[i]);

    double handles = sum_of_week(sums.handles);
    double mean = handles > 0 ? handles / sum_of_week(sums.days) : 1;

    for (int k = 0; k < 7; k++)
        weekdays.weight[k] = handles > 0 ? (sums.handles[k] + 2 * mean) / (sums.days[k] + 2) / mean : 1;
    return weekdays;
}

double weekdays_until(const struct weekdays *weekdays, int first_weekday, double time)
{
    int whole = (int)time;
    double sum = 0;

    for (int day = 0; day < whole; day++)
        sum += weekdays->weight[(first_weekday + day) % 7];
    return sum + (time - whole) * weekdays->weight[(first_weekday + whole) % 7];
}

double weekdays_time(const struct weekdays *weekdays, int first_weekday, int days, double sum)
{
    double before = 0;

    for (int day = 0; day < days; day++) {
        double weight = weekdays->weight[(first_weekday + day) % 7];
        if (sum <= before + weight)
            return day + (sum - before) / weight;
        before += weight;
    }
    return days;
}

double weekdays_share(const struct weekdays *weekdays, int first_weekday, int days, double time)
{
    return weekdays_until(weekdays, first_weekday, time) / weekdays_until(weekdays, first_weekday, days);
}
