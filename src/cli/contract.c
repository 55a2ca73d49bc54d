/* SPDX-License-Identifier: MIT */
/* Prints contracts: the database makes their JSON, and the text is made from that. */

#include "cli/contract.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/text.h"
#include "headroom/reconcile.h"
#include "statements.h"

/* ---- what a price is in words ---- */

/* Owned by the caller. */
static char *price_in_words(const char *model, const char *price, const char *size)
{
    if (strcmp(model, "flat") == 0)
        return mem_format("%s each", price);
    if (strcmp(model, "package") == 0)
        return mem_format("%s for %s", price, size);
    return mem_text(model);
}

/* ---- one contract ---- */

/* Only export shows the keys of apps. */
static void hide_keys(const json_t *contract)
{
    const json_t *apps = json_object_get(contract, "apps");

    for (size_t i = 0; i < json_array_size(apps); i++)
        (void)json_object_del(json_array_get(apps, i), "key");
}

static bool parse(const char *text, json_t **document, struct error *err)
{
    json_error_t why;
    *document = json_loads(text, 0, &why);
    if (*document == NULL)
        return fail(err, EXIT_COMMAND, "the database gave JSON that cannot be read: %s", why.text);
    hide_keys(*document);
    return true;
}

/* The value as a person writes it; NULL for null. Owned by the caller. */
static char *value_text(const json_t *value)
{
    if (json_is_string(value))
        return mem_text(json_string_value(value));
    if (json_is_integer(value))
        return mem_format("%lld", (long long)json_integer_value(value));
    return NULL;
}

static void print_field(const json_t *object, const char *key, const char *title)
{
    char *text = value_text(json_object_get(object, key));
    if (text != NULL)
        output_text("%-13s %s\n", title, text);
    free(text);
}

static const char *model_of(const json_t *term)
{
    return json_string_value(json_object_get(json_object_get(term, "pricing"), "model"));
}

static char *term_price(const json_t *term)
{
    const json_t *pricing = json_object_get(term, "pricing");
    const json_t *price = json_object_get(pricing, "unit_price");
    char *size = value_text(json_object_get(pricing, "size"));
    if (price == NULL)
        price = json_object_get(pricing, "price");
    char *words = price_in_words(model_of(term), json_string_value(price), size);
    free(size);
    return words;
}

static void print_terms(const json_t *terms)
{
    static const struct table_column columns[] = {
        {"FROM", TABLE_LEFT},         {"LIMIT", TABLE_RIGHT},    {"PRICE", TABLE_RIGHT},   {"CURRENCY", TABLE_LEFT},
        {"BILLING DAY", TABLE_RIGHT}, {"TIME ZONE", TABLE_LEFT}, {"COUNTING", TABLE_LEFT},
    };
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < json_array_size(terms); i++) {
        const json_t *term = json_array_get(terms, i);
        char *limit = value_text(json_object_get(term, "limit"));
        char *price = term_price(term);
        char *day = value_text(json_object_get(term, "billing_day"));
        table_add(table, (const char *const[]){
                             json_string_value(json_object_get(term, "from")),
                             limit != NULL ? limit : "none",
                             price,
                             json_string_value(json_object_get(term, "currency")),
                             day,
                             json_string_value(json_object_get(term, "time_zone")),
                             json_string_value(json_object_get(term, "counting")),
                         });
        free(limit);
        free(price);
        free(day);
    }
    table_print(table, stdout);
    table_free(table);
}

static void print_brackets(const json_t *term)
{
    static const struct table_column columns[] = {
        {"UP TO", TABLE_RIGHT}, {"UNIT PRICE", TABLE_RIGHT}, {"FLAT FEE", TABLE_RIGHT}};
    const json_t *tiers = json_object_get(json_object_get(term, "pricing"), "tiers");
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < json_array_size(tiers); i++) {
        const json_t *tier = json_array_get(tiers, i);
        char *up_to = value_text(json_object_get(tier, "up_to"));
        table_add(table, (const char *const[]){up_to, json_string_value(json_object_get(tier, "unit_price")),
                                               json_string_value(json_object_get(tier, "flat_fee"))});
        free(up_to);
    }
    printf("\nFrom %s, %s:\n", json_string_value(json_object_get(term, "from")), model_of(term));
    table_print(table, stdout);
    table_free(table);
}

/* What only some terms have: brackets, a fee, a minimum or cap, a tolerance, proration. */
static void print_particulars(const json_t *term)
{
    static const char *const money[] = {"fee", "minimum", "cap"};
    const char *from = json_string_value(json_object_get(term, "from"));
    const char *currency = json_string_value(json_object_get(term, "currency"));
    const char *proration = json_string_value(json_object_get(term, "proration"));
    const json_t *tolerance = json_object_get(term, "tolerance");
    if (json_object_get(json_object_get(term, "pricing"), "tiers") != NULL)
        print_brackets(term);
    for (size_t i = 0; i < ARRAY_LENGTH(money); i++) {
        const char *amount = json_string_value(json_object_get(term, money[i]));
        if (amount != NULL)
            printf("From %s: %s %s %s\n", from, money[i], amount, currency);
    }
    long long units = json_integer_value(json_object_get(tolerance, "units"));
    if (units > 0)
        printf("From %s: tolerance of %lld units%s\n", from, units,
               json_is_true(json_object_get(tolerance, "cliff")) ? ", above it all are charged" : "");
    if (proration != NULL && strcmp(proration, "none") != 0)
        printf("From %s: proration %s\n", from, proration);
}

static void print_answers(const json_t *answers)
{
    for (size_t i = 0; i < json_array_size(answers); i++) {
        const json_t *answer = json_array_get(answers, i);
        output_text(
            "%sAnswer of %s, %s: %s %s\n", i == 0 ? "\n" : "", json_string_value(json_object_get(answer, "date")),
            json_string_value(json_object_get(answer, "by")), json_string_value(json_object_get(answer, "question")),
            json_string_value(json_object_get(answer, "answer")));
    }
}

static void print_alternatives(const json_t *levels)
{
    static const struct table_column columns[] = {
        {"ALTERNATIVE", TABLE_LEFT}, {"LIMIT", TABLE_RIGHT}, {"FEE", TABLE_RIGHT}, {"PRICE", TABLE_RIGHT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));

    for (size_t i = 0; i < json_array_size(levels); i++) {
        const json_t *level = json_array_get(levels, i);
        char *limit = value_text(json_object_get(level, "limit"));
        char *price = term_price(level);
        table_add(table, (const char *const[]){json_string_value(json_object_get(level, "name")),
                                               limit != NULL ? limit : "none",
                                               json_string_value(json_object_get(level, "fee")), price});
        free(limit);
        free(price);
    }
    if (json_array_size(levels) > 0) {
        putchar('\n');
        table_print(table, stdout);
    }
    table_free(table);
}

static void print_contract(const json_t *contract)
{
    const json_t *terms = json_object_get(contract, "terms");
    const json_t *apps = json_object_get(contract, "apps");
    print_field(contract, "name", "Contract");
    print_field(contract, "end", "Ends on");
    print_field(contract, "notes", "Notes");
    print_field(contract, "dispute_days", "Dispute days");
    for (size_t i = 0; i < json_array_size(apps); i++)
        print_field(json_array_get(apps, i), "name", "App");
    putchar('\n');
    print_terms(terms);
    for (size_t i = 0; i < json_array_size(terms); i++)
        print_particulars(json_array_get(terms, i));
    print_answers(json_object_get(contract, "answers"));
    print_alternatives(json_object_get(contract, "alternatives"));
}

static bool print_document(const char *text, bool json, struct error *err)
{
    json_t *document = NULL;

    if (!parse(text, &document, err))
        return false;
    if (json)
        return cli_print_json(document, err);
    print_contract(document);
    json_decref(document);
    return true;
}

bool contract_print(struct db *db, const char *name, bool json, struct error *err)
{
    struct arena *arena = arena_new();
    struct reconcile_contract contract;
    struct db_rows *rows = NULL;
    char id[24];
    bool done = reconcile_find_contract(db, name, arena, &contract, err);

    if (done) {
        snprintf(id, sizeof id, "%lld", (long long)contract.id);
        done = db_query_one(db, &sql_contract_show, (const char *const[]){id}, &rows, err) &&
               print_document(db_text(rows, 0, "document"), json, err);
    }
    db_rows_free(rows);
    arena_free(arena);
    return done;
}

bool contract_print_version(struct db *db, const char *name, const char *version, bool json, struct error *err)
{
    struct db_rows *rows = NULL;
    size_t row = 0;
    bool done = contract_fetch_versions(db, name, &rows, err) &&
                contract_find_version(rows, "as-version", version, &row, err) &&
                print_document(db_text(rows, row, "document"), json, err);

    db_rows_free(rows);
    return done;
}

/* ---- all contracts ---- */

static bool print_all_json(struct db *db, struct error *err)
{
    struct db_rows *rows = NULL;
    if (!db_query(db, &sql_contract_show, (const char *const[]){NULL}, &rows, err))
        return false;
    json_t *array = json_array();
    bool done = true;
    for (size_t i = 0; i < db_rows_count(rows) && done; i++) {
        json_t *document = NULL;
        done = parse(db_text(rows, i, "document"), &document, err);
        if (done)
            (void)json_array_append_new(array, document);
    }
    db_rows_free(rows);
    if (done)
        return cli_print_json(array, err);
    json_decref(array);
    return false;
}

static void add_contract(struct table *table, const struct db_rows *rows, size_t row)
{
    const char *limit = db_text(rows, row, "unit_limit");
    char *price = price_in_words(db_text(rows, row, "pricing"), db_text(rows, row, "unit_price"),
                                 db_text(rows, row, "package_size"));
    table_add(table, (const char *const[]){
                         db_text(rows, row, "name"),
                         limit != NULL ? limit : "none",
                         price,
                         db_text(rows, row, "currency"),
                         db_text(rows, row, "billing_day"),
                         db_text(rows, row, "time_zone"),
                         db_text(rows, row, "counting"),
                         db_text(rows, row, "valid_from"),
                         db_text(rows, row, "ends_on"),
                     });
    free(price);
}

static bool print_all_text(struct db *db, struct error *err)
{
    static const struct table_column columns[] = {
        {"CONTRACT", TABLE_LEFT}, {"LIMIT", TABLE_RIGHT},       {"PRICE", TABLE_RIGHT},
        {"CURRENCY", TABLE_LEFT}, {"BILLING DAY", TABLE_RIGHT}, {"TIME ZONE", TABLE_LEFT},
        {"COUNTING", TABLE_LEFT}, {"FROM", TABLE_LEFT},         {"END", TABLE_LEFT},
    };
    struct db_rows *rows = NULL;
    if (!db_query(db, &sql_contract_list, NULL, &rows, err))
        return false;
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < db_rows_count(rows); i++)
        add_contract(table, rows, i);
    if (db_rows_count(rows) > 0)
        table_print(table, stdout);
    else
        log_note("there is no contract yet; see 'headroom contract add --help'");
    table_free(table);
    db_rows_free(rows);
    return true;
}

bool contract_print_all(struct db *db, bool json, struct error *err)
{
    return json ? print_all_json(db, err) : print_all_text(db, err);
}
