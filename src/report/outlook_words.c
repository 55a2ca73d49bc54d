/* SPDX-License-Identifier: MIT */
/* Says how good a forecast was on past months, and what speaks against it. */

#include <math.h>

#include "headroom/outlook.h"

#define MONTH_MIN 28 /* days of a month that nothing made longer or shorter */
#define MONTH_MAX 31
#define SECOND    1000000 /* to which a person is told a time */

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

/* Months that are cut, or made longer or shorter, are forecast from whole ones. */
char *outlook_length_words(const struct outlook *outlook)
{
    const struct forecast_input *input = &outlook->input;
    int days = input->days, least = FORECAST_DAYS, most = 0;
    char range[32] = "";
    if (!outlook_is_open(outlook) || outlook->forecast.months == 0 || (days >= MONTH_MIN && days <= MONTH_MAX))
        return NULL;
    for (size_t i = 0; i < input->month_count; i++) {
        least = input->months[i].days < least ? input->months[i].days : least;
        most = input->months[i].days > most ? input->months[i].days : most;
    }
    if (most > least)
        snprintf(range, sizeof range, " to %d", most);
    return mem_format("This month has %d day%s, those that it rests on have %d%s: the forecast is rather too %s.", days,
                      days == 1 ? "" : "s", least, range, days < MONTH_MIN ? "high" : "low");
}

char *outlook_behind_words(const struct outlook *outlook)
{
    char until[TIMESTAMP_SIZE];
    const struct history *history = &outlook->history;
    if (!outlook_is_open(outlook) || !outlook->is_further)
        return NULL;
    if (history->data_until < history->period_start) /* or never */
        return mem_text("The month is counted though sources have delivered nothing of it: " OUTLOOK_TOO_LOW);
    return mem_format("The month is counted beyond %s, up to which all sources have delivered: " OUTLOOK_TOO_LOW,
                      timestamp_format(history->data_until / SECOND * SECOND, until));
}
