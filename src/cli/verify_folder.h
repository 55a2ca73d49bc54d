/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_VERIFY_FOLDER_H
#define HEADROOM_CLI_VERIFY_FOLDER_H

/* 'verify FOLDER': the proof of a folder of evidence, as text and JSON. */

#include "cli/command.h"

enum exit_code verify_print_folder(const char *folder, bool json);

#endif
