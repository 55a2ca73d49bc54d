/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_IDENTITIES_H
#define HEADROOM_CLI_IDENTITIES_H

/* Prints what imports of identities did, and what is known. */

#include "cli/command.h"
#include "headroom/identities.h"

extern const struct command identities_resolve; /* the subcommand with a file of its own */

MUST_CHECK bool identities_print(const struct identities_result *result, bool dry_run, bool json, struct error *err);
MUST_CHECK bool identities_print_withdrawn(const char *batch, const char *reason, const char *by,
                                           const char *chain_head, bool json, struct error *err);

#endif
