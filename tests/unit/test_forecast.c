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
