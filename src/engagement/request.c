/* SPDX-License-Identifier: MIT */
/* What a request to the Engagement API asked for: endpoint, number of Tweets, metrics. */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "headroom/engagement.h"

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

static bool is_metric(const json_t *json)
{
    size_t size = json_string_length(json);

    return json_is_string(json) && size >= 1 && size <= METRIC_SIZE_MAX &&
           !mask_refuses((struct str){json_string_value(json), size});
}

static struct str metrics_of(const json_t *types, struct arena *arena)
{
    struct str text = {NULL, 0};
    size_t count = json_array_size(types);

    if (count == 0 || count > METRICS_MAX)
        return text;
    for (size_t i = 0; i < count; i++)
        if (!is_metric(json_array_get(types, i)))
            return text;

    char *dumped = json_dumps(types, JSON_COMPACT);
    text = arena_copy(arena, str_of(dumped));
    free(dumped);
    return text;
}

void engagement_read_request(struct str body, struct arena *arena, struct engagement_request *request)
{
    json_t *json = body.size > 0 ? json_loadb(body.data, body.size, JSON_REJECT_DUPLICATES, NULL) : NULL;
    const json_t *ids = json_object_get(json, "tweet_ids");

    *request = (struct engagement_request){.tweet_count = EVENT_ABSENT};
    if (json_is_array(ids) && json_array_size(ids) <= TWEETS_COUNT_MAX)
        request->tweet_count = (int32_t)json_array_size(ids);
    request->metrics = metrics_of(json_object_get(json, "engagement_types"), arena);
    json_decref(json);
}
