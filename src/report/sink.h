/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_SINK_H
#define HEADROOM_REPORT_SINK_H

/* Where a renderer's text goes: a file or standard output. Its digest is made on the way. Whether all of it could be
 * written is asked now and then, and at the end. */

#include "headroom/base.h"

#define SINK_SIZE 65536

struct sink {
    FILE *out;
    const char *name; /* for messages */
    struct digest *digest;
    char *bytes; /* that wait */
    size_t used;
    uint64_t size; /* bytes handed on */
};

void sink_begin(struct sink *sink, FILE *out, const char *name);
void sink_add(struct sink *sink, struct str text);
void sink_text(struct sink *sink, const char *text);
void sink_format(struct sink *sink, const char *format, ...) PRINTF_LIKE(2, 3);
/* Whether all could be written so far. */
MUST_CHECK bool sink_good(const struct sink *sink, struct error *err);
/* Hands on what is buffered, and fills in the digest of all as hex. */
MUST_CHECK bool sink_finish(struct sink *sink, char sha256[DIGEST_HEX_SIZE], struct error *err);
void sink_end(struct sink *sink); /* closes nothing */

#endif
