/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_MODEL_MASK_H
#define HEADROOM_MODEL_MASK_H

#include "headroom/model.h"

/* Private to model: bytes [start, end) of a text. */
struct span {
    size_t start;
    size_t end;
};

/* The first value, at or after `from`, that stands behind a word that announces a secret: an authorisation, a cookie,
 * an oauth_ parameter, a token or a secret. */
MUST_CHECK bool mask_find_named(struct str text, size_t from, struct span *found);

/* Whether a field that an event keeps holds a secret. Unlike in a raw line, where masking too much does no harm, a
 * random text is taken for one only when it is as long as the vendor's secrets are: consumer keys, KSUIDs and nanoids
 * are right there. */
bool mask_refuses(struct str text);

#endif
