/* SPDX-License-Identifier: MIT */
/* headroom reconcile: the statement of a billing month, with its checks and, asked for, a recount. */

#include <string.h>

#include "cli/forecast.h"
#include "cli/selection.h"
#include "cli/statement.h"
#include "cli/text.h"

static enum exit_code run_reconcile(const struct invocation *invocation);

const struct command cmd_reconcile = {
    .name = "reconcile",
    .summary = "print a month's statement: counts, charge, checks",
    .description =
        "Requests, counted and not counted by reason; unique handles, limit, overage, and the charge line by line as "
        "an invoice would have it. Beside them what another reading of the contract would make of the month: the "
        "handles and the charge under all six rules; requests of the app alone that name no owner, each of which may "
        "stand for one more handle; and the handles within a day of either end, whom another time zone may move over "
        "it: so many at most, with what that would add to the charge. Then up to when and how well the data came, and "
        "the checks: figures that must agree, found in two ways.\n\n"
        "--recount counts again from the raw events and compares: the proof that the maintained count is exact. Where "
        "it is not, the owners that differ are listed. --pairs also looks for events of one source that share an id "
        "but not the time or the subject; it reads all later events too.\n\n"
        "--all: all contracts, each with all its months from the first one with requests to the one of now; with "
        "--contract all months of that one; with --month that month of all contracts.\n\n"
        "A closed month prints what was sealed and, beside it, what would be counted today; a recount proves the "
        "latter. Adjustments are what closed months differ by since they were sealed: of a closed month those that its "
        "close carried, of another one those that the next close would carry. Due is the charge and these.\n\n"
        "Exit code 4 when a check fails.\n\n"
        "JSON: an array of status's keys before disputes, and {counted_requests, not_counted: {reason: N}, "
        "spread: {rule: "
        "N}, spread_charges: {rule: {difference, charge, charge_difference}}, app_only: {requests, at_most}, boundary: "
        "[{side, at, leave, come, charge_difference: {leave, come}}], low_days, lines: [{kind, description, from_unit, "
        "to_unit, units, unit_price, amount}], checks: [{name, expected, found, state}], today}; with --recount also "
        "differing_owners: [{owner, maintained, recounted}], at most 1000, each with the class up to which it counts; "
        "with --pairs also pairs: [{source, id, earlier, later, resolved}].",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "the contract; default: the only one there is"},
            {"all", 0, NULL, "all contracts, and without --month all months"},
            OPTION_MONTH,
            {"recount", 0, NULL, "count again from the raw events, and compare"},
            {"pairs", 0, NULL, "with --recount: look for events that share an id"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom reconcile --month last  # last month's statement",
            "headroom reconcile --all --month 2026-10 --recount  # prove October for all contracts",
            "headroom reconcile --all --json | jq '.[] | {contract, month, charge}'  # what each month cost",
            NULL,
        },
    .run = run_reconcile,
};

/* What failed is said on standard error too, for who reads only that. */
static enum exit_code judge(const struct reconcile_statement *statements, size_t count)
{
    enum exit_code code = EXIT_DONE;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < statements[i].checks.count; j++) {
            const struct reconcile_check *check = &statements[i].checks.items[j];
            if (strcmp(check->state, "fail") != 0)
                continue;
            log_error("contract '%s', %s: check '%s' failed: expected %s, found %s", statements[i].status.contract,
                      statements[i].status.month, check->name, check->expected != NULL ? check->expected : "nothing",
                      check->found != NULL ? check->found : "nothing");
            code = EXIT_CHECK;
        }
    }
    return code;
}

static bool fetch_one(struct selection *selection, const struct selected *item, const struct arguments *arguments,
                      struct reconcile_statement *statement, struct error *err)
{
    struct db *db = selection->db;
    struct arena *arena = selection->arena;
    if (!reconcile_statement(db, &item->contract, item->month, arena, statement, err))
        return false;
    if (argument_flag(arguments, "recount") &&
        !reconcile_recount(db, &item->contract, item->month, arena, statement, err))
        return false;
    return !argument_flag(arguments, "pairs") ||
           reconcile_pairs(db, &item->contract, item->month, arena, statement, err);
}

static bool print_json(const struct selection *selection, const struct reconcile_statement *statements,
                       struct error *err)
{
    json_t *array = json_array();
    bool done = true;
    for (size_t i = 0; done && i < selection->count; i++) {
        const struct selected *item = &selection->items[i];
        json_t *statement = statement_json(&statements[i]);
        struct outlook outlook;
        done = outlook_of_open(selection->db, &item->contract, item->month, &statements[i].status, selection->arena,
                               &outlook, err);
        if (done)
            (void)json_object_set_new(statement, "forecast", outlook_json_brief(&outlook));
        (void)json_array_append_new(array, statement);
    }
    if (done)
        return cli_print_json(array, err);
    json_decref(array);
    return false;
}

static bool print_all(const struct selection *selection, const struct reconcile_statement *statements, bool json,
                      struct error *err)
{
    for (size_t i = 0; i < selection->count; i++)
        text_warn_of_silence(&statements[i].status);
    if (json)
        return print_json(selection, statements, err);
    for (size_t i = 0; i < selection->count; i++) {
        fputs(i > 0 ? "\n\n" : "", stdout);
        statement_print(&statements[i]);
    }
    return true;
}

static enum exit_code reconcile(struct selection *selection, const struct invocation *invocation)
{
    struct error err;
    struct reconcile_statement *statements = arena_alloc(selection->arena, selection->count * sizeof *statements);
    for (size_t i = 0; i < selection->count; i++) {
        if (!fetch_one(selection, &selection->items[i], invocation->arguments, &statements[i], &err))
            return cli_failed(&err);
    }
    if (!print_all(selection, statements, invocation->json, &err))
        return cli_failed(&err);
    return judge(statements, selection->count);
}

static enum exit_code run_reconcile(const struct invocation *invocation)
{
    struct error err;
    struct selection selection;
    const struct arguments *arguments = invocation->arguments;
    bool all = argument_flag(arguments, "all");
    if (all && argument_option(arguments, "contract") != NULL && argument_option(arguments, "month") != NULL)
        return cli_usage(invocation,
                         "--all with --contract means all months of the contract; leave --month or --all out");
    if (argument_flag(arguments, "pairs") && !argument_flag(arguments, "recount"))
        return cli_usage(invocation, "--pairs reads the raw events: it goes with --recount");
    enum exit_code code = selection_open(&selection, invocation, all ? SELECTION_ALL_MONTHS : SELECTION_ONE, &err) &&
                                  selection_keep(&selection, &err) &&
                                  (!invocation->json || selection_keep_history(&selection, FORECAST_HISTORY, &err))
                              ? reconcile(&selection, invocation)
                              : cli_failed(&err);
    selection_close(&selection);
    return code;
}
