/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_INVOICE_H
#define HEADROOM_CLI_INVOICE_H

/* The commands below `invoice` that have a file of their own. */

#include <jansson.h>

#include "cli/command.h"
#include "headroom/invoices.h"

extern const struct command invoice_list_command, invoice_check_command, invoice_dispute_command;

/* Prints the document of that number after a change of it: as 'invoice list' does. contract: a name, or NULL. */
MUST_CHECK bool invoice_print(struct db *db, const char *contract, const char *number, bool json, struct error *err);

/* What 'invoice check' says of a month. both: with the handles that are on both sides. */
json_t *invoice_check_json(const struct invoice_check *check, bool both);

#endif
