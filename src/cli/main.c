/* SPDX-License-Identifier: MIT */
/* The program: reads the command line, runs the command, and answers for what reached standard output. */

#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/help.h"
#include "cli/options.h"
#include "cli/output.h"
#include "headroom/model.h"

#define BY_SIZE_MAX 200

static char *login_name(void)
{
    const struct passwd *entry = getpwuid(getuid());
    return entry != NULL ? mem_text(entry->pw_name) : mem_format("uid %ju", (uintmax_t)getuid());
}

static void set_log_level(const struct arguments *arguments)
{
    const char *last = options_last_of(arguments, "quiet", "verbose");
    if (last == NULL)
        return;
    log_set_level(strcmp(last, "quiet") == 0 ? LOG_QUIET : LOG_VERBOSE);
}

/* Help and version are answered before anything else is asked of the command line. */
static bool answered_about_itself(const struct command_line *line)
{
    if (argument_flag(&line->arguments, "help")) {
        help_print(&cli_root, line->command, stdout);
        return true;
    }
    if (argument_flag(&line->arguments, "version")) {
        printf("headroom %s\n", HEADROOM_VERSION);
        return true;
    }
    return false;
}

static enum exit_code run(const struct command_line *line)
{
    const struct arguments *arguments = &line->arguments;
    const char *by = argument_option(arguments, "by");
    char *login = login_name();
    struct invocation invocation = {
        .command = line->command,
        .arguments = arguments,
        .db = argument_option(arguments, "db"),
        .by = by != NULL ? by : login,
        .json = argument_flag(arguments, "json"),
    };
    const char *fault = given_text_fault(str_of(invocation.by), BY_SIZE_MAX);
    struct error err;
    enum exit_code code;
    if (!options_check(line, &err))
        code = cli_usage(&invocation, "%s", err.text);
    else if (fault != NULL)
        code = cli_usage(&invocation, "--by %s: it is kept on record as the one who did this", fault);
    else
        code = line->command->run(&invocation);
    free(login);
    return code;
}

static enum exit_code parse_and_run(char *const *words)
{
    if (*words == NULL) {
        help_overview(&cli_root, stderr);
        return EXIT_USAGE;
    }
    struct command_line line;
    struct error err;
    enum exit_code code = EXIT_DONE;
    if (!options_parse(&cli_root, words, &line, &err)) {
        struct invocation invocation = {.command = line.command, .arguments = &line.arguments};
        code = cli_usage(&invocation, "%s", err.text);
    } else if (!answered_about_itself(&line)) {
        set_log_level(&line.arguments);
        code = run(&line);
    }
    options_free(&line);
    return code;
}

int main(int argc, char **argv)
{
    (void)argc;
    output_prepare();
    log_find_journal();
    /* Who reads only the beginning of a list has seen enough: the process ends without a word, also where the caller
     * had the signal ignored. */
    (void)signal(SIGPIPE, SIG_DFL);
    /* Texts are UTF-8 wherever the program runs; everything else stays as in the C locale, decimal points above all. */
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    enum exit_code code = argv[0] != NULL ? parse_and_run(argv + 1) : EXIT_USAGE;
    struct error err;
    /* A command that failed has said why, also where the output was. */
    if (!output_finish(stdout, &err) && code != EXIT_COMMAND)
        code = cli_failed(&err);
    return (int)code;
}
