/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_OUTPUT_H
#define HEADROOM_CLI_OUTPUT_H

/* Standard output: whether a person reads it, and whether everything arrived. */

#include <stdio.h>

#include "headroom/base.h"

size_t output_width(FILE *out);    /* columns of the terminal; 0 where it is none or does not say */
bool output_has_colour(FILE *out); /* a terminal, and NO_COLOR is not set */

/* Opens what the caller left closed among the three standard streams, in a way that using it fails: else the
 * database's socket could become standard output. Call it before anything else is opened. */
void output_prepare(void);
/* False, with the reason, once something could not be written. */
MUST_CHECK bool output_ok(FILE *out, struct error *err);
/* Writes out what is still held back; false when anything was lost. */
MUST_CHECK bool output_finish(FILE *out, struct error *err);

#endif
