/* SPDX-License-Identifier: MIT */
/* What a contract's document holds: tables of keys, and what each may be. */

#include <stdlib.h>
#include <string.h>

#include "headroom/model.h"
#include "reconcile/contract_reader.h"

#define NAME_SIZE_MAX  100
#define NOTES_SIZE_MAX 10000
#define TEXT_SIZE_MAX  1000
#define KEY_SIZE_MAX   255
#define ELEMENTS_MAX   1000
#define DISPUTE_MAX    3650

/* ---- values of terms ---- */

static json_t *read_limit(struct reader *reader, json_t *value)
{
    return reader_count(reader, value, 0, INT64_MAX, "a whole number, 0 or more, or null for none");
}

static json_t *read_units(struct reader *reader, json_t *value)
{
    return reader_count(reader, value, 0, INT64_MAX, "a whole number, 0 or more");
}

static json_t *read_billing_day(struct reader *reader, json_t *value)
{
    return reader_count(reader, value, 1, 31, "a day of the month, 1 to 31");
}

static json_t *read_time_zone(struct reader *reader, json_t *value)
{
    return reader_text(reader, value, NAME_SIZE_MAX);
}

static json_t *read_counting(struct reader *reader, json_t *value)
{
    static const char *const rules[] = {"answered",  "answered+app",  "attempted", "attempted+app",
                                        "delivered", "delivered+app", NULL};
    return reader_choice(reader, value, rules);
}

static json_t *read_proration(struct reader *reader, json_t *value)
{
    return reader_choice(reader, value, (const char *const[]){"none", "daily", NULL});
}

static json_t *read_cliff(struct reader *reader, json_t *value)
{
    if (json_is_boolean(value))
        return json_boolean(json_is_true(value));
    (void)reader_refuse(reader, NULL, "it must be true or false");
    return NULL;
}

/* An amount that is charged as it stands has no more decimals than the currency has digits. */
static json_t *read_amount(struct reader *reader, json_t *value)
{
    char whose[24];
    if (reader->currency == NULL)
        return reader_price(reader, value);
    snprintf(whose, sizeof whose, "%s has", reader->currency->code);
    return reader_money(reader, value, (size_t)reader->currency->digits, whose);
}

static json_t *read_currency(struct reader *reader, json_t *value)
{
    const char *code = json_string_value(value);

    for (size_t i = 0; code != NULL && i < reader->currencies->count; i++) {
        if (strcmp(code, reader->currencies->items[i].code) == 0) {
            reader->currency = &reader->currencies->items[i];
            return json_string(code);
        }
    }
    (void)reader_refuse(reader, NULL, "%s%.40s%s is no currency; write an ISO 4217 code in capital letters, as \"USD\"",
                        code != NULL ? "'" : "", code != NULL ? code : "what stands here", code != NULL ? "'" : "");
    return NULL;
}

/* ---- terms ---- */

static json_t *no_cliff(const struct reader *reader, const char *key)
{
    (void)reader, (void)key;
    return json_false();
}

static json_t *read_tolerance(struct reader *reader, json_t *value)
{
    static const struct reader_field fields[] = {
        {"units", read_units, NEEDED, NULL},
        {"cliff", read_cliff, OPTIONAL, no_cliff},
    };
    return reader_object(reader, value, fields, ARRAY_LENGTH(fields));
}

static json_t *no_tolerance(const struct reader *reader, const char *key)
{
    (void)reader, (void)key;
    return json_pack("{s:i, s:b}", "units", 0, "cliff", 0);
}

static json_t *no_proration(const struct reader *reader, const char *key)
{
    (void)reader, (void)key;
    return json_string("none");
}

static json_t *as_before(const struct reader *reader, const char *key)
{
    return json_incref(json_object_get(reader->terms_before, key));
}

static int compare_money(const char *a, const char *b)
{
    size_t whole_a, whole_b, behind;
    (void)given_decimal(a, &whole_a, &behind);
    (void)given_decimal(b, &whole_b, &behind);
    if (whole_a != whole_b)
        return whole_a < whole_b ? -1 : 1;
    int order = strncmp(a, b, whole_a);
    if (order != 0)
        return order;
    /* Digits behind the point compare as text, once one of them has ended only zeros are nothing more. */
    for (a += whole_a, b += whole_b; *a != '\0' || *b != '\0'; a += *a != '\0', b += *b != '\0') {
        char x = *a != '\0' && *a != '.' ? *a : '0';
        char y = *b != '\0' && *b != '.' ? *b : '0';
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

static bool check_terms(struct reader *reader, const json_t *terms)
{
    const char *from = json_string_value(json_object_get(terms, "from"));
    const char *before = json_string_value(json_object_get(reader->terms_before, "from"));
    const char *minimum = json_string_value(json_object_get(terms, "minimum"));
    const char *cap = json_string_value(json_object_get(terms, "cap"));

    if (before != NULL && strcmp(from, before) <= 0)
        return reader_refuse(reader, "from",
                             "%s is not after %s, from which the terms before it hold: terms may not "
                             "overlap, and stand in the order of their dates",
                             from, before);
    return minimum == NULL || cap == NULL || compare_money(minimum, cap) <= 0 ||
           reader_refuse(reader, "cap", "%s is below the minimum %s", cap, minimum);
}

static json_t *read_terms(struct reader *reader, json_t *value)
{
    static const struct reader_field fields[] = {
        {"from", reader_date, NEEDED, NULL},
        {"limit", read_limit, NULLABLE, NULL},
        {"currency", read_currency, NEEDED, NULL},
        {"pricing", reader_pricing, NEEDED, NULL},
        {"fee", read_amount, OPTIONAL, NULL},
        {"minimum", read_amount, OPTIONAL, NULL},
        {"cap", read_amount, OPTIONAL, NULL},
        {"tolerance", read_tolerance, OPTIONAL, no_tolerance},
        {"proration", read_proration, OPTIONAL, no_proration},
        {"time_zone", read_time_zone, OPTIONAL, as_before},
        {"billing_day", read_billing_day, OPTIONAL, as_before},
        {"counting", read_counting, OPTIONAL, as_before},
    };
    json_t *terms = reader_object(reader, value, fields, ARRAY_LENGTH(fields));
    if (terms != NULL && !check_terms(reader, terms)) {
        json_decref(terms);
        return NULL;
    }
    reader->terms_before = terms;
    return terms;
}

static json_t *read_all_terms(struct reader *reader, json_t *value)
{
    json_t *all = reader_array(reader, value, ELEMENTS_MAX, read_terms);
    reader->currency = NULL;
    if (all == NULL || json_array_size(all) > 0)
        return all;
    (void)reader_refuse(reader, NULL, "there are none; a contract has at least one");
    json_decref(all);
    return NULL;
}

/* ---- the contract's own values ---- */

static json_t *read_name(struct reader *reader, json_t *value)
{
    return reader_text(reader, value, NAME_SIZE_MAX);
}

static json_t *read_key(struct reader *reader, json_t *value)
{
    return reader_text(reader, value, KEY_SIZE_MAX);
}

static json_t *read_short(struct reader *reader, json_t *value)
{
    return reader_text(reader, value, TEXT_SIZE_MAX);
}

static json_t *read_notes(struct reader *reader, json_t *value)
{
    return reader_text(reader, value, NOTES_SIZE_MAX);
}

static json_t *read_dispute_days(struct reader *reader, json_t *value)
{
    return reader_count(reader, value, 1, DISPUTE_MAX, "a number of days, 1 to 3650");
}

static json_t *read_app(struct reader *reader, json_t *value)
{
    static const struct reader_field fields[] = {{"name", read_name, NEEDED, NULL}, {"key", read_key, NEEDED, NULL}};
    return reader_object(reader, value, fields, ARRAY_LENGTH(fields));
}

static json_t *read_answer(struct reader *reader, json_t *value)
{
    static const struct reader_field fields[] = {
        {"question", read_short, NEEDED, NULL},
        {"answer", read_short, NEEDED, NULL},
        {"date", reader_date, NEEDED, NULL},
        {"by", read_name, NEEDED, NULL},
    };
    return reader_object(reader, value, fields, ARRAY_LENGTH(fields));
}

static json_t *read_alternative(struct reader *reader, json_t *value)
{
    static const struct reader_field fields[] = {
        {"name", read_name, NEEDED, NULL},
        {"limit", read_limit, NULLABLE, NULL},
        {"fee", read_amount, OPTIONAL, NULL},
        {"pricing", reader_pricing, NEEDED, NULL},
    };
    return reader_object(reader, value, fields, ARRAY_LENGTH(fields));
}

/* Takes elements; gives them back unless two have the same value of a key. */
static json_t *all_different(struct reader *reader, json_t *elements, const char *key)
{
    for (size_t i = 0; i < json_array_size(elements); i++) {
        for (size_t before = 0; before < i; before++) {
            char place[24];
            if (!json_equal(json_object_get(json_array_get(elements, i), key),
                            json_object_get(json_array_get(elements, before), key)))
                continue;
            snprintf(place, sizeof place, "%zu", i);
            (void)reader_refuse(reader, place, "its %s is that of element %zu already", key, before);
            json_decref(elements);
            return NULL;
        }
    }
    return elements;
}

static int compare_apps(const void *a, const void *b)
{
    json_t *const *x = a;
    json_t *const *y = b;
    int order = strcmp(json_string_value(json_object_get(*x, "name")), json_string_value(json_object_get(*y, "name")));
    return order != 0
               ? order
               : strcmp(json_string_value(json_object_get(*x, "key")), json_string_value(json_object_get(*y, "key")));
}

/* Takes apps; gives them in the order of export. */
static json_t *sort_apps(json_t *apps)
{
    size_t count = json_array_size(apps);
    json_t **items = mem_alloc((count + 1) * sizeof *items);
    json_t *sorted = json_array();

    for (size_t i = 0; i < count; i++)
        items[i] = json_array_get(apps, i);
    qsort(items, count, sizeof *items, compare_apps);
    for (size_t i = 0; i < count; i++)
        (void)json_array_append(sorted, items[i]);
    free(items);
    json_decref(apps);
    return sorted;
}

static json_t *read_apps(struct reader *reader, json_t *value)
{
    json_t *apps = reader_array(reader, value, ELEMENTS_MAX, read_app);
    if (apps != NULL)
        apps = all_different(reader, apps, "key");
    return apps != NULL ? sort_apps(apps) : NULL;
}

static json_t *read_answers(struct reader *reader, json_t *value)
{
    return reader_array(reader, value, ELEMENTS_MAX, read_answer);
}

static json_t *read_alternatives(struct reader *reader, json_t *value)
{
    json_t *levels = reader_array(reader, value, ELEMENTS_MAX, read_alternative);
    return levels != NULL ? all_different(reader, levels, "name") : NULL;
}

static json_t *nothing(const struct reader *reader, const char *key)
{
    (void)reader, (void)key;
    return json_array();
}

/* ---- the whole ---- */

/* What the first terms take where they say nothing. */
static json_t *first_values(json_t *contract)
{
    json_t *values = json_pack("{s:s, s:i, s:s}", "time_zone", "UTC", "billing_day", 1, "counting", "answered");
    const char *key;
    json_t *value;

    json_object_foreach(values, key, value)
    {
        json_t *given = json_object_get(contract, key);
        if (given != NULL && !json_is_null(given))
            (void)json_object_set(values, key, given);
    }
    return values;
}

/* What stands at the contract's level is the first terms' value. */
static bool settle_first_values(struct reader *reader, json_t *document)
{
    static const char *const keys[] = {"time_zone", "billing_day", "counting"};
    const json_t *first = json_array_get(json_object_get(document, "terms"), 0);

    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        const json_t *own = json_object_get(document, keys[i]);
        json_t *value = json_object_get(first, keys[i]);
        if (!json_is_null(own) && !json_equal(own, value))
            return reader_refuse(reader, keys[i],
                                 "the first terms have another one; what stands here is theirs: write "
                                 "it once, or twice alike");
        (void)json_object_set(document, keys[i], value);
    }
    return true;
}

bool contract_check(json_t *given, const char *at, const struct contract_currencies *currencies, json_t **document,
                    struct error *err)
{
    static const struct reader_field fields[] = {
        {"name", read_name, NEEDED, NULL},
        {"time_zone", read_time_zone, OPTIONAL, NULL},
        {"billing_day", read_billing_day, OPTIONAL, NULL},
        {"counting", read_counting, OPTIONAL, NULL},
        {"apps", read_apps, OPTIONAL, nothing},
        {"end", reader_date, OPTIONAL, NULL},
        {"notes", read_notes, OPTIONAL, NULL},
        {"answers", read_answers, OPTIONAL, nothing},
        {"dispute_days", read_dispute_days, OPTIONAL, NULL},
        {"alternatives", read_alternatives, OPTIONAL, nothing},
        {"terms", read_all_terms, NEEDED, NULL},
    };
    struct reader reader = {.currencies = currencies, .err = err};
    json_t *seed = first_values(given);

    snprintf(reader.path, sizeof reader.path, "%s", at);
    reader.terms_before = seed;
    *document = reader_object(&reader, given, fields, ARRAY_LENGTH(fields));
    if (*document != NULL && !settle_first_values(&reader, *document)) {
        json_decref(*document);
        *document = NULL;
    }
    json_decref(seed);
    return *document != NULL;
}
