/* SPDX-License-Identifier: MIT */
/* headroom close: freezes and seals a billing month that is over. */

#include <stdlib.h>
#include <string.h>

#include "cli/close.h"
#include "cli/options.h"
#include "cli/value.h"

static enum exit_code run_close(const struct invocation *invocation);

const struct command cmd_close = {
    .name = "close",
    .summary = "freeze and seal a month that is over",
    .description =
        "Looks at the checklist and, where nothing blocks, seals the billing month: its owners with their counts, the "
        "terms, the statement and the head of the chain of digests, as a link of that chain. From then on status, "
        "handles, reconcile and reports answer for the month with what was sealed. What comes later and would change "
        "it becomes an adjustment: shown on the statements of the months that are not closed, and carried, once, by "
        "the next close of the contract.\n\n"
        "Blocking: the control totals, the recount from the raw events, the chain, and a source that was not heard "
        "from since the period's end. Warnings stay on record in the seal: lines in quarantine, gaps, provisional "
        "subjects, events that share an id, earlier months that are not closed.\n\n"
        "--without closes without waiting for a source; --force closes in spite of what blocks. Both want a --reason, "
        "which is on record. A month that is not over can't be closed at all. Exit code 4 when a month stays open. "
        "With --all, a contract whose month is closed already is left as it is.\n\n"
        "Loads of the contract wait meanwhile, some seconds for each million events of the month.\n\n"
        "JSON: an array of {contract, month, dry_run, closed, forced, checks: [{name, blocks, state, words}], "
        "chain_head}; chain_head is null where nothing was sealed.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "the contract; default: the only one there is"},
            {"all", 0, NULL, "all contracts"},
            {"month", 0, "2026-10|this|last", "the billing month; default: the last that is over"},
            {"dry-run", 0, NULL, "print the checklist; change nothing"},
            {"without", 0, "SOURCE", "do not wait for this source; may be given several times"},
            {"force", 0, NULL, "close in spite of failed checks"},
            {"reason", 0, "R", "why, for the record; needed by --without and --force"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom close --dry-run  # may last month be closed?",
            "headroom close --contract acme --month 2026-10  # freeze October",
            "headroom close --all  # the last month of every contract",
            "headroom close --without edge-2 --reason 'switched off on the 12th'  # a source that is gone",
            NULL,
        },
    .run = run_close,
};

/* What the command line asks for. */
struct asked {
    const struct invocation *invocation;
    struct close_without without;
    const char *reason;
    bool all, force, dry_run;
};

static void read_without(const struct arguments *arguments, struct arena *arena, struct close_without *without)
{
    without->sources = arena_alloc(arena, (arguments->given_count + 1) * sizeof *without->sources);
    without->count = 0;
    for (size_t i = 0; i < arguments->given_count; i++)
        if (strcmp(arguments->given[i].spec->name, "without") == 0)
            without->sources[without->count++] = arguments->given[i].value;
}

static bool read_asked(const struct invocation *invocation, struct arena *arena, struct asked *asked, struct error *err)
{
    const struct arguments *arguments = invocation->arguments;

    *asked = (struct asked){
        .invocation = invocation,
        .reason = argument_option(arguments, "reason"),
        .all = argument_flag(arguments, "all"),
        .force = argument_flag(arguments, "force"),
        .dry_run = argument_flag(arguments, "dry-run"),
    };
    read_without(arguments, arena, &asked->without);
    if (asked->all && argument_option(arguments, "contract") != NULL)
        return fail(err, EXIT_USAGE, "--all and --contract exclude each other");
    if (asked->all && asked->without.count > 0)
        return fail(err, EXIT_USAGE, "--without speaks of a source of one contract; name it with --contract");
    if (asked->reason != NULL && !asked->force && asked->without.count == 0)
        return fail(err, EXIT_USAGE, "--reason goes with --without or --force; a plain close needs none");
    if (!asked->force && asked->without.count == 0)
        return true;
    return (asked->dry_run && asked->reason == NULL) || value_reason(asked->reason, err);
}

static bool find_months(struct db *db, const struct asked *asked, struct arena *arena, struct closed_months *months,
                        struct error *err)
{
    const char *name = argument_option(asked->invocation->arguments, "contract");
    const char *month = argument_option(asked->invocation->arguments, "month");
    char wanted[RECONCILE_MONTH_SIZE];
    struct reconcile_contracts contracts = {.items = arena_alloc(arena, sizeof *contracts.items), .count = 1};

    if (!reconcile_read_month(month, RECONCILE_LAST_MONTH, wanted, err) ||
        !(asked->all ? reconcile_find_contracts(db, NULL, arena, &contracts, err)
                     : reconcile_find_contract(db, name, arena, contracts.items, err)))
        return false;
    months->items = arena_alloc(arena, contracts.count * sizeof *months->items);
    months->count = 0;
    for (size_t i = 0; i < contracts.count; i++) {
        struct closed_month *item = &months->items[months->count];
        bool exists;
        *item = (struct closed_month){.contract = contracts.items[i]};
        if (!reconcile_look_up_month(db, &item->contract, wanted, item->month, &exists, err))
            return false;
        if (!exists && !asked->all)
            return reconcile_no_month(&item->contract, item->month, err);
        if (!exists)
            log_note("contract '%s' has no such month", item->contract.name);
        else if (month == NULL)
            log_note("month %.7s of %s, the last that is over; --month chooses another", item->month,
                     item->contract.name);
        months->count += exists;
    }
    return true;
}

static bool close_one(struct db *db, const struct asked *asked, struct closed_month *item, struct arena *arena,
                      struct error *err)
{
    const struct close_request request = {
        .contract = &item->contract,
        .month = item->month,
        .without = asked->without,
        .force = asked->force,
        .reason = asked->reason,
        .by = asked->invocation->by,
        .statement = close_statement_json,
        .record = close_checklist_json,
    };

    if (asked->dry_run)
        return close_check(db, &item->contract, item->month, &asked->without, arena, &item->result.checklist, err);
    return close_month(db, &request, arena, &item->result, err);
}

/* Whether the month is left as somebody should look at. */
static bool stays_open(const struct asked *asked, const struct closed_month *item)
{
    const struct close_checklist *checklist = &item->result.checklist;

    if (item->result.closed || (asked->all && checklist->closed_already))
        return false;
    return checklist->blocked && !(asked->force && checklist->forcible);
}

static enum exit_code close_all(struct db *db, const struct asked *asked, struct closed_months *months,
                                struct arena *arena)
{
    enum exit_code code = EXIT_DONE;
    struct error err;
    size_t done = 0;

    for (size_t i = 0; i < months->count; i++) {
        struct closed_month item = months->items[i];
        if (!close_one(db, asked, &item, arena, &err)) {
            code = cli_failed(&err);
            continue;
        }
        if (stays_open(asked, &item) && code == EXIT_DONE)
            code = EXIT_CHECK;
        months->items[done++] = item;
    }
    months->count = done;
    return code;
}

static enum exit_code run_close(const struct invocation *invocation)
{
    struct error err;
    struct asked asked;
    struct closed_months months = {0};
    struct arena *arena = arena_new();
    struct db *db = NULL;
    enum exit_code code;

    if (!read_asked(invocation, arena, &asked, &err)) {
        code = cli_usage(invocation, "%s", err.text);
        goto out;
    }
    if (!cli_open(invocation, asked.dry_run ? DB_READER : DB_WRITER, &db, &err) ||
        (asked.dry_run && !db_begin_snapshot(db, &err)) || !find_months(db, &asked, arena, &months, &err)) {
        code = cli_failed(&err);
        goto out;
    }
    code = close_all(db, &asked, &months, arena);
    if (!close_print(&months, asked.dry_run, invocation->json, &err))
        code = cli_failed(&err);
out:
    db_close(db);
    arena_free(arena);
    return code;
}
