/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_HISTORY_H
#define HEADROOM_CLI_HISTORY_H

/* handles --history: who had which handle over time. */

#include "cli/command.h"

enum exit_code handles_history(const struct invocation *invocation);

#endif
