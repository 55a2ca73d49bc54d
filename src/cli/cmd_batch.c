/* SPDX-License-Identifier: MIT */
/* headroom batch: what was taken in, and what takes a wrong load back. */

#include <string.h>

#include "cli/batch.h"
#include "cli/command.h"
#include "cli/value.h"
#include "headroom/model.h"
#include "headroom/reconcile.h"

static enum exit_code run_list(const struct invocation *invocation);
static enum exit_code run_show(const struct invocation *invocation);
static enum exit_code run_void(const struct invocation *invocation);
static enum exit_code run_restore(const struct invocation *invocation);

#define LIMIT_DEFAULT "100"
#define LIMIT_MAX     10000

static const struct command batch_list = {
    .name = "list",
    .summary = "list what was taken in, the newest first",
    .description =
        "A batch is what one transaction took in: a part of a file, or an import of identities. With --contract those "
        "that read events of the contract; with --month those that read events of the billing month, duplicates "
        "too.\n\n"
        "JSON: an array of {batch, kind, loaded_at, loaded_by, file, format, first_line, last_line, read, added, "
        "duplicate, quarantined, state}; state is 'in force', 'voided' or 'withdrawn'.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "only batches with events of the contract"},
            {"month", 0, "2026-10|this|last", "only batches with events of the billing month"},
            {"file", 0, "FILE", "only batches of the file, named with or without its folder"},
            {"voided", 0, NULL, "only what was taken back"},
            {"limit", 0, "N", "at most so many, 1 to 10000; default: " LIMIT_DEFAULT},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom batch list  # the last loads",
            "headroom batch list --contract acme --month 2026-10  # what October rests on",
            "headroom batch list --file requests-2026-10-31.jsonl.gz  # how a file was taken in",
            NULL,
        },
    .run = run_list,
};

static const struct command batch_show = {
    .name = "show",
    .summary = "show all that is known of a batch",
    .operands = "ID",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "Its range in the file, totals, digests and link of the chain; what it brought by source and by month; the "
        "lines that it left in quarantine; and what took it back or in again.\n\n"
        "JSON: {batch, kind, state, file, format, first_line, last_line, first_byte, end_byte, read, added, duplicate, "
        "quarantined, loaded_at, loaded_by, program, events_digest, facts_digest, scope, first_digest, end_digest, "
        "chain_link, link_digest, sources: [{contract, source, added, first_event, last_event}], months: [{contract, "
        "month, requests}], quarantined_lines: [{reason, lines, settled}], changes: [{action, changed_at, changed_by, "
        "reason, chain_link}]}.",
    .examples = (const char *const[]){"headroom batch show 12  # everything about batch 12", NULL},
    .run = run_show,
};

static const struct option_spec change_options[] = {
    {"reason", 0, "R", "why, for the record; needed"},
    {"dry-run", 0, NULL, "compute what every month touched would become; change nothing"},
    {0},
};

#define CHANGE_JSON                                                                                                    \
    "JSON: {action, dry_run, batches, months: [{contract, month, unique_handles_before, unique_handles, "              \
    "charge_before, charge, currency}], chain_head}."

static const struct command batch_void = {
    .name = "void",
    .summary = "take wrong loads out of the counts",
    .operands = "ID…",
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .description =
        "The events of a voided batch stay where they are, and so does its place in the chain; they stay among the "
        "requests of their months, and are not counted, for the reason 'voided'. What it taught about who owns a "
        "handle is not held any more. An ID is a batch's number, or a range of them as 7-12, which means those that "
        "there are.\n\n"
        "A line that is taken in again and repeats an event of a voided batch is a duplicate: restore the batch to "
        "count it. All batches are voided together or none; loads of the contracts wait meanwhile. The months are "
        "counted again from their events, which takes some seconds for each million; --dry-run takes as "
        "long.\n\n" CHANGE_JSON,
    .options = change_options,
    .examples =
        (const char *const[]){
            "headroom batch void 12 --reason 'test traffic' --dry-run  # what would change",
            "headroom batch void 7-12 15 --reason 'loaded for the wrong contract'  # take them back",
            NULL,
        },
    .run = run_void,
};

static const struct command batch_restore = {
    .name = "restore",
    .summary = "count voided loads again",
    .operands = "ID…",
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .description =
        "Takes back what 'batch void' did, or 'identities withdraw' with an import. An ID is a batch's number, or a "
        "range of them as 7-12, which means those that there are.\n\n" CHANGE_JSON,
    .options = change_options,
    .examples = (const char *const[]){"headroom batch restore 12 --reason 'it was right'  # count it again", NULL},
    .run = run_restore,
};

const struct command cmd_batch = {
    .name = "batch",
    .summary = "list what was taken in, and take a wrong load back",
    .subcommands = (const struct command *const[]){&batch_list, &batch_show, &batch_void, &batch_restore, NULL},
};

/* ---- list ---- */

static bool list_batches(struct db *db, const struct arguments *arguments, struct batch_filter *filter,
                         struct arena *arena, bool json, struct error *err)
{
    struct reconcile_contracts contracts;
    const char *asked = argument_option(arguments, "month");
    const char *file = argument_option(arguments, "file");

    filter->contract = argument_option(arguments, "contract");
    filter->file = file != NULL ? given_file_name(arena, file).data : NULL;
    if (asked != NULL) {
        char *month = arena_alloc(arena, RECONCILE_MONTH_SIZE);
        filter->month = month;
        if (!reconcile_read_month(asked, RECONCILE_OPEN_MONTH, month, err))
            return false;
    }
    if (filter->contract != NULL && !reconcile_find_contracts(db, filter->contract, arena, &contracts, err))
        return false;
    return batch_print_list(db, filter, json, err);
}

static enum exit_code run_list(const struct invocation *invocation)
{
    const struct arguments *arguments = invocation->arguments;
    const char *limit = argument_option(arguments, "limit");
    struct batch_filter filter = {.voided = argument_flag(arguments, "voided"),
                                  .limit = limit != NULL ? limit : LIMIT_DEFAULT};
    struct arena *arena = arena_new();
    struct db *db = NULL;
    struct error err;
    enum exit_code code = EXIT_DONE;

    if (!value_count("limit", filter.limit, 1, LIMIT_MAX, &err))
        code = cli_usage(invocation, "%s", err.text);
    else if (!cli_open(invocation, DB_READER, &db, &err) ||
             !list_batches(db, arguments, &filter, arena, invocation->json, &err))
        code = cli_failed(&err);
    db_close(db);
    arena_free(arena);
    return code;
}

/* ---- show ---- */

static enum exit_code run_show(const struct invocation *invocation)
{
    struct error err;
    struct db *db = NULL;
    const char *batch = argument_at(invocation->arguments, 0);
    int64_t id;

    if (!str_to_int64(str_of(batch), 1, INT64_MAX, &id))
        return cli_usage(invocation, "'%s' is no batch; name it by its number, as 'batch list' shows it", batch);
    bool done = cli_open(invocation, DB_READER, &db, &err) && db_begin_snapshot(db, &err) &&
                batch_print(db, batch, invocation->json, &err);
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}

/* ---- void and restore ---- */

static bool read_change(const struct invocation *invocation, struct arena *arena, struct audit_change *change,
                        struct error *err)
{
    size_t count = argument_count(invocation->arguments);
    struct audit_range *ranges = arena_alloc(arena, count * sizeof *ranges);

    for (size_t i = 0; i < count; i++) {
        if (!batch_read_range(argument_at(invocation->arguments, i), &ranges[i], err))
            return false;
    }
    change->ranges = ranges;
    change->range_count = count;
    change->reason = argument_option(invocation->arguments, "reason");
    change->dry_run = argument_flag(invocation->arguments, "dry-run");
    change->by = invocation->by;
    return value_reason(change->reason, err);
}

static enum exit_code run_change(const struct invocation *invocation, enum audit_action action)
{
    struct error err;
    struct db_target target;
    struct arena *arena = arena_new();
    struct audit_change change = {.action = action};
    struct audit_change_result result;
    enum exit_code code = EXIT_DONE;

    if (!read_change(invocation, arena, &change, &err))
        code = cli_usage(invocation, "%s", err.text);
    else if (!db_find_target(invocation->db, &target, &err) ||
             !audit_change_batches(&target, &change, arena, &result, &err) ||
             !batch_print_change(&change, &result, invocation->json, &err))
        code = cli_failed(&err);
    arena_free(arena);
    return code;
}

static enum exit_code run_void(const struct invocation *invocation)
{
    return run_change(invocation, AUDIT_VOID);
}

static enum exit_code run_restore(const struct invocation *invocation)
{
    return run_change(invocation, AUDIT_RESTORE);
}
