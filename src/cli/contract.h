/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_CONTRACT_H
#define HEADROOM_CLI_CONTRACT_H

/* Contracts on standard output: as text for a person, or as the JSON that could be imported again. */

#include "cli/command.h"
#include "headroom/db.h"

/* The subcommands of contract that have files of their own. */
extern const struct command contract_import, contract_export, contract_amend, contract_end, contract_history,
    contract_diff;

MUST_CHECK bool contract_print(struct db *db, const char *name, bool json, struct error *err);
/* As it was after the change that made the version, which is a number as text. */
MUST_CHECK bool contract_print_version(struct db *db, const char *name, const char *version, bool json,
                                       struct error *err);
MUST_CHECK bool contract_print_all(struct db *db, bool json, struct error *err);

/* Its versions, the first one first: the columns of contract_history. *rows is the caller's. */
MUST_CHECK bool contract_fetch_versions(struct db *db, const char *name, struct db_rows **rows, struct error *err);
/* The row of a version that an option names. */
MUST_CHECK bool contract_find_version(const struct db_rows *versions, const char *option, const char *text, size_t *row,
                                      struct error *err);

#endif
