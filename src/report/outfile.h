/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_OUTFILE_H
#define HEADROOM_REPORT_OUTFILE_H

/* Files that appear whole under their name, or not at all: written beside it as NAME.unfinished-XXXXXX, then renamed.
 * Who is killed meanwhile leaves that behind; nobody reads it, and it can be deleted. */

#include "headroom/base.h"

struct outfile {
    char *file;      /* where it will be */
    char *temporary; /* where it is written */
    uint64_t size;   /* bytes, once it is finished */
};

/* Makes the temporary file, empty, with the permissions of a new file. Refuses a folder and anything else that isn't a
 * plain file. */
MUST_CHECK bool outfile_begin(struct outfile *output, const char *file, struct error *err);
/* Makes it durable, fills in its digest as hex, and gives it its name. */
MUST_CHECK bool outfile_finish(struct outfile *output, char sha256[DIGEST_HEX_SIZE], struct error *err);
/* Removes what is left of it; after a finish, only the memory. */
void outfile_end(struct outfile *output);

/* Appends a text as a part of a file's name: no separators, no characters that a system forbids, not hidden, at most
 * 120 bytes. Where that makes it another text, eight digits of the text's SHA-256 follow, so that two texts never make
 * one name. */
MUST_CHECK bool outfile_name(const char *text, struct buffer *out);

#endif
