/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_CONTRACT_H
#define HEADROOM_CLI_CONTRACT_H

/* Contracts on standard output: as text for a person, or as the JSON that could be imported again. */

#include "headroom/db.h"

MUST_CHECK bool contract_print(struct db *db, const char *name, bool json, struct error *err);
MUST_CHECK bool contract_print_all(struct db *db, bool json, struct error *err);

#endif
