/* SPDX-License-Identifier: MIT */
/* headroom contract import and export: contracts as JSON. */

#include <stdlib.h>
#include <string.h>

#include "cli/contract.h"
#include "cli/contract_change.h"
#include "cli/value.h"
#include "headroom/reconcile.h"
#include "statements.h"

static enum exit_code run_import(const struct invocation *invocation);
static enum exit_code run_export(const struct invocation *invocation);

const struct command contract_import = {
    .name = "import",
    .summary = "add contracts from a JSON file, or change them",
    .operands = "FILE",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "The file holds one contract or an array of them; - is standard input. All are taken or none. A contract that "
        "is there already and is like its document stays as it is; one that differs is changed with --update "
        "--reason.\n\n"
        "A contract: {name, time_zone, billing_day, counting, apps: [{name, key}], end, notes, answers: [{question, "
        "answer, date, by}], dispute_days, alternatives: [{name, limit, fee, pricing}], terms: [{from, limit, "
        "currency, pricing, fee, minimum, cap, tolerance: {units, cliff}, proration, time_zone, billing_day, "
        "counting}]}. Needed are the name, and in each of the terms from, limit (a number or null), currency and "
        "pricing. Terms stand in the order of their dates. What stands at the contract's level is the first terms' "
        "value; a later time_zone, billing_day or counting that is absent is as in the terms before.\n\n"
        "Pricing: {\"model\": \"flat\", \"unit_price\": \"2.50\"}, {\"model\": \"graduated\" or \"volume\", \"tiers\": "
        "[{\"up_to\": 100, \"unit_price\": \"2.50\", \"flat_fee\": \"0\"}, {\"up_to\": null, \"unit_price\": "
        "\"2.25\"}]}, or {\"model\": \"package\", \"size\": 25, \"price\": \"40\"}. Money is a string, so that no "
        "amount passes through a float.\n\n"
        "A wrong value is told by its place (a JSON pointer, RFC 6901: /terms/0/limit).\n\n" CONTRACT_CHANGE_JSON,
    .options =
        (const struct option_spec[]){
            {"update", 0, NULL, "change contracts that are there already and differ"},
            {"reason", 0, "R", "why, for the record; needed with --update"},
            {"dry-run", 0, NULL, CONTRACT_DRY_RUN_HELP},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom contract import acme.json  # add what is new, refuse what differs",
            "headroom contract import acme.json --update --reason 'amendment 2' --dry-run  # what would change",
            NULL,
        },
    .run = run_import,
};

const struct command contract_export = {
    .name = "export",
    .summary = "print contracts as JSON that can be imported",
    .operands = "[NAME…]",
    .operands_max = SIZE_MAX,
    .description =
        "An array of the named contracts, or of all of them, with every default written out. Only this shows the keys "
        "of apps. It is JSON with or without --json.",
    .examples =
        (const char *const[]){
            "headroom contract export acme >acme.json  # to edit and import again",
            "headroom contract export  # all contracts",
            NULL,
        },
    .run = run_export,
};

/* ---- import ---- */

struct import {
    struct db *db;
    struct arena *arena;
    struct contract_currencies currencies;
    struct db_rows *known; /* contract_names */
    json_t *given;         /* an array */
    json_t *before;        /* the documents of those that are there; null for new ones */
    json_t *documents;     /* checked */
    struct contract_change *changes;
    bool update;
};

static bool read_file(const char *name, json_t **given, struct error *err)
{
    struct buffer content;
    bool done = contract_read_file(name, &content, err) &&
                contract_parse((struct str){content.data != NULL ? content.data : "", content.size},
                               strcmp(name, "-") == 0 ? "standard input" : name, given, err);

    buffer_free(&content);
    return done;
}

static int64_t find_known(const struct import *import, const char *name)
{
    for (size_t i = 0; i < db_rows_count(import->known); i++)
        if (strcmp(db_text(import->known, i, "name"), name) == 0)
            return db_int64(import->known, i, "contract_id");
    return 0;
}

static bool refuse_twice(const struct import *import, size_t place, struct error *err)
{
    const json_t *name = json_object_get(json_array_get(import->documents, place), "name");

    for (size_t i = 0; i < place; i++)
        if (json_equal(json_object_get(json_array_get(import->documents, i), "name"), name))
            return fail(err, EXIT_USAGE, "%s/name: contract '%s' stands at /%zu already; write it once",
                        import->changes[place].at, json_string_value(name), i);
    return true;
}

struct first_difference {
    char text[200];
};

static void note_difference(const char *pointer, const json_t *from, const json_t *to, void *context)
{
    struct first_difference *first = context;
    (void)from, (void)to;
    if (first->text[0] == '\0')
        snprintf(first->text, sizeof first->text, "%s", pointer);
}

static bool check_update(const struct import *import, size_t place, struct error *err)
{
    json_t *before = json_array_get(import->before, place);
    json_t *document = json_array_get(import->documents, place);
    struct first_difference first = {""};

    if (import->update || json_is_null(before))
        return true;
    contract_compare(before, document, note_difference, &first);
    return first.text[0] == '\0' ||
           fail(err, EXIT_COMMAND,
                "contract '%s' is there already, and %s%s differs; --update --reason R changes it, and --dry-run shows "
                "what that does",
                json_string_value(json_object_get(document, "name")), import->changes[place].at, first.text);
}

static bool read_one(struct import *import, size_t place, bool alone, struct error *err)
{
    struct contract_change *change = &import->changes[place];
    char *at = arena_alloc(import->arena, 24);
    json_t *document = NULL;
    json_t *before = json_null();

    snprintf(at, 24, "/%zu", place);
    change->at = alone ? "" : at;
    change->given = json_array_get(import->given, place);
    if (!contract_check(json_array_get(import->given, place), change->at, &import->currencies, &document, err))
        return false;
    (void)json_array_append_new(import->documents, document);
    change->document = document;
    change->contract_id = find_known(import, json_string_value(json_object_get(document, "name")));
    if (change->contract_id != 0 && !contract_fetch(import->db, change->contract_id, &before, err))
        return false;
    (void)json_array_append_new(import->before, before);
    change->before = before;
    return refuse_twice(import, place, err) && check_update(import, place, err);
}

static bool read_all(struct import *import, struct error *err)
{
    size_t count = json_array_size(import->given);

    if (count == 0)
        log_note("there is no contract in it");
    import->changes = arena_alloc(import->arena, (count + 1) * sizeof *import->changes);
    if (!contract_fetch_currencies(import->db, import->arena, &import->currencies, err) ||
        !db_query(import->db, &sql_contract_names, NULL, &import->known, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!read_one(import, i, count == 1, err))
            return false;
    return true;
}

static bool check_import(const struct invocation *invocation, struct error *err)
{
    const char *reason = argument_option(invocation->arguments, "reason");
    bool update = argument_flag(invocation->arguments, "update");

    return (!update && reason == NULL) || value_reason(reason, err);
}

/* A dry run makes no cluster. */
static bool open_for_import(const struct invocation *invocation, struct db_target *target, struct db **db,
                            struct error *err)
{
    bool dry_run = argument_flag(invocation->arguments, "dry-run");

    return db_find_target(invocation->db, target, err) && (dry_run || db_make_home(target, err)) &&
           db_open(db, target, DB_READER, err);
}

static bool import_all(const struct invocation *invocation, struct import *import, struct error *err)
{
    struct db_target target;
    struct contract_plan plan = {.action = "import",
                                 .reason = argument_option(invocation->arguments, "reason"),
                                 .by = invocation->by,
                                 .dry_run = argument_flag(invocation->arguments, "dry-run"),
                                 .count = json_array_size(import->given)};
    struct contract_result *results = arena_alloc(import->arena, (plan.count + 1) * sizeof *results);

    if (!open_for_import(invocation, &target, &import->db, err) || !read_all(import, err))
        return false;
    if (plan.count == 0)
        log_note("the array is empty: it holds no contract");
    plan.changes = import->changes;
    return contract_apply(&target, &plan, import->arena, results, err) &&
           contract_print_results(&plan, results, plan.count, invocation->json, err);
}

static enum exit_code run_import(const struct invocation *invocation)
{
    struct error err;
    struct import import = {.arena = arena_new(),
                            .before = json_array(),
                            .documents = json_array(),
                            .update = argument_flag(invocation->arguments, "update")};
    enum exit_code code = EXIT_DONE;

    if (!check_import(invocation, &err))
        code = cli_usage(invocation, "%s", err.text);
    else if (!read_file(argument_at(invocation->arguments, 0), &import.given, &err) ||
             !import_all(invocation, &import, &err))
        code = cli_failed(&err);
    db_rows_free(import.known);
    db_close(import.db);
    json_decref(import.given);
    json_decref(import.before);
    json_decref(import.documents);
    arena_free(import.arena);
    return code;
}

/* ---- export ---- */

static bool add_export(struct db *db, const char *name, struct arena *arena, json_t *array, struct error *err)
{
    struct reconcile_contracts contracts;

    if (!reconcile_find_contracts(db, name, arena, &contracts, err))
        return false;
    for (size_t i = 0; i < contracts.count; i++) {
        json_t *document = NULL;
        if (!contract_fetch(db, contracts.items[i].id, &document, err))
            return false;
        (void)json_array_append_new(array, document);
    }
    return true;
}

static enum exit_code run_export(const struct invocation *invocation)
{
    struct error err;
    struct db *db = NULL;
    struct arena *arena = arena_new();
    json_t *array = json_array();
    size_t count = argument_count(invocation->arguments);
    bool done = cli_open(invocation, DB_READER, &db, &err) && db_begin_snapshot(db, &err);

    for (size_t i = 0; done && i < (count > 0 ? count : 1); i++)
        done = add_export(db, argument_at(invocation->arguments, i), arena, array, &err);
    done = done && cli_print_json(json_incref(array), &err);
    json_decref(array);
    db_close(db);
    arena_free(arena);
    return done ? EXIT_DONE : cli_failed(&err);
}
