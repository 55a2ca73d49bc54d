/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_VERIFY_REPORT_H
#define HEADROOM_CLI_VERIFY_REPORT_H

/* 'verify FILE': which report a file is, as text and JSON. */

#include "cli/command.h"

enum exit_code verify_print_report(const struct invocation *invocation, const char *file);

#endif
