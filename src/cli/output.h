/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_OUTPUT_H
#define HEADROOM_CLI_OUTPUT_H

/* Standard output: whether a person reads it, and whether everything arrived. */

#include <stdio.h>

#include "headroom/base.h"

size_t output_width(FILE *out);    /* columns of the terminal; 0 where it is none or does not say */
bool output_has_colour(FILE *out); /* a terminal, and NO_COLOR is not set */
bool output_is_utf8(void);         /* the caller's locale, as its terminal should have it; ours always is */

/* printf to standard output for texts that came from outside: what is hidden in them is written out (see shown_text),
 * line ends and tabs stay. */
void output_text(const char *format, ...) PRINTF_LIKE(1, 2);
/* Writes a document; what is hidden in its texts as escapes of JSON, which stand for the same. */
struct json_t;
MUST_CHECK bool output_json(const struct json_t *document, size_t flags, FILE *out);

/* Opens what the caller left closed among the three standard streams, in a way that using it fails: else the
 * database's socket could become standard output. Call it before anything else is opened. */
void output_prepare(void);
/* False, with the reason, once something could not be written. */
MUST_CHECK bool output_ok(FILE *out, struct error *err);
/* Writes out what is still held back; false when anything was lost. */
MUST_CHECK bool output_finish(FILE *out, struct error *err);

#endif
