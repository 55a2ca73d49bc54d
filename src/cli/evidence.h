/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_EVIDENCE_H
#define HEADROOM_CLI_EVIDENCE_H

/* 'report evidence' and 'invoice dispute', which write the same folder: the latter with the vendor's side. */

#include "cli/command.h"

enum exit_code evidence_run(const struct invocation *invocation, bool with_vendor);

#endif
