/* SPDX-License-Identifier: MIT */
/* The forecast of a billing month as JSON: quantiles unrounded, money as text. */

#include "cli/forecast.h"

#include <stdlib.h>

#include "cli/json.h"

static void set(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
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

static void set_quantiles(json_t *object, const struct outlook *outlook)
{
    static const struct {
        const char *key;
        double p;
    } quantiles[] = {
        {"p025", 0.025}, {"p05", 0.05}, {"p10", 0.1},  {"p25", 0.25},   {"p50", 0.5},
        {"p75", 0.75},   {"p90", 0.9},  {"p95", 0.95}, {"p975", 0.975},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(quantiles); i++)
        set(object, quantiles[i].key,
            outlook->is_empty ? json_null() : json_real(forecast_quantile(&outlook->forecast, quantiles[i].p)));
}

json_t *forecast_json_left_out(const struct history *history)
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

static json_t *hints_json(const struct outlook *outlook, const struct reconcile_status *status)
{
    struct forecast_hint hints[FORECAST_HINTS];
    size_t count = forecast_hints(outlook, status, hints);
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        (void)json_array_append_new(array, json_pack("{s:s, s:s}", "code", hints[i].code, "text", hints[i].text));
        free(hints[i].text);
    }
    return array;
}

/* The numbers of the method, for whoever reckons it again. */
static json_t *model(const struct outlook *outlook)
{
    const struct forecast *forecast = &outlook->forecast;
    bool has_level = forecast->months > 0;
    if (!forecast_is_open(outlook))
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
    set(object, "expected_charge", json_text(outlook->charge_mean));
    set(object, "currency", json_text(outlook->history.currency));
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

json_t *forecast_json(const struct outlook *outlook, const struct reconcile_status *status)
{
    const struct history *history = &outlook->history;
    json_t *object = json_object();
    set(object, "contract", json_text(history->contract));
    set(object, "month", json_text(history->so_far.month));
    set(object, "as_of", json_time(history->as_of));
    set(object, "unique_handles", json_integer(history->used));
    set(object, "mean", number(outlook, outlook->mean));
    set_quantiles(object, outlook);
    set_limit(object, outlook);
    set(object, "method", json_text(outlook->forecast.is_over ? "count" : OUTLOOK_METHOD));
    set(object, "history_months", json_integer((json_int_t)outlook->forecast.months));
    set(object, "state", json_text(history->state));
    set(object, "period_start", json_time(history->period_start));
    set(object, "period_end", json_time(history->period_end));
    set(object, "data_until", json_time(history->data_until));
    set_costs(object, outlook);
    set(object, "left_out", forecast_json_left_out(&outlook->history));
    set(object, "accuracy", accuracy(outlook));
    set(object, "default_curve", json_boolean(forecast_is_open(outlook) && outlook->forecast.months == 0));
    set(object, "elapsed_days", json_real(history->elapsed));
    set(object, "days", json_integer(history->so_far.days));
    set(object, "passed_date", date_json(outlook, outlook->passed_day));
    set(object, "model", model(outlook));
    set(object, "hints", hints_json(outlook, status));
    return object;
}

json_t *forecast_json_brief(const struct outlook *outlook)
{
    const struct forecast *forecast = &outlook->forecast;
    bool limited = outlook->limit != RECONCILE_NO_LIMIT;
    json_t *object;
    if (!forecast_is_open(outlook))
        return json_null();
    object = json_object();
    set(object, "as_of", json_time(outlook->history.as_of));
    set(object, "mean", json_real(outlook->mean));
    set(object, "p10", json_real(forecast_quantile(forecast, 0.1)));
    set(object, "p50", json_real(forecast_quantile(forecast, 0.5)));
    set(object, "p90", json_real(forecast_quantile(forecast, 0.9)));
    set(object, "probability_over_limit", limited ? json_real(outlook->probability) : json_null());
    set(object, "crossing_date", date_json(outlook, outlook->crossing_day));
    set(object, "expected_charge", json_text(outlook->charge_mean));
    set(object, "accuracy", accuracy(outlook));
    return object;
}
