/* SPDX-License-Identifier: MIT */
/* The forecast, held against the numbers of the method's text: two real logs, and one month step by step. */

#include <inttypes.h>
#include <math.h>

#include "forecast/steps.h"
#include "forecast_months.h"

/* As the text prints them: half a unit of the last digit, and a little for numbers that lie there. */
#define CLOSE(actual, wanted, unit)                                                                                    \
    cr_expect(fabs((actual) - (wanted)) <= 0.50001 * (unit), "%s is %.9g, not %.9g", #actual, (double)(actual),        \
              (double)(wanted))

struct vector {
    char set[32], month[8];
    int day;
    size_t known;
    double used, seen, level_variance, count_variance, weight, mu, v, median, p10, p90, p025, p975;
    int64_t limit;
    double probability;
};

static void check_vector(const struct vector *want, const struct forecast *got)
{
    cr_expect(fabs(got->mu - want->mu) <= 1e-5, "mu is %.9f, not %.9f", got->mu, want->mu);
    cr_expect(fabs(got->v - want->v) <= 2e-6, "v is %.9f, not %.9f", got->v, want->v);
    CLOSE(got->used, want->used, 0);
    CLOSE(got->development, want->seen, 1e-6);
    CLOSE(got->level_variance, want->level_variance, 1e-6);
    CLOSE(got->count_variance, want->count_variance, 1e-6);
    CLOSE(got->weight, want->weight, 1e-6);
    CLOSE(forecast_quantile(got, 0.5), want->median, 1e-3);
    CLOSE(forecast_quantile(got, 0.1), want->p10, 1e-2);
    CLOSE(forecast_quantile(got, 0.9), want->p90, 1e-2);
    CLOSE(forecast_quantile(got, 0.025), want->p025, 1e-2);
    CLOSE(forecast_quantile(got, 0.975), want->p975, 1e-2);
    CLOSE(forecast_probability(got, want->limit), want->probability, 1e-4);
}

static bool vector_read(struct vector *v, FILE *file)
{
    return fscanf(file, "%31[^,],%7[^,],%d,%zu,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%" SCNd64 ",%lf\n",
                  v->set, v->month, &v->day, &v->known, &v->used, &v->seen, &v->level_variance, &v->count_variance,
                  &v->weight, &v->mu, &v->v, &v->median, &v->p10, &v->p90, &v->p025, &v->p975, &v->limit,
                  &v->probability) == 18;
}

static struct forecast make(const struct forecast_input *input)
{
    struct forecast forecast;
    struct error err;

    cr_assert(forecast_make(input, &forecast, &err), "%s", err.text);
    return forecast;
}

Test(forecast, gives_the_vectors_of_the_method)
{
    static struct months months;
    struct vector vector;
    int count = 0;
    FILE *file = fopen("tests/data/forecast-vectors.csv", "r");

    cr_assert_not_null(file);
    cr_assert_neq(fscanf(file, "%*[^\n]\n"), EOF);
    for (; vector_read(&vector, file); count++) {
        months_read(&months, vector.set);
        size_t index = months_find(&months, vector.month);
        struct forecast_input input = months_input(&months, index, vector.day, vector.known);
        struct forecast forecast = make(&input);
        cr_expect_eq(forecast.months, vector.known < FORECAST_HISTORY ? vector.known : FORECAST_HISTORY);
        check_vector(&vector, &forecast);
    }
    fclose(file);
    cr_expect_eq(count, 18);
}

/* ---- recipes-commits, 2026-03, the end of day 10, with three months known ---- */

static struct forecast_input step(void)
{
    static struct months months;

    months_read(&months, "recipes-commits");
    return months_input(&months, months_find(&months, "2026-03"), 10, 3);
}

Test(forecast_step, weighs_the_weekdays)
{
    static const double wanted[] = {1.102311, 1.069465, 1.107786, 1.211800, 1.266545, 0.642457, 0.571038};
    struct forecast_input input = step();
    struct weekdays weekdays = weekdays_learn(past_of(&input));

    cr_expect_eq(input.first_weekday, 6);
    for (int k = 0; k < 7; k++)
        CLOSE(weekdays.weight[k], wanted[k], 1e-6);
    CLOSE(weekdays_share(&weekdays, input.first_weekday, input.days, input.elapsed), 0.317163, 1e-6);
}

Test(forecast_step, weighs_only_the_newest_twelve_months)
{
    static struct months months;

    months_read(&months, "recipes-commits");
    struct forecast_input all = months_input(&months, months.count - 1, 10, 36);
    struct forecast_input newest = months_input(&months, months.count - 1, 10, 12);
    struct weekdays a = weekdays_learn(past_of(&all)), b = weekdays_learn(past_of(&newest));
    cr_expect_arr_eq(a.weight, b.weight, sizeof(a.weight));
}

Test(forecast_step, finds_the_matching_times)
{
    static const double counts[] = {140, 156, 213}, times[] = {9.669150, 9.598254, 9.186584};
    struct forecast_input input = step();
    struct past past = past_of(&input);
    struct weekdays weekdays = weekdays_learn(past);
    double share = weekdays_share(&weekdays, input.first_weekday, input.days, input.elapsed);

    for (size_t i = 0; i < past.count; i++) {
        const struct forecast_month *month = &past.months[i];
        double whole = weekdays_until(&weekdays, month->first_weekday, month->days);
        double time = weekdays_time(&weekdays, month->first_weekday, month->days, share * whole);
        CLOSE(month_count(month), counts[i], 0);
        CLOSE(time, times[i], 1e-6);
        cr_expect_float_eq(weekdays_until(&weekdays, month->first_weekday, time), share * whole, 1e-12);
    }
}

Test(forecast_step, learns_level_and_development)
{
    struct forecast_input input = step();
    struct past past = past_of(&input);
    struct weekdays weekdays = weekdays_learn(past);
    double share = weekdays_share(&weekdays, input.first_weekday, input.days, input.elapsed);
    struct level level = level_learn(past);
    struct development development = development_learn(past, &weekdays, share, level.count);

    CLOSE(development.dispersion, 3.041762, 1e-6);
    CLOSE(development.seen, 0.448895, 1e-6);
    CLOSE(level.variance, 0.059720, 1e-6);
    CLOSE(development_variance(&development), 0.027382, 1e-6);
}

Test(forecast_step, gives_the_distribution)
{
    struct forecast_input input = step();
    struct forecast forecast = make(&input);

    CLOSE(forecast_quantile(&forecast, 0.5), 205.2, 0.1);
    cr_expect_eq(floor(forecast_quantile(&forecast, 0.1)), 170);
    cr_expect_eq(ceil(forecast_quantile(&forecast, 0.9)), 248);
    cr_expect_eq(floor(forecast_quantile(&forecast, 0.025)), 152);
    cr_expect_eq(ceil(forecast_quantile(&forecast, 0.975)), 277);
    CLOSE(forecast_probability(&forecast, 160), 0.9506, 1e-4);
}

Test(forecast_step, never_ends_below_what_is_known)
{
    struct forecast_input input = step();
    struct forecast without = make(&input), forecast;

    input.known = 210;
    forecast = make(&input);
    cr_expect_eq(forecast.mu, without.mu, "what is known of later days is no part of the method");
    cr_expect_eq(forecast_quantile(&forecast, 0.025), 210);
    cr_expect_eq(forecast_quantile(&forecast, 0.5), 210);
    cr_expect_eq(forecast_quantile(&forecast, 0.9), forecast_quantile(&without, 0.9));
    cr_expect_gt(forecast_mean(&forecast), 210);
    cr_expect_eq(forecast_probability(&forecast, 209), 1);
    cr_expect_eq(forecast_probability(&forecast, 210), forecast_probability(&without, 210));
    cr_expect_eq(forecast_crossing(&input, &forecast, 205), 0, "passed already");
    input.known = 100;
    forecast = make(&input);
    cr_expect_eq(forecast.known, 101, "at least what is used");
    cr_expect_eq(forecast_quantile(&forecast, 0.025), forecast_quantile(&without, 0.025));
    input.elapsed = input.days;
    input.known = 210;
    forecast = make(&input);
    cr_expect_eq(forecast_quantile(&forecast, 0.5), 101, "a month that is over has its count");
}

/* ---- Student's distribution ---- */

Test(forecast_student, has_the_quantiles_of_the_text)
{
    CLOSE(student_quantile(0.9), 1.356217, 1e-6);
    CLOSE(student_quantile(0.95), 1.782288, 1e-6);
    CLOSE(student_quantile(0.975), 2.178813, 1e-6);
    CLOSE(student_quantile(0.025), -2.178813, 1e-6);
    cr_expect_eq(student_quantile(0.5), 0);
    cr_expect_eq(student_above(0), 0.5);
}

/* The formula of the text, as it stands there. */
static double student_by_angle(double x)
{
    double theta = atan(x / sqrt(12)), c = cos(theta) * cos(theta);

    return 0.5 +
           0.5 * sin(theta) * (1 + c / 2 * (1 + 3 * c / 4 * (1 + 5 * c / 6 * (1 + 7 * c / 8 * (1 + 9 * c / 10)))));
}

Test(forecast_student, is_the_formula_of_the_text)
{
    for (double x = -40; x <= 40; x += 0.01)
        cr_assert_float_eq(1 - student_above(x), student_by_angle(x), 1e-15, "at %g", x);
}

Test(forecast_student, keeps_its_digits_far_out)
{
    /* The tail is 1/2 I_c(6, 1/2), about c^6 / 12 B(6, 1/2) for small c. */
    cr_expect_float_eq(student_above(1e10) / (0.5 * 693.0 / 512 / 6 * pow(12e-20, 6)), 1, 1e-12);
    for (double p = 1e-300; p < 0.5; p *= 7)
        cr_assert_float_eq(student_above(-student_quantile(p)) / p, 1, 1e-13, "at %g", p);
}

/* ---- the way to the month's end ---- */

Test(forecast_path, leads_from_the_count_to_the_median)
{
    struct forecast_input input = step();
    struct forecast forecast = make(&input);
    double expected[FORECAST_DAYS + 1];

    forecast_path(&input, &forecast, expected);
    cr_expect_eq(expected[0], 101);
    cr_expect_eq(expected[10], 101);
    cr_expect_gt(expected[11], 101);
    cr_expect_eq(expected[31], forecast_quantile(&forecast, 0.5));
    for (int day = 11; day <= 31; day++)
        cr_expect_geq(expected[day], expected[day - 1]);
}

Test(forecast_path, goes_with_the_usual_development)
{
    struct forecast_input input = step();
    struct forecast forecast = make(&input);
    struct past past = past_of(&input);
    struct weekdays weekdays = weekdays_learn(past);
    double share = weekdays_share(&weekdays, input.first_weekday, input.days, 20), expected[FORECAST_DAYS + 1];
    double seen = development_learn(past, &weekdays, share, level_learn(past).count).seen;
    double median = forecast_quantile(&forecast, 0.5);

    forecast_path(&input, &forecast, expected);
    cr_expect_float_eq(expected[20], 101 + (median - 101) * (seen - forecast.development) / (1 - forecast.development),
                       1e-9);
}

Test(forecast_path, follows_the_default_curve_without_history)
{
    struct forecast_input input = {.days = 30, .elapsed = 9.5, .used = 100};
    struct forecast forecast = make(&input);
    double expected[FORECAST_DAYS + 1], median = forecast_quantile(&forecast, 0.5), now = pow(9.5 / 30, 0.72);

    forecast_path(&input, &forecast, expected);
    cr_expect_eq(expected[9], 100);
    cr_expect_float_eq(expected[10], 100 + (median - 100) * (pow(10 / 30.0, 0.72) - now) / (1 - now), 1e-9);
    cr_expect_eq(expected[30], median);
}

Test(forecast_path, tells_the_first_day_above_a_limit)
{
    struct forecast_input input = step();
    struct forecast forecast = make(&input);
    double expected[FORECAST_DAYS + 1];

    forecast_path(&input, &forecast, expected);
    for (int64_t limit = 0; limit < 300; limit++) {
        int wanted = 11;
        while (wanted <= 31 && expected[wanted] <= (double)limit)
            wanted++;
        cr_expect_eq(forecast_crossing(&input, &forecast, limit), limit < 101 || wanted > 31 ? 0 : wanted, "%d",
                     (int)limit);
    }
}

Test(forecast_path, ends_where_the_month_is_over)
{
    struct forecast_input input = {.days = 30, .elapsed = 30, .used = 100};
    struct forecast forecast = make(&input);
    double expected[FORECAST_DAYS + 1];

    forecast_path(&input, &forecast, expected);
    cr_expect_eq(expected[30], 100);
    cr_expect_eq(forecast_crossing(&input, &forecast, 99), 0);
    cr_expect_eq(forecast_crossing(&input, &forecast, 100), 0);
}

/* ---- bad input ---- */

static void refuse(struct forecast_input input, const char *words)
{
    struct forecast forecast;
    struct error err = {0};

    cr_expect_not(forecast_make(&input, &forecast, &err), "%s", words);
    cr_expect_eq(err.code, EXIT_COMMAND);
    cr_expect_not_null(strstr(err.text, words), "%s is not: %s", err.text, words);
}

Test(forecast_refuses, a_month_that_cannot_be)
{
    struct forecast_input good = {.days = 30, .elapsed = 9, .used = 100}, input;

    refuse((input = good, input.days = 0, input),
           "a forecast: the month that is forecast: 0 days: a month has 1 to 63");
    refuse((input = good, input.days = 64, input), "64 days");
    refuse((input = good, input.first_weekday = 7, input), "weekday 7");
    refuse((input = good, input.first_weekday = -1, input), "weekday -1");
    refuse((input = good, input.elapsed = 30.1, input), "30.1 days of it have elapsed: it has 30");
    refuse((input = good, input.elapsed = -1, input), "-1 days of it have elapsed");
    refuse((input = good, input.elapsed = (double)NAN, input), "nan days of it have elapsed");
    refuse((input = good, input.used = -1, input), "-1 unique handles so far");
    refuse((input = good, input.used = 2e15, input), "2e+15 unique handles so far: counts are 0 to 1e+15");
    refuse((input = good, input.used = (double)NAN, input), "nan unique handles so far");
    refuse((input = good, input.known = -1, input), "-1 unique handles are known: counts are 0 to 1e+15");
    refuse((input = good, input.known = (double)NAN, input), "nan unique handles are known");
}

Test(forecast_refuses, a_history_that_cannot_be)
{
    struct forecast_month good = {.days = 2, .cumulative = {0, 3, 5}, .seen = {3, 3}};
    struct forecast_month months[] = {good, good};
    struct forecast_input input = {.months = months, .month_count = 2, .days = 30};
    struct forecast_month *bad = &months[1];

    refuse((*bad = good, bad->cumulative[2] = 2, input),
           "a forecast: past month 2 of 2: day 2 ends with 2 unique handles after 3 the day before");
    refuse((*bad = good, bad->cumulative[0] = 1, input), "it begins with 1 unique handles");
    refuse((*bad = good, bad->cumulative[1] = (double)NAN, input), "day 1 has nan unique handles");
    refuse((*bad = good, bad->seen[1] = -4, input), "day 2 has 5 unique handles up to its end and -4 on it");
    refuse((*bad = good, bad->seen[1] = (double)INFINITY, input), "inf on it");
    refuse((*bad = good, bad->days = 0, input), "past month 2 of 2: 0 days");
    refuse((*bad = good, bad->first_weekday = 9, input), "weekday 9");
}

Test(forecast_refuses, a_backtest_at_no_day)
{
    struct forecast_month month = {.days = 2, .cumulative = {0, 3, 2}};
    struct forecast_score score;
    struct error err;

    cr_expect_not(forecast_backtest(NULL, 0, 36, 0, &score, &err));
    cr_expect_str_eq(err.text, "a backtest at day 0: days of a month are 1 to 63");
    cr_expect_not(forecast_backtest(NULL, 0, 36, 64, &score, &err));
    cr_expect_not(forecast_backtest(&month, 1, 36, 1, &score, &err));
    cr_expect_not_null(strstr(err.text, "a backtest: past month 1 of 1: day 2 ends with"));
}
