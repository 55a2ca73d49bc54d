/* SPDX-License-Identifier: MIT */
/* Says how good a forecast was on past months. */

#include <math.h>

#include "headroom/outlook.h"

static size_t held(const struct forecast_score *score)
{
    return (size_t)lround(score->cover80 * (double)score->months);
}

/* Before the first day is half over the forecast can only be worse than it was at that day's end. */
static char *words_of(const struct outlook *outlook, const char *of, const char *contract)
{
    const struct forecast_score *score = &outlook->score;
    return mem_format("%s day %d of the last %zu months the forecast%s%s was off by %.1f %% on average; its 80 %% "
                      "interval held %zu of %zu.",
                      outlook->input.elapsed < 0.5 ? "Even on" : "On", outlook->score_day, score->months, of, contract,
                      score->method.error * 100, held(score), score->months);
}

static bool is_known(const struct outlook *outlook)
{
    return outlook->score.months >= OUTLOOK_ACCURACY_MIN;
}

char *outlook_accuracy_words(const struct outlook *outlook)
{
    return is_known(outlook) ? words_of(outlook, "", "") : NULL;
}

/* What is known of several. */
struct together {
    size_t contracts, months, held;
    double error; /* the sum over the months */
    const struct outlook *worst;
};

static void add(struct together *all, const struct outlook *outlook)
{
    const struct forecast_score *score = &outlook->score;
    all->contracts++;
    all->months += score->months;
    all->held += held(score);
    all->error += score->method.error * (double)score->months;
    if (all->worst == NULL || score->method.error > all->worst->score.method.error)
        all->worst = outlook;
}

char *outlook_accuracy_of_all(const struct outlook *const *outlooks, size_t count)
{
    struct together all = {0};
    for (size_t i = 0; i < count; i++)
        if (is_known(outlooks[i]))
            add(&all, outlooks[i]);
    if (all.worst == NULL)
        return NULL;
    if (all.contracts == 1)
        return words_of(all.worst, " of ", all.worst->history.contract);
    return mem_format("On this day of their last months the forecasts of %zu contracts were off by %.1f %% on average, "
                      "most of all that of %s, by %.1f %%; their 80 %% intervals held %zu of %zu.",
                      all.contracts, all.error / (double)all.months * 100, all.worst->history.contract,
                      all.worst->score.method.error * 100, all.held, all.months);
}
