/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_MAPPING_H
#define HEADROOM_INGEST_MAPPING_H

/*
 * mapping: which names of a log are our fields, where it has others (--map "time=ts,user_id=user.id"). A mapped field
 * is read from its mapped name alone; its own name and aliases are then names like any other. So a log's `id` that is
 * none of ours gives way: --map id=request_id. A mapped name wins over a field of the same name.
 *
 * A name with dots means that key, or the way down through JSON objects: user.id is "user.id" or {"user": {"id": …}}.
 */

#include "headroom/model.h"

#define MAPPING_NAME_MAX 255 /* bytes of a name in the log */

struct mapping;
/* Reads pairs FIELD=NAME, separated by commas; blanks around them are left out. An empty text maps nothing. Errors
 * (EXIT_USAGE, naming the pair): no '=', an empty side, an unknown field (the nearest is suggested), a field or a name
 * twice, a name that is too long, no UTF-8 or a secret. */
MUST_CHECK bool mapping_parse(struct mapping **mapping, const char *text, struct error *err);
void mapping_free(struct mapping *mapping); /* NULL is fine */

/* The same mapping always gives the same text: the pairs in the order of the fields, without blanks. */
const char *mapping_text(const struct mapping *mapping);
bool mapping_is_empty(const struct mapping *mapping);

/* The mapped name of a field; NULL: it has none. */
const char *mapping_name(const struct mapping *mapping, enum field field);
/* The field that a name of the log means; FIELD_UNKNOWN when none. */
enum field mapping_find(const struct mapping *mapping, struct str name);
/* Whether a mapped name leads through the object under this key. */
bool mapping_leads_through(const struct mapping *mapping, struct str key);
/* What stands for a field within the object under a key, and by which name; NULL: nothing. Borrowed. */
json_t *mapping_dig(const struct mapping *mapping, enum field field, struct str key, json_t *object, struct str *name);

#endif
