/* SPDX-License-Identifier: MIT */
/* Says what a forecast rests on, and what speaks against it. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/forecast.h"
#include "cli/output.h"
#include "cli/table.h"
#include "cli/wrap.h"

static void say(const char *text)
{
    wrap_print(stdout, text, 0, 0);
}

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
        say(text);
        free(text);
    }
}

static void print_accuracy(const struct outlook *outlook)
{
    char *text = outlook_accuracy_words(outlook);
    if (text == NULL && outlook->forecast.months > OUTLOOK_ACCURACY_MIN)
        text = mem_format("How good it is on day %d cannot be said: for that it takes %d past months that are longer.",
                          outlook->score_day, OUTLOOK_ACCURACY_MIN);
    if (text == NULL)
        text = mem_format("How good it is on this contract cannot be said yet: for that it takes %d months with one "
                          "before them.",
                          OUTLOOK_ACCURACY_MIN);
    say(text);
    free(text);
}

/* ---- hints ---- */

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

static bool hint(struct forecast_hint *hint, const char *code, char *text)
{
    hint->code = code;
    hint->text = text;
    return true;
}

/* What may be missing before as_of makes all that is said of the month too low. */
static bool hint_of_missing(const struct outlook *outlook, const struct reconcile_status *status,
                            struct forecast_hint *out)
{
    size_t days = status->low_days != NULL ? days_before(outlook, status->low_days) : 0;
    if (forecast_today(outlook) == 0)
        return false;
    if (strcmp(status->completeness, "began") == 0)
        return hint(out, "recording_began", mem_format("Recording %s: " OUTLOOK_TOO_LOW, status->completeness_words));
    return days > 0 && hint(out, "missing_days",
                            mem_format("Requests may be missing on %zu of the days so far: " OUTLOOK_TOO_LOW, days));
}

static bool hint_of_behind(const struct outlook *outlook, const struct reconcile_status *status,
                           struct forecast_hint *out)
{
    char *text = outlook_behind_words(outlook);
    (void)status;
    return text != NULL && hint(out, "sources_behind", text);
}

static bool hint_of_length(const struct outlook *outlook, const struct reconcile_status *status,
                           struct forecast_hint *out)
{
    char *text = outlook_length_words(outlook);
    (void)status;
    return text != NULL && hint(out, "month_length", text);
}

size_t forecast_hints(const struct outlook *outlook, const struct reconcile_status *status,
                      struct forecast_hint hints[FORECAST_HINTS])
{
    static bool (*const sources[FORECAST_HINTS])(const struct outlook *, const struct reconcile_status *,
                                                 struct forecast_hint *) = {hint_of_length, hint_of_missing,
                                                                            hint_of_behind};
    size_t count = 0;
    for (size_t i = 0; outlook_is_open(outlook) && i < FORECAST_HINTS; i++)
        count += sources[i](outlook, status, &hints[count]);
    return count;
}

/* ---- all of it ---- */

void forecast_print_basis(const struct outlook *outlook, const struct reconcile_status *status)
{
    struct forecast_hint hints[FORECAST_HINTS];
    size_t count = forecast_hints(outlook, status, hints);
    char *text = history_words(outlook);
    say(text);
    free(text);
    forecast_print_left_out(&outlook->history);
    print_accuracy(outlook);
    for (size_t i = 0; i < count; i++) {
        say(hints[i].text);
        free(hints[i].text);
    }
}

/* To a tenth of a day, cut off: a month that is not over is never said to be. */
static void elapsed_words(char *words, size_t size, const struct forecast_input *input)
{
    double tenths = floor(input->elapsed * 10 + 1e-9);
    if (tenths < 1)
        snprintf(words, size, "; less than 0.1 of %d days is over", input->days);
    else
        snprintf(words, size, "; %.*f of %d days %s over", fmod(tenths, 10) > 0, tenths / 10, input->days,
                 tenths > 9 && tenths < 11 ? "is" : "are");
}

/* Days behind data until are not known; none of them is taken for one without new handles. */
void forecast_print_until(const struct outlook *outlook)
{
    struct cell as_of, until;
    char asked[64] = "", elapsed[64] = "";
    const struct history *history = &outlook->history;
    bool is_open = outlook_is_open(outlook) && outlook->input.elapsed > 0;
    char *text;
    if ((is_open && history->as_of != history->data_until) || forecast_is_before(outlook))
        snprintf(asked, sizeof asked, "As of %s. ", cell_time(&as_of, history->as_of));
    if (is_open)
        elapsed_words(elapsed, sizeof elapsed, &outlook->input);
    text = history->data_until == HISTORY_NO_TIME
               ? mem_text("No source has delivered anything for this month yet.")
               : mem_format("%sData until %s%s.", asked, cell_time(&until, history->data_until), elapsed);
    say(text);
    free(text);
}
