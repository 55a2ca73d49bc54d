/* SPDX-License-Identifier: MIT */
/* Section 3: how much of a month's count is usually there by now. */

#include <math.h>

#include "forecast/steps.h"

#define DEFAULT_POWER     0.72  /* beta0: without a past month the count so far is share^0.72 of the whole */
#define DEFAULT_DEVIATION 0.11  /* s_beta: of that power */
#define SEEN_MOST         0.999 /* G at most, while the month is not over */
#define DISPERSION_COUNT  150.0 /* phi0 is 1 more with each so many handles */
#define DISPERSION_MONTHS 6.0   /* m0: how many months phi0 counts for */
#define LOG_SHARE_MOST    (-1e-6)
#define SHARE_LEAST       1e-3 /* the default curve begins there: at 0 its logarithm ends */

/* What the default curve says of a share. */
struct prior {
    double growth;   /* g0 */
    double variance; /* v0 */
};

static struct prior prior_of(double share)
{
    double log_share = fmin(log(fmax(share, SHARE_LEAST)), LOG_SHARE_MOST);
    double deviation = DEFAULT_DEVIATION * log_share;

    return (struct prior){.growth = -DEFAULT_POWER * log_share, .variance = deviation * deviation};
}

/* h: of the logarithm of a part, when each of `count` is in it with probability `seen`. */
static double binomial_variance(double seen, double count)
{
    return (1 - seen) / (fmax(count, 1) * seen);
}

static double seen_of(double growth)
{
    return fmin(exp(-growth), SEEN_MOST);
}

/* U(time), linear inside a day. */
static double count_at(const struct forecast_month *month, double time)
{
    int day = (int)time;

    if (day >= month->days)
        return month_count(month);
    return month->cumulative[day] + (time - day) * (month->cumulative[day + 1] - month->cumulative[day]);
}

/* r: by how much a month grew from the time that matches the share. */
static double month_growth(const struct forecast_month *month, const struct weekdays *weekdays, double share)
{
    double whole = weekdays_until(weekdays, month->first_weekday, month->days);
    double time = weekdays_time(weekdays, month->first_weekday, month->days, share * whole);

    return log((month_count(month) + 0.5) / (count_at(month, time) + 0.5));
}

/* The growth of each past month, and their mean. */
struct growths {
    double of[FORECAST_HISTORY];
    double fading[FORECAST_HISTORY];
    double weights;   /* sum of fading */
    double effective; /* n_eff: how many equal months they are worth */
    double mean;      /* r */
};

static void growths_learn(struct growths *growths, struct past past, const struct weekdays *weekdays, double share)
{
    double sum = 0, squares = 0;

    past_fading(past.count, growths->fading);
    growths->weights = 0;
    for (size_t i = 0; i < past.count; i++) {
        growths->of[i] = month_growth(&past.months[i], weekdays, share);
        sum += growths->fading[i] * growths->of[i];
        growths->weights += growths->fading[i];
        squares += growths->fading[i] * growths->fading[i];
    }
    growths->mean = sum / growths->weights;
    growths->effective = growths->weights * growths->weights / squares;
}

/* phi: by how much months differ more than chance makes them. */
static double dispersion_learn(const struct growths *growths, struct past past, double seen, double count)
{
    double sum = DISPERSION_MONTHS * (1 + count / DISPERSION_COUNT);

    for (size_t i = 0; i < past.count; i++) {
        double deviation = growths->of[i] - growths->mean;
        sum += growths->fading[i] * deviation * deviation / binomial_variance(seen, month_count(&past.months[i]));
    }
    return sum / (growths->weights * (1 - 1 / growths->effective) + DISPERSION_MONTHS);
}

struct development development_learn(struct past past, const struct weekdays *weekdays, double share, double count)
{
    struct prior prior = prior_of(share);
    struct development learned = {.count = count};
    struct growths growths;

    growths_learn(&growths, past, weekdays, share);
    double seen = seen_of(growths.mean);
    learned.dispersion = dispersion_learn(&growths, past, seen, count);
    double variance = learned.dispersion * binomial_variance(seen, count) / growths.effective;
    double precision = 1 / variance + 1 / prior.variance;
    learned.growth = (growths.mean / variance + prior.growth / prior.variance) / precision;
    learned.growth_variance = 1 / precision;
    learned.seen = seen_of(learned.growth);
    return learned;
}

struct development development_default(double share, double used)
{
    struct prior prior = prior_of(share);
    double count = fmax((used + 0.5) * exp(prior.growth), 1);

    return (struct development){.count = count,
                                .growth = prior.growth,
                                .growth_variance = prior.variance,
                                .dispersion = 1 + count / DISPERSION_COUNT,
                                .seen = exp(-prior.growth)};
}

double development_variance(const struct development *development)
{
    return development->dispersion * binomial_variance(development->seen, development->count) +
           development->growth_variance;
}
