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

bool output_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *locale = NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(names) && (locale == NULL || locale[0] == '\0'); i++)
        locale = getenv(names[i]);
    return locale != NULL && (strcasestr(locale, "utf-8") != NULL || strcasestr(locale, "utf8") != NULL);
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

void output_text(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    char *text = NULL;
    int size = vasprintf(&text, format, values);
    va_end(values);
    if (size < 0)
        return;
    char *shown = shown_text(text, "\n\t");
    fputs(shown, stdout);
    free(shown);
    free(text);
}

/* jansson writes the controls of ASCII as escapes itself, and hands out whole characters only. */
static int write_part(const char *part, size_t size, void *out)
{
    struct str rest = {part, size};
    char escape[SHOWN_ESCAPE_SIZE];

    while (rest.size > 0) {
        size_t plain = 0;
        while (plain < rest.size && (unsigned char)rest.data[plain] < 0x7F)
            plain++;
        if (fwrite(rest.data, 1, plain, out) != plain)
            return -1;
        rest = (struct str){rest.data + plain, rest.size - plain};
        if (rest.size == 0)
            break;
        const char *other = shown_escape(rest, &plain, escape);
        if (other != NULL ? fputs(other, out) == EOF : fwrite(rest.data, 1, plain, out) != plain)
            return -1;
        rest = (struct str){rest.data + plain, rest.size - plain};
    }
    return 0;
}

bool output_json(const struct json_t *document, size_t flags, FILE *out)
{
    return json_dump_callback(document, write_part, out, flags) == 0;
}

bool cli_print_json(struct json_t *document, struct error *err)
{
    if (document == NULL)
        return fail(err, EXIT_COMMAND, "cannot make the JSON document: a text in it is not UTF-8");
    bool written = output_json(document, JSON_INDENT(2), stdout) && fputc('\n', stdout) != EOF;
    json_decref(document);
    return written ? output_ok(stdout, err) : lost(err);
}
