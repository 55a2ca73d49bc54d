/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_COMMAND_H
#define HEADROOM_CLI_COMMAND_H

/*
 * Commands are data. Each src/cli/cmd_*.c opens with one `struct command`: parsing, --help, man page and completion all
 * come from it, so they cannot disagree. A handler returns the exit code; it prints its own error by cli_failed.
 */

#include "headroom/base.h"
#include "headroom/db.h"

struct option_spec {
    const char *name;  /* "billing-day" for --billing-day */
    char letter;       /* 'o' for -o; 0: none */
    const char *value; /* what its value is called in help, "N"; NULL: a flag */
    const char *help;
};

/* What the command line said, after the command's name. Borrowed for the run. */
struct arguments;
const char *argument_option(const struct arguments *arguments, const char *name); /* the last value; NULL: none */
bool argument_flag(const struct arguments *arguments, const char *name);
size_t argument_count(const struct arguments *arguments);                 /* operands */
const char *argument_at(const struct arguments *arguments, size_t index); /* NULL when there are fewer */

struct invocation {
    const struct command *command;
    const struct arguments *arguments;
    const char *db; /* --db, or NULL */
    const char *by; /* who does it: --by, else the login name; never NULL */
    bool json;      /* --json */
};

struct command {
    const char *name;
    const char *summary;               /* one line, no full stop */
    const char *operands;              /* "FILE…"; NULL: none */
    size_t operands_min, operands_max; /* SIZE_MAX: any number */
    const char *description;           /* paragraphs for --help; NULL: none */
    const struct option_spec *options; /* ends with a NULL name; NULL: none */
    const char *const *examples;       /* "headroom …  # what it shows" lines, NULL-ended */
    /* NULL-ended. A group's run is what it does without one of them, with operands_max > 0 also with another word. */
    const struct command *const *subcommands;
    enum exit_code (*run)(const struct invocation *invocation);
};

/* Each is defined by the file of the same name. */
extern const struct command cmd_init, cmd_contract, cmd_ingest, cmd_identities, cmd_formats, cmd_batch, cmd_quarantine,
    cmd_status, cmd_sources, cmd_handles, cmd_reconcile, cmd_close, cmd_forecast, cmd_reopen, cmd_price, cmd_periods,
    cmd_invoice, cmd_report, cmd_verify, cmd_trace, cmd_explain, cmd_gateway, cmd_serve, cmd_key, cmd_gate, cmd_db,
    cmd_help, cmd_completion;
/* The commands, in the order of help. NULL-ended. */
extern const struct command *const cli_commands[];

/* Prints err as an error on standard error and returns its exit code. */
enum exit_code cli_failed(const struct error *err);
/* Prints a usage error with a pointer to --help; returns EXIT_USAGE. */
enum exit_code cli_usage(const struct invocation *invocation, const char *format, ...) PRINTF_LIKE(2, 3);
/* Finds the database and opens it with a role. */
MUST_CHECK bool cli_open(const struct invocation *invocation, enum db_role role, struct db **db, struct error *err);
/* Writes one JSON document and a newline on standard output; takes the reference. */
struct json_t;
MUST_CHECK bool cli_print_json(struct json_t *document, struct error *err);

/* A table for people: aligned on a terminal (headings bold unless NO_COLOR), the same plain text when piped. */
enum table_align {
    TABLE_LEFT,
    TABLE_RIGHT
};
struct table_column {
    const char *title;
    enum table_align align;
};
struct table;
struct table *table_new(const struct table_column *columns, size_t count);
void table_add(struct table *table, const char *const *cells); /* copies; NULL shows "–" */
void table_print(const struct table *table, FILE *out);
void table_free(struct table *table);

#endif
