/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_OPTIONS_H
#define HEADROOM_CLI_OPTIONS_H

/* The parser of the command line: walks the words along the tables of the commands. Prints nothing. */

#include "cli/command.h"

struct given_option {
    const struct option_spec *spec;
    const char *value; /* NULL for a flag; borrowed from the words */
};

struct arguments {
    struct given_option *given;
    size_t given_count;
    const char **operands;
    size_t operand_count;
};

struct command_line {
    const struct command *command; /* as deep as the words led; the root when they name none */
    struct arguments arguments;
};

/* Parses the NULL-ended words after the program's name. root's subcommands are the commands, root's options are taken
 * everywhere. Does not ask whether the operands are enough, so that --help can be answered first: options_check does.
 * line is the caller's in every case; on failure it names the command that the error belongs to. */
MUST_CHECK bool options_parse(const struct command *root, char *const *words, struct command_line *line,
                              struct error *err);
/* Whether the command is one that can run, with the operands that it wants. */
MUST_CHECK bool options_check(const struct command_line *line, struct error *err);
void options_free(struct command_line *line);

/* The one of two flags that was given last (for -q and -v); NULL: neither. */
const char *options_last_of(const struct arguments *arguments, const char *a, const char *b);

#endif
