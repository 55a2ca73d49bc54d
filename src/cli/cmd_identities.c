/* SPDX-License-Identifier: MIT */
/* headroom identities: what is known of who owned which handle, from whom, and how to change it. */

#include <stdlib.h>

#include "cli/identities.h"
#include "cli/rows_list.h"
#include "cli/selection.h"
#include "cli/value.h"
#include "statements.h"

static enum exit_code run_import(const struct invocation *invocation);
static enum exit_code run_withdraw(const struct invocation *invocation);
static enum exit_code run_list(const struct invocation *invocation);

static const struct command import = {
    .name = "import",
    .summary = "teach who owned which handle, from a file",
    .operands = "FILE",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "Takes CSV with a header, JSON lines or one JSON array, plain or compressed with gzip, recognised by content; "
        "'-' is standard input. Fields: user_id, handle, and where the days are known, from and to. These are dates in "
        "the contract's zone; 'to' is the first day that is no longer meant; either may be absent. Another field is "
        "refused: it may be one of these misspelt.\n\n"
        "On the days between from and to the handle is the user's, whatever the events say, and of two imports the "
        "later one wins. A line without dates says that the two belong together: it is weighed with what the events "
        "say, as if it had been seen before all of them.\n\n"
        "The file is taken whole or not at all. It acts on every month, also on those that are over: --dry-run shows "
        "beforehand which handles would pass to another owner, and what the counts would be. Importing the same again "
        "adds nothing. 'identities withdraw' takes an import back.\n\n"
        "JSON: {file, read, facts, claims, repeated, known_facts, known_claims, batch, same_batch, chain_head}; with "
        "--dry-run also changes: [{contract, month, handles, unique_handles_before, unique_handles_after}]. batch and "
        "same_batch are strings of digits or null.",
    .options =
        (const struct option_spec[]){
            {"dry-run", 0, NULL, "show what would change; write nothing"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom identities import --dry-run handles.csv  # which counts would change?",
            "headroom identities import handles.csv  # user_id,handle,from,to",
            NULL,
        },
    .run = run_import,
};

static const struct command withdraw = {
    .name = "withdraw",
    .summary = "take back what an import or a look-up taught",
    .operands = "BATCH",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "Ends what an import taught, by the number of its batch, which 'identities import' and 'identities list' show. "
        "Nothing is deleted: who withdrew it, when and why is kept in the chain, and 'batch restore' brings it back. "
        "What events taught goes with their batch: see 'batch void'.\n\n"
        "JSON: {batch, reason, by, chain_head}.",
    .options =
        (const struct option_spec[]){
            {"reason", 0, "R", "why, for the record; needed"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom identities withdraw 17 --reason 'list of the wrong customer'",
            NULL,
        },
    .run = run_withdraw,
};

static const struct command list = {
    .name = "list",
    .summary = "list what is known of who owned which handle, and from where",
    .description =
        "Facts and claims, by handle and time. A fact says that a handle and a user were first seen together at a "
        "time, by an event, a look-up or an import without dates, and names the batch that taught it; where several "
        "did, the one with the first time. A claim is a line of an import with dates; 'to' is the first day that is no "
        "longer meant. On a day that a claim covers, the claim of the latest import decides; else the latest fact "
        "before the day's end, else the earliest one.\n\n"
        "JSON: an array of {kind, handle, user_id, first_together, from, to, evidence, batch, batches, file, state}; "
        "kind is fact or claim, evidence events or identities (the kind of the batch), state 'in force', 'voided' or "
        "'withdrawn'; user_id and batch are strings of digits; first_together is null where an import gave no dates.",
    .options =
        (const struct option_spec[]){
            {"handle", 0, "H", "only this handle, with or without '@'"},
            {"user-id", 0, "N", "only this user"},
            {"contract", 0, "NAME", "only handles and users that this contract used"},
            {"all", 0, NULL, "also what was withdrawn or came in batches that are voided"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom identities list --handle amy  # who owned @amy, and who says so",
            "headroom identities list --user-id 12345 --all",
            NULL,
        },
    .run = run_list,
};

static const struct command *const subcommands[] = {&import, &identities_resolve, &list, &withdraw, NULL};

const struct command cmd_identities = {
    .name = "identities",
    .summary = "teach, look up, list and take back who owned which handle",
    .subcommands = subcommands,
};

static enum exit_code run_import(const struct invocation *invocation)
{
    const struct arguments *arguments = invocation->arguments;
    const struct identities_options options = {
        .file = argument_at(arguments, 0),
        .by = invocation->by,
        .dry_run = argument_flag(arguments, "dry-run"),
    };
    struct error err;
    struct db_target target;
    struct identities_result result = {0};
    bool done = db_find_target(invocation->db, &target, &err) && ingest_identities(&target, &options, &result, &err) &&
                identities_print(&result, options.dry_run, invocation->json, &err);

    ingest_identities_free(&result);
    return done ? EXIT_DONE : cli_failed(&err);
}

static enum exit_code run_withdraw(const struct invocation *invocation)
{
    const char *batch = argument_at(invocation->arguments, 0);
    const char *reason = argument_option(invocation->arguments, "reason");
    char chain_head[DIGEST_HEX_SIZE];
    struct error err;
    struct db_target target;

    if (reason == NULL)
        return cli_usage(invocation, "--reason is missing: say why, for the record");
    if (!db_find_target(invocation->db, &target, &err))
        return cli_failed(&err);
    if (!ingest_withdraw_identities(&target, batch, reason, invocation->by, chain_head, &err))
        return err.code == EXIT_USAGE ? cli_usage(invocation, "%s", err.text) : cli_failed(&err);
    if (!identities_print_withdrawn(batch, reason, invocation->by, chain_head, invocation->json, &err))
        return cli_failed(&err);
    return EXIT_DONE;
}

/* ---- list ---- */

static const struct rows_column list_columns[] = {
    {"kind", "KIND", ROWS_TEXT},         {"handle", "HANDLE", ROWS_TEXT},
    {"user_id", "USER ID", ROWS_TEXT},   {"first_together", "FIRST TOGETHER", ROWS_TIME},
    {"from", "FROM", ROWS_TEXT},         {"to", "TO", ROWS_TEXT},
    {"evidence", "EVIDENCE", ROWS_TEXT}, {"batch", "BATCH", ROWS_TEXT},
    {"batches", "BATCHES", ROWS_COUNT},  {"file", "FILE", ROWS_TEXT},
    {"state", "STATE", ROWS_TEXT},
};

struct filter {
    char subject[HANDLE_MAX + 2];
    const char *handle, *user_id, *all;
};

static bool read_filter(const struct arguments *arguments, struct filter *filter, struct error *err)
{
    const char *handle = argument_option(arguments, "handle");

    filter->all = argument_flag(arguments, "all") ? "true" : "false";
    filter->user_id = argument_option(arguments, "user-id");
    filter->handle = handle != NULL ? filter->subject : NULL;
    return (filter->user_id == NULL || value_count("user-id", filter->user_id, 1, INT64_MAX, err)) &&
           (handle == NULL || value_handle("--handle", handle, filter->subject, err));
}

static bool print_list(struct db *db, const struct filter *filter, const char *contract_id, bool json,
                       struct error *err)
{
    const char *const params[] = {filter->handle, filter->user_id, contract_id, filter->all};
    size_t count;

    if (!rows_list_print(db, &sql_identities_list, params, list_columns, ARRAY_LENGTH(list_columns), json, &count, err))
        return false;
    if (count == 0)
        log_note("nothing is known of it");
    return true;
}

static enum exit_code run_list(const struct invocation *invocation)
{
    const char *contract = argument_option(invocation->arguments, "contract");
    char id[SELECTION_ID_SIZE];
    const char *contract_id = NULL;
    struct filter filter = {0};
    struct error err;
    struct db *db = NULL;
    bool done;

    if (!read_filter(invocation->arguments, &filter, &err))
        return cli_usage(invocation, "%s", err.text);
    done = cli_open(invocation, DB_READER, &db, &err) && selection_contract(db, contract, id, &contract_id, &err) &&
           print_list(db, &filter, contract_id, invocation->json, &err);
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}
