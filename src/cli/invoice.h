/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_INVOICE_H
#define HEADROOM_CLI_INVOICE_H

/* The commands below `invoice` that have a file of their own. */

#include "cli/command.h"

extern const struct command invoice_list_command;

/* Prints the document of that number after a change of it: as 'invoice list' does. contract: a name, or NULL. */
MUST_CHECK bool invoice_print(struct db *db, const char *contract, const char *number, bool json, struct error *err);

#endif
