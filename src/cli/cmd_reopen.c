/* SPDX-License-Identifier: MIT */
/* headroom reopen: breaks the seal of a closed month, on record. */

#include <jansson.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/value.h"
#include "headroom/close.h"

static enum exit_code run_reopen(const struct invocation *invocation);

const struct command cmd_reopen = {
    .name = "reopen",
    .summary = "open a closed month again, on record",
    .description =
        "The month is counted from the ledger again, as it is now, until it is closed anew. The seal stays in the "
        "ledger, and so do who opened it, when and why, as a link of the chain. What its close carried of earlier "
        "months is open again too. A month of which a later closed month carries an adjustment stays closed: reopen "
        "that one first.\n\n"
        "JSON: {contract, month, reason, chain_head}.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "the contract; default: the only one there is"},
            {"month", 0, "2026-10|this|last", "the billing month; needed"},
            {"reason", 0, "R", "why, for the record; needed"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom reopen --contract acme --month 2026-10 --reason 'closed before edge-2 was loaded'  # on record",
            NULL,
        },
    .run = run_reopen,
};

static bool print_reopened(const struct invocation *invocation, const struct reconcile_contract *contract,
                           const char *month, const char *reason, const char *chain_head, struct error *err)
{
    char name[sizeof "2026-10"];

    snprintf(name, sizeof name, "%.7s", month);
    if (invocation->json)
        return cli_print_json(json_pack("{s:s, s:s, s:s, s:s}", "contract", contract->name, "month", name, "reason",
                                        reason, "chain_head", chain_head),
                              err);
    output_text("Contract %s, billing month %s is open again. Chain head: %s\n", contract->name, name, chain_head);
    return true;
}

static bool reopen(const struct invocation *invocation, const char *wanted, const char *reason, struct error *err)
{
    struct reconcile_contract contract;
    struct arena *arena = arena_new();
    struct db *db = NULL;
    const char *chain_head = NULL;
    char month[RECONCILE_MONTH_SIZE];
    bool done =
        cli_open(invocation, DB_WRITER, &db, err) &&
        reconcile_find_contract(db, argument_option(invocation->arguments, "contract"), arena, &contract, err) &&
        reconcile_find_month(db, &contract, wanted, month, err) &&
        close_reopen(db, &contract, month, reason, invocation->by, arena, &chain_head, err) &&
        print_reopened(invocation, &contract, month, reason, chain_head, err);

    db_close(db);
    arena_free(arena);
    return done;
}

static enum exit_code run_reopen(const struct invocation *invocation)
{
    struct error err;
    const char *month = argument_option(invocation->arguments, "month");
    const char *reason = argument_option(invocation->arguments, "reason");
    char wanted[RECONCILE_MONTH_SIZE];

    if (month == NULL)
        return cli_usage(invocation, "which month? Name the closed one with --month 2026-10");
    if (!reconcile_read_month(month, RECONCILE_LAST_MONTH, wanted, &err) || !value_reason(reason, &err))
        return cli_usage(invocation, "%s", err.text);
    return reopen(invocation, wanted, reason, &err) ? EXIT_DONE : cli_failed(&err);
}
