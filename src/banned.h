/* SPDX-License-Identifier: MIT */
/* What no source may call: put before each by the Makefile (-include), so that using one does not compile. */
#ifndef HEADROOM_BANNED_H
#define HEADROOM_BANNED_H

/* Their declarations come first: poisoned names may not appear even there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With clang, glibc's fortification makes macros of these two. */
#undef sprintf
#undef vsprintf

/* No bound: use snprintf, struct buffer, arena_copy, memcpy with a known size. (strncpy is banned too, by `make lint`:
 * a macro of xlsxwriter.h names it.) */
#pragma GCC poison sprintf vsprintf strcpy strcat strncat gets
/* Hidden state: use strcspn or strtok_r. */
#pragma GCC poison strtok
/* No way to tell an error from 0: use str_to_int64. */
#pragma GCC poison atoi atol atoll atof

#endif
