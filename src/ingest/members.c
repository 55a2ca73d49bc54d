/* SPDX-License-Identifier: MIT */
/* The members of a JSON object: by libyajl on the plain path, by jansson where that can't decide. */
#include "ingest/members.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/members_parts.h"

/* ---- the list ---- */

struct member *members_add(struct members *members, struct str key, int meaning)
{
    if (members->count == members->capacity) {
        members->capacity = 2 * members->capacity + PLACES_MAX;
        members->list = mem_resize(members->list, members->capacity * sizeof *members->list);
    }
    struct member *member = &members->list[members->count++];
    *member = (struct member){.key = key, .meaning = meaning};
    return member;
}

static void clear(struct members *members)
{
    members->count = 0;
    if (json_array_size(members->trees) > 0)
        json_array_clear(members->trees);
    if (arena_used(members->decoded) > 0)
        arena_reset(members->decoded);
}

bool members_is_inner_key(const struct members *members, struct str key)
{
    return members->options.inner != NULL && str_equal(key, str_of(members->options.inner));
}

/* ---- the strict path ---- */

static json_t *load(struct members *members, struct str text, json_error_t *found)
{
    json_t *tree = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, found);

    if (tree != NULL)
        json_array_append_new(members->trees, tree);
    return tree;
}

static void list_object(struct members *members, json_t *object, bool inner)
{
    const char *text;
    size_t size;
    json_t *value;

    json_object_keylen_foreach(object, text, size, value)
    {
        struct str key = {text, size};
        struct member *member =
            members_add(members, key, members->options.meaning(members->options.context, key, inner));
        member->inner = inner;
        if (!inner && json_is_object(value) && members_is_inner_key(members, key))
            list_object(members, value, true);
        else
            member->value = value_of_json(value);
    }
}

/* A value that is right JSON, and no object. */
static const char *kind_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_ARRAY:
        return "a JSON array";
    case JSON_STRING:
        return "a JSON string";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    default:
        return json_is_null(value) ? "null" : json_is_true(value) ? "true" : "false";
    }
}

/* Without braces there is no key that could stand twice. */
static json_t *load_any(struct members *members, json_error_t *found)
{
    json_error_t other;
    json_t *value = load(members, members->text, found);

    if (value != NULL)
        return value;
    value = json_loadb(members->text.data, members->text.size, JSON_DECODE_ANY, &other);
    if (value == NULL || json_is_object(value) || json_is_array(value)) {
        json_decref(value);
        return NULL;
    }
    json_array_append_new(members->trees, value);
    return value;
}

static bool read_strictly(struct members *members, struct record *record)
{
    json_error_t found;
    json_t *tree = load_any(members, &found);

    if (tree == NULL) {
        reject_json(record, FIELD_UNKNOWN, members->options.what, &found);
        return false;
    }
    if (!json_is_object(tree)) {
        record_reject(record, FIELD_UNKNOWN, "bad_json",
                      "%s is %s; what is taken is an object in braces, with its fields by name: {\"NAME\": VALUE, …}",
                      members->options.what, kind_of(tree));
        return false;
    }
    members->count = 0;
    list_object(members, tree, false);
    return true;
}

/* ---- reading ---- */

bool members_read(struct members *members, struct str text, struct record *record)
{
    clear(members);
    members->text = text;
    return members_read_plainly(members) || read_strictly(members, record);
}

size_t members_list(const struct members *members, const struct member **list)
{
    *list = members->list;
    return members->count;
}

/* ---- values ---- */

bool members_value(struct members *members, const struct member *member, struct value *value, struct record *record)
{
    json_error_t found;

    *value = member->value;
    if (value->kind != VALUE_JSON || value->json != NULL)
        return true;
    value->json = load(members, value->text, &found);
    if (value->json != NULL)
        return true;
    /* Once more, for the column in the whole text. */
    if (read_strictly(members, record))
        reject_json(record, (enum field)FIELD_UNKNOWN, members->options.what, &found);
    return false;
}

/* A whole number that is out of range everywhere is still the digits of an id (rules.md 3). */
static void take_digits(struct value *value, enum field field)
{
    if (value->kind != VALUE_REAL || (field != FIELD_ID && field != FIELD_USER_ID))
        return;
    for (size_t i = 0; i < value->text.size; i++) {
        if (value->text.data[i] < '0' || value->text.data[i] > '9')
            return;
    }
    value->kind = value->text.size > 0 ? VALUE_TEXT : VALUE_REAL;
}

bool members_take(struct members *members, const struct member *member, enum field field, struct record *record)
{
    struct value value;

    if (member->value.kind == VALUE_ABSENT)
        return true;
    if (record->values[field].kind != VALUE_ABSENT) {
        record_reject(record, field, "two_fields", "%s is given by two keys (its name and an alias); one is taken",
                      field_name(field));
        return false;
    }
    if (!members_value(members, member, &value, record))
        return false;
    take_digits(&value, field);
    record->values[field] = value;
    return true;
}

struct members *members_new(const struct members_options *options)
{
    struct members *members = mem_alloc(sizeof *members);

    members->options = *options;
    members->decoded = arena_new();
    members->trees = json_array();
    for (size_t i = 0; i < PLACES_MAX; i++)
        members->keys[i].size = KEY_MAX + 1; /* none yet: an empty key is a key too */
    return members;
}

void members_free(struct members *members)
{
    if (members == NULL)
        return;
    if (members->yajl != NULL)
        yajl_free(members->yajl);
    arena_free(members->decoded);
    json_decref(members->trees);
    free(members->list);
    free(members);
}
