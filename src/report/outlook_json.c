/* SPDX-License-Identifier: MIT */
/* Outlooks as JSON. */

#include "headroom/outlook.h"

#include <math.h>
#include <stdlib.h>

static void set(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

static json_t *text_or_null(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

static json_t *time_or_null(int64_t time)
{
    char text[TIMESTAMP_SIZE];
    return time != HISTORY_NO_TIME ? json_string(timestamp_format(time, text)) : json_null();
}

/* Nothing follows where nothing is known. */
static json_t *number(const struct outlook *outlook, double value)
{
    return outlook->is_empty ? json_null() : json_real(value);
}

static json_t *handles(const struct outlook *outlook, int64_t count)
{
    return outlook->is_empty ? json_null() : json_integer(count);
}

/* day: of the month; 0: none. */
static json_t *date_json(const struct outlook *outlook, int day)
{
    char date[OUTLOOK_DATE_SIZE];
    return day > 0 ? json_string(outlook_date(outlook, day, date)) : json_null();
}

static const struct quantile {
    const char *key;
    double p;
    bool on_path;
} quantiles[] = {
    {"p025", 0.025, true}, {"p05", 0.05, false}, {"p10", 0.1, true},   {"p25", 0.25, true},   {"p50", 0.5, true},
    {"p75", 0.75, true},   {"p90", 0.9, true},   {"p95", 0.95, false}, {"p975", 0.975, true},
};

static void set_quantiles(json_t *object, const struct outlook *outlook)
{
    for (size_t i = 0; i < ARRAY_LENGTH(quantiles); i++)
        set(object, quantiles[i].key,
            outlook->is_empty ? json_null() : json_real(forecast_quantile(&outlook->forecast, quantiles[i].p)));
}

json_t *outlook_json_left_out(const struct history *history)
{
    json_t *array = json_array();
    for (size_t i = 0; i < history->month_count; i++) {
        const struct history_month *month = &history->months[i];
        if (month->left_out != NULL)
            (void)json_array_append_new(array,
                                        json_pack("{s:s, s:s}", "month", month->month, "reason", month->left_out));
    }
    return array;
}

static json_t *accuracy(const struct outlook *outlook)
{
    const struct forecast_score *score = &outlook->score;
    if (score->months == 0)
        return json_null();
    return json_pack("{s:i, s:I, s:f, s:f}", "day", outlook->score_day, "months", (json_int_t)score->months, "error",
                     score->method.error, "cover80", score->cover80);
}

/* The numbers of the method, for whoever reckons it again. */
static json_t *model(const struct outlook *outlook)
{
    const struct forecast *forecast = &outlook->forecast;
    bool has_level = forecast->months > 0;
    if (!outlook_is_open(outlook))
        return json_null();
    return json_pack("{s:f, s:f, s:f, s:o, s:o, s:f, s:f, s:f}", "mu", forecast->mu, "v", forecast->v, "share",
                     forecast->share, "level", has_level ? json_real(forecast->level) : json_null(), "level_variance",
                     has_level ? json_real(forecast->level_variance) : json_null(), "development",
                     forecast->development, "count_variance", forecast->count_variance, "weight", forecast->weight);
}

static void set_limit(json_t *object, const struct outlook *outlook)
{
    bool limited = outlook->limit != RECONCILE_NO_LIMIT;
    set(object, "limit", limited ? json_integer(outlook->limit) : json_null());
    set(object, "probability_over_limit", limited ? number(outlook, outlook->probability) : json_null());
    set(object, "crossing_date", date_json(outlook, outlook->crossing_day));
    set(object, "expected_charge", text_or_null(outlook->charge_mean));
    set(object, "currency", text_or_null(outlook->history.currency));
}

static void set_costs(json_t *object, const struct outlook *outlook)
{
    set(object, "overage",
        json_pack("{s:o, s:o, s:o}", "mean", number(outlook, outlook->overage_mean), "p10",
                  handles(outlook, outlook->overage_p10), "p90", handles(outlook, outlook->overage_p90)));
    set(object, "charge",
        json_pack("{s:s?, s:s?, s:s?}", "mean", outlook->charge_mean, "p10", outlook->charge_p10, "p90",
                  outlook->charge_p90));
}

json_t *outlook_json(const struct outlook *outlook)
{
    const struct history *history = &outlook->history;
    json_t *object = json_object();
    set(object, "contract", text_or_null(history->contract));
    set(object, "month", text_or_null(history->so_far.month));
    set(object, "as_of", time_or_null(history->as_of));
    set(object, "unique_handles", json_integer(history->used));
    set(object, "mean", number(outlook, outlook->mean));
    set_quantiles(object, outlook);
    set_limit(object, outlook);
    set(object, "method", text_or_null(outlook->forecast.is_over ? "count" : OUTLOOK_METHOD));
    set(object, "history_months", json_integer((json_int_t)outlook->forecast.months));
    set(object, "state", text_or_null(history->state));
    set(object, "period_start", time_or_null(history->period_start));
    set(object, "period_end", time_or_null(history->period_end));
    set(object, "data_until", time_or_null(history->data_until));
    set_costs(object, outlook);
    set(object, "left_out", outlook_json_left_out(&outlook->history));
    set(object, "accuracy", accuracy(outlook));
    set(object, "default_curve", json_boolean(outlook_is_open(outlook) && outlook->forecast.months == 0));
    set(object, "elapsed_days", json_real(history->elapsed));
    set(object, "days", json_integer(history->so_far.days));
    set(object, "passed_date", date_json(outlook, outlook->passed_day));
    set(object, "model", model(outlook));
    set(object, "known_handles", json_integer(history->known));
    return object;
}

json_t *outlook_json_brief(const struct outlook *outlook)
{
    const struct forecast *forecast = &outlook->forecast;
    bool limited = outlook->limit != RECONCILE_NO_LIMIT;
    json_t *object;
    if (!outlook_is_open(outlook))
        return json_null();
    object = json_object();
    set(object, "as_of", time_or_null(outlook->history.as_of));
    set(object, "mean", json_real(outlook->mean));
    set(object, "p10", json_real(forecast_quantile(forecast, 0.1)));
    set(object, "p50", json_real(forecast_quantile(forecast, 0.5)));
    set(object, "p90", json_real(forecast_quantile(forecast, 0.9)));
    set(object, "probability_over_limit", limited ? json_real(outlook->probability) : json_null());
    set(object, "crossing_date", date_json(outlook, outlook->crossing_day));
    set(object, "expected_charge", text_or_null(outlook->charge_mean));
    set(object, "accuracy", accuracy(outlook));
    return object;
}

/* ---- how good it was ---- */

static json_t *score_json(int day, const struct forecast_score *score)
{
    return json_pack("{s:i, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "day", day,
                     "months", (json_int_t)score->months, "error", score->method.error, "bias", score->method.bias,
                     "coverage80", score->cover80, "coverage95", score->cover95, "width80", score->width80, "pinball",
                     score->pinball, "brier", score->brier, "run_rate_error", score->run_rate.error, "run_rate_bias",
                     score->run_rate.bias, "last_month_error", score->last.error, "last_month_bias", score->last.bias,
                     "no_history_error", score->fresh.error, "no_history_bias", score->fresh.bias);
}

json_t *outlook_json_days(const struct outlook_backtest *backtest)
{
    json_t *days = json_array();
    for (size_t i = 0; i < OUTLOOK_DAYS; i++)
        if (backtest->scores[i].months > 0)
            (void)json_array_append_new(days, score_json(outlook_days[i], &backtest->scores[i]));
    return days;
}

/* ---- for reports ---- */

static json_t *history_json(const struct history *history)
{
    json_t *array = json_array();
    for (size_t i = 0; i < history->month_count; i++) {
        const struct history_month *month = &history->months[i];
        json_int_t used = 0;
        for (int day = 0; day < month->days; day++)
            used += month->new_handles[day];
        (void)json_array_append_new(array, json_pack("{s:s, s:i, s:I, s:s?}", "month", month->month, "days",
                                                     month->days, "unique_handles", used, "left_out", month->left_out));
    }
    return array;
}

/* What is known of it up to the end of a day. */
static double known_by(const struct outlook *outlook, int day)
{
    const int64_t *new_handles = outlook->history.so_far.new_handles;
    int64_t known = 0;
    for (int i = 0; new_handles != NULL && i < day; i++)
        known += new_handles[i];
    return (double)known;
}

/* Each quantile's way to where it ends, on no day below what is known. */
static json_t *point_json(const struct outlook *outlook, int day, double made,
                          const double ends[ARRAY_LENGTH(quantiles)])
{
    double used = outlook->forecast.used, known = known_by(outlook, day);
    json_t *point = json_object();
    set(point, "day", json_integer(day));
    set(point, "date", date_json(outlook, day));
    for (size_t i = 0; i < ARRAY_LENGTH(quantiles); i++)
        if (quantiles[i].on_path)
            set(point, quantiles[i].key, json_real(fmax(known, used + (ends[i] - used) * made)));
    return point;
}

static json_t *path_json(const struct outlook *outlook)
{
    double made[FORECAST_DAYS + 1], ends[ARRAY_LENGTH(quantiles)];
    json_t *path = json_array();
    if (!outlook_is_open(outlook))
        return path;
    for (size_t i = 0; i < ARRAY_LENGTH(quantiles); i++)
        ends[i] = forecast_quantile(&outlook->forecast, quantiles[i].p);
    forecast_made(&outlook->input, &outlook->forecast, made);
    for (int day = (int)outlook->input.elapsed + 1; day <= outlook->input.days; day++)
        (void)json_array_append_new(path, point_json(outlook, day, made[day], ends));
    return path;
}

static void set_words(json_t *object, const char *key, char *words)
{
    set(object, key, text_or_null(words));
    free(words);
}

json_t *outlook_document_json(const struct outlook *outlook, const struct outlook_backtest *backtest)
{
    json_t *object = outlook_json(outlook);
    set(object, "is_over", json_boolean(outlook->forecast.is_over));
    set(object, "history", history_json(&outlook->history));
    set(object, "left_out_count", json_integer((json_int_t)outlook->left_out_count));
    set_words(object, "accuracy_words", outlook_accuracy_words(outlook));
    set_words(object, "length_words", outlook_length_words(outlook));
    set_words(object, "behind_words", outlook_behind_words(outlook));
    set(object, "backtest", outlook_json_days(backtest));
    set(object, "backtest_months", json_integer((json_int_t)backtest->month_count));
    set(object, "backtest_first", text_or_null(backtest->first));
    set(object, "backtest_last", text_or_null(backtest->last));
    set(object, "path", path_json(outlook));
    return object;
}

bool outlook_document(struct db *db, const struct reconcile_contract *contract, const char *month, int64_t now,
                      struct arena *arena, json_t **document, struct error *err)
{
    const struct outlook_options options = {
        .as_of = HISTORY_NO_TIME,
        .now = now,
        .newest = FORECAST_HISTORY,
        .limit = HISTORY_LIMIT_OF_TERMS,
        .with_days = true,
    };
    struct outlook outlook;
    struct outlook_backtest backtest;
    if (!outlook_make(db, contract, month, &options, arena, &outlook, err) ||
        !outlook_score_days(&outlook, &backtest, err))
        return false;
    *document = outlook_document_json(&outlook, &backtest);
    return true;
}
