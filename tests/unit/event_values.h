/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_TESTS_EVENT_VALUES_H
#define HEADROOM_TESTS_EVENT_VALUES_H

/* For tests of events: a line written as a JSON object, as the values that a reader would give. */

#include <criterion/criterion.h>

#include "headroom/model.h"

/* 2026-11-01T00:00:00Z: what the tests take for now. */
#define NOW INT64_C(1793491200000000)

static inline struct value value_of(json_t *json)
{
    if (json_is_string(json))
        return (struct value){.kind = VALUE_TEXT, .text = {json_string_value(json), json_string_length(json)}};
    if (json_is_integer(json))
        return (struct value){.kind = VALUE_INTEGER, .integer = json_integer_value(json)};
    if (json_is_real(json))
        return (struct value){.kind = VALUE_REAL, .real = json_real_value(json)};
    if (json_is_null(json))
        return (struct value){.kind = VALUE_ABSENT};
    return (struct value){.kind = VALUE_JSON, .json = json};
}

/* The line's object, which the values borrow from; json_decref it. */
static inline json_t *values_of(const char *line, struct value values[FIELD_COUNT])
{
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    const char *name;
    json_t *json;

    cr_assert_not_null(object, "the test's own line is no JSON: %s", line);
    memset(values, 0, FIELD_COUNT * sizeof(*values));
    json_object_foreach(object, name, json)
    {
        enum field field = field_find(str_of(name));
        cr_assert_neq(field, FIELD_UNKNOWN, "%s", name);
        values[field] = value_of(json);
    }
    return object;
}

static inline bool read_line(const char *line, struct event *event, struct arena *arena, struct rejection *why)
{
    struct value values[FIELD_COUNT];
    json_t *object = values_of(line, values);
    bool good = event_read(event, values, arena, NOW, why);

    json_decref(object);
    return good;
}

#endif
