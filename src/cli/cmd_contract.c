/* SPDX-License-Identifier: MIT */
/* headroom contract: adds agreements with the vendor, lists and shows them. */

#include <string.h>

#include "cli/command.h"
#include "cli/contract.h"
#include "cli/value.h"
#include "headroom/model.h"
#include "headroom/reconcile.h"
#include "statements.h"

static enum exit_code run_add(const struct invocation *invocation);
static enum exit_code run_list(const struct invocation *invocation);
static enum exit_code run_show(const struct invocation *invocation);

static const struct command contract_add = {
    .name = "add",
    .summary = "add a contract with its first terms",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "Writes down what was agreed with the vendor: how many unique handles a billing month are included, and what "
        "each one above costs. --limit, --price and --currency are needed.\n\n"
        "The price is exact decimal money: up to 12 decimals are kept as they are written; the amount of a charge is "
        "rounded once, to the currency's minor unit.\n\n"
        "Where no database is named, the private PostgreSQL cluster is made first.\n\n"
        "Counting rules: 'answered' counts users with a request that got an answer (2xx), 'attempted' also those whose "
        "requests failed otherwise than by 401 or 429, 'delivered' only those for whom at least one Tweet was "
        "delivered; '+app' counts the owners named in app-only requests too.",
    .options =
        (const struct option_spec[]){
            {"limit", 0, "N|none", "unique handles a billing month; none: counted, never over"},
            {"price", 0, "2.50", "price of one handle above the limit"},
            {"currency", 0, "USD", "ISO 4217 code of the price"},
            {"billing-day", 0, "D",
             "day on which the billing month begins, 1 to 31; a day past a month's end means its "
             "last day; default: 1"},
            {"time-zone", 0, "Z", "zone of the billing month and its days, as America/New_York; default: UTC"},
            {"from", 0, "DATE", "first day that is covered; default: 2006-01-01"},
            {"counting", 0, "RULE", "answered, attempted or delivered, each with or without +app; default: answered"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom contract add acme --limit 500 --price 2.50 --currency USD  # 500 handles a month, 2.50 for each "
            "one more",
            "headroom contract add acme-eu --limit 2000 --price 1.85 --currency EUR --billing-day 15 --time-zone "
            "Europe/Berlin --from 2026-03-15  # a billing month that begins on the 15th in Berlin",
            "headroom contract add trial --limit none --price 0 --currency USD  # count only",
            NULL,
        },
    .run = run_add,
};

static const struct command contract_list = {
    .name = "list",
    .summary = "list the contracts with the terms now in force",
    .description = "JSON: an array of contracts, each as 'contract show' prints it.",
    .examples = (const char *const[]){"headroom contract list  # all contracts", NULL},
    .run = run_list,
};

static const struct command contract_show = {
    .name = "show",
    .summary = "show a contract with all its terms",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "JSON: {name, time_zone, billing_day, counting, apps, end, notes, answers, dispute_days, alternatives, terms}, "
        "as 'contract export' has it but without the keys of apps; each of the terms: "
        "{from, limit, currency, pricing, fee, minimum, cap, tolerance, proration, time_zone, billing_day, counting}. "
        "What stands at the contract's level is the first term's value.",
    .options =
        (const struct option_spec[]){
            {"as-version", 0, "N", "as it was after that change; default: as it is"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom contract show acme  # its terms, the first ones first",
            "headroom contract show acme --as-version 1  # as it was agreed at first",
            "headroom contract show acme --json | jq .terms[-1].limit  # the limit last agreed",
            NULL,
        },
    .run = run_show,
};

const struct command cmd_contract = {
    .name = "contract",
    .summary = "add, change and show contracts and their terms",
    .subcommands = (const struct command *const[]){&contract_add, &contract_import, &contract_export, &contract_amend,
                                                   &contract_end, &contract_list, &contract_show, &contract_history,
                                                   &contract_diff, NULL},
};

/* ---- add ---- */

struct new_contract {
    const char *name, *limit, *price, *currency, *billing_day, *time_zone, *from, *counting;
};

static const char *or_default(const struct arguments *arguments, const char *option, const char *otherwise)
{
    const char *value = argument_option(arguments, option);
    return value != NULL ? value : otherwise;
}

static struct new_contract read_options(const struct arguments *arguments)
{
    return (struct new_contract){
        .name = argument_at(arguments, 0),
        .limit = argument_option(arguments, "limit"),
        .price = argument_option(arguments, "price"),
        .currency = argument_option(arguments, "currency"),
        .billing_day = or_default(arguments, "billing-day", "1"),
        .time_zone = or_default(arguments, "time-zone", "UTC"),
        .from = or_default(arguments, "from", "2006-01-01"),
        .counting = or_default(arguments, "counting", "answered"),
    };
}

static bool check_currency(const char *text, struct error *err)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (strlen(text) == 3 && strspn(text, letters) == 3)
        return true;
    return fail(err, EXIT_USAGE, "--currency '%s' is no currency code; write three capital letters, as USD", text);
}

static bool check_secret(const char *name, struct error *err)
{
    const char *fault = given_text_fault(str_of(name), SIZE_MAX);

    return fault == NULL || fail(err, EXIT_USAGE, "the contract's name %s; choose another one", fault);
}

static bool check_needed(const struct new_contract *new, struct error *err)
{
    if (new->limit == NULL)
        return fail(err, EXIT_USAGE,
                    "--limit is missing: how many unique handles a billing month are included, or none");
    if (new->price == NULL)
        return fail(err, EXIT_USAGE, "--price is missing: what one handle above the limit costs, as 2.50");
    if (new->currency == NULL)
        return fail(err, EXIT_USAGE, "--currency is missing: the ISO 4217 code of the price, as USD");
    return true;
}

static bool check_options(const struct new_contract *new, struct error *err)
{
    static const char *const rules[] = {"answered",  "answered+app",  "attempted", "attempted+app",
                                        "delivered", "delivered+app", NULL};
    bool unlimited = new->limit != NULL &&strcmp(new->limit, "none") == 0;
    return check_needed(new, err) && value_name("contract", new->name, err) && check_secret(new->name, err) &&
           (unlimited || value_count("limit", new->limit, 0, INT64_MAX, err)) &&
           value_price("price", new->price, err) && check_currency(new->currency, err) &&
           value_count("billing-day", new->billing_day, 1, 31, err) && value_date("from", new->from, err) &&
           value_choice("counting", new->counting, rules, err);
}

/* What is allowed and yet seldom meant. */
static void note_the_unusual(const struct new_contract *new)
{
    if (strspn(new->limit, "0") == strlen(new->limit))
        log_note("a limit of 0: every handle is overage");
    if (value_decimals(new->price) > 4)
        log_note("the price has %zu decimals: all are kept; each line of a charge is rounded to the currency's minor "
                 "unit",
                 value_decimals(new->price));
}

static bool insert(struct db *db, const struct new_contract *new, const char *by, struct error *err)
{
    const char *limit = strcmp(new->limit, "none") == 0 ? NULL : new->limit;
    const char *const values[] = {new->name, limit,         new->price, new->currency, new->billing_day, new->time_zone,
                                  new->from, new->counting, by};
    struct db_rows *rows = NULL;
    if (!db_query_one(db, &sql_contract_add, values, &rows, err)) {
        if (strcmp(err->sqlstate, "HR001") == 0)
            err->code = EXIT_USAGE;
        return false;
    }
    db_rows_free(rows);
    return true;
}

static bool open_home(const struct invocation *invocation, struct db **db, struct error *err)
{
    struct db_target target;
    return db_find_target(invocation->db, &target, err) && db_make_home(&target, err) &&
           db_open(db, &target, DB_WRITER, err);
}

static enum exit_code run_add(const struct invocation *invocation)
{
    struct error err;
    struct db *db = NULL;
    struct new_contract new = read_options(invocation->arguments);
    if (!check_options(&new, &err))
        return cli_usage(invocation, "%s", err.text);
    note_the_unusual(&new);
    bool done = open_home(invocation, &db, &err) && insert(db, &new, invocation->by, &err) &&
                contract_print(db, new.name, invocation->json, &err);
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}

/* ---- list and show ---- */

static enum exit_code run_list(const struct invocation *invocation)
{
    struct error err;
    struct db *db = NULL;
    bool done = cli_open(invocation, DB_READER, &db, &err) && contract_print_all(db, invocation->json, &err);
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}

static enum exit_code run_show(const struct invocation *invocation)
{
    struct error err;
    struct db *db = NULL;
    const char *name = argument_at(invocation->arguments, 0);
    const char *version = argument_option(invocation->arguments, "as-version");
    bool done = cli_open(invocation, DB_READER, &db, &err) &&
                (version != NULL ? contract_print_version(db, name, version, invocation->json, &err)
                                 : contract_print(db, name, invocation->json, &err));
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}
