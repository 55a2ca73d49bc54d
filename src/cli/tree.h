/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_TREE_H
#define HEADROOM_CLI_TREE_H

/* The tree of commands: the program itself is its root, whose options every command takes. */

#include "cli/command.h"

extern const struct command cli_root;

/* "headroom contract add": at most this long, NUL included. */
#define COMMAND_NAME_MAX 64
const char *tree_name(const struct command *root, const struct command *command, char name[COMMAND_NAME_MAX]);

/* Calls visit for every command below root that can run, in the order of help, with its full name. */
typedef void tree_visit_fn(const struct command *command, const char *name, void *context);
void tree_each(const struct command *root, tree_visit_fn *visit, void *context);

#endif
