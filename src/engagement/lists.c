/* SPDX-License-Identifier: MIT */
/* Arrays of a JSON object as they come, by libyajl: a tree of the body would cost more than all else of a request. */

#include "engagement/lists.h"

#include <stdlib.h>
#include <yajl/yajl_parse.h>

#define DEPTH_MAX 1000 /* deeper is nothing that the API knows */
#define NO_LIST   SIZE_MAX

struct lists {
    const struct lists_form *form;
    void *context;
    yajl_handle yajl;
    bool broken;
    bool is_object;
    bool twice;
    bool seen[LISTS_MAX];   /* the member */
    bool listed[LISTS_MAX]; /* it is an array */
    size_t depth;
    size_t member;   /* at the top level: the list that the value which comes is, or NO_LIST */
    size_t open;     /* the list that is open, or NO_LIST */
    bool in_message; /* what comes is the value of an element's "message" */
};

/* ---- what libyajl calls; each returns whether to go on ---- */

/* A value begins. */
static int value_begins(struct lists *lists, enum element kind, struct str text)
{
    if (lists->depth == 0)
        return 0; /* the whole body is this value: no object */
    if (lists->open != NO_LIST && lists->depth == 2)
        lists->form->element(lists->context, lists->open, kind, text);
    else if (lists->in_message && kind == ELEMENT_TEXT)
        lists->form->element(lists->context, lists->open, ELEMENT_MESSAGE, text);
    lists->in_message = false;
    return 1;
}

static int take_string(void *context, const unsigned char *text, size_t size)
{
    return value_begins(context, ELEMENT_TEXT, (struct str){(const char *)text, size});
}

static int take_number(void *context, const char *text, size_t size)
{
    return value_begins(context, ELEMENT_NUMBER, (struct str){text, size});
}

static int take_null(void *context)
{
    return value_begins(context, ELEMENT_OTHER, STR(""));
}

static int take_boolean(void *context, int value)
{
    (void)value;
    return take_null(context);
}

static int go_down(struct lists *lists)
{
    return ++lists->depth <= DEPTH_MAX;
}

static int open_object(void *context)
{
    struct lists *lists = context;

    if (lists->depth == 0)
        lists->is_object = true;
    else if (!take_null(context))
        return 0;
    return go_down(lists);
}

static int open_array(void *context)
{
    struct lists *lists = context;

    if (!take_null(context))
        return 0;
    if (lists->depth == 1 && lists->member != NO_LIST) {
        lists->open = lists->member;
        lists->listed[lists->open] = true;
    }
    return go_down(lists);
}

static int close_nested(void *context)
{
    struct lists *lists = context;

    if (--lists->depth == 1)
        lists->open = NO_LIST;
    return 1;
}

static size_t find(const struct lists *lists, struct str key)
{
    for (size_t i = 0; i < lists->form->count; i++)
        if (lists->form->names[i] != NULL && str_equal(key, str_of(lists->form->names[i])))
            return i;
    return NO_LIST;
}

static int take_key(void *context, const unsigned char *text, size_t size)
{
    struct lists *lists = context;
    struct str key = {(const char *)text, size};

    lists->in_message = lists->open != NO_LIST && lists->depth == 3 && str_equal(key, STR("message"));
    if (lists->depth != 1)
        return 1;
    lists->member = find(lists, key);
    if (lists->member != NO_LIST) {
        lists->twice = lists->twice || lists->seen[lists->member];
        lists->seen[lists->member] = true;
    }
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

/* ---- what others call ---- */

struct lists *lists_new(const struct lists_form *form, void *context)
{
    struct lists *lists = mem_alloc(sizeof(*lists));

    lists->form = form;
    lists->context = context;
    lists->member = lists->open = NO_LIST;
    lists->yajl = yajl_alloc(&callbacks, NULL, lists);
    lists->broken = lists->yajl == NULL;
    return lists;
}

void lists_free(struct lists *lists)
{
    if (lists == NULL)
        return;
    if (lists->yajl != NULL)
        yajl_free(lists->yajl);
    free(lists);
}

void lists_add(struct lists *lists, struct str bytes)
{
    if (!lists->broken)
        lists->broken = yajl_parse(lists->yajl, (const unsigned char *)bytes.data, bytes.size) != yajl_status_ok;
}

bool lists_end(struct lists *lists)
{
    lists->broken = lists->broken || yajl_complete_parse(lists->yajl) != yajl_status_ok;
    return !lists->broken && lists->is_object;
}

bool lists_has(const struct lists *lists, size_t list)
{
    return lists->listed[list];
}

bool lists_came_twice(const struct lists *lists)
{
    return lists->twice;
}
