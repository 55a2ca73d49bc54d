/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_CONTRACT_H
#define HEADROOM_CLI_CONTRACT_H

/* Contracts on standard output: as text for a person, or as the JSON that could be imported again. */

#include "cli/command.h"
#include "headroom/db.h"

/* The subcommands of contract that have files of their own. */
extern const struct command contract_import, contract_export, contract_amend, contract_end;

MUST_CHECK bool contract_print(struct db *db, const char *name, bool json, struct error *err);
MUST_CHECK bool contract_print_all(struct db *db, bool json, struct error *err);

#endif
