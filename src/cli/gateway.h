/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_GATEWAY_H
#define HEADROOM_CLI_GATEWAY_H

/* The commands below `gateway` that have a file of their own. */

#include "cli/command.h"

extern const struct command gateway_replay_command;

#endif
