/* SPDX-License-Identifier: MIT */
/* --help: usage, description, options and examples of a command, from its table. */

#include "cli/help.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/wrap.h"

#define INDENT      2
#define TEXT_COLUMN 26

const struct help_entry help_exit_codes[] = {
    {"0", "done"},
    {"1", "the command failed"},
    {"2", "wrong usage"},
    {"3", "done, but lines were quarantined"},
    {"4", "a check failed: a mismatch, a broken seal, a stale source"},
    {"5", "over the limit or the threshold asked for"},
    {"6", "no database, or unreachable"},
    {NULL, NULL},
};

const struct help_entry help_environment[] = {
    {"HEADROOM_DB", "the database where --db is not given; passwords belong in the password file"},
    {"HEADROOM_CONFIG", "another file than /etc/headroom/headroom.conf, which names the database by `db = CONNINFO`; "
                        "empty: none"},
    {"HEADROOM_HOME", "folder of the private PostgreSQL cluster that is used where no database is named; default: "
                      "headroom in the XDG data folder, /var/lib/headroom for root"},
    {"NO_COLOR", "no colours on the terminal, where it is set and not empty"},
    {NULL, NULL},
};

const struct help_entry help_files[] = {
    {"/etc/headroom/headroom.conf", "the database, as 'db = CONNINFO', where neither --db nor HEADROOM_DB names one"},
    {NULL, NULL},
};

const char *help_option_title(const struct option_spec *spec, char title[OPTION_TITLE_MAX])
{
    char letter[8] = "";
    if (spec->letter != 0)
        snprintf(letter, sizeof letter, "-%c, ", spec->letter);
    snprintf(title, OPTION_TITLE_MAX, "%s--%s%s%s", letter, spec->name, spec->value != NULL ? " " : "",
             spec->value != NULL ? spec->value : "");
    return title;
}

void help_example_parts(const char *example, char **line, char **shows)
{
    const char *mark = strstr(example, "  # ");
    *line = mark != NULL ? mem_format("%.*s", (int)(mark - example), example) : mem_text(example);
    *shows = mark != NULL ? mem_text(mark + 4) : NULL;
}

/* A title at the left, its text in a column of its own, on the next line where the title is too long. */
static void print_entry(FILE *out, const char *title, const char *text)
{
    fprintf(out, "%*s%s", INDENT, "", title);
    size_t column = INDENT + wrap_columns(title, strlen(title));
    if (column + 2 > TEXT_COLUMN) {
        fputc('\n', out);
        column = 0;
    }
    for (; column < TEXT_COLUMN; column++)
        fputc(' ', out);
    wrap_print(out, text, TEXT_COLUMN, TEXT_COLUMN);
}

static void print_options(FILE *out, const char *heading, const struct option_spec *specs)
{
    if (specs == NULL)
        return;
    fprintf(out, "\n%s:\n", heading);
    for (; specs->name != NULL; specs++) {
        char title[OPTION_TITLE_MAX];
        print_entry(out, help_option_title(specs, title), specs->help);
    }
}

static void print_entries(FILE *out, const char *heading, const struct help_entry *entries)
{
    fprintf(out, "\n%s:\n", heading);
    for (; entries->name != NULL; entries++)
        print_entry(out, entries->name, entries->text);
}

static void print_commands(FILE *out, const struct command *group)
{
    fputs("\nCommands:\n", out);
    for (const struct command *const *at = group->subcommands; *at != NULL; at++)
        print_entry(out, (*at)->name, (*at)->summary);
}

/* A command that is too long for a line goes on behind a backslash, so that it can be copied as it stands. */
/* How long the word at the start of a line is: what stands in quotes is one, since a backslash and a line end within
 * them would be a part of it for the shell. */
static size_t example_word(const char *line)
{
    char quote = '\0';
    size_t size = 0;

    for (; line[size] != '\0' && (quote != '\0' || line[size] != ' '); size++) {
        if (quote != '\0')
            quote = line[size] == quote ? '\0' : quote;
        else if (line[size] == '\'' || line[size] == '"')
            quote = line[size];
    }
    return size;
}

static void print_example_line(FILE *out, const char *line)
{
    size_t column = INDENT;
    fprintf(out, "%*s", INDENT, "");
    while (*line != '\0') {
        size_t word = example_word(line);
        size_t width = wrap_columns(line, word);
        if (column > INDENT && column + 1 + width > WRAP_WIDTH - 2) {
            fprintf(out, " \\\n%*s", INDENT + 4, "");
            column = INDENT + 4;
        } else if (column > INDENT) {
            fputc(' ', out);
            column++;
        }
        fwrite(line, 1, word, out);
        column += width;
        line += word + strspn(line + word, " ");
    }
    fputc('\n', out);
}

static void print_examples(FILE *out, const char *const *examples)
{
    if (examples == NULL)
        return;
    fputs("\nExamples:\n", out);
    for (; *examples != NULL; examples++) {
        char *line, *shows;
        help_example_parts(*examples, &line, &shows);
        if (shows != NULL) {
            fprintf(out, "%*s# ", INDENT, "");
            wrap_print(out, shows, INDENT + 2, INDENT + 2);
        }
        print_example_line(out, line);
        free(line);
        free(shows);
    }
}

static void print_usage(FILE *out, const struct command *root, const struct command *command)
{
    char name[COMMAND_NAME_MAX];
    bool both = command->subcommands != NULL && command->operands != NULL;
    fprintf(out, "Usage: %s [OPTION]…", tree_name(root, command, name));
    if (command->subcommands != NULL && !both)
        fputs(command->run != NULL ? " [COMMAND …]" : " COMMAND …", out);
    if (command->operands != NULL)
        fprintf(out, " %s", command->operands);
    if (both)
        fprintf(out, "\n       %s COMMAND …", name);
    fputc('\n', out);
}

void help_overview(const struct command *root, FILE *out)
{
    print_usage(out, root, root);
    print_commands(out, root);
    fprintf(out, "\nSee '%s --help' and '%s COMMAND --help'.\n", root->name, root->name);
}

void help_print(const struct command *root, const struct command *command, FILE *out)
{
    print_usage(out, root, command);
    fputc('\n', out);
    char *summary = mem_format("%c%s.", toupper((unsigned char)command->summary[0]), command->summary + 1);
    wrap_print(out, summary, 0, 0);
    free(summary);
    if (command->description != NULL) {
        fputc('\n', out);
        wrap_print(out, command->description, 0, 0);
    }
    if (command->subcommands != NULL)
        print_commands(out, command);
    if (command != root)
        print_options(out, "Options", command->options);
    print_options(out, command == root ? "Options" : "Options of every command", root->options);
    if (command == root) {
        print_entries(out, "Environment", help_environment);
        print_entries(out, "Files", help_files);
        print_entries(out, "Exit codes", help_exit_codes);
    }
    print_examples(out, command->examples);
}
