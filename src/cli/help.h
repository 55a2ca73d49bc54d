/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_HELP_H
#define HEADROOM_CLI_HELP_H

/* Help from the tables of the commands: for --help, as a manual page, and for the completion of shells. */

#include "cli/tree.h"

/* The whole help of a command or group, or of the program (cli_root), wrapped at 80 columns. */
void help_print(const struct command *root, const struct command *command, FILE *out);
/* What to show who gave no command: usage and the commands, a line each. */
void help_overview(const struct command *root, FILE *out);
/* The manual page, troff with the man macros. */
void manual_print(const struct command *root, FILE *out);
/* A script for bash that completes commands, options and their fixed values. */
void completion_print(const struct command *root, FILE *out);

/* What is said of the program as a whole, in help and manual: pairs of a name and what it is. NULL-ended. */
struct help_entry {
    const char *name;
    const char *text;
};
extern const struct help_entry help_exit_codes[];
extern const struct help_entry help_environment[];
extern const struct help_entry help_files[];

/* "-o, --output FILE" */
#define OPTION_TITLE_MAX 80
const char *help_option_title(const struct option_spec *spec, char title[OPTION_TITLE_MAX]);
/* Parts an example "headroom …  # what it shows"; both are copies that the caller frees; *shows may be NULL. */
void help_example_parts(const char *example, char **line, char **shows);

#endif
