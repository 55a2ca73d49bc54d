/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_AUDIT_ARRAY_H
#define HEADROOM_AUDIT_ARRAY_H

/* Numbers as parameters of statements. */

#include "headroom/base.h"

/* "{1,2,3}", a bigint[], in the arena. */
const char *array_text(struct arena *arena, const int64_t *numbers, size_t count);
#define ARRAY_NUMBER_SIZE 24
const char *array_number(int64_t number, char text[ARRAY_NUMBER_SIZE]); /* returns text */

#endif
