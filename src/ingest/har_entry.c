/* SPDX-License-Identifier: MIT */
/* Entries of a HAR (HTTP Archive 1.2, section entries), with what browsers, mitmproxy and Charles make of it. */
#include "ingest/har_entry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ingest/record.h"
#include "headroom/encode.h"

static struct str text_at(const json_t *object, const char *key)
{
    const json_t *json = json_object_get(object, key);

    return json_is_string(json) ? (struct str){json_string_value(json), json_string_length(json)}
                                : (struct str){NULL, 0};
}

static void put_text(struct record *record, enum field field, struct str text)
{
    if (text.size > 0)
        record->values[field] = (struct value){.kind = VALUE_TEXT, .text = text};
}

static void put_number(struct record *record, enum field field, int64_t number)
{
    if (number != EVENT_ABSENT)
        record->values[field] = (struct value){.kind = VALUE_INTEGER, .integer = number};
}

/* ---- headers ---- */

/* The value of the header, of which there may be `*count`. */
static struct str header(const json_t *message, const char *name, size_t *count)
{
    struct str value = {NULL, 0};
    json_t *given;
    size_t i;

    *count = 0;
    json_array_foreach(json_object_get(message, "headers"), i, given)
    {
        const char *its_name = json_string_value(json_object_get(given, "name"));
        if (its_name == NULL || strcasecmp(its_name, name) != 0)
            continue;
        value = text_at(given, "value");
        ++*count;
    }
    return value;
}

/* A header of the vendor's that is no whole number tells nothing. */
static void put_header(struct record *record, enum field field, const json_t *response, const char *name)
{
    size_t count;
    int64_t number = EVENT_ABSENT;

    if (str_to_int64(str_trim(header(response, name, &count)), 0, INT32_MAX, &number))
        put_number(record, field, number);
}

static void take_user(const json_t *request, struct arena *arena, struct record *record)
{
    struct authorization authorization;
    size_t count;
    struct str value = header(request, "Authorization", &count);

    authorization_read(value, arena, &authorization);
    if (count == 0 || authorization.kind == AUTHORIZATION_NONE)
        record_reject(record, FIELD_UNKNOWN, "missing_user",
                      "the entry has no Authorization header, so it can't tell who was used; browsers leave it out "
                      "unless sensitive data is exported too");
    else if (count > 1 || authorization.kind == AUTHORIZATION_OTHER)
        record_reject(record, FIELD_UNKNOWN, "bad_authorization",
                      "the Authorization header is neither one of OAuth 1.0a with a token nor one of a Bearer");
    else if (authorization.kind == AUTHORIZATION_PROVISIONAL)
        record_reject(record, FIELD_UNKNOWN, "missing_user", "the OAuth token of the entry names no user");
    else if (authorization.kind == AUTHORIZATION_APP)
        put_text(record, FIELD_AUTH, STR("app"));
    else
        put_number(record, FIELD_USER_ID, authorization.user_id);
    if (record->readable)
        put_text(record, FIELD_APP, authorization.consumer_key);
}

/* ---- bodies ---- */

/* The text of postData or content; absent when there is none, or what is there is not as it says. */
static struct str body_of(const json_t *message, const char *key, struct arena *arena)
{
    const json_t *body = json_object_get(message, key);
    struct str text = text_at(body, "text"), encoding = text_at(body, "encoding"), decoded;

    if (encoding.size == 0)
        return text;
    if (str_equal(encoding, STR("base64")) && base64_decode(text, arena, &decoded))
        return decoded;
    return (struct str){NULL, 0};
}

static void take_request(const json_t *request, struct arena *arena, struct record *record)
{
    struct engagement_request asked;

    engagement_read_request(body_of(request, "postData", arena), arena, &asked);
    put_number(record, FIELD_TWEET_COUNT, asked.tweet_count);
    put_text(record, FIELD_METRICS, asked.metrics);
}

/* A HAR writes 0 or -1 where no answer came. */
static int status_of(const json_t *response)
{
    json_int_t status = json_integer_value(json_object_get(response, "status"));

    return status >= 100 && status <= 599 ? (int)status : EVENT_ABSENT;
}

/* As transferred; where that is not told (-1), as it was when decoded. */
static int64_t bytes_of(const json_t *response)
{
    const json_t *sizes[] = {json_object_get(response, "bodySize"),
                             json_object_get(json_object_get(response, "content"), "size")};

    for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
        if (json_is_integer(sizes[i]) && json_integer_value(sizes[i]) >= 0)
            return json_integer_value(sizes[i]);
    }
    return EVENT_ABSENT;
}

static void take_answer(const json_t *response, struct arena *arena, struct record *record)
{
    struct engagement_answer answer;
    int status = status_of(response);

    engagement_read_answer(status, body_of(response, "content", arena), arena, &answer);
    put_number(record, FIELD_STATUS, status);
    put_text(record, FIELD_OUTCOME, str_of(outcome_name(answer.outcome)));
    put_text(record, FIELD_FAILED, answer.failed);
    if (status == EVENT_ABSENT)
        return;
    put_header(record, FIELD_RATE_LIMIT, response, "x-per-minute-limit");
    put_header(record, FIELD_RATE_REMAINING, response, "x-per-minute-remaining");
    put_number(record, FIELD_BYTES, bytes_of(response));
}

/* Milliseconds with decimals; -1 where it is not known. */
static int64_t latency_of(const json_t *entry)
{
    const json_t *time = json_object_get(entry, "time");
    double ms = json_number_value(time);

    return json_is_number(time) && ms >= 0 && ms < INT32_MAX ? (int64_t)llround(ms) : EVENT_ABSENT;
}

void har_entry_read(const json_t *entry, enum endpoint endpoint, struct arena *arena, struct record *record)
{
    const json_t *request = json_object_get(entry, "request");

    memset(record->values, 0, sizeof record->values);
    if (text_at(request, "url").size == 0)
        record_reject(record, FIELD_UNKNOWN, "missing_url",
                      "the entry has no request.url, so it can't tell whether the Engagement API was asked");
    else
        take_user(request, arena, record);
    if (!record->readable)
        return;
    put_text(record, FIELD_TIME, text_at(entry, "startedDateTime"));
    put_text(record, FIELD_ENDPOINT, str_of(endpoint_name(endpoint)));
    put_number(record, FIELD_LATENCY_MS, latency_of(entry));
    take_request(request, arena, record);
    take_answer(json_object_get(entry, "response"), arena, record);
}

/* ---- what may be shown ---- */

/* Without a query, a fragment, and a user with a password. */
static struct str plain_url(struct str url)
{
    size_t size = 0;

    while (size < url.size && strchr("?#", url.data[size]) == NULL)
        size++;
    if (size == 0 || memchr(url.data, '@', size) != NULL)
        return STR("");
    return (struct str){url.data, size};
}

static void copy(json_t *summary, const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);

    if (value != NULL && !json_is_object(value) && !json_is_array(value))
        (void)json_object_set(summary, key, value);
}

struct str har_entry_summary(const json_t *entry, struct arena *arena)
{
    const json_t *request = json_object_get(entry, "request");
    struct str url = plain_url(text_at(request, "url"));
    json_t *summary = json_object();

    copy(summary, entry, "startedDateTime");
    copy(summary, entry, "time");
    copy(summary, request, "method");
    if (url.size > 0)
        (void)json_object_set_new(summary, "url", json_stringn(url.data, url.size));
    copy(summary, json_object_get(entry, "response"), "status");

    char *text = json_dumps(summary, JSON_COMPACT);
    struct str copy = arena_copy(arena, str_of(text));
    free(text);
    json_decref(summary);
    return copy;
}
