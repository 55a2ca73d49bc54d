/* SPDX-License-Identifier: MIT */
/* Completion for bash: a script whose words come from the tables of the commands. */

#include <ctype.h>
#include <string.h>

#include "cli/help.h"

static const char script_head[] =
    "# Completion of headroom for bash. Load it with: source <(headroom completion bash)\n"
    "\n"
    "# The words that may follow a command: its subcommands and its options.\n"
    "_headroom_words()\n"
    "{\n"
    "    case \"$1\" in\n";

static const char script_values[] = "    esac\n"
                                    "}\n"
                                    "\n"
                                    "# What an option takes: its fixed values, a dash where it takes anything.\n"
                                    "_headroom_values()\n"
                                    "{\n"
                                    "    case \"$1\" in\n";

static const char script_tail[] =
    "    esac\n"
    "}\n"
    "\n"
    "_headroom()\n"
    "{\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    local path=headroom skip= word values\n"
    "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
    "        if [ -n \"$skip\" ]; then skip=; continue; fi\n"
    "        case \"$word\" in\n"
    "        -*) [ -z \"$(_headroom_values \"$word\")\" ] || skip=yes ;;\n"
    "        *) [ -z \"$(_headroom_words \"$path $word\")\" ] || path=\"$path $word\" ;;\n"
    "        esac\n"
    "    done\n"
    "    values=$(_headroom_values \"$previous\")\n"
    "    [ \"$values\" != - ] || return 0\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"${values:-$(_headroom_words \"$path\")}\" -- \"$current\")\n"
    "}\n"
    "complete -o default -F _headroom headroom\n";

static void print_option_words(const struct option_spec *specs, FILE *out)
{
    for (; specs != NULL && specs->name != NULL; specs++)
        fprintf(out, " --%s", specs->name);
}

struct walk {
    const struct command *root;
    FILE *out;
};

static void print_words(const struct walk *walk, const struct command *command, const char *name)
{
    fprintf(walk->out, "    '%s') echo '", name);
    for (const struct command *const *at = command->subcommands; at != NULL && *at != NULL; at++)
        fprintf(walk->out, "%s ", (*at)->name);
    if (command != walk->root)
        print_option_words(command->options, walk->out);
    print_option_words(walk->root->options, walk->out);
    fputs("' ;;\n", walk->out);
}

static void print_command_words(const struct command *command, const char *name, void *context)
{
    print_words(context, command, name);
}

/* "2026-10|this|last" names two words that can be completed, "NAME" none. */
static void print_values(const struct option_spec *specs, FILE *out)
{
    for (; specs != NULL && specs->name != NULL; specs++) {
        if (specs->value == NULL)
            continue;
        fprintf(out, "    --%s", specs->name);
        if (specs->letter != 0)
            fprintf(out, "|-%c", specs->letter);
        fputs(") echo '", out);
        const char *blank = "";
        for (const char *at = specs->value; strchr(specs->value, '|') != NULL; at++) {
            size_t size = strcspn(at, "|");
            if (islower((unsigned char)at[0]))
                fprintf(out, "%s%.*s", blank, (int)size, at);
            blank = islower((unsigned char)at[0]) ? " " : blank;
            at += size;
            if (*at == '\0')
                break;
        }
        fputs(*blank == '\0' ? "-' ;;\n" : "' ;;\n", out);
    }
}

static void print_command_values(const struct command *command, const char *name, void *context)
{
    (void)name;
    const struct walk *walk = context;
    print_values(command->options, walk->out);
}

void completion_print(const struct command *root, FILE *out)
{
    struct walk walk = {root, out};
    fputs(script_head, out);
    print_words(&walk, root, root->name);
    for (const struct command *const *at = root->subcommands; *at != NULL; at++) {
        char name[COMMAND_NAME_MAX];
        if ((*at)->subcommands != NULL && (*at)->run == NULL)
            print_words(&walk, *at, tree_name(root, *at, name));
    }
    tree_each(root, print_command_words, &walk);
    fputs(script_values, out);
    print_values(root->options, out);
    tree_each(root, print_command_values, &walk);
    fputs(script_tail, out);
}
