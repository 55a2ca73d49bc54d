/* SPDX-License-Identifier: MIT */
/* headroom gate: who may pass the gateway's gate for new handles, and what it decided. */

#include <string.h>

#include "cli/json.h"
#include "cli/output.h"
#include "cli/rows_list.h"
#include "cli/selection.h"
#include "cli/value.h"
#include "headroom/model.h"
#include "statements.h"

static enum exit_code run_allow(const struct invocation *invocation);
static enum exit_code run_list(const struct invocation *invocation);

#define OPTION_CONTRACT_OF_ONE                                                                                         \
    {                                                                                                                  \
        "contract", 0, "NAME", "the contract; default: the only one there is"                                          \
    }

static const struct command gate_allow_command = {
    .name = "allow",
    .summary = "let a new handle pass the gate, whatever the month's limit is",
    .operands = "HANDLE|USER-ID|~DIGEST",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "Breaks the glass, on record: who allowed which handle, when and why. It acts on every gateway at once, for "
        "the rest of the billing month, and can't be taken back. The handle then counts like any other, so the month "
        "may end above its limit. A user id is written in digits, a handle of digits with '@', and who is known by a "
        "token alone as 'gate list' shows it; a handle and its user are one. A request that was refused within "
        "the last second is refused once more.\n\n"
        "JSON: {contract, month, subject, reason, by}.",
    .options =
        (const struct option_spec[]){
            {"reason", 0, "R", "why, for the record; needed"},
            OPTION_CONTRACT_OF_ONE,
            {"month", 0, "2026-10|this|last", "the billing month, which must be open; default: the open month of now"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom gate allow 6253282 --reason 'contract signed today'  # by its user id",
            "headroom gate allow @twitterapi --contract acme --reason 'ticket 4711'  # by its handle",
            NULL,
        },
    .run = run_allow,
};

static const struct command gate_list_command = {
    .name = "list",
    .summary = "list who was allowed, let through and refused in a billing month",
    .description =
        "First the handles that somebody allowed; then those that were let through and are not counted yet, each of "
        "which holds a place until its event is taken in; then whom the gates refused, would have refused ('--gate "
        "observe') or could not ask for, with the number of decisions. A refusal is noted once a second for each "
        "handle, and shows here once the gateway's spool was taken in.\n\n"
        "JSON: an array of {contract, month, kind, subject, at, decisions, source, reason, by}; kind is allowed, "
        "passed, refused, observed, offline_passed or offline_refused.",
    .options = (const struct option_spec[]){OPTION_CONTRACT_OF_ALL, OPTION_MONTH, {0}},
    .examples =
        (const char *const[]){
            "headroom gate list  # this month's",
            "headroom gate list --month last --json | jq '.[] | select(.kind == \"refused\")'  # whom it kept out",
            NULL,
        },
    .run = run_list,
};

const struct command cmd_gate = {
    .name = "gate",
    .summary = "who may pass the gateway's gate for new handles, and what it decided",
    .subcommands = (const struct command *const[]){&gate_allow_command, &gate_list_command, NULL},
};

/* ---- allow ---- */

#define PROVISIONAL_SIZE (1 + 64)

struct allowance {
    const char *subject, *reason, *by;
    char text[PROVISIONAL_SIZE + 1];
    char month[RECONCILE_MONTH_SIZE];
};

/* A user id in digits, the keyed digest of a token that names nobody, else a handle. */
static bool read_subject(const char *text, struct allowance *allowance, struct error *err)
{
    size_t digits = strspn(text, "0123456789");

    allowance->subject = allowance->text;
    if (text[0] == '~') {
        snprintf(allowance->text, sizeof(allowance->text), "%s", text);
        return (strlen(text) == PROVISIONAL_SIZE && strspn(text + 1, "0123456789abcdef") == PROVISIONAL_SIZE - 1) ||
               fail(err, EXIT_USAGE,
                    "that is no provisional subject: it is ~ and 64 hexadecimal digits in lower case, as 'headroom "
                    "gate list' shows it");
    }
    if (digits > 0 && text[digits] == '\0') {
        text += strspn(text, "0");
        if (strlen(text) == 0 || strlen(text) > 19 || (strlen(text) == 19 && strcmp(text, "9223372036854775807") > 0))
            return fail(err, EXIT_USAGE,
                        "that is no user id: they are from 1 to 2^63 - 1; write a handle of digits with '@'");
        snprintf(allowance->text, sizeof(allowance->text), "%s", text);
        return true;
    }
    return value_handle("HANDLE", text, allowance->text, err);
}

static bool print_allowed(const char *contract, const struct allowance *allowance, bool json, struct error *err)
{
    if (!json) {
        output_text("%s may pass the gate of contract %s for the rest of %.7s: %s\n", allowance->subject, contract,
                    allowance->month, allowance->reason);
        return true;
    }
    json_t *object = json_object();
    (void)json_object_set_new(object, "contract", json_text(contract));
    (void)json_object_set_new(object, "month", json_stringn(allowance->month, sizeof "2026-10" - 1));
    (void)json_object_set_new(object, "subject", json_text(allowance->subject));
    (void)json_object_set_new(object, "reason", json_text(allowance->reason));
    (void)json_object_set_new(object, "by", json_text(allowance->by));
    return cli_print_json(object, err);
}

static bool write_allowance(struct db *db, const struct reconcile_contract *contract, const struct allowance *allowance,
                            struct error *err)
{
    char id[DB_NUMBER_SIZE];
    const char *params[] = {db_number_text(contract->id, id), allowance->month, allowance->subject, allowance->reason,
                            allowance->by};
    struct db_rows *rows = NULL;
    bool done = db_query_one(db, &sql_gate_allow, params, &rows, err);

    db_rows_free(rows);
    if (!done && strcmp(err->sqlstate, "HR001") == 0)
        err->code = EXIT_COMMAND;
    return done;
}

static bool allow(const struct invocation *invocation, struct allowance *allowance, const char *wanted,
                  struct arena *arena, struct error *err)
{
    struct reconcile_contract contract;
    struct db *db = NULL;
    bool done =
        cli_open(invocation, DB_WRITER, &db, err) &&
        reconcile_find_contract(db, argument_option(invocation->arguments, "contract"), arena, &contract, err) &&
        reconcile_find_month(db, &contract, wanted, allowance->month, err) &&
        write_allowance(db, &contract, allowance, err);

    db_close(db);
    return done && print_allowed(contract.name, allowance, invocation->json, err);
}

static enum exit_code run_allow(const struct invocation *invocation)
{
    const struct arguments *arguments = invocation->arguments;
    struct allowance allowance = {.reason = argument_option(arguments, "reason"), .by = invocation->by};
    char wanted[RECONCILE_MONTH_SIZE];
    struct error err;

    if (!read_subject(argument_at(arguments, 0), &allowance, &err) ||
        !reconcile_read_month(argument_option(arguments, "month"), RECONCILE_OPEN_MONTH, wanted, &err) ||
        !value_reason(allowance.reason, &err))
        return cli_usage(invocation, "%s", err.text);
    struct arena *arena = arena_new();
    bool done = allow(invocation, &allowance, wanted, arena, &err);
    arena_free(arena);
    return done ? EXIT_DONE : cli_failed(&err);
}

/* ---- list ---- */

static const struct rows_column columns[] = {
    {"contract", "CONTRACT", ROWS_TEXT},
    {"month", "MONTH", ROWS_TEXT},
    {"subject", "HANDLE", ROWS_TEXT},
    {"kind", NULL, ROWS_TEXT},
    {"kind_words", "GATE", ROWS_WORDS},
    {"decisions", "TIMES", ROWS_COUNT},
    {"at", "AT", ROWS_TIME},
    {"source", NULL, ROWS_TEXT},
    {"reason", "REASON", ROWS_TEXT},
    {"by", "BY", ROWS_TEXT},
};

static bool print_list(const struct invocation *invocation, struct db *db, const char *wanted, struct error *err)
{
    const char *name = argument_option(invocation->arguments, "contract");
    char id[SELECTION_ID_SIZE];
    const char *contract = NULL;
    size_t count = 0;

    if (!selection_contract(db, name, id, &contract, err) ||
        !rows_list_print(db, &sql_gate_list, (const char *const[]){contract, wanted}, columns, ARRAY_LENGTH(columns),
                         invocation->json, &count, err))
        return false;
    if (count == 0 && !invocation->json)
        log_note("no gate had anything to decide in that month, and nobody was allowed");
    return true;
}

static enum exit_code run_list(const struct invocation *invocation)
{
    char wanted[RECONCILE_MONTH_SIZE];
    struct db *db = NULL;
    struct error err;

    if (!reconcile_read_month(argument_option(invocation->arguments, "month"), RECONCILE_OPEN_MONTH, wanted, &err))
        return cli_usage(invocation, "%s", err.text);
    bool done = cli_open(invocation, DB_READER, &db, &err) && db_begin_snapshot(db, &err) &&
                print_list(invocation, db, wanted, &err);
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}
