/* SPDX-License-Identifier: MIT */
/* What differs between two documents of a contract, value by value. */

#include <string.h>

#include "headroom/contracts.h"

#define POINTER_MAX 300

struct comparison {
    contract_difference_fn *found;
    void *context;
    char pointer[POINTER_MAX];
};

/* By which key the elements of an array are matched, where it tells them apart; others by their place. */
static const struct identity {
    const char *array;
    const char *key;
} identities[] = {
    {"apps", "key"},
    {"answers", "question"},
    {"alternatives", "name"},
    {"terms", "from"},
};

static void compare(struct comparison *comparison, const char *key, json_t *from, json_t *to);

/* Compares what stands below a key or place. The keys are those of a document that was checked: none needs escapes. */
static void compare_below(struct comparison *comparison, const char *key, json_t *from, json_t *to)
{
    size_t size = strlen(comparison->pointer);

    snprintf(comparison->pointer + size, POINTER_MAX - size, "/%s", key);
    compare(comparison, key, from, to);
    comparison->pointer[size] = '\0';
}

static void compare_place(struct comparison *comparison, size_t place, json_t *from, json_t *to)
{
    char key[24];

    snprintf(key, sizeof key, "%zu", place);
    compare_below(comparison, key, from, to);
}

static void compare_objects(struct comparison *comparison, json_t *from, json_t *to)
{
    const char *key;
    json_t *value;

    json_object_foreach(to, key, value) compare_below(comparison, key, json_object_get(from, key), value);
    json_object_foreach(from, key, value)
    {
        if (json_object_get(to, key) == NULL)
            compare_below(comparison, key, value, NULL);
    }
}

/* The place of the first element that has the same key; the array's size where there is none. */
static size_t find_same(const json_t *array, const char *key, const json_t *element)
{
    size_t place = 0;

    while (place < json_array_size(array) &&
           !json_equal(json_object_get(json_array_get(array, place), key), json_object_get(element, key)))
        place++;
    return place;
}

static json_t *same_in(const json_t *array, const char *key, const json_t *element)
{
    return json_array_get(array, find_same(array, key, element));
}

/* Whether matching tells all: each key stands once, and those on both sides stand in the same order. */
static bool can_match(const json_t *from, const json_t *to, const char *key)
{
    size_t next = 0;

    for (size_t i = 0; i < json_array_size(from); i++)
        if (find_same(from, key, json_array_get(from, i)) != i)
            return false;
    for (size_t i = 0; i < json_array_size(to); i++) {
        size_t place = find_same(from, key, json_array_get(to, i));
        if (find_same(to, key, json_array_get(to, i)) != i || place < next)
            return false;
        next = place < json_array_size(from) ? place : next;
    }
    return true;
}

static void compare_matched(struct comparison *comparison, const char *key, json_t *from, json_t *to)
{
    for (size_t i = 0; i < json_array_size(to); i++)
        compare_place(comparison, i, same_in(from, key, json_array_get(to, i)), json_array_get(to, i));
    for (size_t i = 0; i < json_array_size(from); i++)
        if (same_in(to, key, json_array_get(from, i)) == NULL)
            compare_place(comparison, i, json_array_get(from, i), NULL);
}

static void compare_arrays(struct comparison *comparison, const char *name, json_t *from, json_t *to)
{
    size_t count = json_array_size(from) > json_array_size(to) ? json_array_size(from) : json_array_size(to);

    for (size_t i = 0; i < ARRAY_LENGTH(identities); i++) {
        if (strcmp(identities[i].array, name) == 0 && can_match(from, to, identities[i].key)) {
            compare_matched(comparison, identities[i].key, from, to);
            return;
        }
    }
    for (size_t i = 0; i < count; i++)
        compare_place(comparison, i, json_array_get(from, i), json_array_get(to, i));
}

static void compare(struct comparison *comparison, const char *key, json_t *from, json_t *to)
{
    if (json_is_object(from) && json_is_object(to))
        compare_objects(comparison, from, to);
    else if (json_is_array(from) && json_is_array(to))
        compare_arrays(comparison, key, from, to);
    else if (from == NULL || to == NULL || !json_equal(from, to))
        comparison->found(comparison->pointer, from, to, comparison->context);
}

void contract_compare(json_t *from, json_t *to, contract_difference_fn *found, void *context)
{
    struct comparison comparison = {.found = found, .context = context};

    compare(&comparison, "", from, to);
}
