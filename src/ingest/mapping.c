/* SPDX-License-Identifier: MIT */
/* One name for each field that is mapped. */

#include "ingest/mapping.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 4096 /* bytes of a mapping */

struct mapping {
    char *names[FIELD_COUNT]; /* NULL: by its own name and aliases */
    char *text;
    size_t count;
};

void mapping_free(struct mapping *mapping)
{
    if (mapping == NULL)
        return;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        free(mapping->names[i]);
    free(mapping->text);
    free(mapping);
}

/* ---- reading ---- */

static bool unknown_field(struct str pair, struct str name, struct error *err)
{
    char word[48];
    struct nearest nearest = {.word = word};

    snprintf(word, sizeof(word), "%.*s", (int)name.size, name.data);
    for (int field = 0; field < FIELD_COUNT; field++)
        nearest_offer(&nearest, field_name((enum field)field));
    if (nearest.best != NULL)
        return fail(err, EXIT_USAGE, "--map '%.*s': there is no field '%s'; did you mean %s?", (int)pair.size,
                    pair.data, word, nearest.best);
    return fail(err, EXIT_USAGE,
                "--map '%.*s': there is no field '%s'; a pair is FIELD=NAME, ours on the left; 'headroom ingest "
                "--help' lists the fields",
                (int)pair.size, pair.data, word);
}

static bool check_name(const struct mapping *mapping, struct str pair, struct str name, struct error *err)
{
    if (name.size > MAPPING_NAME_MAX)
        return fail(err, EXIT_USAGE, "--map '%.40s…': the name is too long: %zu bytes, at most %d", pair.data,
                    name.size, MAPPING_NAME_MAX);
    for (int field = 0; field < FIELD_COUNT; field++) {
        if (mapping->names[field] != NULL && str_equal(str_of(mapping->names[field]), name))
            return fail(err, EXIT_USAGE, "--map '%.*s': the name stands for %s already; one name is one field",
                        (int)pair.size, pair.data, field_name((enum field)field));
    }
    return true;
}

static bool take_pair(struct mapping *mapping, struct str pair, struct error *err)
{
    const char *sign = memchr(pair.data, '=', pair.size);

    if (sign == NULL)
        return fail(err, EXIT_USAGE, "--map '%.*s': a pair is FIELD=NAME, as time=ts", (int)pair.size, pair.data);
    struct str left = str_trim((struct str){pair.data, (size_t)(sign - pair.data)});
    struct str right = str_trim((struct str){sign + 1, pair.size - (size_t)(sign + 1 - pair.data)});
    if (left.size == 0 || right.size == 0)
        return fail(err, EXIT_USAGE, "--map '%.*s': the %s side is empty; a pair is FIELD=NAME, as time=ts",
                    (int)pair.size, pair.data, left.size == 0 ? "left" : "right");
    enum field field = field_find(left);
    if (field == FIELD_UNKNOWN)
        return unknown_field(pair, left, err);
    if (mapping->names[field] != NULL)
        return fail(err, EXIT_USAGE, "--map '%.*s': %s is mapped to '%s' already; a field has one name", (int)pair.size,
                    pair.data, field_name(field), mapping->names[field]);
    if (!check_name(mapping, pair, right, err))
        return false;
    mapping->names[field] = mem_format("%.*s", (int)right.size, right.data);
    mapping->count++;
    return true;
}

static char *text_of(const struct mapping *mapping)
{
    char *text = mem_text("");

    for (int field = 0; field < FIELD_COUNT; field++) {
        if (mapping->names[field] == NULL)
            continue;
        char *longer = mem_format("%s%s%s=%s", text, text[0] != '\0' ? "," : "", field_name((enum field)field),
                                  mapping->names[field]);
        free(text);
        text = longer;
    }
    return text;
}

bool mapping_parse(struct mapping **out, const char *text, struct error *err)
{
    struct mapping *mapping = mem_alloc(sizeof(*mapping));
    const char *fault = text[0] != '\0' ? given_text_fault(str_of(text), TEXT_MAX) : NULL;
    const char *at = str_trim(str_of(text)).size > 0 ? text : NULL;

    if (fault != NULL) {
        mapping_free(mapping);
        return fail(err, EXIT_USAGE, "--map %s; give pairs FIELD=NAME, as time=ts,user_id=uid", fault);
    }
    while (at != NULL) {
        const char *comma = strchr(at, ',');
        struct str pair = str_trim((struct str){at, comma != NULL ? (size_t)(comma - at) : strlen(at)});
        if (!take_pair(mapping, pair, err)) {
            mapping_free(mapping);
            return false;
        }
        at = comma != NULL ? comma + 1 : NULL;
    }
    mapping->text = text_of(mapping);
    *out = mapping;
    return true;
}

const char *mapping_text(const struct mapping *mapping)
{
    return mapping->text;
}

bool mapping_is_empty(const struct mapping *mapping)
{
    return mapping->count == 0;
}

/* ---- finding ---- */

const char *mapping_name(const struct mapping *mapping, enum field field)
{
    return mapping->names[field];
}

enum field mapping_find(const struct mapping *mapping, struct str name)
{
    for (int field = 0; field < FIELD_COUNT; field++) {
        if (mapping->names[field] != NULL && str_equal(str_of(mapping->names[field]), name))
            return (enum field)field;
    }
    enum field own = field_find(name);
    return own != FIELD_UNKNOWN && mapping->names[own] == NULL ? own : FIELD_UNKNOWN;
}

/* What is left of a name behind a key and a dot; absent when it does not begin so. */
static struct str below(const char *name, struct str key)
{
    if (name == NULL)
        return (struct str){NULL, 0};
    size_t size = strlen(name);
    if (size < key.size + 2 || memcmp(name, key.data, key.size) != 0 || name[key.size] != '.')
        return (struct str){NULL, 0};
    return (struct str){name + key.size + 1, size - key.size - 1};
}

bool mapping_leads_through(const struct mapping *mapping, struct str key)
{
    for (int field = 0; field < FIELD_COUNT; field++) {
        if (below(mapping->names[field], key).data != NULL)
            return true;
    }
    return false;
}

/* A key may hold dots itself: the shortest that leads to something wins. */
static json_t *dig(json_t *object, struct str path)
{
    for (size_t i = 0; i < path.size; i++) {
        if (path.data[i] != '.')
            continue;
        json_t *inner = json_object_getn(object, path.data, i);
        json_t *found = inner != NULL ? dig(inner, (struct str){path.data + i + 1, path.size - i - 1}) : NULL;
        if (found != NULL)
            return found;
    }
    return json_object_getn(object, path.data, path.size);
}

json_t *mapping_dig(const struct mapping *mapping, enum field field, struct str key, json_t *object, struct str *name)
{
    struct str path = below(mapping->names[field], key);

    *name = str_of(mapping->names[field]);
    return path.data != NULL ? dig(object, path) : NULL;
}
