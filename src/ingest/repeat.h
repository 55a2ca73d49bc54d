/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_REPEAT_H
#define HEADROOM_INGEST_REPEAT_H

/* Counts how many lines of equal meaning came among the last 65,536 of a file: so equal lines without id are told
 * apart. */

#include "headroom/base.h"

#define REPEAT_WINDOW 65536

struct repeat;
struct repeat *repeat_new(void);
void repeat_free(struct repeat *repeat); /* NULL is fine */
/* Begins anew, with no lines before the next one. */
void repeat_clear(struct repeat *repeat);
/* Takes the next line of the file: its meaning, or NULL for one that has an id of its own or cannot be read.
 * Returns how many of the 65,536 lines before it had the same meaning. */
uint64_t repeat_count(struct repeat *repeat, const unsigned char meaning[DIGEST_SIZE]);

#endif
