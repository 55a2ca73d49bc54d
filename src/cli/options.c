/* SPDX-License-Identifier: MIT */
/* The parser of the command line: GNU long options, letters, operands; never an abbreviation. */

#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

struct parser {
    const struct command *root;
    char *const *next; /* the word to read next */
    bool options_ended;
    struct command_line *line;
    struct error *err;
};

static bool same(const char *name, const char *text, size_t size)
{
    return strlen(name) == size && memcmp(name, text, size) == 0;
}

static const struct option_spec *find_long(const struct option_spec *specs, const char *name, size_t size)
{
    for (; specs != NULL && specs->name != NULL; specs++)
        if (same(specs->name, name, size))
            return specs;
    return NULL;
}

static const struct option_spec *find_letter(const struct option_spec *specs, char letter)
{
    for (; specs != NULL && specs->name != NULL; specs++)
        if (specs->letter == letter)
            return specs;
    return NULL;
}

static void keep_option(struct parser *parser, const struct option_spec *spec, const char *value)
{
    struct arguments *arguments = &parser->line->arguments;
    size_t size = (arguments->given_count + 1) * sizeof *arguments->given;
    arguments->given = mem_resize(arguments->given, size);
    arguments->given[arguments->given_count++] = (struct given_option){spec, value};
}

static void keep_operand(struct parser *parser, const char *word)
{
    struct arguments *arguments = &parser->line->arguments;
    size_t size = (arguments->operand_count + 1) * sizeof *arguments->operands;
    arguments->operands = mem_resize(arguments->operands, size);
    arguments->operands[arguments->operand_count++] = word;
}

static bool unknown_option(const struct parser *parser, const char *name, size_t size)
{
    const struct command *command = parser->line->command;
    char *word = mem_format("%.*s", (int)(size < 100 ? size : 100), name);
    struct nearest nearest = {.word = word};
    const struct option_spec *tables[] = {command->options, parser->root->options};
    for (size_t i = 0; i < ARRAY_LENGTH(tables); i++)
        for (const struct option_spec *spec = tables[i]; spec != NULL && spec->name != NULL; spec++)
            nearest_offer(&nearest, spec->name);
    if (nearest.best != NULL)
        (void)fail(parser->err, EXIT_USAGE, "there is no option --%s; did you mean --%s?", word, nearest.best);
    else if (command == parser->root)
        (void)fail(parser->err, EXIT_USAGE,
                   "there is no option --%s before the command; a command's own options come "
                   "after its name",
                   word);
    else
        (void)fail(parser->err, EXIT_USAGE, "there is no option --%s for '%s'", word, command->name);
    free(word);
    return false;
}

/* The value in the next word. One that looks like an option is more often a forgotten value. */
static bool take_value(struct parser *parser, const struct option_spec *spec, const char **value)
{
    const char *word = *parser->next;
    if (word == NULL)
        return fail(parser->err, EXIT_USAGE, "option --%s needs a value: %s", spec->name, spec->value);
    if (word[0] == '-' && word[1] == '-')
        return fail(parser->err, EXIT_USAGE,
                    "option --%s needs a value (%s), and '%s' looks like an option; write --%s=%s if it is the value",
                    spec->name, spec->value, word, spec->name, word);
    parser->next++;
    *value = word;
    return true;
}

static bool take_long(struct parser *parser, const char *text)
{
    size_t size = strcspn(text, "=");
    const struct option_spec *spec = find_long(parser->line->command->options, text, size);
    if (spec == NULL)
        spec = find_long(parser->root->options, text, size);
    if (spec == NULL)
        return unknown_option(parser, text, size);
    const char *value = text[size] == '=' ? text + size + 1 : NULL;
    if (spec->value == NULL && value != NULL)
        return fail(parser->err, EXIT_USAGE, "option --%s takes no value", spec->name);
    if (spec->value != NULL && value == NULL && !take_value(parser, spec, &value))
        return false;
    keep_option(parser, spec, value);
    return true;
}

/* "-o FILE", "-oFILE", "-qv". */
static bool take_letters(struct parser *parser, const char *letters)
{
    for (; *letters != '\0'; letters++) {
        const struct option_spec *spec = find_letter(parser->line->command->options, *letters);
        if (spec == NULL)
            spec = find_letter(parser->root->options, *letters);
        if (spec == NULL)
            return fail(parser->err, EXIT_USAGE, "there is no option -%c for '%s'", *letters,
                        parser->line->command->name);
        if (spec->value == NULL) {
            keep_option(parser, spec, NULL);
            continue;
        }
        const char *value = letters + 1;
        if (*value == '\0' && !take_value(parser, spec, &value))
            return false;
        keep_option(parser, spec, value);
        return true;
    }
    return true;
}

/* A group that does something itself has options of its own; those before the name of one of its commands must be that
 * command's too. */
static bool leave_group(struct parser *parser, const struct command *group, const struct command *command)
{
    const struct arguments *arguments = &parser->line->arguments;
    for (size_t i = 0; i < arguments->given_count; i++) {
        const char *name = arguments->given[i].spec->name;
        size_t size = strlen(name);
        if (find_long(command->options, name, size) == NULL && find_long(parser->root->options, name, size) == NULL)
            return fail(parser->err, EXIT_USAGE, "--%s is an option of '%s' alone, not of '%s %s'", name, group->name,
                        group->name, command->name);
    }
    parser->line->command = command;
    return true;
}

/* What is none of its commands is an operand of a group that takes some itself. */
static bool enter_command(struct parser *parser, const char *word)
{
    const struct command *group = parser->line->command;
    struct nearest nearest = {.word = word};
    for (const struct command *const *at = group->subcommands; *at != NULL; at++) {
        if (strcmp((*at)->name, word) == 0)
            return leave_group(parser, group, *at);
        nearest_offer(&nearest, (*at)->name);
    }
    if (group->operands_max > 0) {
        keep_operand(parser, word);
        return true;
    }
    if (nearest.best != NULL)
        return fail(parser->err, EXIT_USAGE, "'%s' has no command '%s'; did you mean '%s'?", group->name, word,
                    nearest.best);
    return fail(parser->err, EXIT_USAGE, "'%s' has no command '%s'", group->name, word);
}

static bool take_word(struct parser *parser)
{
    const char *word = *parser->next++;
    if (!parser->options_ended && word[0] == '-' && word[1] != '\0') {
        if (word[1] != '-')
            return take_letters(parser, word + 1);
        if (word[2] != '\0')
            return take_long(parser, word + 2);
        parser->options_ended = true;
        return true;
    }
    if (parser->line->command->subcommands != NULL && parser->line->arguments.operand_count == 0)
        return enter_command(parser, word);
    keep_operand(parser, word);
    return true;
}

bool options_parse(const struct command *root, char *const *words, struct command_line *line, struct error *err)
{
    *line = (struct command_line){.command = root};
    struct parser parser = {.root = root, .next = words, .line = line, .err = err};
    while (*parser.next != NULL)
        if (!take_word(&parser))
            return false;
    return true;
}

static bool no_subcommand(const struct command *group, struct error *err)
{
    struct buffer names;
    buffer_init(&names, 400);
    for (const struct command *const *at = group->subcommands; *at != NULL; at++)
        if (!buffer_format(&names, "%s%s", names.size > 0 ? ", " : "", (*at)->name))
            break;
    (void)fail(err, EXIT_USAGE, "'%s' needs a command: %s", group->name, names.data);
    buffer_free(&names);
    return false;
}

bool options_check(const struct command_line *line, struct error *err)
{
    const struct command *command = line->command;
    const struct arguments *arguments = &line->arguments;
    if (command->run == NULL)
        return no_subcommand(command, err);
    if (arguments->operand_count < command->operands_min)
        return fail(err, EXIT_USAGE, "'%s' needs %s", command->name, command->operands);
    if (arguments->operand_count > command->operands_max)
        return fail(err, EXIT_USAGE, "'%s' has no use for '%s': it takes %s", command->name,
                    arguments->operands[command->operands_max],
                    command->operands_max == 0 ? "options only" : command->operands);
    return true;
}

void options_free(struct command_line *line)
{
    free(line->arguments.given);
    free(line->arguments.operands);
    line->arguments = (struct arguments){0};
}

static const struct given_option *last_given(const struct arguments *arguments, const char *name)
{
    for (size_t i = arguments->given_count; i-- > 0;)
        if (strcmp(arguments->given[i].spec->name, name) == 0)
            return &arguments->given[i];
    return NULL;
}

const char *options_last_of(const struct arguments *arguments, const char *a, const char *b)
{
    const struct given_option *with_a = last_given(arguments, a);
    const struct given_option *with_b = last_given(arguments, b);
    const struct given_option *last = with_b == NULL || (with_a != NULL && with_a > with_b) ? with_a : with_b;
    return last != NULL ? last->spec->name : NULL;
}

const char *argument_option(const struct arguments *arguments, const char *name)
{
    const struct given_option *given = last_given(arguments, name);
    return given != NULL ? given->value : NULL;
}

bool argument_flag(const struct arguments *arguments, const char *name)
{
    return last_given(arguments, name) != NULL;
}

size_t argument_count(const struct arguments *arguments)
{
    return arguments->operand_count;
}

const char *argument_at(const struct arguments *arguments, size_t index)
{
    return index < arguments->operand_count ? arguments->operands[index] : NULL;
}
