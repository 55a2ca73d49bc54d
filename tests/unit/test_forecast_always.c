/* SPDX-License-Identifier: MIT */
/* What is true of every forecast, over thousands of random histories. */

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "../lib/forecast_random.h"

#define HISTORIES 4000
#define ROUNDING  1e-15 /* of a probability: limits of 15 digits that follow one another */

static const double levels[] = {1e-300, 1e-9, 0.0025, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.9975, 1 - 1e-9};

#define ALWAYS(condition) cr_assert(condition, "history %d: not always %s", (int)seed, #condition)

static bool is_number(double value)
{
    return value >= -FORECAST_COUNT_MAX && value <= FORECAST_COUNT_MAX;
}

static struct forecast make(const struct random_history *random)
{
    struct forecast forecast;
    struct error err;

    cr_assert(forecast_make(&random->input, &forecast, &err), "%s", err.text);
    return forecast;
}

static void check_numbers(uint64_t seed, const struct forecast *forecast)
{
    ALWAYS(forecast->share >= 0 && forecast->share <= 1);
    ALWAYS(is_number(forecast->mu) && is_number(forecast->level));
    ALWAYS(forecast->v > 0 && is_number(forecast->v));
    ALWAYS(forecast->count_variance > 0 && forecast->count_variance >= forecast->v);
    ALWAYS(forecast->level_variance >= forecast->v || forecast->months == 0);
    ALWAYS(forecast->development > 0 && forecast->development < 1);
    ALWAYS(forecast->weight > 0 && forecast->weight <= 1);
}

static void check_quantiles(uint64_t seed, const struct forecast *forecast)
{
    double before = forecast->known;

    for (size_t i = 0; i < ARRAY_LENGTH(levels); i++) {
        double count = forecast_quantile(forecast, levels[i]);
        ALWAYS(count >= before && count <= FORECAST_COUNT_MAX);
        /* The limit at or above a quantile is passed no more often than the quantile is. */
        ALWAYS(forecast_probability(forecast, (int64_t)ceil(count)) <= 1 - levels[i] + 1e-12);
        before = count;
    }
    ALWAYS(forecast_quantile(forecast, 0) == forecast->known);
    ALWAYS(forecast_quantile(forecast, NAN) == forecast->known);
}

static void check_probability(uint64_t seed, const struct forecast *forecast, int64_t limit)
{
    double before = 1;

    for (int64_t step = 1; limit < INT64_MAX / 4; limit += step, step *= 2) {
        double probability = forecast_probability(forecast, limit);
        ALWAYS(probability >= 0 && probability <= before + ROUNDING);
        ALWAYS(probability == 1 || forecast->known <= (double)limit);
        before = probability;
    }
    ALWAYS(forecast_probability(forecast, -1) == 1);
    ALWAYS(forecast_probability(forecast, INT64_MAX) == 0);
}

static void check_samples(uint64_t seed, const struct forecast *forecast)
{
    double counts[FORECAST_SAMPLES], mean = forecast_mean(forecast);

    forecast_samples(forecast, counts);
    ALWAYS(counts[0] >= forecast->known);
    for (int j = 1; j < FORECAST_SAMPLES; j++)
        ALWAYS(counts[j] >= counts[j - 1]);
    ALWAYS(mean >= counts[0] * (1 - 1e-12) && mean <= counts[FORECAST_SAMPLES - 1] * (1 + 1e-12));
    ALWAYS(counts[7] == forecast_quantile(forecast, 0.0375));
}

static void check_path(uint64_t seed, const struct random_history *random, const struct forecast *forecast)
{
    double expected[FORECAST_DAYS + 1];
    int days = random->input.days, crossing = forecast_crossing(&random->input, forecast, random->limit);

    forecast_path(&random->input, forecast, expected);
    for (int day = 0; day <= days; day++) {
        ALWAYS(expected[day] >= (day > 0 ? expected[day - 1] : forecast->used));
        ALWAYS(expected[day] == forecast->used || day > random->input.elapsed);
    }
    ALWAYS(expected[days] == forecast_quantile(forecast, 0.5));
    ALWAYS(crossing >= 0 && crossing <= days);
    if (crossing > 0)
        ALWAYS(expected[crossing] > (double)random->limit && expected[crossing - 1] <= (double)random->limit);
    else
        ALWAYS(expected[days] <= (double)random->limit || forecast->known > (double)random->limit);
}

static void check_over(uint64_t seed, const struct random_history *random, const struct forecast *forecast)
{
    double used = random->input.used;

    ALWAYS(forecast->is_over == (random->input.elapsed >= random->input.days));
    if (!forecast->is_over)
        return;
    ALWAYS(forecast_quantile(forecast, 0.975) == used && forecast_mean(forecast) == used);
    ALWAYS(forecast_probability(forecast, random->limit) == (used > (double)random->limit));
}

/* What a month older than all that count has had changes nothing. */
static void check_newest(uint64_t seed, struct random_history *random, const struct forecast *forecast)
{
    size_t count = random->input.month_count;

    if (count > FORECAST_HISTORY)
        random_month(random, &random->months[count - FORECAST_HISTORY - 1], 100);
    struct forecast again = make(random);
    ALWAYS(memcmp(&again.mu, &forecast->mu, sizeof(again.mu)) == 0 &&
           memcmp(&again.v, &forecast->v, sizeof(again.v)) == 0);
    ALWAYS(again.months == forecast->months && again.months <= FORECAST_HISTORY);
}

Test(forecast_always, is_what_a_forecast_must_be)
{
    static struct random_history random;

    for (uint64_t seed = 0; seed < HISTORIES; seed++) {
        random_make(&random, seed);
        struct forecast forecast = make(&random);
        check_over(seed, &random, &forecast);
        if (!forecast.is_over)
            check_numbers(seed, &forecast);
        check_quantiles(seed, &forecast);
        check_probability(seed, &forecast, random.limit / 2);
        if (seed % 16 == 0)
            check_samples(seed, &forecast);
        check_path(seed, &random, &forecast);
        check_newest(seed, &random, &forecast);
    }
}

static void check_score(uint64_t seed, const struct forecast_score *score)
{
    const double numbers[] = {score->method.error, score->method.bias, score->run_rate.error, score->run_rate.bias,
                              score->last.error,   score->last.bias,   score->fresh.error,    score->fresh.bias,
                              score->width80,      score->pinball};
    const double parts[] = {score->cover80, score->cover95, score->brier};

    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
        ALWAYS(is_number(numbers[i]));
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
        ALWAYS(parts[i] >= 0 && parts[i] <= 1 + 1e-12);
    ALWAYS(score->cover95 >= score->cover80);
    ALWAYS(score->months <= 40);
}

Test(forecast_always, can_be_tested_on_every_history)
{
    static struct random_history random;
    struct forecast_score score;
    struct error err;

    for (uint64_t seed = 0; seed < HISTORIES / 20; seed++) {
        random_make(&random, seed);
        int day = 1 + random_below(&random, FORECAST_DAYS);
        cr_assert(forecast_backtest(random.months, random.input.month_count, 40, day, &score, &err), "%s", err.text);
        check_score(seed, &score);
    }
}
