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

#endif
