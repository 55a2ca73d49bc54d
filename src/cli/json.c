/* SPDX-License-Identifier: MIT */
/* Makes the JSON documents of statuses and statements. Money is a string, a count a number. */

#include "cli/json.h"

#include <stdlib.h>

json_t *json_text(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

json_t *json_digits(const char *text)
{
    return text != NULL ? json_integer(strtoll(text, NULL, 10)) : json_null();
}

json_t *json_time(int64_t us)
{
    char text[TIMESTAMP_SIZE];
    return us != RECONCILE_NO_TIME ? json_string(timestamp_format(us, text)) : json_null();
}

void json_set_count(json_t *object, const char *key, uint64_t count)
{
    (void)json_object_set_new(object, key, json_integer((json_int_t)count));
}

static json_t *adjustments_json(const struct reconcile_status *status)
{
    json_t *array = json_array();
    for (size_t i = 0; i < status->adjustment_count; i++) {
        const struct reconcile_adjustment *adjustment = &status->adjustments[i];
        (void)json_array_append_new(array, json_pack("{s:s, s:I, s:s, s:s}", "month", adjustment->month,
                                                     "unique_handles", (json_int_t)adjustment->unique_handles, "amount",
                                                     adjustment->amount, "currency", adjustment->currency));
    }
    return array;
}

json_t *json_status(const struct reconcile_status *status)
{
    bool limited = status->limit != RECONCILE_NO_LIMIT;
    json_t *object = json_object();
    (void)json_object_set_new(object, "contract", json_text(status->contract));
    (void)json_object_set_new(object, "month", json_text(status->month));
    (void)json_object_set_new(object, "period_start", json_time(status->period_start));
    (void)json_object_set_new(object, "period_end", json_time(status->period_end));
    (void)json_object_set_new(object, "state", json_text(status->state));
    (void)json_object_set_new(object, "unique_handles", json_integer(status->unique_handles));
    (void)json_object_set_new(object, "provisional", json_integer(status->provisional));
    (void)json_object_set_new(object, "limit", limited ? json_integer(status->limit) : json_null());
    (void)json_object_set_new(object, "headroom", limited ? json_integer(status->headroom) : json_null());
    (void)json_object_set_new(object, "overage", json_integer(status->overage));
    (void)json_object_set_new(object, "charge", json_text(status->charge));
    (void)json_object_set_new(object, "currency", json_text(status->currency));
    (void)json_object_set_new(object, "requests", json_integer(status->requests));
    (void)json_object_set_new(object, "as_of", json_time(status->as_of));
    (void)json_object_set_new(object, "data_until", json_time(status->data_until));
    (void)json_object_set_new(object, "completeness", json_text(status->completeness));
    (void)json_object_set_new(object, "adjustments", adjustments_json(status));
    (void)json_object_set_new(object, "due", json_text(status->due));
    (void)json_object_set_new(object, "forecast", json_null());
    return object;
}
