/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_RETRY_LINE_H
#define HEADROOM_INGEST_RETRY_LINE_H

/* One line in quarantine as the content of a file of its own: so a row that was broken cannot swallow the next one. */

#include "headroom/base.h"

/* What stands before and behind a line so that it is a file of the format in which it is read now; kept: the one in
 * which it was. header: of CSV; absent where none is known. NULL, else what the quarantine does not keep of such a
 * file, without which none of its lines can be read. */
MUST_CHECK const char *retry_frame(const char *kept, const char *format, struct str header, struct arena *arena,
                                   struct str *before, struct str *behind);
/* A descriptor, at its start, over the frame with the line in it. */
MUST_CHECK bool retry_open(struct str before, struct str line, struct str behind, int *fd, struct error *err);

#endif
