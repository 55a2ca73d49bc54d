/* SPDX-License-Identifier: MIT */
/* What every command prints with: errors, JSON, a checked standard output; and how a command opens the database. */

#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/tree.h"

static bool is_terminal(FILE *out)
{
    return isatty(fileno(out)) == 1;
}

size_t output_width(FILE *out)
{
    struct winsize size;
    if (!is_terminal(out) || ioctl(fileno(out), TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

bool output_has_colour(FILE *out)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    if (no_colour != NULL && no_colour[0] != '\0')
        return false;
    if (terminal != NULL && strcmp(terminal, "dumb") == 0)
        return false;
    return is_terminal(out);
}

void output_prepare(void)
{
    static const int unusable[] = {O_WRONLY, O_RDONLY, O_WRONLY};
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF && open("/dev/null", unusable[fd]) != fd)
            _exit(EXIT_COMMAND);
}

static bool lost(struct error *err)
{
    return fail(err, EXIT_COMMAND, "cannot write standard output%s%s; what was printed is not complete",
                errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
}

bool output_ok(FILE *out, struct error *err)
{
    return ferror(out) == 0 || lost(err);
}

bool output_finish(FILE *out, struct error *err)
{
    bool failed_before = ferror(out) != 0;
    return (fflush(out) == 0 && !failed_before) || lost(err);
}

enum exit_code cli_failed(const struct error *err)
{
    log_error("%s", err->text);
    return err->code;
}

enum exit_code cli_usage(const struct invocation *invocation, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    char *message = NULL;
    int size = vasprintf(&message, format, values);
    va_end(values);
    char name[COMMAND_NAME_MAX];
    log_error("%s", size >= 0 ? message : format);
    fprintf(stderr, "See '%s --help'.\n", tree_name(&cli_root, invocation->command, name));
    free(message);
    return EXIT_USAGE;
}

bool cli_open(const struct invocation *invocation, enum db_role role, struct db **db, struct error *err)
{
    struct db_target target;
    return db_find_target(invocation->db, &target, err) && db_open(db, &target, role, err);
}

bool cli_print_json(struct json_t *document, struct error *err)
{
    if (document == NULL)
        return fail(err, EXIT_COMMAND, "cannot make the JSON document: a text in it is not UTF-8");
    bool written = json_dumpf(document, stdout, JSON_INDENT(2)) == 0 && fputc('\n', stdout) != EOF;
    json_decref(document);
    return written ? output_ok(stdout, err) : lost(err);
}
