/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_ENCODE_H
#define HEADROOM_ENCODE_H

/* encode: bytes as text, and texts within other texts. */

#include "headroom/base.h"

/* ---- hex ---- */
void bytes_to_hex(const void *bytes, size_t size, char *out); /* lower case; out has room for 2 * size + 1 */
MUST_CHECK bool bytes_from_hex(struct str hex, void *out);    /* out: hex.size / 2 bytes; false: it is none */

/* ---- json: a string of RFC 8259, with no more escapes than it must have ---- */
#define JSON_QUOTED_MAX(size) (6 * (size) + 2) /* bytes that quoting so many may take */
/* Writes well-formed UTF-8 in quotes; returns where it ends, without a NUL. */
char *json_quote(char *at, struct str text);

/* ---- base64: RFC 4648 section 4, padded; blanks and line ends between its characters are left out ---- */
/* The decoded bytes, in arena; false (and *bytes of no use) for anything else. */
MUST_CHECK bool base64_decode(struct str text, struct arena *arena, struct str *bytes);

#endif
