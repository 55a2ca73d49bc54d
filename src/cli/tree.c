/* SPDX-License-Identifier: MIT */
/* The tree of commands: what there is, in the order of help, and what every command takes. */

#include "cli/tree.h"

#include <stdio.h>
#include <string.h>

const struct command *const cli_commands[] = {
    &cmd_init,       &cmd_contract, &cmd_ingest,     &cmd_gateway, &cmd_serve,
    &cmd_key,        &cmd_gate,     &cmd_identities, &cmd_formats, &cmd_batch,
    &cmd_quarantine, &cmd_status,   &cmd_forecast,   &cmd_sources, &cmd_handles,
    &cmd_reconcile,  &cmd_close,    &cmd_reopen,     &cmd_price,   &cmd_periods,
    &cmd_invoice,    &cmd_report,   &cmd_verify,     &cmd_trace,   &cmd_explain,
    &cmd_db,         &cmd_help,     &cmd_completion, NULL,
};

static const struct option_spec global_options[] = {
    {"db", 0, "CONNINFO",
     "the database: a libpq connection string or URI; default: HEADROOM_DB, the configuration file, "
     "else the private cluster"},
    {"json", 0, NULL, "print one JSON document on standard output"},
    {"quiet", 'q', NULL, "print errors only, besides the answer"},
    {"verbose", 'v', NULL, "print more about what is done"},
    {"by", 0, "NAME", "who does this, for the record; default: the login name"},
    {"help", 'h', NULL, "show help on the command and end"},
    {"version", 0, NULL, "show the program's version and end"},
    {0},
};

const struct command cli_root = {
    .name = "headroom",
    .summary = "counts the unique @handles used with the X Engagement API against the contract",
    .description =
        "headroom keeps your own, exact and provable count of the unique @handles that you use with the X Engagement "
        "API, compares it with the contract every day of the billing month, and gives finance a workbook that can "
        "stand against the vendor's invoice.\n\n"
        "Request logs go in with 'ingest'; 'status' says what is used and what is left; 'handles', 'reconcile' and "
        "'report' show the evidence.",
    .options = global_options,
    .examples =
        (const char *const[]){
            "headroom contract add acme --limit 500 --price 2.50 --currency USD  # the agreement",
            "headroom ingest requests.jsonl.gz  # take in a request log",
            "headroom status  # what is used, what is left",
            "headroom report overage --month last  # the workbook for finance",
            NULL,
        },
    .subcommands = cli_commands,
};

/* Puts "name child" behind the size bytes that name has; cut when it is too long. */
static size_t name_add(char name[COMMAND_NAME_MAX], size_t size, const char *child)
{
    int added = snprintf(name + size, COMMAND_NAME_MAX - size, "%s%s", size > 0 ? " " : "", child);
    size_t total = size + (added > 0 ? (size_t)added : 0);
    return total < COMMAND_NAME_MAX ? total : COMMAND_NAME_MAX - 1;
}

static bool name_find(const struct command *at, const struct command *wanted, char name[COMMAND_NAME_MAX], size_t size)
{
    size = name_add(name, size, at->name);
    if (at == wanted)
        return true;
    for (const struct command *const *child = at->subcommands; child != NULL && *child != NULL; child++)
        if (name_find(*child, wanted, name, size))
            return true;
    return false;
}

const char *tree_name(const struct command *root, const struct command *command, char name[COMMAND_NAME_MAX])
{
    return name_find(root, command, name, 0) ? name : command->name;
}

static void visit_below(const struct command *at, char name[COMMAND_NAME_MAX], size_t size, tree_visit_fn *visit,
                        void *context)
{
    size = name_add(name, size, at->name);
    if (at->run != NULL)
        visit(at, name, context);
    for (const struct command *const *child = at->subcommands; child != NULL && *child != NULL; child++)
        visit_below(*child, name, size, visit, context);
}

void tree_each(const struct command *root, tree_visit_fn *visit, void *context)
{
    char name[COMMAND_NAME_MAX];
    visit_below(root, name, 0, visit, context);
}
