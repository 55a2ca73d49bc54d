/* SPDX-License-Identifier: MIT */
/* Says in words and in a small table where a billing month will end. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/forecast.h"
#include "cli/output.h"
#include "cli/table.h"
#include "cli/wrap.h"

#define PHRASE_SIZE 200
#define WIDEST      120 /* of the chart; wider ones are harder to read */

struct phrase {
    char text[PHRASE_SIZE];
};

/* ---- values ---- */

static long long likely(const struct outlook *outlook)
{
    return llround(forecast_quantile(&outlook->forecast, 0.5));
}

/* The interval that so much of the distribution lies in, rounded outward. */
struct interval {
    long long low, high;
};

static struct interval interval_of(const struct outlook *outlook, double share)
{
    const struct forecast *forecast = &outlook->forecast;
    return (struct interval){.low = (long long)floor(forecast_quantile(forecast, (1 - share) / 2)),
                             .high = (long long)ceil(forecast_quantile(forecast, (1 + share) / 2))};
}

static bool is_limited(const struct outlook *outlook)
{
    return outlook->limit != RECONCILE_NO_LIMIT;
}

/* Never "0 %" or "100 %": that would be certain. words: "below " and "above ", or "<" and ">". */
static const char *chance(char *text, size_t size, double probability, const char *below, const char *above)
{
    long per_cent = lround(probability * 100);
    if (per_cent == 0)
        snprintf(text, size, "%s1 %%", below);
    else if (per_cent == 100)
        snprintf(text, size, "%s99 %%", above);
    else
        snprintf(text, size, "%ld %%", per_cent);
    return text;
}

static const char *expected_charge(struct cell *cell, const struct outlook *outlook)
{
    return cell_money(cell, outlook->charge_mean, outlook->history.currency);
}

static const char *day_words(struct cell *cell, const struct outlook *outlook, int day)
{
    char date[OUTLOOK_DATE_SIZE];
    return cell_date(cell, outlook_date(outlook, day, date));
}

int forecast_today(const struct outlook *outlook)
{
    double elapsed = outlook->input.elapsed;
    return elapsed > 0 ? (int)lround(fmax(elapsed, 1)) : 0;
}

bool forecast_is_before(const struct outlook *outlook)
{
    return forecast_today(outlook) == 0 && outlook->history.data_until > outlook->history.period_start;
}

/* ---- cells of a status ---- */

const char *cell_forecast(struct cell *cell, const struct outlook *outlook)
{
    struct interval interval = interval_of(outlook, 0.8);
    if (!outlook_is_open(outlook))
        return NULL;
    snprintf(cell->text, sizeof cell->text, "%lld (%lld–%lld)", likely(outlook), interval.low, interval.high);
    return cell->text;
}

const char *cell_probability(struct cell *cell, double probability)
{
    return probability >= 1 ? "certain" : chance(cell->text, sizeof cell->text, probability, "below ", "above ");
}

const char *cell_chance(struct cell *cell, const struct outlook *outlook)
{
    if (!outlook_is_open(outlook) || !is_limited(outlook))
        return NULL;
    if (outlook->is_passed)
        return "passed";
    return chance(cell->text, sizeof cell->text, outlook->probability, "<", ">");
}

const char *cell_crossing(struct cell *cell, const struct outlook *outlook)
{
    struct cell day;
    if (outlook->crossing_day == 0)
        return outlook->is_passed ? "passed" : NULL;
    snprintf(cell->text, sizeof cell->text, "about %.20s", day_words(&day, outlook, outlook->crossing_day));
    return cell->text;
}

/* ---- the sentence ---- */

/* "none", "101", "101 (104 with what came since)". */
static const char *count_words(struct cell *cell, const struct history *history)
{
    size_t size = 0;
    if (history->used == 0)
        size = (size_t)snprintf(cell->text, sizeof cell->text, "none");
    else
        size = (size_t)snprintf(cell->text, sizeof cell->text, "%lld", (long long)history->used);
    if (history->known > history->used)
        snprintf(cell->text + size, sizeof cell->text - size, " (%lld with what came since)",
                 (long long)history->known);
    return cell->text;
}

/* Of a month of whose days none is delivered by all sources. */
static const char *unknown_words(struct phrase *phrase, const struct outlook *outlook)
{
    struct cell first;
    const struct history *history = &outlook->history;
    if (forecast_is_before(outlook))
        snprintf(phrase->text, sizeof phrase->text, "Before %s nothing of this month was known.",
                 day_words(&first, outlook, 1));
    else if (history->is_ahead)
        return "This month has not begun; only those before it are known.";
    else if (strcmp(history->state, "open") != 0)
        return "The month is over, but nothing of it has been delivered.";
    else if (history->known > 0)
        snprintf(phrase->text, sizeof phrase->text,
                 "Of this month not all sources have delivered yet; %lld handle%s known.", (long long)history->known,
                 history->known == 1 ? " is" : "s are");
    else
        return "Nothing has been delivered of this month yet.";
    return phrase->text;
}

static const char *used_words(struct phrase *phrase, const struct outlook *outlook)
{
    struct cell up_to, passed, used;
    long long limit = outlook->limit;
    const char *have = strcmp(outlook->history.state, "open") == 0 ? "have" : "had";
    const char *count = count_words(&used, &outlook->history);
    int today = forecast_today(outlook);
    if (forecast_is_before(outlook) || outlook->history.is_ahead || today == 0)
        return unknown_words(phrase, outlook);
    today = today < outlook->passed_day ? outlook->passed_day : today;
    if (!is_limited(outlook))
        snprintf(phrase->text, sizeof phrase->text, "Up to %s you %s used %s; there is no limit.",
                 day_words(&up_to, outlook, today), have, count);
    else if (!outlook->is_passed)
        snprintf(phrase->text, sizeof phrase->text, "Up to %s you %s used %s of %lld.",
                 day_words(&up_to, outlook, today), have, count, limit);
    else
        snprintf(phrase->text, sizeof phrase->text, "Up to %s you %s used %s of %lld: the limit was passed on %s.",
                 day_words(&up_to, outlook, today), have, count, limit,
                 day_words(&passed, outlook, outlook->passed_day));
    return phrase->text;
}

/* What it will cost, behind the interval. */
static const char *risk_words(struct phrase *phrase, const struct outlook *outlook)
{
    struct cell charge;
    char probability[24];
    bool is_open = strcmp(outlook->history.state, "open") == 0;
    if (!is_limited(outlook))
        return ".";
    expected_charge(&charge, outlook);
    if (outlook->is_passed)
        snprintf(phrase->text, sizeof phrase->text, "; expected charge %s.", charge.text);
    else
        snprintf(phrase->text, sizeof phrase->text, "; the chance of an overage %s %s, expected charge %s.",
                 is_open ? "is" : "was",
                 chance(probability, sizeof probability, outlook->probability, "below ", "above "), charge.text);
    return phrase->text;
}

/* How a month that is over came out; nobody knows of one whose end was not recorded. */
static const char *end_words(struct phrase *phrase, const struct outlook *outlook,
                             const struct reconcile_status *status)
{
    if (strcmp(outlook->history.state, "open") == 0)
        return "";
    if (outlook->history.broke_off)
        return forecast_today(outlook) > 0 ? " It is over, but its end has not been delivered." : "";
    snprintf(phrase->text, sizeof phrase->text, " It ended at %lld.", (long long)status->unique_handles);
    return phrase->text;
}

static const char *verb_of(const struct history *history)
{
    if (strcmp(history->state, "open") == 0)
        return "will most likely end";
    return history->broke_off ? "most likely ended" : "would then most likely end";
}

static char *open_sentence(const struct outlook *outlook, const struct reconcile_status *status)
{
    struct phrase used, risk, end;
    struct interval interval = interval_of(outlook, 0.8);
    return mem_format("%s The month %s at %lld (%lld to %lld)%s%s", used_words(&used, outlook),
                      verb_of(&outlook->history), likely(outlook), interval.low, interval.high,
                      risk_words(&risk, outlook), end_words(&end, outlook, status));
}

static const char *against_limit(struct phrase *phrase, const struct outlook *outlook)
{
    struct cell charge, passed;
    long long over = outlook->history.used - outlook->limit;
    if (!is_limited(outlook))
        return ", without a limit";
    if (outlook->is_passed)
        snprintf(phrase->text, sizeof phrase->text, " of %lld: %lld over the limit, passed on %s, for %s",
                 (long long)outlook->limit, over, day_words(&passed, outlook, outlook->passed_day),
                 expected_charge(&charge, outlook));
    else
        snprintf(phrase->text, sizeof phrase->text, " of %lld; %lld were left", (long long)outlook->limit, -over);
    return phrase->text;
}

/* Over by the calendar alone: of its last day something may still come. */
static char *undelivered_sentence(const struct outlook *outlook)
{
    struct phrase limit;
    struct cell until;
    char exact[TIMESTAMP_SIZE];
    const struct history *history = &outlook->history;
    return mem_format("The month is over, but nothing after %s has been delivered. Up to then you used %lld%s. "
                      "'--as-of %s' forecasts the rest.",
                      cell_time(&until, history->data_until), (long long)history->used, against_limit(&limit, outlook),
                      timestamp_format(history->data_until, exact));
}

static char *over_sentence(const struct outlook *outlook, const struct reconcile_status *status)
{
    struct phrase limit, sealed = {""};
    bool closed = strcmp(outlook->history.state, "closed") == 0;
    if (!closed && outlook->history.data_until < outlook->history.period_end)
        return undelivered_sentence(outlook);
    if (closed && status->unique_handles != outlook->history.used)
        snprintf(sealed.text, sizeof sealed.text, " It was sealed with %lld.", (long long)status->unique_handles);
    return mem_format("The month is %s. You used %lld%s.%s That is the count, not a forecast.",
                      closed ? "closed" : "over", (long long)outlook->history.used, against_limit(&limit, outlook),
                      sealed.text);
}

static void print_sentence(const struct outlook *outlook, const struct reconcile_status *status)
{
    char *text = outlook->is_empty
                     ? mem_text("Nothing has been delivered of this month yet, and there is no month before it to go "
                                "by: there is no forecast.")
                 : outlook->forecast.is_over ? over_sentence(outlook, status)
                                             : open_sentence(outlook, status);
    wrap_print(stdout, text, 0, 0);
    free(text);
}

/* ---- the table ---- */

static void add_interval(struct table *table, const struct outlook *outlook, const char *name, double share)
{
    struct cell cell;
    struct interval interval = interval_of(outlook, share);
    snprintf(cell.text, sizeof cell.text, "%lld to %lld", interval.low, interval.high);
    table_add(table, (const char *const[]){name, cell.text});
}

static void add_chance(struct table *table, const struct outlook *outlook)
{
    struct cell cell, day;
    const char *crossing = cell_crossing(&day, outlook);
    if (outlook->is_passed) {
        table_add(table, (const char *const[]){"limit passed", day_words(&day, outlook, outlook->passed_day)});
        return;
    }
    table_add(table, (const char *const[]){"chance of an overage", chance(cell.text, sizeof cell.text,
                                                                          outlook->probability, "below ", "above ")});
    table_add(table, (const char *const[]){"limit passed", crossing != NULL ? crossing : "not expected this month"});
}

static void add_costs(struct table *table, const struct outlook *outlook)
{
    struct phrase phrase;
    struct cell mean;
    snprintf(phrase.text, sizeof phrase.text, "%.1f (%lld to %lld)", outlook->overage_mean,
             (long long)outlook->overage_p10, (long long)outlook->overage_p90);
    table_add(table, (const char *const[]){"expected overage", phrase.text});
    snprintf(phrase.text, sizeof phrase.text, "%s (%s to %s)", expected_charge(&mean, outlook), outlook->charge_p10,
             outlook->charge_p90);
    table_add(table, (const char *const[]){"expected charge", phrase.text});
}

static void print_table(const struct outlook *outlook)
{
    static const struct table_column columns[] = {{"AT THE MONTH'S END", TABLE_LEFT}, {"FORECAST", TABLE_LEFT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    struct cell cell;
    table_add(table, (const char *const[]){"most likely", cell_count(&cell, likely(outlook))});
    add_interval(table, outlook, "50 % interval", 0.5);
    add_interval(table, outlook, "80 % interval", 0.8);
    add_interval(table, outlook, "95 % interval", 0.95);
    if (is_limited(outlook)) {
        add_chance(table, outlook);
        add_costs(table, outlook);
    }
    table_print(table, stdout);
    table_free(table);
}

/* ---- all of it ---- */

static void print_heading(const struct outlook *outlook)
{
    struct cell first, last;
    output_text("Contract %s, billing month %s: %s to %s\n\n", outlook->history.contract, outlook->history.so_far.month,
                day_words(&first, outlook, 1), day_words(&last, outlook, outlook->history.so_far.days));
}

void forecast_print(const struct outlook *outlook, const struct reconcile_status *status,
                    const struct forecast_style *style)
{
    struct forecast_style chart = *style;
    chart.width = style->width < WIDEST ? style->width : WIDEST;
    print_heading(outlook);
    print_sentence(outlook, status);
    puts("");
    forecast_chart(outlook, &chart, stdout);
    if (outlook_is_open(outlook)) {
        print_table(outlook);
        puts("");
        forecast_print_basis(outlook, status);
    }
    forecast_print_until(outlook);
}
