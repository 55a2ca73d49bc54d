/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_RECORDER_TEXT_H
#define HEADROOM_GATEWAY_RECORDER_TEXT_H

/* Private to the recorder: the JSON text of an object, member by member, in memory whose size is known before. */

#include "headroom/base.h"
#include "headroom/encode.h"

struct object_text {
    char *start, *at;
};
#define OBJECT_MEMBER 48 /* bytes at most of a member's name and number, and of the object around all */
void object_begin(struct object_text *object, struct arena *arena, size_t room);
/* What is absent (of numbers: below 0) is left out. */
void object_text(struct object_text *object, const char *name, struct str value); /* JSON_QUOTED_MAX more */
void object_number(struct object_text *object, const char *name, int64_t value);
void object_json(struct object_text *object, const char *name, struct str json); /* its size more */
struct str object_end(struct object_text *object);

#endif
