/* SPDX-License-Identifier: MIT */
/* headroom help and headroom completion: what the tables of the commands say, for people and for shells. */

#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "cli/options.h"

static enum exit_code run_help(const struct invocation *invocation)
{
    if (argument_flag(invocation->arguments, "man")) {
        if (argument_count(invocation->arguments) > 0)
            return cli_usage(invocation, "the manual page is one for all commands: --man takes no command");
        manual_print(&cli_root, stdout);
        return EXIT_DONE;
    }
    char *words[] = {NULL, NULL, NULL};
    for (size_t i = 0; i < argument_count(invocation->arguments); i++)
        words[i] = mem_text(argument_at(invocation->arguments, i));
    struct command_line line;
    struct error err;
    bool found = options_parse(&cli_root, words, &line, &err);
    if (found)
        help_print(&cli_root, line.command, stdout);
    options_free(&line);
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        free(words[i]);
    return found ? EXIT_DONE : cli_usage(invocation, "%s", err.text);
}

static enum exit_code run_completion(const struct invocation *invocation)
{
    const char *shell = argument_at(invocation->arguments, 0);
    if (shell != NULL && strcmp(shell, "bash") != 0)
        return cli_usage(invocation, "there is no completion for '%s'; there is one for bash", shell);
    completion_print(&cli_root, stdout);
    return EXIT_DONE;
}

const struct command cmd_help = {
    .name = "help",
    .summary = "show help on a command, or the manual page",
    .operands = "[COMMAND [SUBCOMMAND]]",
    .operands_max = 2,
    .description = "The same as 'headroom COMMAND --help'. With --man, the manual page of the program and all its "
                   "commands is printed, as troff for man(1).",
    .options = (const struct option_spec[]){{"man", 0, NULL, "print the manual page"}, {0}},
    .examples =
        (const char *const[]){
            "headroom help contract add  # how to write down an agreement",
            "headroom help --man > headroom.1 && man ./headroom.1  # read the manual page",
            NULL,
        },
    .run = run_help,
};

const struct command cmd_completion = {
    .name = "completion",
    .summary = "print a completion script for a shell",
    .operands = "[bash]",
    .operands_max = 1,
    .description = "The script completes commands, options and the fixed values of options.",
    .examples =
        (const char *const[]){
            "source <(headroom completion bash)  # complete in this shell",
            "headroom completion bash > ~/.local/share/bash-completion/completions/headroom  # in every shell from now "
            "on",
            NULL,
        },
    .run = run_completion,
};
