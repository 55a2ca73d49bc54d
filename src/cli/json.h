/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_JSON_H
#define HEADROOM_CLI_JSON_H

/* The documents of --json: keys and their order are an interface, documented with each command. */

#include <jansson.h>

#include "headroom/reconcile.h"

json_t *json_text(const char *text);   /* null for NULL */
json_t *json_digits(const char *text); /* the number that a text of digits is; null for NULL */
json_t *json_time(int64_t us);         /* RFC 3339; null for RECONCILE_NO_TIME */
void json_set_count(json_t *object, const char *key, uint64_t count);
json_t *json_status(const struct reconcile_status *status);

#endif
