/* SPDX-License-Identifier: MIT */
/* What a request to the Engagement API asked for: endpoint, number of Tweets, metrics. */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engagement/lists.h"
#include "headroom/engagement.h"
#include "headroom/encode.h"

#define METRICS_MAX      1000 /* what an event's `metrics` may have */
#define METRIC_SIZE_MAX  64
#define TWEETS_COUNT_MAX 1000000 /* more is no request: the API takes 250 */

static const struct str host = {"data-api.twitter.com", 20};
static const struct str root = {"/insights/engagement", 20};

static bool starts_with(struct str text, struct str start)
{
    return text.size >= start.size && memcmp(text.data, start.data, start.size) == 0;
}

static struct str without(struct str text, size_t size)
{
    return (struct str){text.data + size, text.size - size};
}

/* Up to the first of `ends`, or all of it. */
static struct str up_to(struct str text, const char *ends)
{
    size_t size = 0;

    while (size < text.size && (text.data[size] == '\0' || strchr(ends, text.data[size]) == NULL))
        size++;
    return (struct str){text.data, size};
}

/* host, or host:port with digits only. */
static bool is_vendor(struct str authority)
{
    struct str name = up_to(authority, ":");

    for (size_t i = name.size + 1; i < authority.size; i++)
        if (authority.data[i] < '0' || authority.data[i] > '9')
            return false;
    return name.size == host.size && strncasecmp(name.data, host.data, host.size) == 0;
}

/* The path of a URL on the vendor's host, or the text itself when it is a path; absent for any other. */
static struct str path_of(struct str url)
{
    static const char *const schemes[] = {"https://", "http://"};

    for (size_t i = 0; i < ARRAY_LENGTH(schemes); i++) {
        size_t size = strlen(schemes[i]);
        if (url.size <= size || strncasecmp(url.data, schemes[i], size) != 0)
            continue;
        struct str authority = up_to(without(url, size), "/?#");
        return is_vendor(authority) ? without(url, size + authority.size) : str_of(NULL);
    }
    return url;
}

static enum endpoint endpoint_of(struct str name)
{
    for (int i = ENDPOINT_TOTALS; i <= ENDPOINT_HISTORICAL; i++)
        if (str_equal(name, str_of(endpoint_name((enum endpoint)i))))
            return (enum endpoint)i;
    return ENDPOINT_ABSENT;
}

bool engagement_is_request(struct str url, enum endpoint *endpoint)
{
    struct str path = up_to(path_of(url), "?#");

    *endpoint = ENDPOINT_ABSENT;
    if (!starts_with(path, root))
        return false;
    path = without(path, root.size);
    if (path.size > 0 && path.data[0] != '/')
        return false;
    if (path.size > 0)
        *endpoint = endpoint_of(without(path, 1));
    return true;
}

/* ---- the body ---- */

enum {
    LIST_IDS,
    LIST_METRICS,
};
static const char *const list_names[] = {[LIST_IDS] = "tweet_ids", [LIST_METRICS] = "engagement_types"};

struct request_reader {
    struct lists *lists;
    size_t tweets;
    size_t metric_count;
    bool bad_metrics;      /* one is none */
    struct buffer metrics; /* a JSON array that is not closed yet */
};

static bool is_metric(enum element kind, struct str name)
{
    return kind == ELEMENT_TEXT && name.size >= 1 && name.size <= METRIC_SIZE_MAX && str_is_utf8(name) &&
           !mask_refuses(name);
}

static void take_metric(struct request_reader *reader, enum element kind, struct str name)
{
    char quoted[1 + JSON_QUOTED_MAX(METRIC_SIZE_MAX)] = "[";

    if (reader->bad_metrics || kind == ELEMENT_MESSAGE)
        return;
    reader->bad_metrics = reader->metric_count == METRICS_MAX || !is_metric(kind, name);
    if (reader->bad_metrics)
        return;
    quoted[0] = reader->metric_count++ > 0 ? ',' : '[';
    char *end = json_quote(quoted + 1, name);
    reader->bad_metrics = !buffer_add(&reader->metrics, quoted, (size_t)(end - quoted));
}

static void take_element(void *context, size_t list, enum element kind, struct str text)
{
    struct request_reader *reader = context;

    if (list == LIST_METRICS)
        take_metric(reader, kind, text);
    else if (kind != ELEMENT_MESSAGE)
        reader->tweets++;
}

struct request_reader *request_reader_new(void)
{
    static const struct lists_form form = {list_names, ARRAY_LENGTH(list_names), take_element};
    struct request_reader *reader = mem_alloc(sizeof(*reader));

    reader->lists = lists_new(&form, reader);
    buffer_init(&reader->metrics, METRICS_MAX * (JSON_QUOTED_MAX(METRIC_SIZE_MAX) + 1) + 1);
    return reader;
}

void request_reader_free(struct request_reader *reader)
{
    if (reader == NULL)
        return;
    lists_free(reader->lists);
    buffer_free(&reader->metrics);
    free(reader);
}

void request_reader_add(struct request_reader *reader, struct str bytes)
{
    lists_add(reader->lists, bytes);
}

/* Names that hold no secret can make one together, which an event would not take. */
static struct str metrics_of(struct request_reader *reader, struct arena *arena)
{
    struct buffer *text = &reader->metrics;

    if (reader->bad_metrics || reader->metric_count == 0 || !buffer_add(text, "]", 1) ||
        mask_refuses((struct str){text->data, text->size}))
        return str_of(NULL);
    return arena_copy(arena, (struct str){text->data, text->size});
}

void request_reader_end(struct request_reader *reader, struct arena *arena, struct engagement_request *request)
{
    *request = (struct engagement_request){.tweet_count = EVENT_ABSENT};
    if (reader == NULL || !lists_end(reader->lists) || lists_came_twice(reader->lists))
        return;
    if (lists_has(reader->lists, LIST_IDS) && reader->tweets <= TWEETS_COUNT_MAX)
        request->tweet_count = (int32_t)reader->tweets;
    request->metrics = metrics_of(reader, arena);
}

void engagement_read_request(struct str body, struct arena *arena, struct engagement_request *request)
{
    struct request_reader *reader = request_reader_new();

    request_reader_add(reader, body);
    request_reader_end(reader, arena, request);
    request_reader_free(reader);
}
