/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_AUDIT_FOLDER_H
#define HEADROOM_AUDIT_FOLDER_H

/* A folder that is written whole or not at all: beside its name first, then renamed. */

#include <jansson.h>

#include "headroom/base.h"

struct folder {
    char *target, *path; /* path: where it is written */
    struct buffer sums;  /* lines of sha256sum */
    json_t *files;       /* [{name, bytes, sha256}] */
};
/* A target that exists is EXIT_COMMAND. */
MUST_CHECK bool folder_begin(struct folder *folder, const char *target, struct error *err);
/* A file to write; NULL is a failure. folder_close settles it and takes its digest. */
FILE *folder_open(struct folder *folder, const char *name, struct error *err);
MUST_CHECK bool folder_close(struct folder *folder, FILE *file, const char *name, struct error *err);
/* A whole file at once. */
MUST_CHECK bool folder_write(struct folder *folder, const char *name, const char *text, struct error *err);
/* Writes SHA256SUMS and gives the folder its name. */
MUST_CHECK bool folder_finish(struct folder *folder, struct error *err);
void folder_end(struct folder *folder); /* in any case: what was not finished is removed */

/* The SHA-256 of a file of any size. */
MUST_CHECK bool folder_digest(const char *path, char sha256[DIGEST_HEX_SIZE], struct error *err);

#endif
