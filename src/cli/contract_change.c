/* SPDX-License-Identifier: MIT */
/* What the commands that change contracts share: from the document at hand to what became of the months. */

#include "cli/contract_change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/output.h"
#include "cli/text.h"
#include "headroom/reconcile.h"

#define FILE_SIZE_MAX ((size_t)16 << 20)

/* ---- files ---- */

static bool read_stream(FILE *file, const char *name, struct buffer *content, struct error *err)
{
    char chunk[65536];
    size_t size;

    while ((size = fread(chunk, 1, sizeof chunk, file)) > 0) {
        if (!buffer_add(content, chunk, size))
            return fail(err, EXIT_USAGE, "%s is too big: a file of contracts has at most 16 MiB", name);
    }
    return !ferror(file) || fail(err, EXIT_COMMAND, "%s cannot be read: %s", name, strerror(errno));
}

bool contract_read_file(const char *name, struct buffer *content, struct error *err)
{
    bool is_input = strcmp(name, "-") == 0;
    FILE *file = is_input ? stdin : fopen(name, "rbe");

    buffer_init(content, FILE_SIZE_MAX);
    if (file == NULL)
        return fail(err, EXIT_USAGE, "%s cannot be opened: %s", name, strerror(errno));
    bool done = read_stream(file, is_input ? "standard input" : name, content, err);
    if (!is_input)
        (void)fclose(file);
    return done;
}

/* ---- what became of it ---- */

static const char *state_of(const struct contract_change *change, const struct contract_result *result)
{
    if (result->version == 0)
        return "unchanged";
    return change->contract_id == 0 ? "added" : "changed";
}

static json_t *limit_json(int64_t limit, const char *charge)
{
    return charge == NULL || limit == RECONCILE_NO_LIMIT ? json_null() : json_integer(limit);
}

static json_t *month_json(const struct contract_month *month)
{
    const char *currency = month->currency_after != NULL ? month->currency_after : month->currency_before;
    json_t *object = json_object();

    (void)json_object_set_new(object, "month", json_string(month->month));
    (void)json_object_set_new(object, "closed", json_boolean(month->is_closed));
    (void)json_object_set_new(object, "limit_before", limit_json(month->limit_before, month->charge_before));
    (void)json_object_set_new(object, "limit", limit_json(month->limit_after, month->charge_after));
    (void)json_object_set_new(object, "unique_handles_before", json_integer(month->handles_before));
    (void)json_object_set_new(object, "unique_handles", json_integer(month->handles_after));
    (void)json_object_set_new(object, "charge_before", json_text(month->charge_before));
    (void)json_object_set_new(object, "charge", json_text(month->charge_after));
    (void)json_object_set_new(object, "currency", json_text(currency));
    return object;
}

static json_t *results_json(const struct contract_plan *plan, const struct contract_result *results, size_t count)
{
    json_t *document = json_object();
    json_t *contracts = json_array();

    (void)json_object_set_new(document, "action", json_string(plan->action));
    (void)json_object_set_new(document, "dry_run", json_boolean(plan->dry_run));
    for (size_t i = 0; i < count; i++) {
        json_t *contract = json_object();
        json_t *months = json_array();
        for (size_t k = 0; k < results[i].month_count; k++)
            (void)json_array_append_new(months, month_json(&results[i].months[k]));
        (void)json_object_set_new(contract, "contract", json_string(results[i].name));
        (void)json_object_set_new(contract, "state", json_string(state_of(&plan->changes[i], &results[i])));
        (void)json_object_set_new(contract, "version",
                                  results[i].version != 0 ? json_integer(results[i].version) : json_null());
        (void)json_object_set_new(contract, "months", months);
        (void)json_array_append_new(contracts, contract);
    }
    (void)json_object_set_new(document, "contracts", contracts);
    return document;
}

/* "500 → 600", or one of them where they are alike. */
static const char *from_to(char *text, size_t size, const char *from, const char *to)
{
    if (strcmp(from, to) == 0)
        snprintf(text, size, "%s", to);
    else
        snprintf(text, size, "%s → %s", from, to);
    return text;
}

static void add_month(struct table *table, const struct contract_month *month)
{
    struct cell limits[2], handles[2], charges[2];
    char limit[2 * CELL_SIZE], handle[2 * CELL_SIZE], charge[2 * CELL_SIZE];
    bool was = month->charge_before != NULL;
    bool is = month->charge_after != NULL;

    table_add(table, (const char *const[]){
                         month->month,
                         from_to(limit, sizeof limit, was ? cell_limit(&limits[0], month->limit_before) : "–",
                                 is ? cell_limit(&limits[1], month->limit_after) : "–"),
                         from_to(handle, sizeof handle, was ? cell_count(&handles[0], month->handles_before) : "–",
                                 is ? cell_count(&handles[1], month->handles_after) : "–"),
                         from_to(charge, sizeof charge,
                                 was ? cell_money(&charges[0], month->charge_before, month->currency_before) : "–",
                                 is ? cell_money(&charges[1], month->charge_after, month->currency_after) : "–"),
                         month->is_closed ? "closed: becomes an adjustment" : "",
                     });
}

static void print_months(const struct contract_result *result)
{
    static const struct table_column columns[] = {
        {"MONTH", TABLE_LEFT},   {"LIMIT", TABLE_RIGHT}, {"UNIQUE HANDLES", TABLE_RIGHT},
        {"CHARGE", TABLE_RIGHT}, {"", TABLE_LEFT},
    };
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < result->month_count; i++)
        add_month(table, &result->months[i]);
    if (result->month_count > 0)
        table_print(table, stdout);
    table_free(table);
}

bool contract_print_results(const struct contract_plan *plan, const struct contract_result *results, size_t count,
                            bool json, struct error *err)
{
    if (json)
        return cli_print_json(results_json(plan, results, count), err);
    for (size_t i = 0; i < count; i++) {
        const char *state = state_of(&plan->changes[i], &results[i]);
        if (results[i].version == 0)
            output_text("%s: unchanged\n", results[i].name);
        else if (plan->dry_run)
            output_text("%s: would be %s, as version %lld\n", results[i].name, state, (long long)results[i].version);
        else
            output_text("%s: %s, version %lld\n", results[i].name, state, (long long)results[i].version);
        print_months(&results[i]);
    }
    if (plan->dry_run)
        puts("Dry run: nothing was changed.");
    return output_ok(stdout, err);
}

/* ---- one contract ---- */

/* The contract as it is. *document is the caller's. */
static bool open_one(const struct invocation *invocation, struct arena *arena, struct db **db, int64_t *contract_id,
                     json_t **document, struct error *err)
{
    struct reconcile_contract contract;

    if (!cli_open(invocation, DB_READER, db, err) ||
        !reconcile_find_contract(*db, argument_at(invocation->arguments, 0), arena, &contract, err))
        return false;
    *contract_id = contract.id;
    return contract_fetch(*db, contract.id, document, err);
}

static bool change_one(const struct invocation *invocation, struct db *db, const char *action, int64_t contract_id,
                       const json_t *before, json_t *given, struct arena *arena, struct error *err)
{
    struct db_target target;
    struct contract_currencies currencies;
    struct contract_result result;
    struct contract_change change = {.contract_id = contract_id, .before = before, .at = ""};
    const struct contract_plan plan = {.action = action,
                                       .reason = argument_option(invocation->arguments, "reason"),
                                       .by = invocation->by,
                                       .dry_run = argument_flag(invocation->arguments, "dry-run"),
                                       .changes = &change,
                                       .count = 1};
    json_t *document = NULL;

    bool done = contract_fetch_currencies(db, arena, &currencies, err) &&
                contract_check(given, "", &currencies, &document, err);
    change.document = document;
    done = done && db_find_target(invocation->db, &target, err) &&
           contract_apply(&target, &plan, arena, &result, err) &&
           contract_print_results(&plan, &result, 1, invocation->json, err);
    json_decref(document);
    return done;
}

enum exit_code contract_edit(const struct invocation *invocation, const char *action, contract_edit_fn *edit)
{
    struct error err;
    struct db *db = NULL;
    struct arena *arena = arena_new();
    int64_t contract_id;
    json_t *before = NULL;
    json_t *document = NULL;

    bool done = open_one(invocation, arena, &db, &contract_id, &before, &err);
    if (done) {
        document = json_deep_copy(before);
        done = edit(db, contract_id, invocation->arguments, document, &err) &&
               change_one(invocation, db, action, contract_id, before, document, arena, &err);
    }
    json_decref(document);
    json_decref(before);
    db_close(db);
    arena_free(arena);
    return done ? EXIT_DONE : cli_failed(&err);
}
