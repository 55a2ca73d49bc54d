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

/* Reads a file that a command is given, of at most 16 MiB; "-" is standard input. content: the caller's to free, also
 * after a failure. */
MUST_CHECK bool contract_read_file(const char *name, struct buffer *content, struct error *err);

/* Changes the document, a copy of the contract's, as the options say. */
typedef bool contract_edit_fn(struct db *db, int64_t contract_id, const struct arguments *arguments, json_t *document,
                              struct error *err);
/* Edits the contract that the command's operand names, checks the new document, applies it as one change of that
 * action, and prints what became of it. The options are checked already. */
enum exit_code contract_edit(const struct invocation *invocation, const char *action, contract_edit_fn *edit);
MUST_CHECK bool contract_print_results(const struct contract_plan *plan, const struct contract_result *results,
                                       size_t count, bool json, struct error *err);

#endif
