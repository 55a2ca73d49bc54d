/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_CONTRACT_CHANGE_H
#define HEADROOM_CLI_CONTRACT_CHANGE_H

/* What the commands that change contracts share. */

#include "cli/command.h"
#include "headroom/contracts.h"

#define CONTRACT_CHANGE_JSON                                                                                           \
    "JSON: {action, dry_run, contracts: [{contract, state, version, months: [{month, closed, limit_before, limit, "    \
    "unique_handles_before, unique_handles, charge_before, charge, currency}]}]}; state is added, changed or "         \
    "unchanged. Months are those with events whose terms or time are others now; of a closed one the difference "      \
    "becomes an adjustment."
#define CONTRACT_DRY_RUN_HELP "compute what every month touched would become; change nothing"

/* One contract as it is, for a change. *document is the caller's. */
MUST_CHECK bool contract_open_one(const struct invocation *invocation, struct arena *arena, struct db **db,
                                  int64_t *contract_id, json_t **document, struct error *err);
/* Checks the changed document, applies it as one change and prints what became of it. Takes neither document. */
MUST_CHECK bool contract_change_one(const struct invocation *invocation, struct db *db, const char *action,
                                    int64_t contract_id, const json_t *before, json_t *given, struct arena *arena,
                                    struct error *err);
MUST_CHECK bool contract_print_results(const struct contract_plan *plan, const struct contract_result *results,
                                       size_t count, bool json, struct error *err);

#endif
