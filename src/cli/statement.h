/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_STATEMENT_H
#define HEADROOM_CLI_STATEMENT_H

/* A month's statement for a person and as JSON. */

#include <jansson.h>

#include "headroom/reconcile.h"

void statement_print(const struct reconcile_statement *statement);
json_t *statement_json(const struct reconcile_statement *statement);
/* The same on one line, for a seal or a folder of evidence. The caller frees it; NULL is a failure. */
char *statement_text(const struct reconcile_statement *statement, struct error *err);

#endif
