/* SPDX-License-Identifier: MIT */
/* How good the forecast was on past months, beside simpler ways. */

#include <math.h>

#include "forecast/check.h"
#include "forecast/steps.h"

static const double levels[] = {0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975};
enum {
    P025,
    P10,
    MEDIAN = 3,
    P90 = 5,
    P975,
    LEVELS
};
#define LIMITS       5
#define LIMIT_MONTHS 6 /* whose mean they are parts of */
static const double limits[LIMITS] = {0.8, 0.9, 1, 1.1, 1.25};

/* A past month as it stood at the end of a day, and what became of it. */
struct trial {
    struct forecast_input input;
    struct forecast forecast;
    double quantiles[LEVELS];
    double truth;
};

/* t: of the levels. */
static void trial_make(struct trial *trial, const struct forecast_month *months, size_t index, int day,
                       const double t[LEVELS])
{
    const struct forecast_month *month = &months[index];

    trial->truth = month_count(month);
    trial->input = (struct forecast_input){.months = months,
                                           .month_count = index,
                                           .days = month->days,
                                           .first_weekday = month->first_weekday,
                                           .elapsed = day,
                                           .used = month->cumulative[day]};
    forecast_make_checked(&trial->input, &trial->forecast);
    for (int i = 0; i < LEVELS; i++)
        trial->quantiles[i] = forecast_count(&trial->forecast, t[i]);
}

static void add_point(struct forecast_accuracy *sums, double point, double truth)
{
    double error = (point - truth) / truth;

    sums->error += fabs(error);
    sums->bias += error;
}

static double fresh_point(const struct trial *trial)
{
    struct forecast_input input = trial->input;
    struct forecast forecast;

    input.month_count = 0;
    forecast_make_checked(&input, &forecast);
    return forecast_quantile(&forecast, 0.5);
}

static double is_covered(const struct trial *trial, int low, int high)
{
    return floor(trial->quantiles[low]) <= trial->truth && trial->truth <= ceil(trial->quantiles[high]);
}

/* Twice the loss, so that the median's is its absolute error. */
static double pinball(const struct trial *trial)
{
    double sum = 0;

    for (int i = 0; i < LEVELS; i++) {
        double above = trial->truth - trial->quantiles[i];
        sum += 2 * (above > 0 ? levels[i] * above : (levels[i] - 1) * above);
    }
    return sum / LEVELS / trial->truth;
}

static double brier(const struct trial *trial)
{
    size_t count = trial->input.month_count < LIMIT_MONTHS ? trial->input.month_count : LIMIT_MONTHS;
    const struct forecast_month *before = trial->input.months + trial->input.month_count - count;
    double mean = 0, sum = 0;

    for (size_t i = 0; i < count; i++)
        mean += month_count(&before[i]) / (double)count;
    for (int i = 0; i < LIMITS; i++) {
        int64_t limit = (int64_t)floor(limits[i] * mean + 0.5);
        double miss = forecast_probability(&trial->forecast, limit) - (trial->truth > (double)limit);
        sum += miss * miss;
    }
    return sum / LIMITS;
}

static void add_trial(struct forecast_score *sums, const struct trial *trial)
{
    const struct forecast_input *input = &trial->input;
    double truth = trial->truth;

    sums->months++;
    add_point(&sums->method, trial->quantiles[MEDIAN], truth);
    add_point(&sums->run_rate, input->used * input->days / input->elapsed, truth);
    add_point(&sums->last, month_count(&input->months[input->month_count - 1]), truth);
    add_point(&sums->fresh, fresh_point(trial), truth);
    sums->cover80 += is_covered(trial, P10, P90);
    sums->cover95 += is_covered(trial, P025, P975);
    sums->width80 += (ceil(trial->quantiles[P90]) - floor(trial->quantiles[P10])) / truth;
    sums->pinball += pinball(trial);
    sums->brier += brier(trial);
}

/* Sums become means. */
static void divide(struct forecast_score *score)
{
    double *const sums[] = {&score->method.error, &score->method.bias, &score->run_rate.error, &score->run_rate.bias,
                            &score->last.error,   &score->last.bias,   &score->fresh.error,    &score->fresh.bias,
                            &score->cover80,      &score->cover95,     &score->width80,        &score->pinball,
                            &score->brier};

    for (size_t i = 0; score->months > 0 && i < ARRAY_LENGTH(sums); i++)
        *sums[i] /= (double)score->months;
}

bool forecast_backtest(const struct forecast_month *months, size_t count, size_t newest, int day,
                       struct forecast_score *score, struct error *err)
{
    size_t first = count > newest ? count - newest : 0;
    double t[LEVELS];

    if (day < 1 || day > FORECAST_DAYS)
        return fail(err, EXIT_COMMAND, "a backtest at day %d: days of a month are 1 to %d", day, FORECAST_DAYS);
    if (!check_months(months, count, err))
        return fail_within(err, "a backtest");
    *score = (struct forecast_score){0};
    for (int i = 0; i < LEVELS; i++)
        t[i] = student_quantile(levels[i]);
    for (size_t i = first > 1 ? first : 1; i < count; i++) {
        struct trial trial;
        if (months[i].days <= day || month_count(&months[i]) <= 0)
            continue;
        trial_make(&trial, months, i, day, t);
        add_trial(score, &trial);
    }
    divide(score);
    return true;
}
