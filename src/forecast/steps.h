/* SPDX-License-Identifier: MIT */
#ifndef FORECAST_STEPS_H
#define FORECAST_STEPS_H

/*
 * The steps of the method, of which forecast_make is the sum: 1 elapsed share, 2 level, 3 development, and of section 5
 * Student's distribution. They trust their input; forecast_make has looked at it.
 *
 * For the same bits everywhere: sums run in one order, nothing is contracted or reordered (the Makefile's flags), and
 * of libm only exp, log, sqrt and what is exact is called, never on a constant, which a compiler may reckon in its own
 * way.
 */

#include "headroom/forecast.h"

/* The months that count: the newest FORECAST_HISTORY, oldest first. */
struct past {
    const struct forecast_month *months;
    size_t count;
};
struct past past_of(const struct forecast_input *input);
double month_count(const struct forecast_month *month); /* N */
/* How much each month counts: 1 the newest, and the older the less. */
void past_fading(size_t count, double fading[FORECAST_HISTORY]);

/* forecast_make, of what was looked at before. */
void forecast_make_checked(const struct forecast_input *input, struct forecast *forecast);

/* ---- 1 elapsed share ---- */
/* Weights of the weekdays, Monday first, about 1 each; all 1 without handle-days. */
struct weekdays {
    double weight[7];
};
struct weekdays weekdays_learn(struct past past);
/* W: the weights of the first `time` days of a month, linear inside a day. */
double weekdays_until(const struct weekdays *weekdays, int first_weekday, double time);
/* Its inverse: the time at which the weights add up to `sum`, at most `days`. */
double weekdays_time(const struct weekdays *weekdays, int first_weekday, int days, double sum);
/* tau, 0 to 1: W up to the time over W of the whole month. */
double weekdays_share(const struct weekdays *weekdays, int first_weekday, int days, double time);

/* ---- 2 level ---- */
struct level {
    double log_count; /* l */
    double variance;  /* tau squared */
    double count;     /* N0, at least 1 */
};
struct level level_learn(struct past past); /* of at least one month */

/* ---- 3 development ---- */
struct development {
    double count;           /* N0: the month's, about */
    double growth;          /* g: log of the month's count over the count by now */
    double growth_variance; /* v_g */
    double dispersion;      /* phi */
    double seen;            /* G */
};
/* From at least one past month; count: the level's. */
struct development development_learn(struct past past, const struct weekdays *weekdays, double share, double count);
struct development development_default(double share, double used);
double development_variance(const struct development *development); /* s squared: of the count blown up */

/* ---- 5 distribution ---- */
double student_above(double x);                                   /* P(T > x) of Student-t with 12 degrees of freedom */
double student_quantile(double p);                                /* t with P(T <= t) = p, 0 < p < 1 */
double forecast_count(const struct forecast *forecast, double t); /* q for a Student-t of t */

#endif
