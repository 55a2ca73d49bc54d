/* SPDX-License-Identifier: MIT */
/* The words of an event: the names of its fields and of their values. */

#include <string.h>

#include "headroom/model.h"

static const char *const field_names[FIELD_COUNT] = {
    [FIELD_ID] = "id",
    [FIELD_TIME] = "time",
    [FIELD_SOURCE] = "source",
    [FIELD_USER_ID] = "user_id",
    [FIELD_HANDLE] = "handle",
    [FIELD_TOKEN] = "token",
    [FIELD_AUTH] = "auth",
    [FIELD_ENDPOINT] = "endpoint",
    [FIELD_TWEET_COUNT] = "tweet_count",
    [FIELD_STATUS] = "status",
    [FIELD_OUTCOME] = "outcome",
    [FIELD_FAILED] = "failed",
    [FIELD_METRICS] = "metrics",
    [FIELD_RATE_LIMIT] = "rate_limit",
    [FIELD_RATE_REMAINING] = "rate_remaining",
    [FIELD_LATENCY_MS] = "latency_ms",
    [FIELD_BYTES] = "bytes",
    [FIELD_APP] = "app",
    [FIELD_CONTRACT] = "contract",
    [FIELD_LABEL] = "label",
};

static const struct {
    struct str name;
    enum field field;
} aliases[] = {
    {{"event_id", 8}, FIELD_ID},     {{"occurred_at", 11}, FIELD_TIME},   {{"timestamp", 9}, FIELD_TIME},
    {{"username", 8}, FIELD_HANDLE}, {{"screen_name", 11}, FIELD_HANDLE},
};

static const char *const via_names[] = {[VIA_USER] = "user", [VIA_APP] = "app"};

static const char *const class_names[] = {
    [CLASS_NOT_ATTEMPTED] = "not_attempted",
    [CLASS_ATTEMPTED] = "attempted",
    [CLASS_ANSWERED] = "answered",
    [CLASS_DELIVERED] = "delivered",
};

static const char *const endpoint_names[] = {
    [ENDPOINT_TOTALS] = "totals",
    [ENDPOINT_28HR] = "28hr",
    [ENDPOINT_HISTORICAL] = "historical",
};

static const char *const outcome_names[] = {
    [OUTCOME_OK] = "ok",
    [OUTCOME_PARTIAL] = "partial",
    [OUTCOME_BAD_REQUEST] = "bad_request",
    [OUTCOME_AUTH_FAILED] = "auth_failed",
    [OUTCOME_FORBIDDEN] = "forbidden",
    [OUTCOME_UNAVAILABLE] = "unavailable",
    [OUTCOME_TOO_OLD] = "too_old",
    [OUTCOME_TOO_OLD_VIDEO] = "too_old_video",
    [OUTCOME_NOT_FOUND] = "not_found",
    [OUTCOME_RATE_LIMITED] = "rate_limited",
    [OUTCOME_SERVER_ERROR] = "server_error",
    [OUTCOME_NO_ANSWER] = "no_answer",
    [OUTCOME_UNKNOWN] = "unknown",
};

const char *field_name(enum field field)
{
    return field < FIELD_COUNT ? field_names[field] : NULL;
}

/* Readers ask this for each name of each line, so no strcmp over the whole table. */
enum field field_find(struct str name)
{
    if (name.size == 0)
        return FIELD_UNKNOWN;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (field_names[i][0] == name.data[0] && strlen(field_names[i]) == name.size &&
            memcmp(field_names[i], name.data, name.size) == 0)
            return (enum field)i;
    for (size_t i = 0; i < ARRAY_LENGTH(aliases); i++)
        if (str_equal(aliases[i].name, name))
            return aliases[i].field;
    return FIELD_UNKNOWN;
}

const char *via_name(enum via via)
{
    return via < ARRAY_LENGTH(via_names) ? via_names[via] : NULL;
}

const char *class_name(enum event_class class)
{
    return class < ARRAY_LENGTH(class_names) ? class_names[class] : NULL;
}

const char *endpoint_name(enum endpoint endpoint)
{
    return endpoint < ARRAY_LENGTH(endpoint_names) ? endpoint_names[endpoint] : NULL;
}

const char *outcome_name(enum outcome outcome)
{
    return outcome < ARRAY_LENGTH(outcome_names) ? outcome_names[outcome] : NULL;
}
