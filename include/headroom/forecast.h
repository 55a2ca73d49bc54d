/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_FORECAST_H
#define HEADROOM_FORECAST_H

/*
 * forecast: how many unique handles a billing month will end with. Pure: history in, distribution out; no database, no
 * I/O, no allocation. The credibility forecast: a level learned from past months, and this month's count blown up by
 * the usual development to the month's end, mixed on the log scale with weights from their own variances. Sections that
 * comments name are those of the method's text: 1 elapsed share, 2 level, 3 development, 4 mix, 5 distribution.
 *
 * Counts and days are doubles: counts are at least 0, a time in days is counted from the period's start, whole numbers
 * being the ends of days. Logarithms are natural. The same input gives the same bits with every compiler.
 */

#include "headroom/base.h"

#define FORECAST_HISTORY   36   /* past months that are used, at most: the newest */
#define FORECAST_WEEKDAYS  12   /* of these the newest, which the weights of weekdays come from */
#define FORECAST_DAYS      63   /* of a period, at most */
#define FORECAST_SAMPLES   200  /* of the distribution, for means */
#define FORECAST_COUNT_MAX 1e15 /* of handles, given or forecast: below it a double tells each whole number */

/* A complete past month. */
struct forecast_month {
    int days;                             /* 1 to FORECAST_DAYS */
    int first_weekday;                    /* of its first day: 0 Monday to 6 Sunday */
    double cumulative[FORECAST_DAYS + 1]; /* [t]: unique handles up to the end of day t; [0] is 0; never falls */
    double seen[FORECAST_DAYS];           /* [k]: handles that were used on day k + 1 */
};

struct forecast_input {
    const struct forecast_month *months; /* oldest first */
    size_t month_count;
    int days;          /* of the month that is forecast */
    int first_weekday; /* as in forecast_month */
    double elapsed;    /* days of it that the count covers, 0 to days; days: the month is over */
    double used;       /* unique handles within them */
    double known;      /* unique handles of the month that are known, those of later days too; as many as used at least:
                          what is less counts as used */
};

/* The distribution of the month's count: log(N + 1/2) is mu + sqrt(v) T with T Student-t of 12 degrees of freedom; all
 * mass below `known` sits there, and all above FORECAST_COUNT_MAX there. In a month that is over it is `used`, and mu,
 * v and what follows are 0. */
struct forecast {
    double used;
    double known; /* at least used; in a month that is over, used */
    double mu, v;
    bool is_over;
    size_t months;         /* that it rests on; 0: on the default curve, unless the month is over */
    double share;          /* tau: of the month that has elapsed, by the weights of its weekdays */
    double level;          /* l; without a past month there is none, and this and the next are 0 */
    double level_variance; /* tau squared */
    double development;    /* G: of the month's handles, those usually seen by now */
    double count_variance; /* s squared */
    double weight;         /* z: of this month's own count */
};

/* Sections 1 to 4. EXIT_COMMAND for days or weekdays out of range, an elapsed time beyond the month, and counts that
 * are negative, above FORECAST_COUNT_MAX, no numbers, or fall. */
MUST_CHECK bool forecast_make(const struct forecast_input *input, struct forecast *forecast, struct error *err);

/* Section 5. The count that is not passed with probability p, 0 < p < 1; at least `known`. p = 0.5
 * is the point forecast. */
double forecast_quantile(const struct forecast *forecast, double p);
/* Of ending above a limit: 0 to 1; falls as the limit rises, 1 once more than it are known. */
double forecast_probability(const struct forecast *forecast, int64_t limit);
/* The quantiles (j - 1/2) / FORECAST_SAMPLES, in order. What follows from the count has as its mean the mean over
 * these: that of the distribution itself is infinite. */
void forecast_samples(const struct forecast *forecast, double counts[FORECAST_SAMPLES]);
double forecast_mean(const struct forecast *forecast); /* of the count */

/* These are of a forecast that forecast_make made from this input. */
/* How much of the way from now to the month's end is made by the end of each day, [0] to [days], as the usual
 * development goes: 0 on the days that are over, 1 at the end; it never falls. What ends at q has
 * used + (q - used) * made on its way. */
void forecast_made(const struct forecast_input *input, const struct forecast *forecast, double made[FORECAST_DAYS + 1]);
/* The count expected at the end of each day: that on its way to the median. Section 5, "date of passing". */
void forecast_path(const struct forecast_input *input, const struct forecast *forecast,
                   double expected[FORECAST_DAYS + 1]);
/* The first later day, 1 to days, at whose end the expected count is above the limit; 0: none, or passed already. */
int forecast_crossing(const struct forecast_input *input, const struct forecast *forecast, int64_t limit);

/* How good a way to forecast was on past months. N is a month's true count; all are means over the months. */
struct forecast_accuracy {
    double error; /* |point - N| / N */
    double bias;  /* (point - N) / N: above 0 too high */
};
struct forecast_score {
    size_t months;                     /* that were forecast; without one all below is 0 */
    struct forecast_accuracy method;   /* point: the median, not rounded */
    struct forecast_accuracy run_rate; /* point: the count so far, as if it went on day by day */
    struct forecast_accuracy last;     /* point: the count of the month before in the list */
    struct forecast_accuracy fresh;    /* point: the median as if there were no past month */
    double cover80, cover95; /* 0 to 1: N lies within the shown interval, which is rounded outward to whole handles */
    double width80;          /* the shown interval's upper end less its lower, over N */
    double pinball; /* over N: twice the loss, mean of the quantiles 2.5, 10, 25, 50, 75, 90 and 97.5 %, not rounded */
    double brier; /* (P - passed)², mean of five limits: 0.8, 0.9, 1, 1.1 and 1.25 of the mean of the up to six months
                       before, each rounded to a whole handle; passed: 1 where N is above it, else 0 */
};
/* Forecasts each of the newest months at the end of a day, from the months before it alone, and holds the forecasts
 * against what became of the months. newest: how many to look at; of these, months that are over by then or have no
 * handle are left out, and the first month of all, which has none before it. EXIT_COMMAND as forecast_make, and for a
 * day that is none. */
MUST_CHECK bool forecast_backtest(const struct forecast_month *months, size_t count, size_t newest, int day,
                                  struct forecast_score *score, struct error *err);

#endif
