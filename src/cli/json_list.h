/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_JSON_LIST_H
#define HEADROOM_CLI_JSON_LIST_H

/* A long JSON array in bounded memory: it grows in a temporary file and goes to standard output once it is whole, so
 * that standard output never holds half a document. */

#include <jansson.h>

#include "headroom/base.h"

struct json_list;
MUST_CHECK bool json_list_new(struct json_list **list, struct error *err);
void json_list_free(struct json_list *list); /* NULL is fine */
/* One element a line. Takes the reference. */
MUST_CHECK bool json_list_add(struct json_list *list, json_t *element, struct error *err);
/* Puts the array on standard output. */
MUST_CHECK bool json_list_print(struct json_list *list, struct error *err);

#endif
