/* SPDX-License-Identifier: MIT */
/* Makes the forecast of a billing month from what the ledger has, and puts it through the contract. */

#include "headroom/outlook.h"

#include <math.h>
#include <string.h>

#define DAY (INT64_C(86400) * 1000000)

/* ---- what the forecast rests on ---- */

static void take_month(const struct history_month *from, struct forecast_month *to)
{
    *to = (struct forecast_month){.days = from->days, .first_weekday = from->first_weekday};
    for (int day = 0; day < from->days; day++) {
        to->cumulative[day + 1] = to->cumulative[day] + (double)from->new_handles[day];
        to->seen[day] = (double)from->seen[day];
    }
}

/* Those that count, oldest first; returns how many. */
static size_t take_months(const struct history *history, struct arena *arena, const struct forecast_month **taken)
{
    struct forecast_month *months = arena_alloc(arena, (history->month_count + 1) * sizeof *months);
    size_t count = 0;
    for (size_t i = 0; i < history->month_count; i++)
        if (history->months[i].left_out == NULL)
            take_month(&history->months[i], &months[count++]);
    *taken = months;
    return count;
}

static struct forecast_input input_of(const struct history *history, struct arena *arena)
{
    struct forecast_input input = {
        .days = history->so_far.days,
        .first_weekday = history->so_far.first_weekday,
        .elapsed = history->elapsed,
        .used = (double)history->used,
        .known = (double)history->known,
    };
    input.month_count = take_months(history, arena, &input.months);
    return input;
}

/* ---- up to when the month is counted ---- */

static bool is_known(const struct history *history, size_t months)
{
    return months > 0 || history->elapsed > 0;
}

/* Whether what is known by now leaves no room for what was said by data until. */
static bool is_outrun(const struct outlook *outlook)
{
    const struct history *history = &outlook->history;
    if (history->known == history->used || history->heard_elapsed <= history->elapsed)
        return false;
    return outlook->is_empty || (double)history->known >= forecast_quantile(&outlook->forecast, 0.1);
}

/* Behind data until the count can only be too low. Where even so it leads further than the one that is whole, the month
 * is counted as far as any source has delivered: a source that is behind must not hide what the others say. */
static bool count_further(struct outlook *outlook, struct error *err)
{
    struct history *history = &outlook->history;
    struct forecast_input input = outlook->input;
    struct forecast further;
    if (!is_outrun(outlook))
        return true;
    input.elapsed = history->heard_elapsed;
    input.used = input.known;
    if (!forecast_make(&input, &further, err))
        return false;
    if (!outlook->is_empty && forecast_quantile(&further, 0.5) <= forecast_quantile(&outlook->forecast, 0.5))
        return true;
    outlook->is_empty = false;
    outlook->is_further = true;
    outlook->input = input;
    outlook->forecast = further;
    history->as_of = history->heard_until;
    history->elapsed = history->heard_elapsed;
    history->used = history->known;
    return true;
}

static bool make(struct outlook *outlook, struct error *err)
{
    outlook->is_empty = !is_known(&outlook->history, outlook->input.month_count);
    return (outlook->is_empty || forecast_make(&outlook->input, &outlook->forecast, err)) &&
           count_further(outlook, err);
}

/* ---- the limit ---- */

/* The day on which the count went above the limit. */
static int passed_on(const struct history_month *month, int64_t limit)
{
    int64_t used = 0;
    for (int day = 0; month->new_handles != NULL && day < month->days; day++) {
        used += month->new_handles[day];
        if (used > limit)
            return day + 1;
    }
    return 0;
}

static int64_t above(double count, int64_t limit)
{
    int64_t handles = llround(count);
    return handles > limit ? handles - limit : 0;
}

static void hold_against_limit(struct outlook *outlook, const double counts[FORECAST_SAMPLES])
{
    const struct forecast *forecast = &outlook->forecast;
    int64_t limit = outlook->limit, overage = 0;
    if (limit == RECONCILE_NO_LIMIT) {
        outlook->probability = -1;
        return;
    }
    outlook->probability = forecast_probability(forecast, limit);
    outlook->is_passed = outlook->history.known > limit;
    outlook->crossing_day = forecast_crossing(&outlook->input, forecast, limit);
    outlook->passed_day = passed_on(&outlook->history.so_far, limit);
    for (size_t i = 0; i < FORECAST_SAMPLES; i++)
        overage += above(counts[i], limit);
    outlook->overage_mean = (double)overage / FORECAST_SAMPLES;
    outlook->overage_p10 = above(forecast_quantile(forecast, 0.1), limit);
    outlook->overage_p90 = above(forecast_quantile(forecast, 0.9), limit);
}

/* ---- the price ---- */

struct question {
    struct db *db;
    const struct reconcile_contract *contract;
    const char *month;
    const struct outlook_options *options;
    struct arena *arena;
};

/* Below the limit nothing is charged, whatever the terms are: one price stands for all. */
static bool is_within_limit(const struct outlook *outlook, const double counts[FORECAST_SAMPLES])
{
    return outlook->limit == RECONCILE_NO_LIMIT || llround(counts[FORECAST_SAMPLES - 1]) <= outlook->limit;
}

static bool put_through_contract(const struct question *question, struct outlook *outlook,
                                 const double counts[FORECAST_SAMPLES], struct error *err)
{
    size_t samples = outlook->forecast.is_over || is_within_limit(outlook, counts) ? 1 : FORECAST_SAMPLES;
    int64_t handles[FORECAST_SAMPLES + 2];
    struct history_price price;
    for (size_t i = 0; i < samples; i++)
        handles[i] = llround(counts[i]);
    handles[samples] = llround(forecast_quantile(&outlook->forecast, 0.1));
    handles[samples + 1] = llround(forecast_quantile(&outlook->forecast, 0.9));
    if (!history_charges(question->db, question->contract, question->month, handles, samples + 2, samples,
                         question->options->limit, question->options->unit_price, question->arena, &price, err))
        return false;
    outlook->charge_mean = price.mean;
    outlook->charge_p10 = price.amount[0];
    outlook->charge_p90 = price.amount[1];
    return true;
}

/* ---- with more handles ---- */

/* The numbers that may come: the one that is there where nothing says more. */
static size_t counts_of(const struct outlook *outlook, int64_t handles[FORECAST_SAMPLES])
{
    double counts[FORECAST_SAMPLES];
    handles[0] = outlook->history.known;
    if (outlook->is_empty || outlook->forecast.is_over)
        return 1;
    forecast_samples(&outlook->forecast, counts);
    for (size_t i = 0; i < FORECAST_SAMPLES; i++)
        handles[i] = llround(counts[i]);
    return FORECAST_SAMPLES;
}

static double probability_with(const struct outlook *outlook, int64_t handles)
{
    if (outlook->limit == RECONCILE_NO_LIMIT || outlook->is_empty)
        return -1;
    return handles > outlook->limit ? 1 : forecast_probability(&outlook->forecast, outlook->limit - handles);
}

bool outlook_add(struct db *db, const struct reconcile_contract *contract, const char *month,
                 const struct outlook_options *options, const struct outlook *outlook, int64_t handles,
                 struct arena *arena, struct outlook_more *with, struct error *err)
{
    int64_t few[FORECAST_SAMPLES], more[FORECAST_SAMPLES];
    size_t count = counts_of(outlook, few);
    for (size_t i = 0; i < count; i++)
        more[i] = few[i] + handles;
    with->probability = probability_with(outlook, handles);
    return history_charges_more(db, contract, month, few, more, count, options->limit, options->unit_price, arena,
                                &with->charge, err);
}

/* ---- how good it was ---- */

/* At the end of its last day a past month leaves nothing to forecast: the day before stands for it. */
static int score_day(const struct forecast_input *input)
{
    int day = (int)lround(input->elapsed), last = input->days - 1;
    return day < 1 || last < 1 ? 1 : day < last ? day : last;
}

static bool score(struct outlook *outlook, struct error *err)
{
    const struct forecast_input *input = &outlook->input;
    outlook->score_day = score_day(input);
    return outlook->forecast.is_over || forecast_backtest(input->months, input->month_count, OUTLOOK_SCORED,
                                                          outlook->score_day, &outlook->score, err);
}

bool outlook_make(struct db *db, const struct reconcile_contract *contract, const char *month,
                  const struct outlook_options *options, struct arena *arena, struct outlook *outlook,
                  struct error *err)
{
    const struct question question = {db, contract, month, options, arena};
    const struct history_wanted wanted = {options->as_of, options->now, options->newest, options->status};
    struct history *history = &outlook->history;
    double counts[FORECAST_SAMPLES];
    *outlook = (struct outlook){0};
    if (!history_fetch(db, contract, month, &wanted, arena, history, err) ||
        (options->with_days && !history_fetch_days(db, contract, history, arena, err)))
        return false;
    outlook->limit = options->limit == HISTORY_LIMIT_OF_TERMS ? history->limit : options->limit;
    outlook->input = input_of(history, arena);
    outlook->left_out_count = history->month_count - outlook->input.month_count;
    if (!make(outlook, err) || (!outlook->is_empty && !score(outlook, err)))
        return fail_within(err, "contract '%s', %.7s", contract->name, month);
    if (outlook->is_empty)
        return true;
    outlook->mean = forecast_mean(&outlook->forecast);
    forecast_samples(&outlook->forecast, counts);
    hold_against_limit(outlook, counts);
    return put_through_contract(&question, outlook, counts, err);
}

bool outlook_of_open(struct db *db, const struct reconcile_contract *contract, const char *month,
                     const struct reconcile_status *status, struct arena *arena, struct outlook *outlook,
                     struct error *err)
{
    const struct outlook_options options = {
        .as_of = HISTORY_NO_TIME, .newest = FORECAST_HISTORY, .limit = HISTORY_LIMIT_OF_TERMS, .status = status};
    *outlook = (struct outlook){.is_empty = true};
    return strcmp(status->state, "open") != 0 || outlook_make(db, contract, month, &options, arena, outlook, err);
}

/* ---- past months ---- */

const int outlook_days[OUTLOOK_DAYS] = {5, 10, 15, 20, 25};

/* Which months were forecast. The first one of all has none before it. */
static void name_months(struct outlook_backtest *backtest, size_t newest)
{
    const struct history *history = &backtest->history;
    for (size_t i = history->month_count, seen = 0; i-- > 0;) {
        if (history->months[i].left_out != NULL)
            continue;
        if (++seen == backtest->known || backtest->month_count == newest)
            return;
        backtest->first = history->months[i].month;
        backtest->last = backtest->last == NULL ? backtest->first : backtest->last;
        backtest->month_count++;
    }
}

static bool score_days(const struct forecast_month *months, struct outlook_backtest *backtest, size_t newest,
                       struct error *err)
{
    for (size_t i = 0; i < OUTLOOK_DAYS; i++)
        if (!forecast_backtest(months, backtest->known, newest, outlook_days[i], &backtest->scores[i], err))
            return fail_within(err, "contract '%s'", backtest->history.contract);
    name_months(backtest, newest);
    return true;
}

bool outlook_score_days(const struct outlook *outlook, struct outlook_backtest *backtest, struct error *err)
{
    *backtest = (struct outlook_backtest){.history = outlook->history, .known = outlook->input.month_count};
    return score_days(outlook->input.months, backtest, OUTLOOK_SCORED, err);
}

bool outlook_backtest(struct db *db, const struct reconcile_contract *contract, const char *month, size_t newest,
                      struct arena *arena, struct outlook_backtest *backtest, struct error *err)
{
    const struct forecast_month *months;
    const struct history_wanted wanted = {.newest = newest + FORECAST_HISTORY};
    *backtest = (struct outlook_backtest){.history.contract = contract->name};
    if (!history_fetch_months(db, contract, month, &wanted, arena, &backtest->history, err))
        return false;
    backtest->known = take_months(&backtest->history, arena, &months);
    return score_days(months, backtest, newest, err);
}

/* ---- for whoever shows it ---- */

bool outlook_is_open(const struct outlook *outlook)
{
    return !outlook->is_empty && !outlook->forecast.is_over;
}

const char *outlook_date(const struct outlook *outlook, int day, char out[OUTLOOK_DATE_SIZE])
{
    char text[TIMESTAMP_SIZE];
    memcpy(out, timestamp_format((outlook->history.first_day + day - 1) * DAY, text), OUTLOOK_DATE_SIZE - 1);
    out[OUTLOOK_DATE_SIZE - 1] = '\0';
    return out;
}
