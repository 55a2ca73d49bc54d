/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_HTTP_H
#define HEADROOM_GATEWAY_HTTP_H

/* http: what RFC 9110 and RFC 9112 say of names and values in a message's head. Pure; bytes from outside, of any
 * kind. */

#include "headroom/base.h"

bool http_is_name(struct str name, struct str wanted); /* without regard to case */
/* A field that ends at the next hop (RFC 9110 section 7.6.1, and those of RFC 2616 section 13.5.1). */
bool http_is_hop_by_hop(struct str name);
/* Whether a list "a, b", as Connection's value, holds the name. */
bool http_list_holds(struct str list, struct str name);
/* A token of RFC 9110 section 5.6.2: a method, a field's name. */
bool http_is_token(struct str text);
/* A field's value without control characters other than the tab (RFC 9110 section 5.5). */
bool http_is_value(struct str value);
/* A request's target: not empty, no blank and no control character. */
bool http_is_target(struct str target);
/* Content-Length's value: digits alone (RFC 9110 section 8.6). */
MUST_CHECK bool http_length(struct str value, uint64_t *length);

#define HTTP_DATE_SIZE 30
/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7). Returns out. */
const char *http_date(int64_t time_us, char out[HTTP_DATE_SIZE]);

/* {"errors":["…"]}, the form of the vendor's errors; the caller frees it. */
char *http_errors(const char *why);

#endif
