/* SPDX-License-Identifier: MIT */
/* A month's statement, laid out for a person who pays for it: what was counted, what it costs, what another reading of
 * the contract would make of it, and what was checked. */

#include <stdlib.h>
#include <string.h>

#include "cli/charge.h"
#include "cli/output.h"
#include "cli/statement.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/wrap.h"

static void finish(struct table *table)
{
    putchar('\n');
    table_print(table, stdout);
    table_free(table);
}

static void say(const char *text)
{
    wrap_print(stdout, text, 0, 0);
}

static void print_heading(const struct reconcile_status *status)
{
    struct cell start = {0}, end = {0};
    output_text("Contract %s, billing month %s (%s)\n", status->contract, status->month, status->state);
    printf("%s to %s, time zone %s\n", cell_time(&start, status->period_start), cell_time(&end, status->period_end),
           status->time_zone);
}

static void add_figure(struct table *table, const char *name, int64_t count)
{
    struct cell cell = {0};
    table_add(table, (const char *const[]){name, cell_count(&cell, count)});
}

static void print_requests(const struct reconcile_statement *statement)
{
    static const struct table_column columns[] = {{"REQUESTS", TABLE_LEFT}, {"NUMBER", TABLE_RIGHT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    add_figure(table, "counted", statement->status.counted_requests);
    for (size_t i = 0; i < statement->not_counted.count; i++) {
        char *name = mem_format("not counted: %s", statement->not_counted.items[i].reason);
        add_figure(table, name, statement->not_counted.items[i].requests);
        free(name);
    }
    add_figure(table, "all requests", statement->status.requests);
    finish(table);
}

static void print_handles(const struct reconcile_status *status)
{
    static const struct table_column columns[] = {{"HANDLES", TABLE_LEFT}, {"NUMBER", TABLE_RIGHT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    struct cell cell = {0};
    char *name = mem_format("unique handles (%s)", status->rule);
    add_figure(table, name, status->unique_handles);
    free(name);
    if (status->provisional > 0)
        add_figure(table, "  of these provisional", status->provisional);
    table_add(table, (const char *const[]){"limit", cell_limit(&cell, status->limit)});
    if (status->limit != RECONCILE_NO_LIMIT)
        add_figure(table, "headroom", status->headroom);
    add_figure(table, "overage", status->overage);
    finish(table);
    if (status->provisional > 0)
        say("Provisional: named by a token only, so that one user with two tokens counts twice.");
}

static void print_charge(const struct reconcile_statement *statement)
{
    putchar('\n');
    charge_print(statement->lines.items, statement->lines.count, statement->status.charge, statement->status.currency);
    text_print_adjustments(&statement->status);
}

/* A closed month beside what would be counted now. */
static void print_today(const struct reconcile_statement *statement)
{
    const struct reconcile_status *status = &statement->status, *today = &statement->today;
    if (strcmp(status->state, "closed") != 0)
        return;
    putchar('\n');
    if (today->unique_handles == status->unique_handles && strcmp(today->charge, status->charge) == 0) {
        say("These are the figures that were sealed; today the same would be counted.");
        return;
    }
    char *text =
        mem_format("These are the figures that were sealed. Today it would be %lld unique handles and a charge "
                   "of %s %s; the difference is an adjustment of a later month.",
                   (long long)today->unique_handles, today->charge, today->currency);
    say(text);
    free(text);
}

/* "+7.50 USD", "-2.50 USD", "0.00 USD". */
static const char *signed_money(struct cell *cell, const char *amount, const char *currency)
{
    bool plus = amount[0] != '-' && strspn(amount, "0.") < strlen(amount);
    snprintf(cell->text, sizeof cell->text, "%s%s %s", plus ? "+" : "", amount, currency);
    return cell->text;
}

static void print_spread(const struct reconcile_statement *statement)
{
    static const struct table_column columns[] = {
        {"RULE", TABLE_LEFT},    {"HANDLES", TABLE_RIGHT},    {"MORE OR LESS", TABLE_RIGHT},
        {"CHARGE", TABLE_RIGHT}, {"DIFFERENCE", TABLE_RIGHT}, {"", TABLE_LEFT},
    };
    const struct reconcile_status *status = &statement->status;
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < statement->spread.count; i++) {
        const struct reconcile_rule *rule = &statement->spread.items[i];
        char difference[24];
        struct cell count = {0}, charge = {0}, money = {0};
        bool chosen = strcmp(rule->rule, status->rule) == 0;
        snprintf(difference, sizeof difference, rule->difference == 0 ? "0" : "%+lld", (long long)rule->difference);
        table_add(table, (const char *const[]){rule->rule, cell_count(&count, rule->unique_handles), difference,
                                               cell_money(&charge, rule->charge, status->currency),
                                               signed_money(&money, rule->charge_difference, status->currency),
                                               chosen ? "agreed" : ""});
    }
    finish(table);
    if (statement->app_only_requests > 0) {
        char *text = mem_format("Requests of the app alone that name no owner: %lld, which may stand for at most %lld "
                                "more handles.",
                                (long long)statement->app_only_requests, (long long)statement->app_only_at_most);
        say(text);
        free(text);
    }
}

static void add_side(struct table *table, const struct reconcile_statement *statement, const char *what, int64_t count,
                     const char *charge)
{
    struct cell cell = {0}, money = {0};
    table_add(table, (const char *const[]){what, cell_count(&cell, count),
                                           signed_money(&money, charge, statement->status.currency)});
}

static void print_boundary(const struct reconcile_statement *statement)
{
    static const struct table_column columns[] = {
        {"ANOTHER TIME ZONE WOULD MOVE", TABLE_LEFT}, {"AT MOST", TABLE_RIGHT}, {"DIFFERENCE", TABLE_RIGHT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < statement->boundary.count; i++) {
        const struct reconcile_side *side = &statement->boundary.items[i];
        bool start = strcmp(side->side, "start") == 0;
        add_side(table, statement, start ? "out, to the month before" : "out, to the month after", side->leave,
                 side->leave_charge);
        add_side(table, statement, start ? "in, from the month before" : "in, from the month after", side->come,
                 side->come_charge);
    }
    finish(table);
}

static void print_data(const struct reconcile_status *status)
{
    static const struct table_column columns[] = {{"DATA", TABLE_LEFT}, {"", TABLE_LEFT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    struct cell cell = {0};
    table_add(table, (const char *const[]){"until", cell_time(&cell, status->data_until)});
    table_add(table, (const char *const[]){"grade", status->completeness_words});
    finish(table);
    if (status->low_days_words != NULL) {
        char *text = mem_format("The count may be too low on %s.", status->low_days_words);
        say(text);
        free(text);
    }
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
    for (size_t i = 0; i < statement->checks.count; i++) {
        const struct reconcile_check *check = &statement->checks.items[i];
        table_add(table, (const char *const[]){check->name, check->expected, check->found, check->state});
        table_set_tone(table, tone_of(check));
    }
    finish(table);
    if (!statement->recounted)
        say("Not counted again from the raw events: --recount does.");
    if (!statement->paired)
        say("Not looked for: events that share an id; --recount --pairs does.");
}

static const char *or_none(const char *class)
{
    return class != NULL ? class : "not at all";
}

static void print_differences(const struct reconcile_statement *statement)
{
    static const struct table_column columns[] = {
        {"OWNER", TABLE_LEFT}, {"COUNTED AS", TABLE_LEFT}, {"FROM THE EVENTS", TABLE_LEFT}};
    size_t count = statement->differences.count;
    if (count == 0)
        return;
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < count; i++) {
        const struct reconcile_difference *difference = &statement->differences.items[i];
        table_add(table, (const char *const[]){difference->owner, or_none(difference->maintained),
                                               or_none(difference->recounted)});
    }
    finish(table);
    if (statement->differences.items[0].total > (int64_t)count)
        printf("And %lld more owners.\n", (long long)(statement->differences.items[0].total - (int64_t)count));
}

static void print_pairs(const struct reconcile_statement *statement)
{
    static const struct table_column columns[] = {{"ID, SOURCE", TABLE_LEFT}, {"TIME", TABLE_LEFT},
                                                  {"SUBJECT", TABLE_LEFT},    {"CLASS", TABLE_LEFT},
                                                  {"BATCH", TABLE_RIGHT},     {"", TABLE_LEFT}};
    if (statement->pairs.count == 0)
        return;
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < statement->pairs.count; i++) {
        const struct reconcile_pair *pair = &statement->pairs.items[i];
        struct cell at = {0}, batch = {0};
        table_add(table, (const char *const[]){pair->id, cell_time(&at, pair->earlier.at), pair->earlier.subject,
                                               pair->earlier.class, cell_count(&batch, pair->earlier.batch),
                                               pair->resolved ? "one owner" : "two owners"});
        table_set_tone(table, pair->resolved ? TABLE_PLAIN : TABLE_WARNING);
        table_add(table, (const char *const[]){pair->source, cell_time(&at, pair->later.at), pair->later.subject,
                                               pair->later.class, cell_count(&batch, pair->later.batch), ""});
        table_set_tone(table, pair->resolved ? TABLE_PLAIN : TABLE_WARNING);
    }
    finish(table);
}

void statement_print(const struct reconcile_statement *statement)
{
    print_heading(&statement->status);
    print_requests(statement);
    print_handles(&statement->status);
    print_charge(statement);
    print_today(statement);
    print_spread(statement);
    print_boundary(statement);
    print_data(&statement->status);
    print_checks(statement);
    print_differences(statement);
    print_pairs(statement);
}
