/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_WRAP_H
#define HEADROOM_CLI_WRAP_H

/* Text broken into lines for a terminal. */

#include <stdio.h>

#define WRAP_WIDTH 80

/* The columns of a UTF-8 text, each character counted as one. */
size_t wrap_columns(const char *text, size_t size);
/* Prints text, what is hidden in it written out, each line of it wrapped and indented; blanks at the start of a line
 * indent it further. column is where the cursor stands. Ends with a newline. */
void wrap_print(FILE *out, const char *text, size_t indent, size_t column);

#endif
