/* SPDX-License-Identifier: MIT */
/* headroom reconcile: the statement of a billing month, with its checks and, asked for, a recount. */

#include <stdlib.h>
#include <string.h>

#include "cli/charge.h"
#include "cli/json.h"
#include "cli/selection.h"
#include "cli/table.h"
#include "cli/text.h"

static enum exit_code run_reconcile(const struct invocation *invocation);

const struct command cmd_reconcile = {
    .name = "reconcile",
    .summary = "print a month's statement: counts, charge, checks",
    .description =
        "Requests, counted and not counted by reason; unique handles under the contract's rule and under all six rules "
        "beside it, with what each would cost; the charge line by line; and checks: figures that must agree, found on "
        "two ways.\n\n"
        "--recount counts again from the raw events and compares: slow on large months, and the proof that the "
        "maintained count is exact. Exit code 4 when a check fails.\n\n"
        "JSON: an array of status's keys and {counted_requests, spread, lines, checks, today}.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "the contract; default: the only one there is"},
            {"all", 0, NULL, "all contracts"},
            OPTION_MONTH,
            {"recount", 0, NULL, "count again from the raw events, and compare"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom reconcile --month last  # last month's statement",
            "headroom reconcile --all --month 2026-10 --recount  # prove October for all contracts",
            NULL,
        },
    .run = run_reconcile,
};

static void print_heading(const struct reconcile_status *status)
{
    struct cell start = {0}, end = {0};
    printf("Contract %s, billing month %s (%s)\n", status->contract, status->month, status->state);
    printf("%s to %s, time zone %s\n\n", cell_time(&start, status->period_start), cell_time(&end, status->period_end),
           status->time_zone);
}

static void add_figure(struct table *table, const char *name, int64_t count)
{
    struct cell cell = {0};
    table_add(table, (const char *const[]){name, cell_count(&cell, count)});
}

static void add_requests(struct table *table, const struct reconcile_statement *statement)
{
    const struct reconcile_status *status = &statement->status;
    add_figure(table, "requests", status->requests);
    add_figure(table, "  counted", status->counted_requests);
    for (size_t i = 0; i < statement->not_counted_count; i++) {
        char *name = mem_format("  not counted: %s", statement->not_counted[i].reason);
        add_figure(table, name, statement->not_counted[i].requests);
        free(name);
    }
}

static void print_figures(const struct reconcile_statement *statement)
{
    static const struct table_column columns[] = {{"FIGURE", TABLE_LEFT}, {"VALUE", TABLE_RIGHT}};
    const struct reconcile_status *status = &statement->status;
    bool limited = status->limit != RECONCILE_NO_LIMIT;
    struct cell cell = {0};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    add_requests(table, statement);
    table_add(table, (const char *const[]){"counting rule", status->rule});
    add_figure(table, "unique handles", status->unique_handles);
    if (status->provisional > 0)
        add_figure(table, "  provisional", status->provisional);
    table_add(table, (const char *const[]){"limit", cell_limit(&cell, status->limit)});
    if (limited)
        add_figure(table, "headroom", status->headroom);
    add_figure(table, "overage", status->overage);
    table_add(table, (const char *const[]){"charge", cell_money(&cell, status->charge, status->currency)});
    table_add(table, (const char *const[]){"data until", cell_time(&cell, status->data_until)});
    table_add(table, (const char *const[]){"grade of the data", status->completeness_words});
    table_print(table, stdout);
    table_free(table);
}

static void print_spread(const struct reconcile_statement *statement)
{
    static const struct table_column columns[] = {
        {"RULE", TABLE_LEFT}, {"UNIQUE HANDLES", TABLE_RIGHT}, {"DIFFERENCE", TABLE_RIGHT}, {"WOULD COST", TABLE_RIGHT},
        {"", TABLE_LEFT},
    };
    const struct reconcile_status *status = &statement->status;
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < statement->spread_count; i++) {
        const struct reconcile_rule *rule = &statement->spread[i];
        char difference[24];
        struct cell count = {0}, charge = {0};
        bool chosen = strcmp(rule->rule, status->rule) == 0;
        snprintf(difference, sizeof difference, "%+lld", (long long)(rule->unique_handles - status->unique_handles));
        table_add(table, (const char *const[]){rule->rule, cell_count(&count, rule->unique_handles), difference,
                                               cell_money(&charge, rule->charge, status->currency),
                                               chosen ? "the contract's rule" : ""});
    }
    table_print(table, stdout);
    table_free(table);
}

static enum table_tone tone_of(const struct reconcile_check *check)
{
    if (strcmp(check->state, "fail") == 0)
        return TABLE_BAD;
    return strcmp(check->state, "warn") == 0 ? TABLE_WARNING : TABLE_PLAIN;
}

static void print_checks(const struct reconcile_statement *statement)
{
    static const struct table_column columns[] = {
        {"CHECK", TABLE_LEFT}, {"EXPECTED", TABLE_RIGHT}, {"FOUND", TABLE_RIGHT}, {"STATE", TABLE_LEFT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < statement->check_count; i++) {
        const struct reconcile_check *check = &statement->checks[i];
        table_add(table, (const char *const[]){check->name, check->expected, check->found, check->state});
        table_set_tone(table, tone_of(check));
    }
    table_print(table, stdout);
    table_free(table);
}

static bool was_recounted(const struct reconcile_statement *statement)
{
    for (size_t i = 0; i < statement->check_count; i++) {
        if (strncmp(statement->checks[i].name, "recount ", strlen("recount ")) == 0)
            return true;
    }
    return false;
}

static void print_statement(const struct reconcile_statement *statement)
{
    print_heading(&statement->status);
    print_figures(statement);
    putchar('\n');
    print_spread(statement);
    putchar('\n');
    charge_print(statement->lines, statement->line_count, statement->status.charge, statement->status.currency);
    putchar('\n');
    print_checks(statement);
    if (!was_recounted(statement))
        puts("Not looked for without --recount: events that share an id.");
}

/* What failed is said on standard error too, for who reads only that. */
static enum exit_code judge(const struct reconcile_statement *statements, size_t count)
{
    enum exit_code code = EXIT_DONE;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < statements[i].check_count; j++) {
            const struct reconcile_check *check = &statements[i].checks[j];
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

static bool fetch(struct selection *selection, bool recount, struct reconcile_statement *statements, struct error *err)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct selected *item = &selection->items[i];
        if (!reconcile_statement(selection->db, &item->contract, item->month, selection->arena, &statements[i], err))
            return false;
        if (recount &&
            !reconcile_recount(selection->db, &item->contract, item->month, selection->arena, &statements[i], err))
            return false;
    }
    return true;
}

static bool print_all(const struct reconcile_statement *statements, size_t count, bool json, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        text_warn_of_silence(&statements[i].status);
    if (!json) {
        for (size_t i = 0; i < count; i++) {
            fputs(i > 0 ? "\n\n" : "", stdout);
            print_statement(&statements[i]);
        }
        return true;
    }
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(array, json_statement(&statements[i]));
    return cli_print_json(array, err);
}

static enum exit_code run_reconcile(const struct invocation *invocation)
{
    struct error err;
    struct selection selection;
    struct reconcile_statement *statements;
    bool all = argument_flag(invocation->arguments, "all");
    bool recount = argument_flag(invocation->arguments, "recount");
    enum exit_code code;
    if (all && argument_option(invocation->arguments, "contract") != NULL)
        return cli_usage(invocation, "--all and --contract exclude each other");
    if (!selection_open(&selection, invocation, all ? SELECTION_ALL : SELECTION_ONE, &err)) {
        code = cli_failed(&err);
        goto out;
    }
    statements = arena_alloc(selection.arena, selection.count * sizeof *statements);
    if (!fetch(&selection, recount, statements, &err) ||
        !print_all(statements, selection.count, invocation->json, &err)) {
        code = cli_failed(&err);
        goto out;
    }
    code = judge(statements, selection.count);
out:
    selection_close(&selection);
    return code;
}
