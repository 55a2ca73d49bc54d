/* SPDX-License-Identifier: MIT */
/* headroom invoice check: the vendor's figures against ours, and what could make the difference. */

#include <inttypes.h>
#include <string.h>

#include "cli/invoice.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/rows.h"
#include "cli/selection.h"
#include "cli/table.h"
#include "cli/text.h"
#include "headroom/invoices.h"

static enum exit_code run_check(const struct invocation *invocation);

const struct command invoice_check_command = {
    .name = "check",
    .summary = "hold the vendor's figures against ours, with what could make a difference",
    .description =
        "For each billing month that has a document or a list of the vendor: unique handles and charge, theirs and "
        "ours, and the difference. Ours are the sealed figures where the month is closed. Exit code 4 when they "
        "differ.\n\n"
        "With the vendor's list ('invoice handles import') each handle is matched, and each one that is on one side "
        "only is shown with its cause. Without it nobody can know: then causes are candidates, each with how many "
        "handles of the difference it could explain, what these cost, and whether it could make the difference alone "
        "or together with others. What a candidate says is possible, not proved.\n\n"
        "JSON: an array of {contract, month, state, rule, currency, unique_handles, charge, adjustment, documents, "
        "invoiced_handles, invoiced_amount, handles_difference, amount_difference, count_amount, price_amount, result, "
        "causes, together, list}. state is that of the month, or not covered where the contract does not cover it any "
        "more. result is match, differs or no invoice. count_amount is what the other number of handles costs by our "
        "price, price_amount the rest. causes: [{cause, description, handles, at_most, amount, alone, exactly}], "
        "at_most null where nobody can say; together: arrays of places in causes, from 0; list: null, or {file, both, "
        "only_ours, only_theirs, handles: [{place, owner, handle, line, first_seen, counted_requests, cause, words}]}.",
    .options =
        (const struct option_spec[]){
            OPTION_CONTRACT_OF_ALL,
            {"month", 0, "2026-10|this|last", "the billing month; default: all that have a document or a list"},
            {"both", 0, NULL, "list the handles that are on both sides too"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom invoice check --month last  # is last month's invoice right?",
            "headroom invoice check --json | jq '.[] | select(.result == \"differs\")'",
            NULL,
        },
    .run = run_check,
};

static const struct rows_column match_columns[] = {
    {"place", "ONLY", ROWS_TEXT},  {"owner", "OWNER", ROWS_TEXT},      {"handle", "HANDLE", ROWS_TEXT},
    {"line", "LINE", ROWS_TEXT},   {"first_seen", "FIRST", ROWS_TIME}, {"counted_requests", "REQUESTS", ROWS_COUNT},
    {"cause", "CAUSE", ROWS_TEXT}, {"words", "WHY", ROWS_TEXT},
};

/* ---- text ---- */

static void add_figure(struct table *table, const char *name, int64_t handles, const char *amount, const char *currency)
{
    struct cell count, money;

    table_add(table, (const char *const[]){name, cell_count(&count, handles), cell_money(&money, amount, currency)});
}

static void print_figures(const struct invoice_check *check)
{
    static const struct table_column columns[] = {
        {"FIGURE", TABLE_LEFT}, {"UNIQUE HANDLES", TABLE_RIGHT}, {"OVERAGE CHARGE", TABLE_RIGHT}};
    bool closed = strcmp(check->state, "closed") == 0;
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));

    add_figure(table, closed ? "ours, as sealed" : "ours, today", check->unique_handles, check->charge,
               check->currency);
    if (check->documents > 0) {
        add_figure(table, "theirs", check->invoiced_handles, check->invoiced_amount, check->currency);
        add_figure(table, "difference", check->handles_difference, check->amount_difference, check->currency);
        table_set_tone(table, strcmp(check->result, "match") == 0 ? TABLE_PLAIN : TABLE_BAD);
    }
    table_print(table, stdout);
    table_free(table);
}

static void add_cause(struct table *table, const struct invoice_cause *cause, const char *currency)
{
    struct cell handles, amount;
    const char *alone = cause->exactly ? "exactly" : "could";

    if (!cause->endless)
        snprintf(handles.text, sizeof handles.text, "%+" PRId64, cause->explains);
    table_add(table, (const char *const[]){cause->cause,
                                           cause->endless         ? "any number"
                                           : cause->explains != 0 ? handles.text
                                                                  : NULL,
                                           cell_money(&amount, cause->amount, currency), cause->alone ? alone : "",
                                           cause->description});
}

static void print_together(const struct invoice_check *check)
{
    for (size_t i = 0; i < check->set_count; i++) {
        const struct invoice_set *set = &check->sets[i];
        fputs(i == 0 ? "Could make it together: " : "                    or: ", stdout);
        for (size_t j = 0; j < set->count; j++)
            printf("%s%s (%s)", j > 0 ? ", and " : "", set->causes[j]->cause, set->causes[j]->description);
        putchar('\n');
    }
}

static void print_causes(const struct invoice_check *check)
{
    static const struct table_column columns[] = {{"CANDIDATE", TABLE_LEFT},
                                                  {"HANDLES, AT MOST", TABLE_RIGHT},
                                                  {"THESE COST", TABLE_RIGHT},
                                                  {"ALONE", TABLE_LEFT},
                                                  {"IF", TABLE_LEFT}};

    if (check->cause_count == 0)
        return;
    puts("\nWhat could make the difference. These are candidates: possible, not proved.");
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < check->cause_count; i++)
        add_cause(table, &check->causes[i], check->currency);
    table_print(table, stdout);
    table_free(table);
    print_together(check);
}

static bool is_shown(const struct invoice_check *check, size_t row, bool both)
{
    return both || strcmp(db_text(check->matches, row, "place"), "both") != 0;
}

static void print_list(const struct invoice_check *check, bool both)
{
    size_t count = ARRAY_LENGTH(match_columns);

    output_text("\nThe vendor's list (%s): %" PRId64 " on both, %" PRId64 " only ours, %" PRId64 " only theirs.\n",
                check->list_file, check->both, check->only_ours, check->only_theirs);
    if (!both && check->only_ours + check->only_theirs == 0)
        return;
    struct table *table = rows_table(match_columns, count);
    for (size_t i = 0; i < db_rows_count(check->matches); i++)
        if (is_shown(check, i, both))
            rows_add(table, match_columns, count, check->matches, i);
    table_print(table, stdout);
    table_free(table);
}

static void print_check(const struct invoice_check *check, bool both)
{
    output_text("Contract %s, billing month %s (%s), rule '%s': %s\n\n", check->contract, check->month, check->state,
                check->rule, check->result);
    print_figures(check);
    if (check->documents > 0 && check->handles_difference != 0)
        printf("Of the difference in money, the count makes %s %s, the price %s %s.\n", check->count_amount,
               check->currency, check->price_amount, check->currency);
    print_causes(check);
    if (check->matches != NULL)
        print_list(check, both);
    else if (strcmp(check->result, "differs") == 0)
        puts("\nThe vendor's own list would say which handles differ: 'invoice handles import'.");
}

/* ---- JSON ---- */

static json_t *cause_json(const struct invoice_cause *cause)
{
    json_t *object = json_object();

    (void)json_object_set_new(object, "cause", json_text(cause->cause));
    (void)json_object_set_new(object, "description", json_text(cause->description));
    (void)json_object_set_new(object, "handles", json_integer(cause->explains));
    (void)json_object_set_new(object, "at_most", cause->endless ? json_null() : json_integer(cause->reach));
    (void)json_object_set_new(object, "amount", json_text(cause->amount));
    (void)json_object_set_new(object, "alone", json_boolean(cause->alone));
    (void)json_object_set_new(object, "exactly", json_boolean(cause->exactly));
    return object;
}

static json_t *together_json(const struct invoice_check *check)
{
    json_t *array = json_array();

    for (size_t i = 0; i < check->set_count; i++) {
        json_t *set = json_array();
        for (size_t j = 0; j < check->sets[i].count; j++)
            (void)json_array_append_new(set, json_integer(check->sets[i].causes[j] - check->causes));
        (void)json_array_append_new(array, set);
    }
    return array;
}

static json_t *list_json(const struct invoice_check *check, bool both)
{
    json_t *object = json_object(), *handles = json_array();

    for (size_t i = 0; i < db_rows_count(check->matches); i++)
        if (is_shown(check, i, both))
            (void)json_array_append_new(handles,
                                        rows_json(match_columns, ARRAY_LENGTH(match_columns), check->matches, i));
    (void)json_object_set_new(object, "file", json_text(check->list_file));
    (void)json_object_set_new(object, "both", json_integer(check->both));
    (void)json_object_set_new(object, "only_ours", json_integer(check->only_ours));
    (void)json_object_set_new(object, "only_theirs", json_integer(check->only_theirs));
    (void)json_object_set_new(object, "handles", handles);
    return object;
}

json_t *invoice_check_json(const struct invoice_check *check, bool both)
{
    json_t *object = json_object(), *causes = json_array();

    (void)json_object_set_new(object, "contract", json_text(check->contract));
    (void)json_object_set_new(object, "month", json_text(check->month));
    (void)json_object_set_new(object, "state", json_text(check->state));
    (void)json_object_set_new(object, "rule", json_text(check->rule));
    (void)json_object_set_new(object, "currency", json_text(check->currency));
    (void)json_object_set_new(object, "unique_handles", json_integer(check->unique_handles));
    (void)json_object_set_new(object, "charge", json_text(check->charge));
    (void)json_object_set_new(object, "adjustment", json_text(check->adjustment));
    (void)json_object_set_new(object, "documents", json_integer(check->documents));
    (void)json_object_set_new(object, "invoiced_handles", json_integer(check->invoiced_handles));
    (void)json_object_set_new(object, "invoiced_amount", json_text(check->invoiced_amount));
    (void)json_object_set_new(object, "handles_difference", json_integer(check->handles_difference));
    (void)json_object_set_new(object, "amount_difference", json_text(check->amount_difference));
    (void)json_object_set_new(object, "count_amount", json_text(check->count_amount));
    (void)json_object_set_new(object, "price_amount", json_text(check->price_amount));
    (void)json_object_set_new(object, "result", json_text(check->result));
    for (size_t i = 0; i < check->cause_count; i++)
        (void)json_array_append_new(causes, cause_json(&check->causes[i]));
    (void)json_object_set_new(object, "causes", causes);
    (void)json_object_set_new(object, "together", together_json(check));
    (void)json_object_set_new(object, "list", check->matches != NULL ? list_json(check, both) : json_null());
    return object;
}

/* ---- the command ---- */

/* The months that are asked for; without --month those that have something of the vendor. */
static bool find_items(struct selection *selection, const struct invocation *invocation, struct invoice_items *found,
                       struct error *err)
{
    char id[SELECTION_ID_SIZE];
    const char *contract_id;

    if (argument_option(invocation->arguments, "month") == NULL) {
        *selection = (struct selection){.arena = arena_new()};
        return cli_open(invocation, DB_READER, &selection->db, err) && db_begin_snapshot(selection->db, err) &&
               selection_contract(selection->db, argument_option(invocation->arguments, "contract"), id, &contract_id,
                                  err) &&
               invoice_months(selection->db, contract_id, selection->arena, found, err);
    }
    if (!selection_open(selection, invocation, SELECTION_ALL, err))
        return false;
    found->count = selection->count;
    found->items = arena_alloc(selection->arena, found->count * sizeof *found->items);
    for (size_t i = 0; i < found->count; i++) {
        const struct selected *item = &selection->items[i];
        found->items[i] = (struct invoice_item){.contract_id = item->contract.id, .contract = item->contract.name};
        memcpy(found->items[i].month, item->month, RECONCILE_MONTH_SIZE);
    }
    return true;
}

/* One month. json: where it goes; NULL prints text. */
static bool check_one(struct selection *selection, const struct invoice_item *item, bool both, json_t *json,
                      bool *differs, struct error *err)
{
    struct invoice_check check;
    bool done = invoice_check(selection->db, item, selection->arena, &check, err);

    if (done && json != NULL)
        (void)json_array_append_new(json, invoice_check_json(&check, both));
    else if (done)
        print_check(&check, both);
    if (done && strcmp(check.result, "differs") == 0) {
        log_error("contract '%s', %s: the vendor's figures are not ours", check.contract, check.month);
        *differs = true;
    }
    invoice_check_free(&check);
    return done;
}

static enum exit_code run_check(const struct invocation *invocation)
{
    struct selection selection = {0};
    struct invoice_items found = {0};
    struct error err;
    json_t *json = invocation->json ? json_array() : NULL;
    bool differs = false;
    bool done = find_items(&selection, invocation, &found, &err);

    for (size_t i = 0; done && i < found.count; i++) {
        if (i > 0 && json == NULL)
            puts("\n");
        done =
            check_one(&selection, &found.items[i], argument_flag(invocation->arguments, "both"), json, &differs, &err);
    }
    if (done && found.count == 0)
        log_note("no month has a document of the vendor; 'invoice add' takes one down");
    if (done && json != NULL)
        done = cli_print_json(json, &err);
    else
        json_decref(json);
    selection_close(&selection);
    if (!done)
        return cli_failed(&err);
    return differs ? EXIT_CHECK : EXIT_DONE;
}
