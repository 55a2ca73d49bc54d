/* SPDX-License-Identifier: MIT */
/* headroom status: what is used of each contract and what is left, one line a contract. */

#include "cli/disputes.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/table.h"
#include "cli/text.h"

static enum exit_code run_status(const struct invocation *invocation);

const struct command cmd_status = {
    .name = "status",
    .summary = "show what is used, what is left, and what it costs",
    .description =
        "One line a contract: the unique handles used in the billing month, the limit, the headroom that is left or "
        "the "
        "overage, the charge for it so far, the time up to which all sources have delivered, and the grade of the "
        "data: "
        "complete, gaps, began, or unknown where files do not say whether more should have come; see 'headroom sources "
        "--help'. A source that has gone quiet is named on standard error. Reads the maintained count, so it answers "
        "at once however many requests there are.\n\n"
        "A month is open until its period ends, then over, and closed when 'headroom close' has sealed it; a closed "
        "month answers as it was sealed. What closed months differ by since then is said below the table of a month "
        "that is not closed: the next close of the contract carries these adjustments.\n\n"
        "Below that stand the vendor's documents that wait for somebody, of the month that is shown and those before "
        "it: disputed ones until they are accepted, and open ones that can be disputed for 7 more days at most, or no "
        "more (see 'headroom invoice set --help'). DUE is the last day to dispute one. THEIRS is the sum of the "
        "month's documents, OURS what the month was sealed with: a month that is not closed is not counted for this; "
        "'headroom invoice check' does that.\n\n"
        "With -v, also the head of the chain of digests.\n\n"
        "JSON: an array of {contract, month, period_start, period_end, state, unique_handles, provisional, limit, "
        "headroom, overage, charge, currency, requests, as_of, data_until, completeness, adjustments: [{month, "
        "unique_handles, amount, currency}], due, forecast, disputes}; due is the charge and the adjustments in its "
        "currency; limit and headroom are null without a limit, data_until where no source delivered in the month or "
        "the one before it, forecast for now. disputes: [{month, number, kind, status, since, handles, amount, "
        "currency, "
        "invoiced_handles, invoiced_amount, unique_handles, charge, due, days_left}]; handles and amount are the "
        "document's, invoiced_ those of all documents of its month, unique_handles and charge ours, null unless its "
        "month is closed; since is null unless it is disputed, due a date, days_left negative when that is over, both "
        "null where the contract agrees on no such days.",
    .options = (const struct option_spec[]){OPTION_CONTRACT_OF_ALL, OPTION_MONTH, {0}},
    .examples =
        (const char *const[]){
            "headroom status  # all contracts, the open month",
            "headroom status --contract acme --month last  # how last month ended",
            "headroom status --json | jq '.[] | select(.overage > 0)'  # who is over the limit",
            NULL,
        },
    .run = run_status,
};

static const struct table_column
    columns
        [] =
            {
                {"CONTRACT", TABLE_LEFT}, {"MONTH", TABLE_LEFT},   {"STATE", TABLE_LEFT},
                {"USED", TABLE_RIGHT},    {"LIMIT", TABLE_RIGHT},  {"HEADROOM", TABLE_RIGHT},
                {"OVERAGE", TABLE_RIGHT}, {"CHARGE", TABLE_RIGHT}, {"DATA UNTIL", TABLE_LEFT},
                {"GRADE", TABLE_LEFT},    {"USE", TABLE_LEFT}, /* a bar: for a terminal with room for it */
};
#define BAR_COLUMN    (ARRAY_LENGTH(columns) - 1)
#define BAR_WIDEST    16
#define BAR_NARROWEST 5
#define BAR_TEXT      7 /* the gap before it and the per cent behind it */

/* Yellow from nine tenths of the limit on, red above it. */
static enum table_tone tone_of(const struct reconcile_status *status)
{
    if (status->overage > 0)
        return TABLE_BAD;
    bool near = status->limit != RECONCILE_NO_LIMIT && status->headroom <= status->limit / 10;
    return near ? TABLE_WARNING : TABLE_PLAIN;
}

static void add_row(struct table *table, const struct reconcile_status *status, size_t bar)
{
    struct cell used = {0}, limit = {0}, headroom = {0}, overage = {0}, charge = {0}, until = {0}, use = {0};
    bool limited = status->limit != RECONCILE_NO_LIMIT;
    table_add(table, (const char *const[]){
                         status->contract,
                         status->month,
                         status->state,
                         cell_count(&used, status->unique_handles),
                         cell_limit(&limit, status->limit),
                         limited ? cell_count(&headroom, status->headroom) : NULL,
                         cell_count(&overage, status->overage),
                         cell_money(&charge, status->charge, status->currency),
                         cell_time(&until, status->data_until),
                         status->completeness_words,
                         cell_bar(&use, status, bar),
                     });
    table_set_tone(table, tone_of(status));
}

static struct table *table_of(const struct reconcile_status *statuses, size_t count, size_t bar)
{
    struct table *table = table_new(columns, bar > 0 ? ARRAY_LENGTH(columns) : BAR_COLUMN);
    for (size_t i = 0; i < count; i++)
        add_row(table, &statuses[i], bar);
    return table;
}

/* The bar takes what the terminal has left beside the figures. */
static size_t bar_width(const struct table *figures)
{
    size_t taken = table_width(figures) + BAR_TEXT;
    size_t wide = output_width(stdout);
    if (wide < taken + BAR_NARROWEST)
        return 0;
    return wide - taken < BAR_WIDEST ? wide - taken : BAR_WIDEST;
}

static bool print_chain_head(struct selection *selection, struct error *err)
{
    struct reconcile_chain_head head;
    if (!reconcile_chain_head(selection->db, selection->arena, &head, err))
        return false;
    printf("\nChain head: %s (%lld links)\n", head.digest, (long long)head.length);
    return true;
}

struct shown {
    struct reconcile_status *statuses; /* of each selected item */
    struct db_rows **disputes;
};

static bool print_text(struct selection *selection, const struct shown *shown, struct error *err)
{
    struct table *table = table_of(shown->statuses, selection->count, 0);
    size_t bar = bar_width(table);
    if (bar > 0) {
        table_free(table);
        table = table_of(shown->statuses, selection->count, bar);
    }
    table_print(table, stdout);
    table_free(table);
    for (size_t i = 0; i < selection->count; i++)
        text_print_adjustments(&shown->statuses[i]);
    disputes_print(shown->disputes, selection->count);
    return log_get_level() != LOG_VERBOSE || print_chain_head(selection, err);
}

static bool print_json(const struct shown *shown, size_t count, struct error *err)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *status = json_status(&shown->statuses[i]);
        (void)json_object_set_new(status, "disputes", disputes_json(shown->disputes[i]));
        (void)json_array_append_new(array, status);
    }
    return cli_print_json(array, err);
}

static bool fetch(struct selection *selection, struct shown *shown, struct error *err)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct selected *item = &selection->items[i];
        if (!reconcile_status(selection->db, &item->contract, item->month, selection->arena, &shown->statuses[i],
                              err) ||
            !disputes_find(selection->db, item, &shown->disputes[i], err))
            return false;
    }
    return true;
}

static bool show(struct selection *selection, bool json, struct error *err)
{
    struct shown shown = {
        .statuses = arena_alloc(selection->arena, selection->count * sizeof *shown.statuses),
        .disputes = arena_alloc(selection->arena, selection->count * sizeof *shown.disputes),
    };
    for (size_t i = 0; i < selection->count; i++)
        shown.disputes[i] = NULL;
    bool done = fetch(selection, &shown, err);
    for (size_t i = 0; done && i < selection->count; i++)
        text_warn_of_silence(&shown.statuses[i]);
    if (done)
        done = json ? print_json(&shown, selection->count, err) : print_text(selection, &shown, err);
    for (size_t i = 0; i < selection->count; i++)
        db_rows_free(shown.disputes[i]);
    return done;
}

static enum exit_code run_status(const struct invocation *invocation)
{
    struct error err;
    struct selection selection;
    bool done = selection_open(&selection, invocation, SELECTION_ALL, &err) && show(&selection, invocation->json, &err);
    selection_close(&selection);
    return done ? EXIT_DONE : cli_failed(&err);
}
