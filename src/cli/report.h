/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_REPORT_H
#define HEADROOM_CLI_REPORT_H

/* The commands below 'report'. */

#include "cli/command.h"

#define OPTION_REPORTS                                                                                                 \
    {                                                                                                                  \
        "reports", 0, "DIR", "also the reports of this folder, one a folder in it; they come before built-in ones"     \
    }

extern const struct command report_list_command, report_show_command, report_evidence_command, report_log_command;

#endif
