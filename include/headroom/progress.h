/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_PROGRESS_H
#define HEADROOM_PROGRESS_H

#include "headroom/base.h"

/* ---- progress: one line on standard error that is rewritten; silent unless that is a terminal ---- */
struct progress;
struct progress *progress_new(const char *what, uint64_t total_bytes); /* total 0: unknown, so no time left */
void progress_show(struct progress *progress, uint64_t done_bytes, uint64_t rows); /* at most 10 times a second */
void progress_free(struct progress *progress);                                     /* wipes the line */

#endif
