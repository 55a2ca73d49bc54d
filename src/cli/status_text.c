/* SPDX-License-Identifier: MIT */
/* The status as a table, and what is said below it. */

#include <stdlib.h>

#include "cli/disputes.h"
#include "cli/forecast.h"
#include "cli/month_gateway.h"
#include "cli/output.h"
#include "cli/status.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/wrap.h"

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

static struct table *table_of(const struct status_shown *shown, const struct layout *layout)
{
    struct table *table = new_table(layout);
    for (size_t i = 0; i < shown->count; i++)
        add_row(table, layout, &shown->months[i].status, &shown->months[i].outlook);
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

static size_t width_of(const struct status_shown *shown, const struct layout *layout)
{
    struct table *table = table_of(shown, layout);
    size_t width = table_width(table);
    table_free(table);
    return width;
}

/* The forecast stands in the table unless that makes it too wide for the terminal; then it is said below. */
static struct layout choose_layout(const struct status_shown *shown)
{
    struct layout layout = {0};
    size_t wide = output_width(stdout);
    for (size_t i = 0; i < shown->count; i++)
        layout.forecast = layout.forecast || outlook_is_open(&shown->months[i].outlook);
    layout.forecast = layout.forecast && (wide == 0 || width_of(shown, &layout) <= wide);
    layout.bar = bar_width(width_of(shown, &layout));
    return layout;
}

static bool print_chain_head(const struct selection *selection, struct error *err)
{
    struct reconcile_chain_head head;
    if (!reconcile_chain_head(selection->db, selection->arena, &head, err))
        return false;
    printf("\nChain head: %s (%lld links)\n", head.digest, (long long)head.length);
    return true;
}

/* Where the table of figures has no room for them. */
static void print_forecasts(const struct status_shown *shown)
{
    static const struct table_column titles[] = {{"CONTRACT", TABLE_LEFT},
                                                 {"FORECAST (80 %)", TABLE_LEFT},
                                                 {"CHANCE", TABLE_RIGHT},
                                                 {"LIMIT PASSED", TABLE_LEFT},
                                                 {"EXPECTED CHARGE", TABLE_RIGHT}};
    struct table *table = table_new(titles, ARRAY_LENGTH(titles));
    for (size_t i = 0; i < shown->count; i++) {
        const struct outlook *outlook = &shown->months[i].outlook;
        struct cell forecast, likely, day, charge;
        if (!outlook_is_open(outlook))
            continue;
        table_add(table, (const char *const[]){
                             shown->months[i].status.contract,
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

static void print_table(const struct status_shown *shown)
{
    struct layout layout = choose_layout(shown);
    struct table *table = table_of(shown, &layout);
    table_print(table, stdout);
    table_free(table);
    if (!layout.forecast)
        print_forecasts(shown);
}

/* How far to trust the forecasts: one line, however many contracts there are. */
static void print_accuracy(const struct selection *selection, const struct status_shown *shown)
{
    const struct outlook **outlooks = arena_alloc(selection->arena, shown->count * sizeof *outlooks);
    for (size_t i = 0; i < shown->count; i++)
        outlooks[i] = &shown->months[i].outlook;
    char *text =
        shown->count == 1 ? outlook_accuracy_words(outlooks[0]) : outlook_accuracy_of_all(outlooks, shown->count);
    if (text != NULL) {
        puts("");
        wrap_print(stdout, text, 0, 0);
    }
    free(text);
}

/* Beside the count, as one user with two tokens that name nobody counts twice. */
static void print_provisional(const struct reconcile_status *status)
{
    if (status->provisional == 0)
        return;
    char *text = mem_format("Contract '%s', %s: of the unique handles %lld %s provisional, named by a token only.",
                            status->contract, status->month, (long long)status->provisional,
                            status->provisional == 1 ? "is" : "are");
    puts("");
    wrap_print(stdout, text, 0, 0);
    free(text);
}

static void print_disputes(const struct selection *selection, const struct status_shown *shown)
{
    struct db_rows **found = arena_alloc(selection->arena, shown->count * sizeof *found);
    for (size_t i = 0; i < shown->count; i++)
        found[i] = shown->months[i].disputes;
    disputes_print(found, shown->count);
}

bool status_print_text(const struct selection *selection, const struct status_shown *shown, struct error *err)
{
    print_table(shown);
    print_accuracy(selection, shown);
    for (size_t i = 0; i < shown->count; i++)
        print_provisional(&shown->months[i].status);
    for (size_t i = 0; i < shown->count; i++)
        text_print_adjustments(&shown->months[i].status);
    for (size_t i = 0; i < shown->count; i++)
        month_gateway_print(shown->months[i].gateway, shown->count > 1);
    print_disputes(selection, shown);
    return log_get_level() != LOG_VERBOSE || print_chain_head(selection, err);
}
