/* SPDX-License-Identifier: MIT */
/* Finds out whom an entry asks by libyajl, without a tree and not past request.url and request.method: most entries of
 * a browser are none of ours, some are large, and what is odd in them is nobody's business. */
#include <string.h>
#include <yajl/yajl_parse.h>

#include "ingest/har_entry.h"

struct search {
    struct arena *arena;
    size_t depth;
    bool in_request;  /* the entry's key that was met last is request */
    struct str *next; /* what the text that comes next is; NULL: nothing that is wanted */
    struct str url, method;
};

/* What is called returns whether more is wanted. */
static int take_key(void *context, const unsigned char *text, size_t size)
{
    struct search *search = context;
    struct str key = {(const char *)text, size};

    search->next = NULL;
    if (search->depth == 1)
        search->in_request = str_equal(key, STR("request"));
    if (search->depth != 2 || !search->in_request)
        return 1;
    if (str_equal(key, STR("url")))
        search->next = &search->url;
    else if (str_equal(key, STR("method")))
        search->next = &search->method;
    return 1;
}

static int take_string(void *context, const unsigned char *text, size_t size)
{
    struct search *search = context;

    if (search->next != NULL)
        *search->next = arena_copy(search->arena, (struct str){(const char *)text, size});
    search->next = NULL;
    return search->url.data == NULL || search->method.data == NULL;
}

static int open_nested(void *context)
{
    struct search *search = context;

    search->next = NULL;
    search->depth++;
    return 1;
}

static int close_nested(void *context)
{
    struct search *search = context;

    search->depth--;
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_string = take_string,
    .yajl_start_map = open_nested,
    .yajl_map_key = take_key,
    .yajl_end_map = close_nested,
    .yajl_start_array = open_nested,
    .yajl_end_array = close_nested,
};

enum har_target har_entry_target(struct str text, struct arena *arena, enum endpoint *endpoint)
{
    struct search search = {.arena = arena};
    yajl_handle yajl = yajl_alloc(&callbacks, NULL, &search);

    yajl_config(yajl, yajl_dont_validate_strings, 1);
    (void)yajl_parse(yajl, (const unsigned char *)text.data, text.size);
    yajl_free(yajl);
    if (search.url.data == NULL)
        return HAR_UNKNOWN;
    /* All that the API has is POST; OPTIONS is a browser that asks whether it may. */
    bool post = search.method.data == NULL || str_equal(search.method, STR("POST"));
    return engagement_is_request(search.url, endpoint) && post ? HAR_ENGAGEMENT : HAR_OTHER;
}
