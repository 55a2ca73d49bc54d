/* SPDX-License-Identifier: MIT */
/* Prints checklists and seals, and makes the texts that a seal keeps. */

#include "cli/close.h"

#include <string.h>

#include "cli/output.h"
#include "cli/statement.h"
#include "cli/table.h"

/* ---- what a seal keeps ---- */

char *close_statement_json(struct db *db, const struct reconcile_contract *contract, const char *month,
                           struct arena *arena, struct error *err)
{
    struct reconcile_statement statement;

    if (!reconcile_statement(db, contract, month, arena, &statement, err))
        return NULL;
    statement.status.state = "closed"; /* as it is with this seal */
    return statement_text(&statement, err);
}

static json_t *json_checklist(const struct close_checklist *checklist)
{
    json_t *array = json_array();

    for (size_t i = 0; i < checklist->count; i++) {
        const struct close_check *check = &checklist->items[i];
        (void)json_array_append_new(array, json_pack("{s:s, s:b, s:s, s:s?}", "name", check->name, "blocks",
                                                     check->blocks, "state", check->state, "words", check->words));
    }
    return array;
}

char *close_checklist_json(const struct close_checklist *checklist, const struct close_request *request)
{
    json_t *without = json_array();
    json_t *document;
    char *text;

    for (size_t i = 0; i < request->without.count; i++)
        (void)json_array_append_new(without, json_string(request->without.sources[i]));
    document = json_pack("{s:o, s:o, s:s?}", "checks", json_checklist(checklist), "without", without, "reason",
                         request->reason);
    text = json_dumps(document, JSON_COMPACT);
    json_decref(document);
    return text;
}

/* ---- what a person sees ---- */

static enum table_tone tone_of(const struct close_check *check)
{
    if (strcmp(check->state, "fail") == 0)
        return TABLE_BAD;
    return strcmp(check->state, "warn") == 0 ? TABLE_WARNING : TABLE_PLAIN;
}

static void print_checklist(const struct close_checklist *checklist)
{
    static const struct table_column columns[] = {{"CHECK", TABLE_LEFT}, {"STATE", TABLE_LEFT}, {"FOUND", TABLE_LEFT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));

    for (size_t i = 0; i < checklist->count; i++) {
        const struct close_check *check = &checklist->items[i];
        table_add(table, (const char *const[]){check->name, check->state, check->words});
        table_set_tone(table, tone_of(check));
    }
    table_print(table, stdout);
    table_free(table);
}

/* What to do about a month that stays open. */
static void print_open(const struct closed_month *item)
{
    const struct close_checklist *checklist = &item->result.checklist;

    if (checklist->closed_already)
        printf("It is closed already, and stays as it was sealed; 'headroom reopen' opens it again.\n");
    else if (!checklist->blocked)
        printf("Nothing blocks: it can be closed. Nothing was changed.\n");
    else if (checklist->forcible)
        printf("It stays open: what failed blocks, unless --force --reason R says why it may not.\n");
    else
        printf("It stays open: it can't be closed before it is over.\n");
}

static void print_month(const struct closed_month *item)
{
    output_text("Contract %s, billing month %.7s\n\n", item->contract.name, item->month);
    print_checklist(&item->result.checklist);
    putchar('\n');
    if (!item->result.closed) {
        print_open(item);
        return;
    }
    printf("Closed%s. Chain head: %s\n", item->result.checklist.blocked ? " by force" : "", item->result.chain_head);
}

static json_t *json_month(const struct closed_month *item, bool dry_run)
{
    const struct close_result *result = &item->result;
    char month[sizeof "2026-10"];

    snprintf(month, sizeof month, "%.7s", item->month);
    return json_pack("{s:s, s:s, s:b, s:b, s:b, s:o, s:s?}", "contract", item->contract.name, "month", month, "dry_run",
                     dry_run, "closed", result->closed || result->checklist.closed_already, "forced",
                     result->closed && result->checklist.blocked, "checks", json_checklist(&result->checklist),
                     "chain_head", result->chain_head);
}

static void say_failed(const struct closed_month *item)
{
    const struct close_checklist *checklist = &item->result.checklist;

    if (checklist->closed_already)
        log_note("contract '%s', %.7s is closed already", item->contract.name, item->month);
    for (size_t i = 0; i < checklist->count && !item->result.closed && !checklist->closed_already; i++)
        if (strcmp(checklist->items[i].state, "fail") == 0)
            log_error("contract '%s', %.7s stays open: %s: %s", item->contract.name, item->month,
                      checklist->items[i].name, checklist->items[i].words);
}

bool close_print(const struct closed_months *months, bool dry_run, bool json, struct error *err)
{
    json_t *array = json ? json_array() : NULL;

    for (size_t i = 0; i < months->count; i++) {
        const struct closed_month *item = &months->items[i];
        if (json) {
            (void)json_array_append_new(array, json_month(item, dry_run));
            continue;
        }
        fputs(i > 0 ? "\n" : "", stdout);
        print_month(item);
    }
    for (size_t i = 0; i < months->count; i++)
        say_failed(&months->items[i]);
    return !json || cli_print_json(array, err);
}
