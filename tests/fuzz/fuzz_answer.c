/* SPDX-License-Identifier: MIT */
/* Any bytes as a request's path and body and as its answer: a line for the URL, one for the status, the rest is the
 * body. */

#include <stdlib.h>
#include <string.h>

#include "headroom/engagement.h"

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Takes the line at the start of *text off it. */
static struct str take_line(struct str *text)
{
    const char *end = text->size > 0 ? memchr(text->data, '\n', text->size) : NULL;
    size_t size = end != NULL ? (size_t)(end - text->data) : text->size;
    struct str line = {text->data, size};

    size += end != NULL ? 1 : 0;
    *text = (struct str){text->data + size, text->size - size};
    return line;
}

static void require_json(struct str text)
{
    json_t *json = json_loadb(text.data, text.size, 0, NULL);

    require(json != NULL);
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str text = {(const char *)bytes, size};
    struct arena *arena = arena_new();
    enum endpoint endpoint;
    struct engagement_request request;
    struct engagement_answer answer;
    int64_t status = EVENT_ABSENT;

    engagement_is_request(take_line(&text), &endpoint);
    if (!str_to_int64(take_line(&text), 100, 599, &status))
        status = EVENT_ABSENT;
    engagement_read_request(text, arena, &request);
    engagement_read_answer((int)status, text, arena, &answer);
    require(request.tweet_count >= EVENT_ABSENT);
    if (request.metrics.data != NULL)
        require_json(request.metrics);
    if (answer.failed.data != NULL)
        require_json(answer.failed);
    require(answer.outcome != OUTCOME_ABSENT);
    arena_free(arena);
    return 0;
}
