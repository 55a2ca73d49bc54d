/* SPDX-License-Identifier: MIT */
/* The plain path of members: libyajl calls, and what it calls makes the list. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/members_parts.h"

#define DEPTH_MAX 1000 /* below jansson's 2048, which is what decides */

/* ---- what libyajl calls; 0 gives the text up to the strict path ---- */

/* Text as libyajl gives it: of the object's text itself, or decoded, which lasts only until the next. */
static struct str keep(struct members *members, const unsigned char *text, size_t size)
{
    const char *data = (const char *)text;
    struct str given = {data, size};

    if (data >= members->text.data && data <= members->text.data + members->text.size)
        return given;
    return arena_copy(members->decoded, given);
}

static bool is_wanted(const struct members *members)
{
    return members->depth == members->level;
}

/* What stands before or behind the object is left to the strict path. */
static bool is_inside(const struct members *members)
{
    return members->depth > 0;
}

static struct value *last_value(struct members *members)
{
    return &members->list[members->count - 1].value;
}

static int take_key(void *context, const unsigned char *text, size_t size)
{
    struct members *members = context;
    size_t place = members->count;

    if (!is_wanted(members))
        return 1;
    if (place >= PLACES_MAX || size > KEY_MAX)
        return 0;
    struct key *key = &members->keys[place];
    bool inner = members->level == 2;
    if (key->size != size || key->inner != inner || memcmp(key->text, text, size) != 0) {
        memcpy(key->text, text, size);
        key->size = size;
        key->inner = inner;
        key->meaning = members->options.meaning(members->options.context, (struct str){key->text, size}, inner);
        members->distinct = place < members->distinct ? place : members->distinct;
    }
    members_add(members, (struct str){key->text, size}, key->meaning)->inner = inner;
    return 1;
}

/* A member's value is absent until one is found. */
static int take_null(void *context)
{
    return is_inside(context);
}

static int take_boolean(void *context, int is_true)
{
    struct members *members = context;

    if (is_wanted(members))
        *last_value(members) = (struct value){.kind = VALUE_JSON, .json = is_true ? json_true() : json_false()};
    return is_inside(members);
}

/* A number in the object has a byte behind it that ends it, also for strtod. */
static int take_number(void *context, const char *text, size_t size)
{
    struct members *members = context;
    struct value value = {.kind = VALUE_INTEGER};

    if (!is_wanted(members))
        return is_inside(members);
    if (!str_to_int64((struct str){text, size}, INT64_MIN, INT64_MAX, &value.integer)) {
        value = (struct value){.kind = VALUE_REAL, .text = {text, size}, .real = strtod(text, NULL)};
        if (isinf(value.real))
            return 0;
    }
    *last_value(members) = value;
    return 1;
}

static int take_string(void *context, const unsigned char *text, size_t size)
{
    struct members *members = context;

    if (is_wanted(members) && size > 0)
        *last_value(members) = (struct value){.kind = VALUE_TEXT, .text = keep(members, text, size)};
    return is_inside(members);
}

static int open_nested(struct members *members)
{
    if (is_wanted(members))
        members->start = members->text.data + yajl_get_bytes_consumed(members->yajl) - 1;
    members->depth++;
    return members->depth < DEPTH_MAX && members->end == 0;
}

static int open_object(void *context)
{
    struct members *members = context;

    if (members->depth == 1 && members_is_inner_key(members, members->list[members->count - 1].key))
        members->level = 2;
    return open_nested(members);
}

static int open_array(void *context)
{
    return is_inside(context) && open_nested(context);
}

static int close_nested(void *context)
{
    struct members *members = context;
    size_t at = yajl_get_bytes_consumed(members->yajl);

    if (members->depth == 2 && members->level == 2) { /* of the inner object: its members are listed */
        members->level = 1;
        members->depth--;
        return 1;
    }
    members->depth--;
    if (members->depth == 0)
        members->end = at;
    else if (is_wanted(members))
        *last_value(members) = (struct value){
            .kind = VALUE_JSON,
            .text = {members->start, (size_t)(members->text.data + at - members->start)},
        };
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = take_null,
    .yajl_boolean = take_boolean,
    .yajl_number = take_number,
    .yajl_string = take_string,
    .yajl_start_map = open_object,
    .yajl_map_key = take_key,
    .yajl_end_map = close_nested,
    .yajl_start_array = open_array,
    .yajl_end_array = close_nested,
};

/* ---- what the plain path leaves to the strict one ---- */

static bool is_hex_of(const char *at, const char *first, const char *second)
{
    return strchr(first, at[0]) != NULL && strchr(second, at[1]) != NULL;
}

/* Whether `at` begins with \uXXXX of the surrogates D800 to DBFF, or DC00 to DFFF. */
static bool is_high_surrogate(const char *at)
{
    return at[0] == '\\' && at[1] == 'u' && is_hex_of(at + 2, "dD", "89abAB");
}

static bool is_low_surrogate(const char *at)
{
    return at[0] == '\\' && at[1] == 'u' && is_hex_of(at + 2, "dD", "cdefCDEF");
}

/* Whether all escapes stand for text: libyajl writes "?" for half of a surrogate pair, and takes NUL. */
static bool escapes_are_text(struct str text)
{
    const char *end = text.data + text.size;
    const char *at = text.data;

    while ((at = memchr(at, '\\', (size_t)(end - at))) != NULL) {
        size_t size = 2;
        if (end - at >= 6 && at[1] == 'u') {
            bool pair = is_high_surrogate(at) && end - at >= 12 && is_low_surrogate(at + 6);
            if (!pair && (is_high_surrogate(at) || is_low_surrogate(at) || memcmp(at + 2, "0000", 4) == 0))
                return false;
            size = pair ? 12 : 6;
        }
        if ((size_t)(end - at) < size)
            return false;
        at += size;
    }
    return true;
}

/* libyajl takes vertical tabs and form feeds for blanks. */
static bool is_plain(struct str text)
{
    return memchr(text.data, '\v', text.size) == NULL && memchr(text.data, '\f', text.size) == NULL &&
           escapes_are_text(text);
}

static bool is_blank(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (strchr(" \t\r\n", text.data[i]) == NULL)
            return false;
    }
    return true;
}

static bool same_key(const struct key *a, const struct key *b)
{
    return a->size == b->size && a->inner == b->inner && memcmp(a->text, b->text, a->size) == 0;
}

/* Whether no key comes twice: looks only at those that the object before had not. */
static bool keys_are_distinct(struct members *members)
{
    for (; members->distinct < members->count; members->distinct++) {
        const struct key *key = &members->keys[members->distinct];
        for (const struct key *other = members->keys; other < key; other++) {
            if (same_key(key, other))
                return false;
        }
    }
    return true;
}

/* ---- reading ---- */

static void make_parser(struct members *members)
{
    members->yajl = yajl_alloc(&callbacks, NULL, members);
    yajl_config(members->yajl, yajl_allow_multiple_values, 1); /* so that one parser reads object after object */
    yajl_config(members->yajl, yajl_dont_validate_strings, 1); /* the whole text was looked at */
}

/* Whether libyajl takes the text as one object and nothing behind it; a parser that met anything else is given up. */
static bool parse(struct members *members)
{
    if (members->yajl == NULL)
        make_parser(members);
    members->depth = members->end = 0;
    members->level = 1;

    yajl_status status = yajl_parse(members->yajl, (const unsigned char *)members->text.data, members->text.size);
    bool whole = status == yajl_status_ok && members->end > 0 &&
                 is_blank((struct str){members->text.data + members->end, members->text.size - members->end});
    if (!whole) {
        yajl_free(members->yajl);
        members->yajl = NULL;
    }
    return whole;
}

bool members_read_plainly(struct members *members)
{
    return is_plain(members->text) && parse(members) && keys_are_distinct(members);
}
