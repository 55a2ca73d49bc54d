/* SPDX-License-Identifier: MIT */
/* Section 4: the level and this month's own count, mixed. */

#include <math.h>

#include "forecast/check.h"
#include "forecast/steps.h"

/* Without a past month there is no level: the count so far alone, by the default curve. */
static void rest_on_default(struct forecast *forecast)
{
    struct development curve = development_default(forecast->share, forecast->used);

    forecast->development = curve.seen;
    forecast->count_variance = development_variance(&curve);
    forecast->weight = 1;
    forecast->mu = log(forecast->used + 0.5) + curve.growth;
    forecast->v = forecast->count_variance;
}

static void mix(struct forecast *forecast, struct past past, const struct weekdays *weekdays)
{
    struct level level = level_learn(past);
    struct development curve = development_learn(past, weekdays, forecast->share, level.count);
    double grown = log(forecast->used + 0.5) + curve.growth;
    double variance = development_variance(&curve);

    forecast->level = level.log_count;
    forecast->level_variance = level.variance;
    forecast->development = curve.seen;
    forecast->count_variance = variance;
    forecast->weight = level.variance / (level.variance + variance);
    forecast->mu = level.log_count + forecast->weight * (grown - level.log_count);
    forecast->v = level.variance * variance / (level.variance + variance);
}

void forecast_make_checked(const struct forecast_input *input, struct forecast *forecast)
{
    struct past past = past_of(input);

    *forecast = (struct forecast){.used = input->used, .known = input->used, .is_over = input->elapsed >= input->days};
    if (forecast->is_over)
        return;

    struct weekdays weekdays = weekdays_learn(past);
    forecast->known = fmax(input->used, input->known);
    forecast->months = past.count;
    forecast->share = weekdays_share(&weekdays, input->first_weekday, input->days, input->elapsed);
    if (past.count == 0)
        rest_on_default(forecast);
    else
        mix(forecast, past, &weekdays);
}

bool forecast_make(const struct forecast_input *input, struct forecast *forecast, struct error *err)
{
    if (!check_months(input->months, input->month_count, err) || !check_current(input, err))
        return fail_within(err, "a forecast");
    forecast_make_checked(input, forecast);
    return true;
}
