/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_JSON_KIND_H
#define HEADROOM_INGEST_JSON_KIND_H

/* json_kind: which of the formats that are JSON a content begins with, told from its first object or element. */

#include "headroom/base.h"

enum json_kind {
    JSON_NONE,              /* does not begin with { or [ */
    JSON_LINES,             /* an object, or what begins like one and breaks */
    JSON_SPREAD,            /* an object over several lines */
    JSON_HAR,               /* {"log":{"version": …, also over several lines */
    JSON_CLOUDEVENTS,       /* an object with a specversion */
    JSON_CLOUDEVENTS_ARRAY, /* an array whose first element is one, or an empty array */
    JSON_OTHER_ARRAY,
};

struct json_kind_finder;
struct json_kind_finder *json_kind_new(void);
void json_kind_free(struct json_kind_finder *finder); /* NULL is fine */
/* Takes more of the content, which begins with what is no blank; true once the kind is certain. */
bool json_kind_add(struct json_kind_finder *finder, struct str bytes);
/* The kind as far as is known: after the last byte, or after so many that no more are looked at. */
enum json_kind json_kind_found(const struct json_kind_finder *finder);

#endif
