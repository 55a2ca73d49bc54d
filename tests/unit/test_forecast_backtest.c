/* SPDX-License-Identifier: MIT */
/* The forecast on the past months of two real logs: the figures that the method's text tells, its targets, and each
 * figure reckoned once more from its definition. */

#include <math.h>

#include "forecast_months.h"

static struct months months;

static struct forecast_score score_at(int day)
{
    struct forecast_score score;
    struct error err;

    cr_assert(forecast_backtest(months.of, months.count, 36, day, &score, &err), "%s", err.text);
    return score;
}

static void check_errors(const char *set, int day, double method, double run_rate)
{
    months_read(&months, set);
    struct forecast_score score = score_at(day);
    cr_expect_eq(score.months, 36);
    cr_expect_float_eq(100 * score.method.error, method, 0.05, "%s: %.3f", set, 100 * score.method.error);
    cr_expect_float_eq(100 * score.run_rate.error, run_rate, 0.0501, "%s: %.3f", set, 100 * score.run_rate.error);
}

Test(forecast_backtest, errs_as_the_text_says)
{
    check_errors("recipes-commits", 10, 7.7, 34.8);
    check_errors("recipes-commits", 15, 6.1, 22.4);
    check_errors("sci-python-commits", 10, 5.1, 60.5);
    check_errors("sci-python-commits", 15, 4.1, 35.1);
}

/* Figures over both logs and all five days. */
static struct forecast_score mean_score(void)
{
    static const char *const sets[] = {"recipes-commits", "sci-python-commits"};
    struct forecast_score mean = {0};

    for (int i = 0; i < 10; i++) {
        if (i % 5 == 0)
            months_read(&months, sets[i / 5]);
        struct forecast_score score = score_at(5 + i % 5 * 5);
        mean.cover80 += score.cover80 / 10;
        mean.cover95 += score.cover95 / 10;
        mean.pinball += score.pinball / 10;
        mean.brier += score.brier / 10;
    }
    return mean;
}

Test(forecast_backtest, is_within_the_targets)
{
    struct forecast_score mean = mean_score();

    cr_expect(mean.cover80 >= 0.77 && mean.cover80 <= 0.9, "%g", mean.cover80);
    cr_expect(mean.cover95 >= 0.92 && mean.cover95 <= 0.985, "%g", mean.cover95);
    cr_expect(mean.pinball <= 0.049, "%g", mean.pinball);
    cr_expect(mean.brier <= 0.095, "%g", mean.brier);
}

Test(forecast_backtest, is_within_the_targets_at_days_10_and_15)
{
    double fresh[2] = {0};
    static const char *const sets[] = {"recipes-commits", "sci-python-commits"};

    for (int i = 0; i < 2; i++) {
        months_read(&months, sets[i]);
        struct forecast_score ten = score_at(10), fifteen = score_at(15);
        cr_expect_leq(ten.method.error, 0.11);
        cr_expect_leq(ten.method.error, 0.31 * ten.run_rate.error);
        cr_expect_leq(ten.width80, 0.37);
        cr_expect_leq(fifteen.method.error, 0.086);
        cr_expect_leq(fifteen.method.error, 0.38 * fifteen.run_rate.error);
        fresh[0] += ten.fresh.error / 2;
        fresh[1] += fifteen.fresh.error / 2;
    }
    cr_expect_leq(fresh[0], 0.145);
    cr_expect_leq(fresh[1], 0.105);
}

/* ---- one month, by the definitions ---- */

static void check_one(const struct forecast_score *score, const struct forecast *forecast, double truth, double last)
{
    static const double levels[] = {0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975};
    double low = floor(forecast_quantile(forecast, 0.1)), high = ceil(forecast_quantile(forecast, 0.9));
    double loss = 0, bias = forecast_quantile(forecast, 0.5) / truth - 1;

    for (int i = 0; i < 7; i++) {
        double miss = truth - forecast_quantile(forecast, levels[i]);
        loss += 2 * fmax(levels[i] * miss, (levels[i] - 1) * miss) / 7;
    }
    cr_expect_float_eq(score->method.bias, bias, 1e-12);
    cr_expect_float_eq(score->method.error, fabs(bias), 1e-12);
    cr_expect_float_eq(score->last.bias, last / truth - 1, 1e-12);
    cr_expect_eq(score->cover80, low <= truth && truth <= high);
    cr_expect_float_eq(score->width80, (high - low) / truth, 1e-12);
    cr_expect_float_eq(score->pinball, loss / truth, 1e-12);
}

static double brier_of(const struct forecast *forecast, double truth, const int64_t limits[5])
{
    double sum = 0;

    for (int i = 0; i < 5; i++) {
        double miss = forecast_probability(forecast, limits[i]) - (truth > (double)limits[i] ? 1 : 0);
        sum += miss * miss / 5;
    }
    return sum;
}

Test(forecast_backtest, is_what_its_definitions_say)
{
    /* 2025-12 to 2026-05: 140, 156, 213, 242, 193, 230, on the mean 195 2/3. */
    static const int64_t limits[] = {157, 176, 196, 215, 245};
    struct forecast forecast;
    struct forecast_score score;

    months_read(&months, "recipes-commits");
    struct forecast_input input = months_input(&months, months.count - 1, 10, months.count);
    cr_assert(forecast_make(&input, &forecast, NULL));
    cr_assert(forecast_backtest(months.of, months.count, 1, 10, &score, NULL));
    cr_expect_eq(score.months, 1);
    check_one(&score, &forecast, 218, 230);
    cr_expect_float_eq(score.run_rate.bias, 107 * 3.0 / 218 - 1, 1e-12);
    cr_expect_float_eq(score.fresh.bias, 236.602 / 218 - 1, 1e-5);
    cr_expect_float_eq(score.brier, brier_of(&forecast, 218, limits), 1e-12);
}

/* The newest month, had it ended with so many. */
static struct forecast_score score_of(double truth)
{
    struct forecast_month *month = &months.of[months.count - 1];
    struct forecast_score score;

    for (int day = 11; day <= month->days; day++)
        month->cumulative[day] = truth;
    cr_assert(forecast_backtest(months.of, months.count, 1, 10, &score, NULL));
    return score;
}

Test(forecast_backtest, covers_what_is_shown_to_its_ends)
{
    struct forecast forecast;

    months_read(&months, "recipes-commits");
    struct forecast_input input = months_input(&months, months.count - 1, 10, months.count);
    cr_assert(forecast_make(&input, &forecast, NULL));
    double low80 = floor(forecast_quantile(&forecast, 0.1)), high80 = ceil(forecast_quantile(&forecast, 0.9));
    double low95 = floor(forecast_quantile(&forecast, 0.025)), high95 = ceil(forecast_quantile(&forecast, 0.975));
    cr_expect(score_of(low80).cover80 == 1 && score_of(low80 - 1).cover80 == 0);
    cr_expect(score_of(high80).cover80 == 1 && score_of(high80 + 1).cover80 == 0);
    cr_expect(score_of(low95).cover95 == 1 && score_of(low95 - 1).cover95 == 0);
    cr_expect(score_of(high95).cover95 == 1 && score_of(high95 + 1).cover95 == 0);
}

/* ---- what is left out ---- */

Test(forecast_backtest, leaves_out_what_says_nothing)
{
    struct forecast_month month = {.days = 30}, list[5];
    struct forecast_score score;

    for (int day = 1; day <= 30; day++)
        month.cumulative[day] = month.seen[day - 1] = day;
    for (int i = 0; i < 5; i++)
        list[i] = month;
    list[2] = (struct forecast_month){.days = 30}; /* nothing in it */
    list[3].days = 10;                             /* over at day 10 */
    cr_assert(forecast_backtest(list, 5, 36, 10, &score, NULL));
    cr_expect_eq(score.months, 2, "the first, the empty and the short one are left out");
    cr_assert(forecast_backtest(list, 5, 36, 9, &score, NULL));
    cr_expect_eq(score.months, 3);
    cr_assert(forecast_backtest(list, 5, 1, 9, &score, NULL));
    cr_expect_eq(score.months, 1);
    cr_assert(forecast_backtest(list, 1, 36, 9, &score, NULL));
    cr_expect_eq(score.months, 0);
    cr_expect_eq(score.method.error, 0);
}
