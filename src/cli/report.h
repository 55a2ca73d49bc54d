/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_REPORT_H
#define HEADROOM_CLI_REPORT_H

/* The commands below 'report'. */

#include "cli/command.h"

extern const struct command report_list_command, report_show_command;

#endif
