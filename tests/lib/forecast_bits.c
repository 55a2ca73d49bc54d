/* SPDX-License-Identifier: MIT */
/* Prints every bit of the forecasts of random histories: what two builds of src/forecast print must be the same.
 * Usage: forecast_bits HISTORIES */

#include <stdlib.h>

#include "forecast_random.h"

static void print(const char *name, const double *numbers, size_t count)
{
    printf("%s", name);
    for (size_t i = 0; i < count; i++)
        printf(" %a", numbers[i]);
    printf("\n");
}

static void print_asked(const struct forecast *forecast, int64_t limit)
{
    static const double levels[] = {1e-12, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 1 - 1e-12};
    double quantiles[ARRAY_LENGTH(levels)], counts[FORECAST_SAMPLES], mean = forecast_mean(forecast);
    double probabilities[] = {forecast_probability(forecast, limit / 8), forecast_probability(forecast, limit),
                              forecast_probability(forecast, limit * 8)};

    for (size_t i = 0; i < ARRAY_LENGTH(levels); i++)
        quantiles[i] = forecast_quantile(forecast, levels[i]);
    forecast_samples(forecast, counts);
    print("quantiles", quantiles, ARRAY_LENGTH(levels));
    print("probabilities", probabilities, ARRAY_LENGTH(probabilities));
    print("samples", counts, FORECAST_SAMPLES);
    print("mean", &mean, 1);
}

static void print_forecast(const struct random_history *random)
{
    struct forecast f;
    double path[FORECAST_DAYS + 1];

    if (!forecast_make(&random->input, &f, NULL))
        exit(1);
    const double numbers[] = {f.used,           f.mu,    f.v, f.share, f.level, f.level_variance, f.development,
                              f.count_variance, f.weight};
    print("forecast", numbers, ARRAY_LENGTH(numbers));
    print_asked(&f, random->limit);
    forecast_path(&random->input, &f, path);
    print("path", path, (size_t)random->input.days + 1);
    printf("crossing %d\n", forecast_crossing(&random->input, &f, random->limit));
}

static void print_backtest(const struct random_history *random)
{
    struct forecast_score s;

    if (!forecast_backtest(random->months, random->input.month_count, 4, 10, &s, NULL))
        exit(1);
    const double numbers[] = {s.method.error, s.method.bias, s.run_rate.error, s.run_rate.bias, s.last.error,
                              s.last.bias,    s.fresh.error, s.fresh.bias,     s.cover80,       s.cover95,
                              s.width80,      s.pinball,     s.brier};
    print("score", numbers, ARRAY_LENGTH(numbers));
}

int main(int argc, char **argv)
{
    static struct random_history random;
    long histories = argc == 2 ? strtol(argv[1], NULL, 10) : 0;

    for (long seed = 0; seed < histories; seed++) {
        random_make(&random, (uint64_t)seed);
        printf("history %ld\n", seed);
        print_forecast(&random);
        print_backtest(&random);
    }
    return histories > 0 ? 0 : 2;
}
