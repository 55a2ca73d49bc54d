/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_MODEL_EVENT_PARTS_H
#define HEADROOM_MODEL_EVENT_PARTS_H

#include "headroom/model.h"

/* Private to model: what the files that read an event share. */

/* An event in the making. */
struct reading {
    struct event *event;
    struct arena *arena;
    int64_t now_us;
    struct rejection *why;
};

/* Fills the rejection and returns false. */
bool event_reject(struct reading *reading, enum field field, const char *reason, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* The same for a value that its field does not take: 'FIELD is "found": must be ALLOWED', with reason bad_FIELD. */
bool event_reject_value(struct reading *reading, enum field field, const struct value *found, const char *allowed);
/* The same for a time: 'time is "found": it WHY'. */
bool event_reject_time(struct reading *reading, const struct value *found, const char *why);
/* The same for a field that holds a secret: without a byte of it. */
bool event_reject_secret(struct reading *reading, enum field field);

/* `failed` and `metrics`, from JSON or from text that is JSON. */
MUST_CHECK bool event_read_failed(struct reading *reading, const struct value *value);
MUST_CHECK bool event_read_metrics(struct reading *reading, const struct value *value);

#endif
