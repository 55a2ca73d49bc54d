/* SPDX-License-Identifier: MIT */
/* What the Engagement API answered: the outcome of a request, and the Tweets that failed. */

#include <stdlib.h>
#include <string.h>

#include "headroom/engagement.h"

#define FAILED_MAX    1000 /* ids: what an event's `failed` may have */
#define ID_DIGITS_MAX 19   /* of 2^63 - 1 */

/* Why Tweets failed. Where a request failed for several causes, the first here names its outcome. */
static const struct cause {
    enum outcome outcome;
    const char *list; /* the member that lists the Tweets; NULL: the message does */
    const char *says; /* what its message has in it, without regard to case */
} causes[] = {
    {OUTCOME_FORBIDDEN, NULL, "forbidden to access tweet"},
    {OUTCOME_UNAVAILABLE, "unavailable_tweet_ids", "are unavailable"},
    {OUTCOME_TOO_OLD, "unsupported_for_impressions_engagements_tweet_ids", "older than 90 days"},
    {OUTCOME_TOO_OLD_VIDEO, "unsupported_for_video_views_tweet_ids", "older than 1800 days"},
};

/* What an answer's body says. */
struct findings {
    json_t *failed; /* object: cause -> array of ids */
    size_t failed_count;
    bool has_errors;
    bool met[ARRAY_LENGTH(causes)];
};

/* ---- Tweet ids ---- */

static void add_id(struct findings *findings, size_t cause, struct str digits)
{
    const char *name = outcome_name(causes[cause].outcome);
    json_t *ids = json_object_get(findings->failed, name);
    int64_t id;

    if (findings->failed_count == FAILED_MAX || !str_to_int64(digits, 1, INT64_MAX, &id))
        return;
    if (ids == NULL) {
        ids = json_array();
        json_object_set_new(findings->failed, name, ids);
    }
    json_array_append_new(ids, json_stringn(digits.data, digits.size));
    findings->failed_count++;
}

static void add_list(struct findings *findings, size_t cause, const json_t *list)
{
    char digits[ID_DIGITS_MAX + 2];

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *id = json_array_get(list, i);
        if (json_is_string(id)) {
            add_id(findings, cause, (struct str){json_string_value(id), json_string_length(id)});
        } else if (json_is_integer(id)) {
            snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, json_integer_value(id));
            add_id(findings, cause, str_of(digits));
        }
    }
}

/* The numbers behind the colon: "…: 123, 456". */
static void add_listed_in(struct findings *findings, size_t cause, const char *text)
{
    const char *at = strchr(text, ':');

    while (at != NULL && *(at += strcspn(at, "0123456789")) != '\0') {
        size_t size = strspn(at, "0123456789");
        add_id(findings, cause, (struct str){at, size});
        at += size;
    }
}

/* ---- the body ---- */

static void read_message(struct findings *findings, const char *text)
{
    for (size_t i = 0; text != NULL && i < ARRAY_LENGTH(causes); i++) {
        const char *found = strcasestr(text, causes[i].says);
        if (found == NULL)
            continue;
        findings->met[i] = true;
        if (causes[i].list == NULL)
            add_listed_in(findings, i, found);
    }
}

/* Texts, or objects with a message. */
static void read_errors(struct findings *findings, const json_t *errors)
{
    for (size_t i = 0; i < json_array_size(errors); i++) {
        const json_t *error = json_array_get(errors, i);
        findings->has_errors = true;
        read_message(findings, json_string_value(json_is_object(error) ? json_object_get(error, "message") : error));
    }
}

static void read_lists(struct findings *findings, const json_t *body)
{
    for (size_t i = 0; i < ARRAY_LENGTH(causes); i++) {
        const json_t *list = causes[i].list != NULL ? json_object_get(body, causes[i].list) : NULL;
        findings->met[i] = findings->met[i] || json_array_size(list) > 0;
        add_list(findings, i, list);
    }
}

static void read_body(struct findings *findings, struct str body)
{
    json_t *json = body.size > 0 ? json_loadb(body.data, body.size, 0, NULL) : NULL;

    read_errors(findings, json_object_get(json, "errors"));
    read_lists(findings, json);
    json_decref(json);
}

/* ---- the outcome ---- */

static enum outcome cause_met(const struct findings *findings)
{
    for (size_t i = 0; i < ARRAY_LENGTH(causes); i++)
        if (findings->met[i])
            return causes[i].outcome;
    return OUTCOME_ABSENT;
}

static enum outcome outcome_of_success(const struct findings *findings)
{
    return findings->has_errors || cause_met(findings) != OUTCOME_ABSENT ? OUTCOME_PARTIAL : OUTCOME_OK;
}

static enum outcome outcome_of_refusal(int status, const struct findings *findings)
{
    static const struct {
        int status;
        enum outcome outcome;
    } known[] = {
        {401, OUTCOME_AUTH_FAILED}, {403, OUTCOME_FORBIDDEN}, {404, OUTCOME_NOT_FOUND}, {429, OUTCOME_RATE_LIMITED}};

    for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
        if (known[i].status == status)
            return known[i].outcome;

    enum outcome cause = cause_met(findings);
    return cause != OUTCOME_ABSENT ? cause : OUTCOME_BAD_REQUEST;
}

static enum outcome outcome_of(int status, const struct findings *findings)
{
    switch (status / 100) {
    case 2:
        return outcome_of_success(findings);
    case 4:
        return outcome_of_refusal(status, findings);
    case 5:
        return OUTCOME_SERVER_ERROR;
    default: /* a redirection by something in between: whether the API got the request isn't known */
        return OUTCOME_UNKNOWN;
    }
}

void engagement_read_answer(int status, struct str body, struct arena *arena, struct engagement_answer *answer)
{
    *answer = (struct engagement_answer){.outcome = OUTCOME_NO_ANSWER};
    if (status <= 0) /* HAR has 0 for a connection that broke */
        return;

    struct findings findings = {.failed = json_object()};
    read_body(&findings, body);
    answer->outcome = outcome_of(status, &findings);
    if (findings.failed_count > 0) {
        char *text = json_dumps(findings.failed, JSON_COMPACT | JSON_SORT_KEYS);
        answer->failed = arena_copy(arena, str_of(text));
        free(text);
    }
    json_decref(findings.failed);
}
