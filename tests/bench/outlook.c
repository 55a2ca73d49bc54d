/* SPDX-License-Identifier: MIT */
/* Prints how many milliseconds it takes to compute what a forecast of 36 months shows: the median of many histories. */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../lib/forecast_random.h"

#define HISTORIES 1001
#define SHOWN     9 /* quantiles */

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

/* A sum of all of it, so that none is left out. */
static double compute(const struct random_history *random)
{
    struct error err;
    struct forecast forecast;
    double counts[FORECAST_SAMPLES], path[FORECAST_DAYS + 1];

    if (!forecast_make(&random->input, &forecast, &err))
        exit(1);
    double sum = forecast_mean(&forecast) + forecast_probability(&forecast, random->limit);
    for (int i = 1; i <= SHOWN; i++)
        sum += forecast_quantile(&forecast, i / (SHOWN + 1.0));
    forecast_samples(&forecast, counts);
    forecast_path(&random->input, &forecast, path);
    sum += counts[0] + path[0] + forecast_crossing(&random->input, &forecast, random->limit);
    return sum;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(void)
{
    static struct random_history random;
    static double took[HISTORIES];
    double sum = 0;

    for (int i = 0; i < HISTORIES; i++) {
        random_make(&random, (uint64_t)i + 1);
        random.input.months = random.months;
        random.input.month_count = FORECAST_HISTORY;
        double start = now();
        sum += compute(&random);
        took[i] = now() - start;
    }
    qsort(took, HISTORIES, sizeof *took, by_value);
    printf("%.4f\n", took[HISTORIES / 2]);
    return sum < 0;
}
