/* SPDX-License-Identifier: MIT */
/* Section 5: what is asked of a forecast: quantiles, the probability of passing a limit, means. */

#include <math.h>

#include "forecast/steps.h"

double forecast_count(const struct forecast *forecast, double t)
{
    double x = forecast->mu + t * sqrt(forecast->v);

    return forecast->is_over ? forecast->used : fmin(fmax(forecast->known, exp(x) - 0.5), FORECAST_COUNT_MAX);
}

double forecast_quantile(const struct forecast *forecast, double p)
{
    if (!(p > 0))
        return forecast->known;
    return forecast_count(forecast, p < 1 ? student_quantile(p) : INFINITY);
}

double forecast_probability(const struct forecast *forecast, int64_t limit)
{
    if (forecast->known > (double)limit)
        return 1;
    if (forecast->is_over || (double)limit >= FORECAST_COUNT_MAX)
        return 0;
    return student_above((log((double)limit + 1) - forecast->mu) / sqrt(forecast->v));
}

void forecast_samples(const struct forecast *forecast, double counts[FORECAST_SAMPLES])
{
    for (int j = 0; j < FORECAST_SAMPLES / 2; j++) {
        double t = student_quantile((j + 0.5) / FORECAST_SAMPLES);
        counts[j] = forecast_count(forecast, t);
        counts[FORECAST_SAMPLES - 1 - j] = forecast_count(forecast, -t);
    }
}

double forecast_mean(const struct forecast *forecast)
{
    double counts[FORECAST_SAMPLES], sum = 0;

    forecast_samples(forecast, counts);
    for (int j = 0; j < FORECAST_SAMPLES; j++)
        sum += counts[j] - forecast->known;
    return forecast->known + sum / FORECAST_SAMPLES;
}
