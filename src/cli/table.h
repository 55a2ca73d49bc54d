/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_TABLE_H
#define HEADROOM_CLI_TABLE_H

/* What tables can do beyond what every command needs: rows in a tone, and printing while rows still come. */

#include "cli/command.h"

enum table_tone {
    TABLE_PLAIN,
    TABLE_WARNING,
    TABLE_BAD,
    TABLE_FAINT
};
void table_add_count(struct table *table, const char *name, uint64_t count); /* a row of two cells */
void table_set_tone(struct table *table, enum table_tone tone);              /* of the row added last */

size_t table_width(const struct table *table); /* in columns of the terminal */
size_t table_rows(const struct table *table);  /* added and not yet flushed */
/* Prints the rows so far and forgets them, so that a long list needs bounded memory. The headings come once; a column
 * stays as wide as it was. */
void table_flush(struct table *table, FILE *out);

#endif
