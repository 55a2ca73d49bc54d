/* SPDX-License-Identifier: MIT */
/* headroom status: what is used of each contract and what is left, one line a contract. */

#include "cli/disputes.h"
#include "cli/forecast.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/table.h"
#include "cli/text.h"

#include <string.h>

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
        "Of an open month it also shows where it will most likely end, the interval that holds it four times out of "
        "five, and the chance of passing the limit; below the table where the terminal has no room. 'headroom "
        "forecast' says more.\n\n"
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
        "the one before it. forecast: {as_of, mean, p10, p50, p90, probability_over_limit, crossing_date, "
        "expected_charge} "
        "as 'headroom forecast --json' has them, null unless the month is open and something is known. disputes: "
        "[{month, number, kind, status, since, handles, amount, "
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

/* What of the status is shown beside its figures. */
struct layout {
    bool forecast;
    size_t bar; /* its columns; 0: none */
};

enum shown_where {
    ALWAYS,
    WITH_FORECAST,
    WITH_BAR,
};

static const struct {
    struct table_column column;
    enum shown_where where;
} columns[] = {
    {{"CONTRACT", TABLE_LEFT}, ALWAYS},
    {{"MONTH", TABLE_LEFT}, ALWAYS},
    {{"STATE", TABLE_LEFT}, ALWAYS},
    {{"USED", TABLE_RIGHT}, ALWAYS},
    {{"LIMIT", TABLE_RIGHT}, ALWAYS},
    {{"HEADROOM", TABLE_RIGHT}, ALWAYS},
    {{"OVERAGE", TABLE_RIGHT}, ALWAYS},
    {{"CHARGE", TABLE_RIGHT}, ALWAYS},
    {{"FORECAST (80 %)", TABLE_LEFT}, WITH_FORECAST},
    {{"CHANCE", TABLE_RIGHT}, WITH_FORECAST},
    {{"DATA UNTIL", TABLE_LEFT}, ALWAYS},
    {{"GRADE", TABLE_LEFT}, ALWAYS},
    {{"USE", TABLE_LEFT}, WITH_BAR},
};
#define BAR_WIDEST    16
#define BAR_NARROWEST 5
#define BAR_TEXT      7 /* the gap before it and the per cent behind it */

static bool is_shown(size_t column, const struct layout *layout)
{
    return columns[column].where == ALWAYS || (columns[column].where == WITH_FORECAST && layout->forecast) ||
           (columns[column].where == WITH_BAR && layout->bar > 0);
}

static struct table *new_table(const struct layout *layout)
{
    struct table_column chosen[ARRAY_LENGTH(columns)];
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
        if (is_shown(i, layout))
            chosen[count++] = columns[i].column;
    return table_new(chosen, count);
}

/* cells: one for each of the columns. */
static void add_cells(struct table *table, const struct layout *layout, const char *const *cells)
{
    const char *chosen[ARRAY_LENGTH(columns)];
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
        if (is_shown(i, layout))
            chosen[count++] = cells[i];
    table_add(table, chosen);
}

/* Yellow from nine tenths of the limit on, red above it. */
static enum table_tone tone_of(const struct reconcile_status *status)
{
    if (status->overage > 0)
        return TABLE_BAD;
    bool near = status->limit != RECONCILE_NO_LIMIT && status->headroom <= status->limit / 10;
    return near ? TABLE_WARNING : TABLE_PLAIN;
}

struct shown {
    struct reconcile_status *statuses; /* of each selected item */
    struct outlook *outlooks;          /* empty for a month that is not open */
    struct db_rows **disputes;
    size_t count;
};

static void add_row(struct table *table, const struct layout *layout, const struct reconcile_status *status,
                    const struct outlook *outlook)
{
    struct cell used = {0}, limit = {0}, headroom = {0}, overage = {0}, charge = {0}, until = {0}, use = {0};
    struct cell forecast = {0}, likely = {0};
    bool limited = status->limit != RECONCILE_NO_LIMIT;
    add_cells(table, layout,
              (const char *const[]){
                  status->contract,
                  status->month,
                  status->state,
                  cell_count(&used, status->unique_handles),
                  cell_limit(&limit, status->limit),
                  limited ? cell_count(&headroom, status->headroom) : NULL,
                  cell_count(&overage, status->overage),
                  cell_money(&charge, status->charge, status->currency),
                  cell_forecast(&forecast, outlook),
                  cell_chance(&likely, outlook),
                  cell_time(&until, status->data_until),
                  status->completeness_words,
                  cell_bar(&use, status, layout->bar),
              });
    table_set_tone(table, tone_of(status));
}

static struct table *table_of(const struct shown *shown, const struct layout *layout)
{
    struct table *table = new_table(layout);
    for (size_t i = 0; i < shown->count; i++)
        add_row(table, layout, &shown->statuses[i], &shown->outlooks[i]);
    return table;
}

/* The bar takes what the terminal has left beside the figures. */
static size_t bar_width(size_t figures)
{
    size_t taken = figures + BAR_TEXT;
    size_t wide = output_width(stdout);
    if (wide < taken + BAR_NARROWEST)
        return 0;
    return wide - taken < BAR_WIDEST ? wide - taken : BAR_WIDEST;
}

static size_t width_of(const struct shown *shown, const struct layout *layout)
{
    struct table *table = table_of(shown, layout);
    size_t width = table_width(table);
    table_free(table);
    return width;
}

/* The forecast stands in the table unless that makes it too wide for the terminal; then it is said below. */
static struct layout choose_layout(const struct shown *shown)
{
    struct layout layout = {0};
    size_t wide = output_width(stdout);
    for (size_t i = 0; i < shown->count; i++)
        layout.forecast = layout.forecast || forecast_is_open(&shown->outlooks[i]);
    layout.forecast = layout.forecast && (wide == 0 || width_of(shown, &layout) <= wide);
    layout.bar = bar_width(width_of(shown, &layout));
    return layout;
}

static bool print_chain_head(struct selection *selection, struct error *err)
{
    struct reconcile_chain_head head;
    if (!reconcile_chain_head(selection->db, selection->arena, &head, err))
        return false;
    printf("\nChain head: %s (%lld links)\n", head.digest, (long long)head.length);
    return true;
}

/* Where the table of figures has no room for them. */
static void print_forecasts(const struct shown *shown)
{
    static const struct table_column titles[] = {{"CONTRACT", TABLE_LEFT},
                                                 {"FORECAST (80 %)", TABLE_LEFT},
                                                 {"CHANCE", TABLE_RIGHT},
                                                 {"LIMIT PASSED", TABLE_LEFT},
                                                 {"EXPECTED CHARGE", TABLE_RIGHT}};
    struct table *table = table_new(titles, ARRAY_LENGTH(titles));
    for (size_t i = 0; i < shown->count; i++) {
        const struct outlook *outlook = &shown->outlooks[i];
        struct cell forecast, likely, day, charge;
        if (!forecast_is_open(outlook))
            continue;
        table_add(table, (const char *const[]){
                             shown->statuses[i].contract,
                             cell_forecast(&forecast, outlook),
                             cell_chance(&likely, outlook),
                             cell_crossing(&day, outlook),
                             cell_money(&charge, outlook->charge_mean, outlook->history.currency),
                         });
    }
    if (table_rows(table) > 0) {
        puts("");
        table_print(table, stdout);
    }
    table_free(table);
}

static void print_table(const struct shown *shown)
{
    struct layout layout = choose_layout(shown);
    struct table *table = table_of(shown, &layout);
    table_print(table, stdout);
    table_free(table);
    if (!layout.forecast)
        print_forecasts(shown);
}

static bool print_text(struct selection *selection, const struct shown *shown, struct error *err)
{
    print_table(shown);
    for (size_t i = 0; i < shown->count; i++)
        text_print_adjustments(&shown->statuses[i]);
    disputes_print(shown->disputes, shown->count);
    return log_get_level() != LOG_VERBOSE || print_chain_head(selection, err);
}

static bool print_json(const struct shown *shown, struct error *err)
{
    json_t *array = json_array();
    for (size_t i = 0; i < shown->count; i++) {
        json_t *status = json_status(&shown->statuses[i]);
        (void)json_object_set_new(status, "forecast", forecast_json_brief(&shown->outlooks[i]));
        (void)json_object_set_new(status, "disputes", disputes_json(shown->disputes[i]));
        (void)json_array_append_new(array, status);
    }
    return cli_print_json(array, err);
}

/* Only a month that goes on has an end to forecast. */
static bool look_ahead(struct selection *selection, const struct selected *item, const struct reconcile_status *status,
                       struct outlook *outlook, struct error *err)
{
    static const struct outlook_options options = {
        .as_of = HISTORY_NO_TIME, .newest = FORECAST_HISTORY, .limit = HISTORY_LIMIT_OF_TERMS};
    *outlook = (struct outlook){.is_empty = true};
    return strcmp(status->state, "open") != 0 ||
           outlook_make(selection->db, &item->contract, item->month, &options, selection->arena, outlook, err);
}

static bool fetch(struct selection *selection, struct shown *shown, struct error *err)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct selected *item = &selection->items[i];
        struct reconcile_status *status = &shown->statuses[i];
        if (!reconcile_status(selection->db, &item->contract, item->month, selection->arena, status, err) ||
            !look_ahead(selection, item, status, &shown->outlooks[i], err) ||
            !disputes_find(selection->db, item, &shown->disputes[i], err))
            return false;
    }
    return true;
}

static bool show(struct selection *selection, bool json, struct error *err)
{
    struct shown shown = {
        .statuses = arena_alloc(selection->arena, selection->count * sizeof *shown.statuses),
        .outlooks = arena_alloc(selection->arena, selection->count * sizeof *shown.outlooks),
        .disputes = arena_alloc(selection->arena, selection->count * sizeof *shown.disputes),
        .count = selection->count,
    };
    for (size_t i = 0; i < shown.count; i++)
        shown.disputes[i] = NULL;
    bool done = fetch(selection, &shown, err);
    for (size_t i = 0; done && i < shown.count; i++)
        text_warn_of_silence(&shown.statuses[i]);
    if (done)
        done = json ? print_json(&shown, err) : print_text(selection, &shown, err);
    for (size_t i = 0; i < shown.count; i++)
        db_rows_free(shown.disputes[i]);
    return done;
}

static enum exit_code run_status(const struct invocation *invocation)
{
    struct error err;
    struct selection selection;
    bool done = selection_open(&selection, invocation, SELECTION_ALL, &err) &&
                selection_keep_history(&selection, FORECAST_HISTORY, &err) && show(&selection, invocation->json, &err);
    selection_close(&selection);
    return done ? EXIT_DONE : cli_failed(&err);
}
