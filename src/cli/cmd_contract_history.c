/* SPDX-License-Identifier: MIT */
/* headroom contract history and diff: what was changed, from what to what. */

#include <stdlib.h>
#include <string.h>

#include "cli/contract.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/text.h"
#include "cli/value.h"
#include "headroom/contracts.h"
#include "headroom/reconcile.h"
#include "statements.h"

#define KEY_SHOWN 8 /* hex digits of a key's digest */

static enum exit_code run_history(const struct invocation *invocation);
static enum exit_code run_diff(const struct invocation *invocation);

#define CHANGES_JSON                                                                                                   \
    "from and to are JSON values, null where there is none; a pointer (RFC 6901) names the value in the later "        \
    "version, or in the earlier one where it is gone. Of the key of an app only the beginning of its SHA-256 is "      \
    "shown."

const struct command contract_history = {
    .name = "history",
    .summary = "list a contract's versions: when, who, why, from what to what",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "Each version is a link of the chain of digests, which 'verify' proves.\n\n"
        "JSON: an array of {version, action, changed_at, changed_by, reason, chain_link, changes: [{pointer, "
        "from, to}]}; action is found (the contract was there before its versions began), add, import, "
        "amend or end; " CHANGES_JSON,
    .examples = (const char *const[]){"headroom contract history acme  # who changed what, and why", NULL},
    .run = run_history,
};

const struct command contract_diff = {
    .name = "diff",
    .summary = "show what differs between two versions of a contract",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .description = "JSON: {contract, from, to, changes: [{pointer, from, to}]}; " CHANGES_JSON,
    .options =
        (const struct option_spec[]){
            {"from", 0, "N", "the earlier version; default: the one before --to"},
            {"to", 0, "M", "the later version; default: the last"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom contract diff acme  # what the last change was",
            "headroom contract diff acme --from 1  # all that became of it since the first version",
            NULL,
        },
    .run = run_diff,
};

/* ---- differences ---- */

/* A key is told from another one, but not shown. */
static void mask_keys(const json_t *document)
{
    const json_t *apps = json_object_get(document, "apps");

    for (size_t i = 0; i < json_array_size(apps); i++) {
        json_t *app = json_array_get(apps, i);
        const char *key = json_string_value(json_object_get(app, "key"));
        unsigned char digest[DIGEST_SIZE];
        char hex[DIGEST_HEX_SIZE];
        if (key == NULL)
            continue;
        digest_of(key, strlen(key), digest);
        digest_hex(digest, hex);
        (void)json_object_set_new(app, "key", json_sprintf("sha256:%.*s…", KEY_SHOWN, hex));
    }
}

static bool load(const char *text, json_t **document, struct error *err)
{
    json_error_t why;

    *document = json_loads(text, 0, &why);
    if (*document == NULL)
        return fail(err, EXIT_CHECK, "a version on record cannot be read: %s; 'headroom verify' says what was changed",
                    why.text);
    mask_keys(*document);
    return true;
}

static json_t *value_json(const json_t *value)
{
    return value != NULL ? json_deep_copy(value) : json_null();
}

static void add_change(const char *pointer, const json_t *from, const json_t *to, void *context)
{
    json_t *changes = context;
    json_t *change = json_object();

    (void)json_object_set_new(change, "pointer", json_string(pointer));
    (void)json_object_set_new(change, "from", value_json(from));
    (void)json_object_set_new(change, "to", value_json(to));
    (void)json_array_append_new(changes, change);
}

static json_t *changes_json(json_t *from, json_t *to)
{
    json_t *changes = json_array();

    if (from != NULL)
        contract_compare(from, to, add_change, changes);
    return changes;
}

static void print_changes(const json_t *changes)
{
    for (size_t i = 0; i < json_array_size(changes); i++) {
        const json_t *change = json_array_get(changes, i);
        char *from = json_dumps(json_object_get(change, "from"), JSON_ENCODE_ANY);
        char *to = json_dumps(json_object_get(change, "to"), JSON_ENCODE_ANY);
        output_text("  %s: %s → %s\n", json_string_value(json_object_get(change, "pointer")), from, to);
        free(from);
        free(to);
    }
}

/* ---- history ---- */

static json_t *version_json(const struct db_rows *rows, size_t row, json_t *changes)
{
    json_t *version = json_object();

    (void)json_object_set_new(version, "version", json_integer(db_int64(rows, row, "version")));
    (void)json_object_set_new(version, "action", json_string(db_text(rows, row, "action")));
    (void)json_object_set_new(version, "changed_at", json_time(db_int64(rows, row, "changed_us")));
    (void)json_object_set_new(version, "changed_by", json_string(db_text(rows, row, "changed_by")));
    (void)json_object_set_new(version, "reason", json_text(db_text(rows, row, "reason")));
    (void)json_object_set_new(version, "chain_link",
                              db_is_null(rows, row, "chain_link") ? json_null()
                                                                  : json_integer(db_int64(rows, row, "chain_link")));
    (void)json_object_set(version, "changes", changes);
    return version;
}

static void print_version(const struct db_rows *rows, size_t row, const json_t *changes)
{
    const char *reason = db_text(rows, row, "reason");
    struct cell time;

    output_text("Version %s: %s, %s, by %s%s%s\n", db_text(rows, row, "version"), db_text(rows, row, "action"),
                cell_time(&time, db_int64(rows, row, "changed_us")), db_text(rows, row, "changed_by"),
                reason != NULL ? ": " : "", reason != NULL ? reason : "");
    print_changes(changes);
}

/* all: collects JSON; NULL prints text. */
static bool show_versions(const struct db_rows *rows, json_t *all, struct error *err)
{
    json_t *before = NULL;
    bool done = true;

    for (size_t i = 0; done && i < db_rows_count(rows); i++) {
        json_t *document = NULL;
        done = load(db_text(rows, i, "document"), &document, err);
        if (!done)
            break;
        json_t *changes = changes_json(before, document);
        if (all != NULL)
            (void)json_array_append_new(all, version_json(rows, i, changes));
        else
            print_version(rows, i, changes);
        json_decref(changes);
        json_decref(before);
        before = document;
    }
    json_decref(before);
    return done;
}

static bool print_history(const struct db_rows *rows, bool json, struct error *err)
{
    json_t *all = json ? json_array() : NULL;

    if (!json && db_rows_count(rows) == 0)
        log_note("nothing is on record: the contract was added before changes were kept, and has not changed since");
    if (!show_versions(rows, all, err)) {
        json_decref(all);
        return false;
    }
    return json ? cli_print_json(all, err) : output_ok(stdout, err);
}

bool contract_fetch_versions(struct db *db, const char *name, struct db_rows **rows, struct error *err)
{
    struct arena *arena = arena_new();
    struct reconcile_contract contract;
    char id[24];
    bool done = reconcile_find_contract(db, name, arena, &contract, err);

    if (done) {
        snprintf(id, sizeof id, "%lld", (long long)contract.id);
        done = db_query(db, &sql_contract_history, (const char *const[]){id}, rows, err);
    }
    arena_free(arena);
    return done;
}

static enum exit_code run_history(const struct invocation *invocation)
{
    struct error err;
    struct db *db = NULL;
    struct db_rows *rows = NULL;
    bool done = cli_open(invocation, DB_READER, &db, &err) &&
                contract_fetch_versions(db, argument_at(invocation->arguments, 0), &rows, &err) &&
                print_history(rows, invocation->json, &err);

    db_rows_free(rows);
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}

/* ---- diff ---- */

bool contract_find_version(const struct db_rows *versions, const char *option, const char *text, size_t *row,
                           struct error *err)
{
    size_t count = db_rows_count(versions);
    int64_t number;

    if (!value_count(option, text, 1, INT64_MAX, err) || !str_to_int64(str_of(text), 1, INT64_MAX, &number))
        return false;
    if ((uint64_t)number > count)
        return fail(err, EXIT_USAGE, "--%s %s: there is no such version; the last is %zu", option, text, count);
    *row = (size_t)number - 1; /* they are numbered from 1 without a gap */
    return true;
}

static bool find_versions(const struct db_rows *rows, const struct arguments *arguments, size_t *from, size_t *to,
                          struct error *err)
{
    const char *first = argument_option(arguments, "from");
    const char *last = argument_option(arguments, "to");
    size_t count = db_rows_count(rows);

    if (count == 0)
        return fail(err, EXIT_COMMAND, "the contract has no versions on record: it has not changed since it was added");
    *to = count - 1;
    if (last != NULL && !contract_find_version(rows, "to", last, to, err))
        return false;
    *from = *to > 0 ? *to - 1 : 0;
    return first == NULL || contract_find_version(rows, "from", first, from, err);
}

static bool print_diff(const char *name, size_t from, size_t to, json_t *changes, bool json, struct error *err)
{
    if (json) {
        json_t *document = json_pack("{s:s, s:I, s:I, s:O}", "contract", name, "from", (json_int_t)from + 1, "to",
                                     (json_int_t)to + 1, "changes", changes);
        return cli_print_json(document, err);
    }
    if (json_array_size(changes) == 0)
        printf("Versions %zu and %zu are alike.\n", from + 1, to + 1);
    else
        printf("From version %zu to %zu:\n", from + 1, to + 1);
    print_changes(changes);
    return output_ok(stdout, err);
}

static bool diff(const struct invocation *invocation, const struct db_rows *rows, struct error *err)
{
    size_t from = 0;
    size_t to = 0;
    json_t *before = NULL;
    json_t *after = NULL;
    bool done = find_versions(rows, invocation->arguments, &from, &to, err) &&
                load(db_text(rows, from, "document"), &before, err) && load(db_text(rows, to, "document"), &after, err);

    if (done) {
        json_t *changes = changes_json(before, after);
        done = print_diff(argument_at(invocation->arguments, 0), from, to, changes, invocation->json, err);
        json_decref(changes);
    }
    json_decref(before);
    json_decref(after);
    return done;
}

static enum exit_code run_diff(const struct invocation *invocation)
{
    struct error err;
    struct db *db = NULL;
    struct db_rows *rows = NULL;
    bool done = cli_open(invocation, DB_READER, &db, &err) &&
                contract_fetch_versions(db, argument_at(invocation->arguments, 0), &rows, &err) &&
                diff(invocation, rows, &err);

    db_rows_free(rows);
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}
