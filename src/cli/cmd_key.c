/* SPDX-License-Identifier: MIT */
/* headroom key: who may send events over HTTP. */

#include "cli/json.h"
#include "cli/output.h"
#include "cli/rows_list.h"
#include "cli/selection.h"
#include "cli/value.h"
#include "headroom/keys.h"
#include "statements.h"

static enum exit_code run_add(const struct invocation *invocation);
static enum exit_code run_list(const struct invocation *invocation);
static enum exit_code run_revoke(const struct invocation *invocation);

static const struct command key_add_command = {
    .name = "add",
    .summary = "make an API key; it is shown this once",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "The key stands alone on standard output, so that it can go straight into a secret store; only its SHA-256 is "
        "kept, and nobody can show it again. NAME says who uses it. A key with --contract is for events of that "
        "contract alone: they need not name it, and a request with an event that names another one is refused whole. "
        "'headroom serve' knows a new key within two seconds.\n\n"
        "JSON: {name, contract, key, by}; contract is null where it may be any.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "the only contract that the key is for; default: any"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom key add billing-app --contract acme  # shown once",
            "headroom key add batch-job >/run/secrets/headroom-key  # straight to where it belongs",
            NULL,
        },
    .run = run_add,
};

static const struct command key_list_command = {
    .name = "list",
    .summary = "list the API keys: whose, for what, since when; never the key",
    .description = "JSON: an array of {name, contract, added_at, added_by, revoked_at, revoked_by}; contract is null "
                   "where it may be any, the last two where the key is in force.",
    .options =
        (const struct option_spec[]){
            {"all", 0, NULL, "also keys that were revoked"},
            {0},
        },
    .examples = (const char *const[]){"headroom key list --all  # who could ever send events", NULL},
    .run = run_list,
};

static const struct command key_revoke_command = {
    .name = "revoke",
    .summary = "revoke an API key: requests with it are refused",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .description = "It stays in 'key list --all', with who revoked it and when; its name may be given again. 'headroom "
                   "serve' refuses it within two seconds.\n\n"
                   "JSON: {name, by}.",
    .examples = (const char *const[]){"headroom key revoke billing-app  # the key that leaked", NULL},
    .run = run_revoke,
};

const struct command cmd_key = {
    .name = "key",
    .summary = "make, list and revoke the API keys of those who send events over HTTP",
    .subcommands = (const struct command *const[]){&key_add_command, &key_list_command, &key_revoke_command, NULL},
};

/* ---- add ---- */

static bool print_added(const struct invocation *invocation, const char *contract, const char *key, struct error *err)
{
    const char *name = argument_at(invocation->arguments, 0);

    if (!invocation->json) {
        output_text("%s\n", key);
        log_note("key '%s' is made, for events of %s%s; it is not shown again", name,
                 contract != NULL ? "contract " : "any contract", contract != NULL ? contract : "");
        return true;
    }
    json_t *object = json_object();
    (void)json_object_set_new(object, "name", json_text(name));
    (void)json_object_set_new(object, "contract", json_text(contract));
    (void)json_object_set_new(object, "key", json_text(key));
    (void)json_object_set_new(object, "by", json_text(invocation->by));
    return cli_print_json(object, err);
}

static enum exit_code run_add(const struct invocation *invocation)
{
    const char *name = argument_at(invocation->arguments, 0);
    const char *contract = argument_option(invocation->arguments, "contract");
    char id[SELECTION_ID_SIZE], key[KEY_TEXT_SIZE];
    const char *contract_id = NULL;
    struct db *db = NULL;
    struct error err;

    if (!value_name("key", name, &err))
        return cli_usage(invocation, "%s", err.text);
    bool done =
        cli_open(invocation, DB_WRITER, &db, &err) && selection_contract(db, contract, id, &contract_id, &err) &&
        key_add(db, name, contract_id, invocation->by, key, &err) && print_added(invocation, contract, key, &err);
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}

/* ---- list ---- */

static const struct rows_column columns[] = {
    {"name", "NAME", ROWS_TEXT},         {"contract", "CONTRACT", ROWS_TEXT},  {"added_at", "ADDED", ROWS_TIME},
    {"added_by", "ADDED BY", ROWS_TEXT}, {"revoked_at", "REVOKED", ROWS_TIME}, {"revoked_by", "REVOKED BY", ROWS_TEXT},
};

static enum exit_code run_list(const struct invocation *invocation)
{
    const char *all = argument_flag(invocation->arguments, "all") ? "true" : "false";
    struct db *db = NULL;
    struct error err;
    size_t count = 0;
    bool done = cli_open(invocation, DB_READER, &db, &err) &&
                rows_list_print(db, &sql_key_list, (const char *const[]){all}, columns, ARRAY_LENGTH(columns),
                                invocation->json, &count, &err);

    if (done && count == 0 && !invocation->json)
        log_note("there is no key in force; 'headroom key add NAME' makes one");
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}

/* ---- revoke ---- */

static bool print_revoked(const struct invocation *invocation, const char *name, struct error *err)
{
    if (!invocation->json) {
        output_text("key %s is revoked\n", name);
        return true;
    }
    json_t *object = json_object();
    (void)json_object_set_new(object, "name", json_text(name));
    (void)json_object_set_new(object, "by", json_text(invocation->by));
    return cli_print_json(object, err);
}

static enum exit_code run_revoke(const struct invocation *invocation)
{
    const char *name = argument_at(invocation->arguments, 0);
    struct db *db = NULL;
    struct error err;
    bool done = cli_open(invocation, DB_WRITER, &db, &err) && key_revoke(db, name, invocation->by, &err) &&
                print_revoked(invocation, name, &err);

    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}
