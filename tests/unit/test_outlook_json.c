/* SPDX-License-Identifier: MIT */
/* The document of a forecast that reports are given: its path to the month's end, and what it has where nothing is
 * known. */

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "headroom/outlook.h"

static struct outlook outlook;
static struct outlook_backtest backtest;

/* A month of 31 days without any before it, of which so many are over. */
static void given(double elapsed, double used)
{
    struct error err;

    outlook = (struct outlook){.limit = RECONCILE_NO_LIMIT, .probability = -1};
    backtest = (struct outlook_backtest){0};
    outlook.history = (struct history){.contract = "acme", .state = "open", .currency = "EUR", .limit = -1};
    outlook.history.first_day = 20513; /* 2026-03-01, a Sunday */
    outlook.history.so_far = (struct history_month){.month = "2026-03", .days = 31, .first_weekday = 6};
    outlook.input = (struct forecast_input){.days = 31, .first_weekday = 6, .elapsed = elapsed, .used = used};
    cr_assert(forecast_make(&outlook.input, &outlook.forecast, &err), "%s", err.text);
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    cr_assert(json_is_number(value), "%s", key);
    return json_number_value(value);
}

static const char *text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

Test(outlook_json, goes_from_what_is_used_to_the_quantiles_as_the_month_usually_does)
{
    static const char *const keys[] = {"p025", "p10", "p25", "p50", "p75", "p90", "p975"};
    given(10, 100);
    json_t *document = outlook_document_json(&outlook, &backtest);
    json_t *path = json_object_get(document, "path");

    cr_assert_eq(json_array_size(path), 21);
    cr_expect_str_eq(text(json_array_get(path, 0), "date"), "2026-03-11");
    for (size_t i = 0; i < 21; i++) {
        const json_t *point = json_array_get(path, i);
        double day = 11 + (double)i;
        /* The default curve: the share of the month that is over, to the power of 0.72. */
        double now = pow(10 / 31.0, 0.72), made = (pow(day / 31, 0.72) - now) / (1 - now);

        cr_expect_float_eq(number(point, "day"), day, 0);
        for (size_t k = 0; k < ARRAY_LENGTH(keys); k++)
            cr_expect_float_eq(number(point, keys[k]), 100 + (number(document, keys[k]) - 100) * made, 1e-9,
                               "%s on day %g", keys[k], day);
    }
    cr_expect_float_eq(number(json_array_get(path, 20), "p50"), number(document, "p50"), 0);
    cr_expect_str_eq(text(json_array_get(path, 20), "date"), "2026-03-31");
    json_decref(document);
}

Test(outlook_json, begins_with_the_day_that_is_not_over)
{
    given(10.25, 100);
    json_t *document = outlook_document_json(&outlook, &backtest);
    cr_expect_float_eq(number(json_array_get(json_object_get(document, "path"), 0), "day"), 11, 0);
    json_decref(document);
}

Test(outlook_json, leads_on_no_day_below_what_is_known)
{
    static const int64_t days[31] = {[9] = 100, [11] = 60, [20] = 20};
    given(10, 100);
    outlook.history.so_far.new_handles = days;
    outlook.input.known = 180;
    cr_assert(forecast_make(&outlook.input, &outlook.forecast, NULL));
    json_t *document = outlook_document_json(&outlook, &backtest);
    json_t *path = json_object_get(document, "path");

    cr_expect_lt(number(json_array_get(path, 0), "p025"), 160);
    cr_expect_float_eq(number(json_array_get(path, 1), "p025"), 160, 0);
    cr_expect_float_eq(number(json_array_get(path, 10), "p025"), 180, 0);
    cr_expect_float_eq(number(json_array_get(path, 20), "p025"), number(document, "p025"), 0);
    json_decref(document);
}

Test(outlook_json, has_no_path_where_nothing_follows)
{
    given(31, 100);
    json_t *document = outlook_document_json(&outlook, &backtest);
    cr_expect(json_is_true(json_object_get(document, "is_over")));
    cr_expect_eq(json_array_size(json_object_get(document, "path")), 0);
    cr_expect_float_eq(number(document, "p975"), 100, 0);
    json_decref(document);

    given(0, 0);
    outlook.is_empty = true;
    document = outlook_document_json(&outlook, &backtest);
    cr_expect_eq(json_array_size(json_object_get(document, "path")), 0);
    cr_expect(json_is_null(json_object_get(document, "p50")));
    json_decref(document);
}

Test(outlook_json, says_which_months_it_rests_on_and_which_not)
{
    static const int64_t days[31] = {3, 0, 4};
    struct history_month months[] = {
        {.month = "2026-01", .days = 31, .new_handles = days, .seen = days, .left_out = "recording began"},
        {.month = "2026-02", .days = 28, .new_handles = days, .seen = days},
    };
    given(10, 100);
    outlook.history.months = months;
    outlook.history.month_count = 2;
    json_t *document = outlook_document_json(&outlook, &backtest);
    json_t *history = json_object_get(document, "history");

    cr_assert_eq(json_array_size(history), 2);
    cr_expect_str_eq(text(json_array_get(history, 0), "left_out"), "recording began");
    cr_expect(json_is_null(json_object_get(json_array_get(history, 1), "left_out")));
    cr_expect_float_eq(number(json_array_get(history, 1), "unique_handles"), 7, 0);
    json_decref(document);
}

Test(outlook_json, scores_only_days_that_could_be_forecast)
{
    given(10, 100);
    backtest.scores[1] = (struct forecast_score){.months = 4, .method = {.error = 0.25}};
    json_t *document = outlook_document_json(&outlook, &backtest);
    json_t *days = json_object_get(document, "backtest");

    cr_assert_eq(json_array_size(days), 1);
    cr_expect_float_eq(number(json_array_get(days, 0), "day"), 10, 0);
    cr_expect_float_eq(number(json_array_get(days, 0), "error"), 0.25, 0);
    json_decref(document);
}

Test(outlook_json, is_the_same_bytes_each_time)
{
    given(10.5, 100);
    json_t *one = outlook_document_json(&outlook, &backtest), *other = outlook_document_json(&outlook, &backtest);
    char *first = json_dumps(one, JSON_COMPACT), *second = json_dumps(other, JSON_COMPACT);

    cr_expect_str_eq(first, second);
    free(first);
    free(second);
    json_decref(one);
    json_decref(other);
}
