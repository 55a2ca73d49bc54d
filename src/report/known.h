/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_KNOWN_H
#define HEADROOM_REPORT_KNOWN_H

/* The list of what there is, for messages about what there is not: "a, b, c", cut where it has no room. */

#include <stdio.h>
#include <string.h>

static inline void known_add(char *known, size_t size, const char *name)
{
    size_t used = strlen(known);

    snprintf(known + used, size - used, "%s%s", used > 0 ? ", " : "", name);
}

#endif
