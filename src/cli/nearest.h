/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_NEAREST_H
#define HEADROOM_CLI_NEAREST_H

/* Finds the known name that somebody who wrote another one may have meant. */

#include <stddef.h>

struct nearest {
    const char *word; /* what was written */
    const char *best; /* NULL: nothing near */
    size_t distance;
};

/* Compares one more candidate; keeps it when it is nearer than those before. Start with {.word = word}. */
void nearest_offer(struct nearest *nearest, const char *candidate);

#endif
