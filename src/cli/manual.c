/* SPDX-License-Identifier: MIT */
/* The manual page headroom(1), in troff with the man macros, from the tables of the commands. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"

/* Text as troff takes it: no control lines by accident, hyphens that can be copied. */
static void print_text(FILE *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool line_start = i == 0 || text[i - 1] == '\n';
        if (line_start && (text[i] == '.' || text[i] == '\''))
            fputs("\\&", out);
        if (text[i] == '\\')
            fputs("\\e", out);
        else if (text[i] == '-')
            fputs("\\-", out);
        else
            fputc(text[i], out);
    }
}

static void print_line(FILE *out, const char *text)
{
    print_text(out, text, strlen(text));
    fputc('\n', out);
}

/* Lines that begin with a blank keep their place: a list stays a list. */
static void print_paragraphs(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        if (size == 0)
            fputs(".PP\n", out);
        else if (text[0] == ' ')
            fputs(".br\n", out);
        if (size > 0) {
            print_text(out, text, size);
            fputc('\n', out);
        }
        text += size + (text[size] == '\n');
    }
}

static void print_options(FILE *out, const struct option_spec *specs)
{
    for (; specs != NULL && specs->name != NULL; specs++) {
        char title[OPTION_TITLE_MAX];
        fputs(".TP\n.B ", out);
        print_line(out, help_option_title(specs, title));
        print_line(out, specs->help);
    }
}

static void print_entries(FILE *out, const char *heading, const struct help_entry *entries)
{
    fprintf(out, ".SH %s\n", heading);
    for (; entries->name != NULL; entries++) {
        fputs(".TP\n.B ", out);
        print_line(out, entries->name);
        print_line(out, entries->text);
    }
}

static void print_examples(FILE *out, const char *const *examples)
{
    for (; examples != NULL && *examples != NULL; examples++) {
        char *line, *shows;
        help_example_parts(*examples, &line, &shows);
        fputs(".PP\n", out);
        if (shows != NULL) {
            print_text(out, shows, strlen(shows));
            fputs(":\n", out);
        }
        fputs(".PP\n.nf\n.RS\n", out);
        print_line(out, line);
        fputs(".RE\n.fi\n", out);
        free(line);
        free(shows);
    }
}

static void print_command(const struct command *command, const char *name, void *context)
{
    FILE *out = context;
    fprintf(out, ".SS \"%s%s%s\"\n", name, command->operands != NULL ? " " : "",
            command->operands != NULL ? command->operands : "");
    fputc(toupper((unsigned char)command->summary[0]), out);
    print_text(out, command->summary + 1, strlen(command->summary) - 1);
    fputs(".\n", out);
    if (command->description != NULL) {
        fputs(".PP\n", out);
        print_paragraphs(out, command->description);
    }
    print_options(out, command->options);
    print_examples(out, command->examples);
}

void manual_print(const struct command *root, FILE *out)
{
    fprintf(out, ".TH HEADROOM 1 \"\" \"%s %s\"\n.SH NAME\n", root->name, HEADROOM_VERSION);
    fprintf(out, "%s \\- %s\n", root->name, root->summary);
    fprintf(out, ".SH SYNOPSIS\n.B %s\n[OPTION]… COMMAND …\n.SH DESCRIPTION\n", root->name);
    print_paragraphs(out, root->description);
    fputs(".SH OPTIONS\nEvery command takes these, before or after its name.\n", out);
    print_options(out, root->options);
    fputs(".SH COMMANDS\n", out);
    tree_each(root, print_command, out);
    print_entries(out, "ENVIRONMENT", help_environment);
    print_entries(out, "FILES", help_files);
    print_entries(out, "EXIT STATUS", help_exit_codes);
    fputs(".SH EXAMPLES\n", out);
    print_examples(out, root->examples);
}
