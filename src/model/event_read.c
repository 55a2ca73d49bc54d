/* SPDX-License-Identifier: MIT */
/* Makes an event of a line's values: what each field may be, who was used, and what class of event it is. */

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "model/event_parts.h"
#include "model/mask.h"

#define HOURS_24 INT64_C(86400000000)

static const char id_form[] = "1 to 9223372036854775807";

/* ---- one field of each kind ---- */

struct text_rule {
    enum field field;
    size_t offset; /* in struct event */
    size_t size_max;
    bool number_too; /* a number stands for its digits */
    const char *form;
};
static const struct text_rule text_rules[] = {
    {FIELD_ID, offsetof(struct event, id), 255, true, "a text of 1 to 255 bytes, or a whole number"},
    {FIELD_SOURCE, offsetof(struct event, source), 255, false, "a text of 1 to 255 bytes"},
    {FIELD_APP, offsetof(struct event, app), 255, false, "a text of 1 to 255 bytes"},
    {FIELD_CONTRACT, offsetof(struct event, contract), 100, false, "a text of 1 to 100 bytes"},
    {FIELD_LABEL, offsetof(struct event, label), 1000, false, "a text of 1 to 1000 bytes"},
};

struct number_rule {
    enum field field;
    size_t offset;
    size_t size; /* of the member */
    int64_t min;
    int64_t max;
    const char *form;
};
#define MEMBER(name) offsetof(struct event, name), sizeof(((struct event *)NULL)->name)
static const char int32_form[] = "a whole number from 0 to 2147483647";
static const struct number_rule number_rules[] = {
    {FIELD_STATUS, MEMBER(status), 100, 599, "an HTTP status from 100 to 599"},
    {FIELD_TWEET_COUNT, MEMBER(tweet_count), 0, INT32_MAX, int32_form},
    {FIELD_RATE_LIMIT, MEMBER(rate_limit), 0, INT32_MAX, int32_form},
    {FIELD_RATE_REMAINING, MEMBER(rate_remaining), 0, INT32_MAX, int32_form},
    {FIELD_LATENCY_MS, MEMBER(latency_ms), 0, INT32_MAX, int32_form},
    {FIELD_BYTES, MEMBER(bytes), 0, INT64_MAX, "a whole number from 0 to 9223372036854775807"},
};

/* Absent, null and the empty text are the same (rule 3). */
static bool is_absent(const struct value *value)
{
    return value->kind == VALUE_ABSENT || (value->kind == VALUE_TEXT && value->text.size == 0);
}

MUST_CHECK static bool whole_number(const struct value *value, int64_t min, int64_t max, int64_t *number)
{
    if (value->kind == VALUE_TEXT)
        return str_to_int64(value->text, min, max, number);
    *number = value->integer;
    return value->kind == VALUE_INTEGER && *number >= min && *number <= max;
}

/* Decimal digits of a number that is not negative. */
static struct str digits_of(int64_t number, struct arena *arena)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return arena_copy(arena, (struct str){digits + at, sizeof(digits) - at});
}

static bool read_text(struct reading *reading, const struct text_rule *rule, const struct value *value)
{
    struct str *text = (struct str *)((char *)reading->event + rule->offset);

    if (is_absent(value))
        return true;
    if (rule->number_too && value->kind == VALUE_INTEGER && value->integer >= 0) {
        *text = digits_of(value->integer, reading->arena);
        return true;
    }
    if (value->kind != VALUE_TEXT || value->text.size > rule->size_max)
        return event_reject_value(reading, rule->field, value, rule->form);
    if (mask_refuses(value->text))
        return event_reject_secret(reading, rule->field);
    *text = arena_copy(reading->arena, value->text);
    return true;
}

static void store(void *member, size_t size, int64_t number)
{
    if (size == sizeof(int16_t))
        *(int16_t *)member = (int16_t)number;
    else if (size == sizeof(int32_t))
        *(int32_t *)member = (int32_t)number;
    else
        *(int64_t *)member = number;
}

static bool read_number(struct reading *reading, const struct number_rule *rule, const struct value *value)
{
    int64_t number = EVENT_ABSENT;

    if (!is_absent(value) && !whole_number(value, rule->min, rule->max, &number))
        return event_reject_value(reading, rule->field, value, rule->form);
    store((char *)reading->event + rule->offset, rule->size, number);
    return true;
}

typedef const char *name_fn(int word);

static const char *via_word(int via)
{
    return via_name((enum via)via);
}

static const char *endpoint_word(int endpoint)
{
    return endpoint_name((enum endpoint)endpoint);
}

static const char *outcome_word(int outcome)
{
    return outcome_name((enum outcome)outcome);
}

/* The number in [first, last] whose name the value is. */
MUST_CHECK static bool find_word(const struct value *value, name_fn *name, int first, int last, int *word)
{
    for (int i = first; value->kind == VALUE_TEXT && i <= last; i++) {
        const char *candidate = name(i);
        if (strlen(candidate) == value->text.size && memcmp(candidate, value->text.data, value->text.size) == 0) {
            *word = i;
            return true;
        }
    }
    return false;
}

static bool read_words(struct reading *reading, const struct value values[FIELD_COUNT])
{
    struct event *event = reading->event;
    int via = VIA_USER, endpoint = ENDPOINT_ABSENT, outcome = OUTCOME_ABSENT;

    if (!is_absent(&values[FIELD_AUTH]) && !find_word(&values[FIELD_AUTH], via_word, VIA_USER, VIA_APP, &via))
        return event_reject_value(reading, FIELD_AUTH, &values[FIELD_AUTH], "user or app");
    if (!is_absent(&values[FIELD_ENDPOINT]) &&
        !find_word(&values[FIELD_ENDPOINT], endpoint_word, ENDPOINT_TOTALS, ENDPOINT_HISTORICAL, &endpoint))
        return event_reject_value(reading, FIELD_ENDPOINT, &values[FIELD_ENDPOINT], "totals, 28hr or historical");
    if (!is_absent(&values[FIELD_OUTCOME]) &&
        !find_word(&values[FIELD_OUTCOME], outcome_word, OUTCOME_OK, OUTCOME_UNKNOWN, &outcome))
        return event_reject_value(
            reading, FIELD_OUTCOME, &values[FIELD_OUTCOME],
            "ok, partial, bad_request, auth_failed, forbidden, unavailable, too_old, too_old_video, "
            "not_found, rate_limited, server_error, no_answer or unknown");
    event->via = (enum via)via;
    event->endpoint = (enum endpoint)endpoint;
    event->outcome = (enum outcome)outcome;
    return true;
}

/* ---- time ---- */

MUST_CHECK static bool parse_time(const struct value *value, int64_t *us, const char **why)
{
    switch (value->kind) {
    case VALUE_TEXT:
        return timestamp_parse(value->text, us, why);
    case VALUE_INTEGER:
        return timestamp_from_integer(value->integer, us, why);
    case VALUE_REAL:
        return timestamp_from_real(value->real, us, why);
    default:
        *why = "is neither a text nor a number";
        return false;
    }
}

static bool read_time(struct reading *reading, const struct value *value)
{
    int64_t us = 0;
    const char *why = "";
    char shown[TIMESTAMP_SIZE];

    if (is_absent(value))
        return event_reject(reading, FIELD_TIME, "missing_time",
                            "time is absent: it is needed, as 2026-10-31T23:59:59Z");
    if (!parse_time(value, &us, &why))
        return event_reject_time(reading, value, why);
    if (us - reading->now_us > HOURS_24)
        return event_reject(reading, FIELD_TIME, "future_time",
                            "time is %s: must not be more than 24 hours ahead of the database's clock",
                            timestamp_format(us, shown));
    reading->event->time_us = us;
    return true;
}

/* ---- who ---- */

static bool read_user(struct reading *reading, const struct value *id, const struct value *handle)
{
    struct event *event = reading->event;
    char normal[1 + HANDLE_MAX + 1] = "@";

    if (!is_absent(id)) {
        if (!whole_number(id, 1, INT64_MAX, &event->user_id))
            return event_reject_value(reading, FIELD_USER_ID, id, id_form);
        event->subject = digits_of(event->user_id, reading->arena);
    }
    if (is_absent(handle))
        return true;
    if (handle->kind != VALUE_TEXT || !handle_normalise(handle->text, normal + 1))
        return event_reject_value(reading, FIELD_HANDLE, handle,
                                  "1 to 20 of A-Z, a-z, 0-9 and _, with or without an @");

    size_t sign = handle->text.data[0] == '@' ? 1 : 0;
    event->handle = arena_copy(reading->arena, (struct str){handle->text.data + sign, handle->text.size - sign});
    if (event->subject.data == NULL)
        event->subject = arena_copy(reading->arena, str_of(normal));
    return true;
}

static bool is_digest(struct str text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((text.data[i] < '0' || text.data[i] > '9') && (text.data[i] < 'a' || text.data[i] > 'f'))
            return false;
    return text.size == (size_t)2 * DIGEST_SIZE;
}

/* What was found is not shown: it may be the token itself. */
static bool read_token(struct reading *reading, const struct value *token)
{
    struct event *event = reading->event;
    char subject[SUBJECT_MAX];

    if (is_absent(token))
        return true;
    if (token->kind != VALUE_TEXT || !is_digest(token->text))
        return event_reject(
            reading, FIELD_TOKEN, "bad_token",
            "token must be 64 hex digits in lower case: a keyed digest (HMAC-SHA-256) of a token, never "
            "the token itself");
    if (event->subject.data != NULL || event->via == VIA_APP)
        return event_reject(reading, FIELD_TOKEN, "contradiction",
                            "token stands for a user whom nobody knows: leave it out where user_id or handle is given, "
                            "or auth is app");
    subject[0] = '~';
    memcpy(subject + 1, token->text.data, token->text.size);
    event->subject = arena_copy(reading->arena, (struct str){subject, sizeof(subject)});
    return true;
}

static bool decide_subject(struct reading *reading)
{
    struct event *event = reading->event;

    if (event->subject.data != NULL)
        return true;
    if (event->via == VIA_USER)
        return event_reject(reading, FIELD_UNKNOWN, "missing_user",
                            "user_id, handle and token are all absent: one is needed, unless auth is app");
    event->subject = STR("~app");
    return true;
}

/* ---- class: rules 16 and 17 ---- */

static bool is_good(enum outcome outcome)
{
    return outcome == OUTCOME_ABSENT || outcome == OUTCOME_OK || outcome == OUTCOME_PARTIAL;
}

static bool is_delivered(const struct event *event)
{
    if (event->tweet_count != EVENT_ABSENT && event->failed_count > 0)
        return event->failed_count < event->tweet_count;
    return event->tweet_count != 0 && is_good(event->outcome);
}

static enum event_class class_of(const struct event *event)
{
    if (event->status == EVENT_ABSENT) {
        bool refused = event->outcome == OUTCOME_AUTH_FAILED || event->outcome == OUTCOME_RATE_LIMITED;
        return refused ? CLASS_NOT_ATTEMPTED : CLASS_ATTEMPTED;
    }
    if (event->status == 401 || event->status == 429)
        return CLASS_NOT_ATTEMPTED;
    if (event->status < 200 || event->status > 299)
        return CLASS_ATTEMPTED;
    return is_delivered(event) ? CLASS_DELIVERED : CLASS_ANSWERED;
}

static void decide_class(struct event *event)
{
    if (event->status == EVENT_ABSENT && is_good(event->outcome))
        event->status = 200;
    event->class = class_of(event);
}

static bool read_lists(struct reading *reading, const struct value values[FIELD_COUNT])
{
    if (!is_absent(&values[FIELD_FAILED]) && !event_read_failed(reading, &values[FIELD_FAILED]))
        return false;
    return is_absent(&values[FIELD_METRICS]) || event_read_metrics(reading, &values[FIELD_METRICS]);
}

bool event_read(struct event *event, const struct value values[FIELD_COUNT], struct arena *arena, int64_t now_us,
                struct rejection *why)
{
    struct reading reading = {event, arena, now_us, why};

    *event = (struct event){0};
    if (!read_time(&reading, &values[FIELD_TIME]) ||
        !read_user(&reading, &values[FIELD_USER_ID], &values[FIELD_HANDLE]) || !read_words(&reading, values) ||
        !read_token(&reading, &values[FIELD_TOKEN]))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(text_rules); i++)
        if (!read_text(&reading, &text_rules[i], &values[text_rules[i].field]))
            return false;
    for (size_t i = 0; i < ARRAY_LENGTH(number_rules); i++)
        if (!read_number(&reading, &number_rules[i], &values[number_rules[i].field]))
            return false;
    if (!read_lists(&reading, values) || !decide_subject(&reading))
        return false;
    decide_class(event);
    return true;
}
