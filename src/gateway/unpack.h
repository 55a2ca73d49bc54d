/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_UNPACK_H
#define HEADROOM_GATEWAY_UNPACK_H

/* unpack: a body of HTTP as it passes, plain or gzip (RFC 9110, section 8.4), up to a ceiling. */

#include "headroom/base.h"

typedef void unpacked_fn(void *context, struct str bytes);

struct unpack;
/* ceiling: bytes, packed and unpacked, of which no more is looked at. */
struct unpack *unpack_new(size_t ceiling, unpacked_fn *unpacked, void *context);
void unpack_free(struct unpack *unpack); /* NULL is fine */
/* A Content-Encoding. One that is neither gzip nor identity, or a second one, makes the body unreadable. */
void unpack_coding(struct unpack *unpack, struct str coding);
/* Hands the bytes on, unpacked; nothing more once the body is found broken or over the ceiling. */
void unpack_add(struct unpack *unpack, struct str bytes);
/* Whether all that came was handed on, and it was whole. */
bool unpack_is_whole(const struct unpack *unpack);

#endif
