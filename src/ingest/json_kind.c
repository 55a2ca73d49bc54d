/* SPDX-License-Identifier: MIT */
/* A look at the first keys of JSON by libyajl. Its errors don't matter: a format's own reader says what is wrong. */
#include "ingest/json_kind.h"

#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

struct json_kind_finder {
    yajl_handle yajl;
    char opening;   /* the content's first byte */
    size_t depth;   /* objects and arrays that are open */
    bool log;       /* the first object's key that was met last is log */
    bool har;       /* whose object has the keys of a HAR's */
    bool specified; /* the first object has a specversion */
    bool empty;     /* the array has ended before an element */
    bool line_end;  /* met before the end of what was looked at */
    bool done;      /* enough is known: the first object, or element, has ended */
    bool broken;
};

/* The depth within the first object. */
static size_t object_depth(const struct json_kind_finder *finder)
{
    return finder->opening == '[' ? 2 : 1;
}

static bool is_key(struct str key, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (str_equal(key, str_of(*list)))
            return true;
    }
    return false;
}

/* What is called does its part and returns whether more is wanted. */
static int take_key(void *context, const unsigned char *text, size_t size)
{
    static const char *const of_log[] = {"version", "creator", "browser", "pages", "entries", NULL};
    struct json_kind_finder *finder = context;
    struct str key = {(const char *)text, size};

    if (finder->depth == object_depth(finder)) {
        finder->specified |= str_equal(key, STR("specversion"));
        finder->log = str_equal(key, STR("log"));
    } else if (finder->depth == 2 && finder->log) {
        finder->har = is_key(key, of_log);
    }
    finder->done = finder->har;
    return !finder->done;
}

static int take_scalar(struct json_kind_finder *finder)
{
    finder->done = finder->depth < object_depth(finder); /* the array's first element, which is no object */
    return !finder->done;
}

static int take_null(void *context)
{
    return take_scalar(context);
}

static int take_boolean(void *context, int is_true)
{
    (void)is_true;
    return take_scalar(context);
}

static int take_text(void *context, const char *text, size_t size)
{
    (void)text;
    (void)size;
    return take_scalar(context);
}

static int take_string(void *context, const unsigned char *text, size_t size)
{
    (void)text;
    (void)size;
    return take_scalar(context);
}

static int open_nested(void *context)
{
    struct json_kind_finder *finder = context;

    finder->depth++;
    return 1;
}

static int close_nested(void *context)
{
    struct json_kind_finder *finder = context;

    finder->empty = finder->opening == '[' && finder->depth == 1;
    finder->done = finder->depth == object_depth(finder) || finder->empty;
    finder->depth--;
    return !finder->done;
}

static const yajl_callbacks callbacks = {
    .yajl_null = take_null,
    .yajl_boolean = take_boolean,
    .yajl_number = take_text,
    .yajl_string = take_string,
    .yajl_start_map = open_nested,
    .yajl_map_key = take_key,
    .yajl_end_map = close_nested,
    .yajl_start_array = open_nested,
    .yajl_end_array = close_nested,
};

struct json_kind_finder *json_kind_new(void)
{
    struct json_kind_finder *finder = mem_alloc(sizeof *finder);

    finder->yajl = yajl_alloc(&callbacks, NULL, finder);
    yajl_config(finder->yajl, yajl_dont_validate_strings, 1);
    return finder;
}

void json_kind_free(struct json_kind_finder *finder)
{
    if (finder == NULL)
        return;
    yajl_free(finder->yajl);
    free(finder);
}

bool json_kind_add(struct json_kind_finder *finder, struct str bytes)
{
    if (finder->opening == '\0' && bytes.size > 0)
        finder->opening = bytes.data[0];
    if (finder->done || (finder->opening != '{' && finder->opening != '['))
        return true;

    yajl_status status = yajl_parse(finder->yajl, (const unsigned char *)bytes.data, bytes.size);
    finder->broken = status == yajl_status_error;
    size_t seen = finder->done ? yajl_get_bytes_consumed(finder->yajl) : bytes.size;
    finder->line_end |= memchr(bytes.data, '\n', seen) != NULL;
    return finder->done || finder->broken;
}

static enum json_kind kind_of_object(const struct json_kind_finder *finder)
{
    if (finder->har)
        return JSON_HAR;
    if (finder->done && finder->line_end)
        return JSON_SPREAD;
    return finder->specified ? JSON_CLOUDEVENTS : JSON_LINES;
}

enum json_kind json_kind_found(const struct json_kind_finder *finder)
{
    if (finder->opening == '[')
        return finder->specified || finder->empty ? JSON_CLOUDEVENTS_ARRAY : JSON_OTHER_ARRAY;
    return finder->opening == '{' ? kind_of_object(finder) : JSON_NONE;
}
