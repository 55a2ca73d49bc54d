/* SPDX-License-Identifier: MIT */
/* Says what a forecast rests on, and what speaks against it. */

#include <stdlib.h>
#include <string.h>

#include "cli/forecast.h"
#include "cli/output.h"
#include "cli/table.h"
#include "cli/wrap.h"

#define SCORE_MIN 6

static char *history_words(const struct outlook *outlook)
{
    const struct history *history = &outlook->history;
    const char *first = NULL, *last = NULL;
    size_t months = outlook->forecast.months;
    for (size_t i = 0; i < history->month_count; i++) {
        if (history->months[i].left_out != NULL)
            continue;
        first = first == NULL ? history->months[i].month : first;
        last = history->months[i].month;
    }
    if (months == 0)
        return mem_text("Rests on a default curve, not on this contract's own months: none before it can be used.");
    if (months == 1)
        return mem_format("Rests on 1 month, %s.", last);
    return mem_format("Rests on %zu months, %s to %s.", months, first, last);
}

/* Months that are left out for the same reason, one after the other, are one. */
void forecast_print_left_out(const struct history *history)
{
    for (size_t i = 0; i < history->month_count;) {
        const struct history_month *first = &history->months[i];
        const struct history_month *last = first;
        if (first->left_out == NULL) {
            i++;
            continue;
        }
        while (++i < history->month_count && history->months[i].left_out != NULL &&
               strcmp(history->months[i].left_out, first->left_out) == 0)
            last = &history->months[i];
        char *text = mem_format("Left out: %s%s%s (%s).", first->month, last > first ? " to " : "",
                                last > first ? last->month : "", first->left_out);
        wrap_print(stdout, text, 0, 0);
        free(text);
    }
}

/* A few months say nothing of how good it is. */
static void print_accuracy(const struct outlook *outlook)
{
    const struct forecast_score *score = &outlook->score;
    char *text = score->months >= SCORE_MIN
                     ? mem_format("On day %d of the last %zu months it was off by %.1f %% on average; the 80 %% "
                                  "interval held %.0f %%.",
                                  outlook->score_day, score->months, score->method.error * 100, score->cover80 * 100)
                     : mem_format("How good it is on this contract cannot be said yet: for that it takes %d months "
                                  "with one before them.",
                                  SCORE_MIN);
    wrap_print(stdout, text, 0, 0);
    free(text);
}

/* How many of these dates, with commas between them, are whole days of the month before as_of. */
static size_t days_before(const struct outlook *outlook, const char *dates)
{
    char last[OUTLOOK_DATE_SIZE];
    size_t count = 0;
    if (outlook->input.elapsed < 1)
        return 0;
    outlook_date(outlook, (int)outlook->input.elapsed, last);
    for (const char *date = dates; date != NULL; date = strchr(date, ',')) {
        date += *date == ',';
        count += strncmp(date, last, OUTLOOK_DATE_SIZE - 1) <= 0;
    }
    return count;
}

/* What may be missing before as_of makes all that is said of the month too low. */
static char *missing_words(const struct outlook *outlook, const struct reconcile_status *status)
{
    size_t days = status->low_days != NULL ? days_before(outlook, status->low_days) : 0;
    if (strcmp(status->completeness, "began") == 0)
        return mem_format("Recording %s", status->completeness_words);
    return days > 0 ? mem_format("Requests may be missing on %zu of the days so far", days) : NULL;
}

static void print_missing(const struct outlook *outlook, const struct reconcile_status *status)
{
    char *words = forecast_today(outlook) > 0 ? missing_words(outlook, status) : NULL;
    if (words == NULL)
        return;
    char *text =
        mem_format("%s: the count may be too low, and the forecast with it; 'headroom sources' says more.", words);
    wrap_print(stdout, text, 0, 0);
    free(text);
    free(words);
}

/* Months that are cut, or made longer or shorter, are forecast from whole ones. */
static void print_length(const struct outlook *outlook)
{
    int days = outlook->history.so_far.days;
    if (outlook->forecast.months == 0 || (days >= 28 && days <= 31))
        return;
    char *text = mem_format("This month has %d days, those that it rests on have 28 to 31: the forecast is rather too "
                            "%s.",
                            days, days < 28 ? "high" : "low");
    wrap_print(stdout, text, 0, 0);
    free(text);
}

void forecast_print_basis(const struct outlook *outlook, const struct reconcile_status *status)
{
    char *text = history_words(outlook);
    wrap_print(stdout, text, 0, 0);
    free(text);
    forecast_print_left_out(&outlook->history);
    print_accuracy(outlook);
    print_length(outlook);
    print_missing(outlook, status);
}

/* Days behind data until are not known; none of them is taken for one without new handles. */
void forecast_print_until(const struct outlook *outlook)
{
    struct cell as_of, until;
    char asked[64] = "", elapsed[64] = "";
    const struct history *history = &outlook->history;
    bool is_open = forecast_is_open(outlook) && outlook->input.elapsed > 0;
    char *text;
    if ((is_open && history->as_of != history->data_until) || forecast_is_before(outlook))
        snprintf(asked, sizeof asked, "As of %s. ", cell_time(&as_of, history->as_of));
    if (is_open)
        snprintf(elapsed, sizeof elapsed, "; %.3g of %d days are over", outlook->input.elapsed, outlook->input.days);
    text = history->data_until == HISTORY_NO_TIME
               ? mem_text("No source has delivered anything for this month yet.")
               : mem_format("%sData until %s%s.", asked, cell_time(&until, history->data_until), elapsed);
    wrap_print(stdout, text, 0, 0);
    free(text);
}
