/* SPDX-License-Identifier: MIT */
/* Reading JSON objects into structs by tables of keys. */

#include <string.h>

#include "report/known.h"
#include "report/shape.h"

/* Members are reached by offset, so they are written bytewise: no pointer of a wrong type is ever made. */
static void put(void *out, size_t at, const void *value, size_t size)
{
    memcpy((char *)out + at, value, size);
}

static void *take_zeroed(struct arena *arena, size_t size)
{
    void *block = arena_alloc(arena, size > 0 ? size : 1);

    memset(block, 0, size);
    return block;
}

MUST_CHECK static bool list_words(const struct shape_key *key, const char *found, struct error *err)
{
    char known[400] = "";

    for (size_t i = 0; key->words[i] != NULL; i++)
        known_add(known, sizeof(known), key->words[i]);
    return fail(err, EXIT_COMMAND, "\"%s\" is none of: %s", found, known);
}

MUST_CHECK static bool read_word(const struct shape_key *key, const json_t *value, unsigned *word, struct error *err)
{
    if (!json_is_string(value))
        return fail(err, EXIT_COMMAND, "must be a text");
    for (unsigned i = 0; key->words[i] != NULL; i++)
        if (strcmp(key->words[i], json_string_value(value)) == 0) {
            *word = i;
            return true;
        }
    return list_words(key, json_string_value(value), err);
}

MUST_CHECK static bool read_words(const struct shape_key *key, const json_t *value, struct arena *arena, void *out,
                                  struct error *err)
{
    if (!json_is_array(value))
        return fail(err, EXIT_COMMAND, "must be a list");

    size_t count = json_array_size(value);
    unsigned *words = take_zeroed(arena, count * sizeof(*words));
    for (size_t i = 0; i < count; i++)
        if (!read_word(key, json_array_get(value, i), &words[i], err))
            return fail_within(err, "[%zu]", i);
    put(out, key->at, &words, sizeof(words));
    put(out, key->count_at, &count, sizeof(count));
    return true;
}

MUST_CHECK static bool read_list(const struct shape_key *key, const json_t *value, struct arena *arena, void *out,
                                 struct error *err)
{
    if (!json_is_array(value))
        return fail(err, EXIT_COMMAND, "must be a list");

    size_t count = json_array_size(value);
    char *items = take_zeroed(arena, count * key->shape->size);
    for (size_t i = 0; i < count; i++)
        if (!shape_read(key->shape, json_array_get(value, i), arena, items + i * key->shape->size, err))
            return fail_within(err, "[%zu]", i);
    put(out, key->at, &items, sizeof(items));
    put(out, key->count_at, &count, sizeof(count));
    return true;
}

MUST_CHECK static bool read_object(const struct shape_key *key, const json_t *value, struct arena *arena, void *out,
                                   struct error *err)
{
    void *item = take_zeroed(arena, key->shape->size);

    put(out, key->at, &item, sizeof(item));
    return shape_read(key->shape, value, arena, item, err);
}

MUST_CHECK static bool read_text(const struct shape_key *key, const json_t *value, struct arena *arena, void *out,
                                 struct error *err)
{
    if (!json_is_string(value))
        return fail(err, EXIT_COMMAND, "must be a text");

    const char *text = arena_copy(arena, str_of(json_string_value(value))).data;
    put(out, key->at, &text, sizeof(text));
    return true;
}

MUST_CHECK static bool read_texts(const struct shape_key *key, const json_t *value, struct arena *arena, void *out,
                                  struct error *err)
{
    if (!json_is_array(value))
        return fail(err, EXIT_COMMAND, "must be a list");

    size_t count = json_array_size(value);
    const struct shape_key item = {.name = key->name, .as = SHAPE_TEXT};
    const char **texts = take_zeroed(arena, count * sizeof(*texts));
    for (size_t i = 0; i < count; i++)
        if (!read_text(&item, json_array_get(value, i), arena, &texts[i], err))
            return fail_within(err, "[%zu]", i);
    put(out, key->at, &texts, sizeof(texts));
    put(out, key->count_at, &count, sizeof(count));
    return true;
}

MUST_CHECK static bool read_count(const struct shape_key *key, const json_t *value, void *out, struct error *err)
{
    json_int_t number = json_integer_value(value);

    if (!json_is_integer(value) || number < 0 || number > 1000000)
        return fail(err, EXIT_COMMAND, "must be a whole number from 0 to 1000000");

    unsigned count = (unsigned)number;
    put(out, key->at, &count, sizeof(count));
    return true;
}

MUST_CHECK static bool read_number(const struct shape_key *key, const json_t *value, struct arena *arena, void *out,
                                   struct error *err)
{
    double *number = take_zeroed(arena, sizeof(*number));

    if (!json_is_number(value))
        return fail(err, EXIT_COMMAND, "must be a number");
    *number = json_number_value(value);
    put(out, key->at, &number, sizeof(number));
    return true;
}

MUST_CHECK static bool read_flag(const struct shape_key *key, const json_t *value, void *out, struct error *err)
{
    bool flag = json_is_true(value);

    if (!json_is_boolean(value))
        return fail(err, EXIT_COMMAND, "must be true or false");
    put(out, key->at, &flag, sizeof(flag));
    return true;
}

MUST_CHECK static bool read_value(const struct shape_key *key, const json_t *value, struct arena *arena, void *out,
                                  struct error *err)
{
    unsigned word;

    switch (key->as) {
    case SHAPE_TEXT:
        return read_text(key, value, arena, out, err);
    case SHAPE_COUNT:
        return read_count(key, value, out, err);
    case SHAPE_NUMBER:
        return read_number(key, value, arena, out, err);
    case SHAPE_FLAG:
        return read_flag(key, value, out, err);
    case SHAPE_WORD:
        if (!read_word(key, value, &word, err))
            return false;
        put(out, key->at, &word, sizeof(word));
        return true;
    case SHAPE_WORDS:
        return read_words(key, value, arena, out, err);
    case SHAPE_TEXTS:
        return read_texts(key, value, arena, out, err);
    case SHAPE_OBJECT:
        return read_object(key, value, arena, out, err);
    case SHAPE_LIST:
        return read_list(key, value, arena, out, err);
    }
    return false;
}

static const struct shape_key *find_key(const struct shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->key_count; i++)
        if (strcmp(shape->keys[i].name, name) == 0)
            return &shape->keys[i];
    return NULL;
}

MUST_CHECK static bool refuse_unknown(const struct shape *shape, const json_t *object, struct error *err)
{
    const char *name;
    json_t *value;
    char known[400] = "";

    /* jansson walks an object through a pointer that is not const, without changing it. */
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        if (find_key(shape, name) != NULL)
            continue;
        for (size_t i = 0; i < shape->key_count; i++)
            known_add(known, sizeof(known), shape->keys[i].name);
        return fail(err, EXIT_COMMAND, "unknown key \"%s\"; known here: %s", name, known);
    }
    return true;
}

bool shape_read(const struct shape *shape, const json_t *object, struct arena *arena, void *out, struct error *err)
{
    if (!json_is_object(object))
        return fail(err, EXIT_COMMAND, "must be an object");
    if (!refuse_unknown(shape, object, err))
        return false;
    for (size_t i = 0; i < shape->key_count; i++) {
        const struct shape_key *key = &shape->keys[i];
        const json_t *value = json_object_get(object, key->name);

        if (value == NULL && key->needed)
            return fail(err, EXIT_COMMAND, "the key \"%s\" is missing", key->name);
        if (value != NULL && !read_value(key, value, arena, out, err))
            return fail_within(err, "%s", key->name);
    }
    return true;
}
