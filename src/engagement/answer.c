/* SPDX-License-Identifier: MIT */
/* What the Engagement API answered: the outcome of a request, and the Tweets that failed. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engagement/lists.h"
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

#define CAUSES      ARRAY_LENGTH(causes)
#define LIST_ERRORS CAUSES /* behind the lists of the causes */

/* What an answer's body says. */
struct answer_reader {
    struct lists *lists;
    struct lists_form form;
    const char *names[CAUSES + 1]; /* of the form */
    json_t *failed;                /* object: cause -> array of ids; NULL: none so far */
    size_t failed_count;
    bool has_errors;
    bool met[CAUSES];
};

/* ---- Tweet ids ---- */

static void add_id(struct answer_reader *reader, size_t cause, struct str digits)
{
    const char *name = outcome_name(causes[cause].outcome);
    char written[ID_DIGITS_MAX + 1];
    int64_t id;

    if (reader->failed_count == FAILED_MAX || !str_to_int64(digits, 1, INT64_MAX, &id))
        return;
    if (reader->failed == NULL)
        reader->failed = json_object();
    json_t *ids = json_object_get(reader->failed, name);
    if (ids == NULL) {
        ids = json_array();
        json_object_set_new(reader->failed, name, ids);
    }
    snprintf(written, sizeof(written), "%" PRId64, id); /* without leading zeros, of which there may be many */
    json_array_append_new(ids, json_string(written));
    reader->failed_count++;
}

/* The numbers behind the colon: "…: 123, 456". */
static void add_listed_in(struct answer_reader *reader, size_t cause, const char *text)
{
    const char *at = strchr(text, ':');

    while (at != NULL && *(at += strcspn(at, "0123456789")) != '\0') {
        size_t size = strspn(at, "0123456789");
        add_id(reader, cause, (struct str){at, size});
        at += size;
    }
}

/* ---- the body ---- */

static void read_message(struct answer_reader *reader, struct str message)
{
    char *text = mem_format("%.*s", (int)message.size, message.data);

    for (size_t i = 0; i < CAUSES; i++) {
        const char *found = strcasestr(text, causes[i].says);
        if (found == NULL)
            continue;
        reader->met[i] = true;
        if (causes[i].list == NULL)
            add_listed_in(reader, i, found);
    }
    free(text);
}

/* Errors are texts, or objects with a message. */
static void take_element(void *context, size_t list, enum element kind, struct str text)
{
    struct answer_reader *reader = context;

    if (list == LIST_ERRORS) {
        reader->has_errors = true;
        if (kind == ELEMENT_TEXT || kind == ELEMENT_MESSAGE)
            read_message(reader, text);
        return;
    }
    reader->met[list] = true;
    if (kind == ELEMENT_TEXT || kind == ELEMENT_NUMBER)
        add_id(reader, list, text);
}

struct answer_reader *answer_reader_new(void)
{
    struct answer_reader *reader = mem_alloc(sizeof(*reader));

    for (size_t i = 0; i < CAUSES; i++)
        reader->names[i] = causes[i].list;
    reader->names[LIST_ERRORS] = "errors";
    reader->form = (struct lists_form){reader->names, ARRAY_LENGTH(reader->names), take_element};
    reader->lists = lists_new(&reader->form, reader);
    return reader;
}

void answer_reader_free(struct answer_reader *reader)
{
    if (reader == NULL)
        return;
    lists_free(reader->lists);
    json_decref(reader->failed);
    free(reader);
}

void answer_reader_add(struct answer_reader *reader, struct str bytes)
{
    lists_add(reader->lists, bytes);
}

/* ---- the outcome ---- */

/* A reader that is NULL tells nothing. */
static enum outcome cause_met(const struct answer_reader *reader)
{
    for (size_t i = 0; reader != NULL && i < CAUSES; i++)
        if (reader->met[i])
            return causes[i].outcome;
    return OUTCOME_ABSENT;
}

static enum outcome outcome_of_success(const struct answer_reader *reader)
{
    bool has_errors = reader != NULL && reader->has_errors;

    return has_errors || cause_met(reader) != OUTCOME_ABSENT ? OUTCOME_PARTIAL : OUTCOME_OK;
}

static enum outcome outcome_of_refusal(int status, const struct answer_reader *reader)
{
    static const struct {
        int status;
        enum outcome outcome;
    } known[] = {
        {401, OUTCOME_AUTH_FAILED}, {403, OUTCOME_FORBIDDEN}, {404, OUTCOME_NOT_FOUND}, {429, OUTCOME_RATE_LIMITED}};

    for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
        if (known[i].status == status)
            return known[i].outcome;

    enum outcome cause = cause_met(reader);
    return cause != OUTCOME_ABSENT ? cause : OUTCOME_BAD_REQUEST;
}

static enum outcome outcome_of(int status, const struct answer_reader *reader)
{
    switch (status / 100) {
    case 2:
        return outcome_of_success(reader);
    case 4:
        return outcome_of_refusal(status, reader);
    case 5:
        return OUTCOME_SERVER_ERROR;
    default: /* a redirection by something in between: whether the API got the request isn't known */
        return OUTCOME_UNKNOWN;
    }
}

void answer_reader_end(struct answer_reader *reader, int status, struct arena *arena, struct engagement_answer *answer)
{
    const struct answer_reader *told = reader != NULL && lists_end(reader->lists) ? reader : NULL;

    *answer = (struct engagement_answer){.outcome = OUTCOME_NO_ANSWER};
    if (status <= 0) /* HAR has 0 for a connection that broke */
        return;
    answer->outcome = outcome_of(status, told);
    if (told == NULL || told->failed == NULL)
        return;

    char *text = json_dumps(told->failed, JSON_COMPACT | JSON_SORT_KEYS);
    answer->failed = arena_copy(arena, str_of(text));
    free(text);
}

void engagement_read_answer(int status, struct str body, struct arena *arena, struct engagement_answer *answer)
{
    struct answer_reader *reader = answer_reader_new();

    answer_reader_add(reader, body);
    answer_reader_end(reader, status, arena, answer);
    answer_reader_free(reader);
}
