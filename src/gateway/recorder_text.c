/* SPDX-License-Identifier: MIT */
/* Writes a JSON object in one go: a tree, or a printf a member, would cost more than the rest of a record. */

#include "gateway/recorder_text.h"
#include "headroom/encode.h"

#include <string.h>

static char *put(char *at, const char *bytes, size_t size)
{
    memcpy(at, bytes, size);
    return at + size;
}

void object_begin(struct object_text *object, struct arena *arena, size_t room)
{
    object->start = arena_alloc(arena, room + OBJECT_MEMBER);
    object->at = put(object->start, "{", 1);
}

static void begin_member(struct object_text *object, const char *name)
{
    if (object->at > object->start + 1)
        object->at = put(object->at, ",", 1);
    object->at = put(object->at, "\"", 1);
    object->at = put(object->at, name, strlen(name));
    object->at = put(object->at, "\":", 2);
}

void object_text(struct object_text *object, const char *name, struct str value)
{
    if (value.data == NULL)
        return;
    begin_member(object, name);
    object->at = json_quote(object->at, value);
}

void object_json(struct object_text *object, const char *name, struct str json)
{
    if (json.data == NULL)
        return;
    begin_member(object, name);
    object->at = put(object->at, json.data, json.size);
}

void object_number(struct object_text *object, const char *name, int64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);

    if (value < 0)
        return;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    begin_member(object, name);
    object->at = put(object->at, digits + at, sizeof(digits) - at);
}

struct str object_end(struct object_text *object)
{
    object->at = put(object->at, "}", 1);
    *object->at = '\0';
    return (struct str){object->start, (size_t)(object->at - object->start)};
}
