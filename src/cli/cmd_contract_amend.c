/* SPDX-License-Identifier: MIT */
/* headroom contract amend: the document as it is, with some values changed. */

#include <stdlib.h>
#include <string.h>

#include "cli/contract.h"
#include "cli/contract_change.h"
#include "cli/value.h"
#include "headroom/model.h"
#include "headroom/reconcile.h"
#include "statements.h"

static enum exit_code run_amend(const struct invocation *invocation);

const struct command contract_amend = {
    .name = "amend",
    .summary = "change a contract's terms from a billing month on",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "With --from, terms like those of that month, with what the options say changed, hold from its beginning on, "
        "until the next terms that there are. The month must not be closed, and for another billing day or time zone "
        "neither the one before it, which such a change makes longer or shorter. A later month that is closed gets an "
        "adjustment. The months touched are counted again from their events, which takes some seconds for each "
        "million; loads of the contract wait meanwhile.\n\n"
        "Without --from, what holds for the contract as a whole is changed: notes, dispute days, apps. Everything "
        "else, as answers of the vendor, is changed by 'contract export' and 'contract import --update'.\n\n"
        "Every change is on record: see 'contract history'.\n\n" CONTRACT_CHANGE_JSON,
    .options =
        (const struct option_spec[]){
            {"from", 0, "2026-10|this|last", "the first billing month that is to be otherwise"},
            {"limit", 0, "N|none", "unique handles a billing month; none: counted, never over"},
            {"price", 0, "2.50", "a flat price for each handle above the limit"},
            {"pricing", 0, "JSON|@FILE", "any other price, as in 'contract import'"},
            {"currency", 0, "USD", "ISO 4217 code of all amounts"},
            {"fee", 0, "A|none", "the contract's fixed fee"},
            {"minimum", 0, "A|none", "the least that overage costs"},
            {"cap", 0, "A|none", "the most that overage costs"},
            {"tolerance", 0, "N", "units of overage that are free; without --cliff only those above it are charged"},
            {"cliff", 0, NULL, "above the tolerance all units are charged"},
            {"proration", 0, "none|daily", "whether a period that is cut has its share of the limit"},
            {"billing-day", 0, "D", "day on which the billing month begins, 1 to 31"},
            {"time-zone", 0, "Z", "zone of the billing month and its days"},
            {"counting", 0, "RULE", "answered, attempted or delivered, each with or without +app"},
            {"notes", 0, "TEXT|none", "what else is worth knowing"},
            {"dispute-days", 0, "N|none", "days after an invoice's date within which it can be disputed"},
            {"app", 0, "NAME=KEY", "an app of the contract by its consumer key, added or named anew"},
            {"remove-app", 0, "NAME", "an app that is no longer of the contract"},
            {"reason", 0, "R", "why, for the record; needed"},
            {"dry-run", 0, NULL, CONTRACT_DRY_RUN_HELP},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom contract amend acme --from 2026-10 --limit 800 --reason 'amendment 2' --dry-run  # what it does",
            "headroom contract amend acme --from 2026-10 --limit 800 --price 2.25 --reason 'amendment 2'  # do it",
            "headroom contract amend acme --from this --pricing @tiers.json --reason 'brackets'  # from now on",
            "headroom contract amend acme --app web=consumer-key --reason 'a new app'  # whose requests these are",
            NULL,
        },
    .run = run_amend,
};

/* ---- values of terms ---- */

enum amend_kind {
    AMEND_COUNT,    /* a number */
    AMEND_COUNT_OR, /* a number, or none */
    AMEND_TEXT,     /* as it is */
    AMEND_TEXT_OR,  /* as it is, or none */
};
static const struct value_option {
    const char *option;
    const char *key;
    enum amend_kind kind;
} term_options[] =
    {
        {"limit", "limit", AMEND_COUNT_OR},
        {"currency", "currency", AMEND_TEXT},
        {"fee", "fee", AMEND_TEXT_OR},
        {"minimum", "minimum", AMEND_TEXT_OR},
        {"cap", "cap", AMEND_TEXT_OR},
        {"proration", "proration", AMEND_TEXT},
        {"billing-day", "billing_day", AMEND_COUNT},
        {"time-zone", "time_zone", AMEND_TEXT},
        {"counting", "counting", AMEND_TEXT},
},
  contract_options[] = {
      {"notes", "notes", AMEND_TEXT_OR},
      {"dispute-days", "dispute_days", AMEND_COUNT_OR},
};
/* Options of terms that take more than one value to its place. */
static const char *const other_options[] = {"price", "pricing", "tolerance"};

static bool set_value(json_t *object, const struct value_option *option, const char *text, struct error *err)
{
    int64_t count;
    bool may_be_none = option->kind == AMEND_COUNT_OR || option->kind == AMEND_TEXT_OR;

    if (may_be_none && strcmp(text, "none") == 0)
        return json_object_set_new(object, option->key, json_null()) == 0;
    if (option->kind == AMEND_TEXT || option->kind == AMEND_TEXT_OR)
        return json_object_set_new(object, option->key, json_string(text)) == 0 ||
               fail(err, EXIT_USAGE, "--%s is not UTF-8", option->option);
    if (!value_count(option->option, text, 0, INT64_MAX, err) || !str_to_int64(str_of(text), 0, INT64_MAX, &count))
        return false;
    return json_object_set_new(object, option->key, json_integer(count)) == 0;
}

static bool set_values(json_t *object, const struct value_option *options, size_t count,
                       const struct arguments *arguments, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = argument_option(arguments, options[i].option);
        if (text != NULL && !set_value(object, &options[i], text, err))
            return false;
    }
    return true;
}

/* JSON, or "@" and the file that holds it. */
static bool read_pricing(const char *text, json_t **pricing, struct error *err)
{
    struct buffer content = {0};
    struct str json = str_of(text);
    json_error_t why;

    if (text[0] == '@') {
        if (!contract_read_file(text + 1, &content, err)) {
            buffer_free(&content);
            return fail_within(err, "--pricing");
        }
        json = (struct str){content.data != NULL ? content.data : "", content.size};
    }
    *pricing = json_loadb(json.data, json.size, JSON_REJECT_DUPLICATES, &why);
    buffer_free(&content);
    return *pricing != NULL ||
           fail(err, EXIT_USAGE, "--pricing is no JSON: line %d, column %d: %s", why.line, why.column, why.text);
}

static bool set_pricing(json_t *terms, const struct arguments *arguments, struct error *err)
{
    const char *price = argument_option(arguments, "price");
    const char *text = argument_option(arguments, "pricing");
    json_t *pricing = NULL;

    if (price != NULL && text != NULL)
        return fail(err, EXIT_USAGE, "--price and --pricing both say what a handle costs; give one of them");
    if (price != NULL && !value_price("price", price, err))
        return false;
    if (text != NULL && !read_pricing(text, &pricing, err))
        return false;
    if (price != NULL)
        pricing = json_pack("{s:s, s:s}", "model", "flat", "unit_price", price);
    return pricing == NULL || json_object_set_new(terms, "pricing", pricing) == 0;
}

static bool set_tolerance(json_t *terms, const struct arguments *arguments, struct error *err)
{
    const char *text = argument_option(arguments, "tolerance");
    json_t *tolerance = json_object_get(terms, "tolerance");
    bool cliff = argument_flag(arguments, "cliff");
    int64_t units;

    if (text != NULL) {
        if (!value_count("tolerance", text, 0, INT64_MAX, err) || !str_to_int64(str_of(text), 0, INT64_MAX, &units))
            return false;
        (void)json_object_set_new(tolerance, "units", json_integer(units));
    }
    if (text != NULL || cliff)
        (void)json_object_set_new(tolerance, "cliff", json_boolean(cliff));
    return true;
}

static bool has_term_options(const struct arguments *arguments, const char **option)
{
    for (size_t i = 0; i < ARRAY_LENGTH(term_options); i++)
        if (argument_option(arguments, *option = term_options[i].option) != NULL)
            return true;
    for (size_t i = 0; i < ARRAY_LENGTH(other_options); i++)
        if (argument_option(arguments, *option = other_options[i]) != NULL)
            return true;
    *option = "cliff";
    return argument_flag(arguments, "cliff");
}

/* ---- from which month ---- */

static size_t find_terms(const json_t *all, const char *from)
{
    size_t place = 0;

    while (place < json_array_size(all) &&
           strcmp(json_string_value(json_object_get(json_array_get(all, place), "from")), from) != 0)
        place++;
    return place;
}

static void note_later_terms(const json_t *all, size_t place)
{
    const json_t *later = json_array_get(all, place + 1);

    if (later != NULL)
        log_note("the terms from %s on stay as they are", json_string_value(json_object_get(later, "from")));
}

/* Puts the amended terms in the place of those that begin with the month, or behind those that hold already. */
static bool place_terms(json_t *document, const struct db_rows *at, const struct arguments *arguments,
                        struct error *err)
{
    json_t *all = json_object_get(document, "terms");
    size_t place = find_terms(all, db_text(at, 0, "valid_from"));
    json_t *terms = json_deep_copy(json_array_get(all, place));
    bool begins = db_bool(at, 0, "begins");
    bool keeps_from = begins && (db_bool(at, 0, "first") || argument_option(arguments, "billing-day") == NULL);

    if (!keeps_from)
        (void)json_object_set_new(terms, "from", json_string(db_text(at, 0, "new_from")));
    if (!set_values(terms, term_options, ARRAY_LENGTH(term_options), arguments, err) ||
        !set_pricing(terms, arguments, err) || !set_tolerance(terms, arguments, err)) {
        json_decref(terms);
        return false;
    }
    place += begins ? 0 : 1;
    if (begins)
        (void)json_array_set_new(all, place, terms);
    else
        (void)json_array_insert_new(all, place, terms);
    note_later_terms(all, place);
    /* What stands at the contract's level is the first terms' value. */
    (void)json_object_del(document, "time_zone");
    (void)json_object_del(document, "billing_day");
    (void)json_object_del(document, "counting");
    return true;
}

static bool amend_terms(struct db *db, int64_t contract_id, json_t *document, const struct arguments *arguments,
                        struct error *err)
{
    const char *name = argument_at(arguments, 0);
    const struct reconcile_contract contract = {.id = contract_id, .name = name};
    const char *from = argument_option(arguments, "from");
    const char *day = argument_option(arguments, "billing-day");
    char month[RECONCILE_MONTH_SIZE];
    char wanted[RECONCILE_MONTH_SIZE];
    char id[24];
    struct db_rows *at = NULL;

    snprintf(id, sizeof id, "%lld", (long long)contract_id);
    if ((day != NULL && !value_count("billing-day", day, 1, 31, err)) ||
        !reconcile_read_month(from, RECONCILE_OPEN_MONTH, wanted, err) ||
        !reconcile_find_month(db, &contract, wanted, month, err) ||
        !db_query_one(db, &sql_contract_terms_at, (const char *const[]){id, month, day}, &at, err))
        return false;
    bool done = place_terms(document, at, arguments, err);
    db_rows_free(at);
    return done;
}

/* ---- apps ---- */

static size_t find_app(const json_t *apps, const char *key, struct str value)
{
    size_t place = 0;

    while (place < json_array_size(apps) &&
           !str_equal(str_of(json_string_value(json_object_get(json_array_get(apps, place), key))), value))
        place++;
    return place;
}

static bool add_app(json_t *apps, const char *text, struct error *err)
{
    const char *equals = strchr(text, '=');

    if (equals == NULL || equals == text || equals[1] == '\0')
        return fail(err, EXIT_USAGE, "--app is NAME=KEY: the name that reports show, and the app's consumer key");
    size_t known = find_app(apps, "key", str_of(equals + 1));
    (void)json_array_remove(apps, known);
    return json_array_append_new(
               apps, json_pack("{s:s%, s:s}", "name", text, (size_t)(equals - text), "key", equals + 1)) == 0 ||
           fail(err, EXIT_USAGE, "--app is not UTF-8");
}

static bool remove_app(json_t *apps, const char *name, struct error *err)
{
    return json_array_remove(apps, find_app(apps, "name", str_of(name))) == 0 ||
           fail(err, EXIT_USAGE, "--remove-app '%s': the contract has no such app", name);
}

static bool amend_apps(json_t *document, const struct arguments *arguments, struct error *err)
{
    json_t *apps = json_object_get(document, "apps");
    const char *added = argument_option(arguments, "app");
    const char *removed = argument_option(arguments, "remove-app");

    return (removed == NULL || remove_app(apps, removed, err)) && (added == NULL || add_app(apps, added, err));
}

/* ---- amend ---- */

static bool check_amend(const struct arguments *arguments, struct error *err)
{
    const char *option = NULL;
    bool has_terms = has_term_options(arguments, &option);
    bool has_own = argument_option(arguments, "notes") != NULL || argument_option(arguments, "dispute-days") != NULL ||
                   argument_option(arguments, "app") != NULL || argument_option(arguments, "remove-app") != NULL;

    if (!value_reason(argument_option(arguments, "reason"), err))
        return false;
    if (has_terms && argument_option(arguments, "from") == NULL)
        return fail(err, EXIT_USAGE, "--from is missing: from which billing month --%s holds", option);
    if (!has_terms && argument_option(arguments, "from") != NULL)
        return fail(err, EXIT_USAGE, "nothing is said to change from that month on; give --limit, --price or another");
    return has_terms || has_own ||
           fail(err, EXIT_USAGE, "nothing is said to change; give --from and --limit, or another");
}

static bool amend(struct db *db, int64_t contract_id, const struct arguments *arguments, json_t *document,
                  struct error *err)
{
    return set_values(document, contract_options, ARRAY_LENGTH(contract_options), arguments, err) &&
           amend_apps(document, arguments, err) &&
           (argument_option(arguments, "from") == NULL || amend_terms(db, contract_id, document, arguments, err));
}

static enum exit_code run_amend(const struct invocation *invocation)
{
    struct error err;

    if (!check_amend(invocation->arguments, &err))
        return cli_usage(invocation, "%s", err.text);
    return contract_edit(invocation, "amend", amend);
}
