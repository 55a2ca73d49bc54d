/* SPDX-License-Identifier: MIT */
/* What a price may be: one for each unit, brackets, or packages. */

#include <string.h>

#include "reconcile/contract_reader.h"

#define TIERS_MAX    1000
#define DECIMALS_MAX 12

json_t *reader_price(struct reader *reader, json_t *value)
{
    return reader_money(reader, value, DECIMALS_MAX, "a price has");
}

static json_t *read_size(struct reader *reader, json_t *value)
{
    return reader_count(reader, value, 1, INT64_MAX, "a whole number, 1 or more");
}

static json_t *read_up_to(struct reader *reader, json_t *value)
{
    return reader_count(reader, value, 1, INT64_MAX, "a whole number, 1 or more, or null in the last bracket");
}

static json_t *no_fee(const struct reader *reader, const char *key)
{
    (void)reader, (void)key;
    return json_string("0");
}

static json_t *read_tier(struct reader *reader, json_t *value)
{
    static const struct reader_field fields[] = {
        {"up_to", read_up_to, NULLABLE, NULL},
        {"unit_price", reader_price, NEEDED, NULL},
        {"flat_fee", reader_price, OPTIONAL, no_fee},
    };
    return reader_object(reader, value, fields, ARRAY_LENGTH(fields));
}

/* Brackets go up, and only the last one has no end. */
static bool check_tiers(struct reader *reader, const json_t *tiers)
{
    size_t count = json_array_size(tiers);
    int64_t below = 0;

    if (count == 0)
        return reader_refuse(reader, NULL, "there is no bracket; the last one has \"up_to\": null");
    for (size_t i = 0; i < count; i++) {
        const json_t *up_to = json_object_get(json_array_get(tiers, i), "up_to");
        char place[40];
        snprintf(place, sizeof place, "%zu", i);
        if (json_is_null(up_to) != (i + 1 == count))
            return reader_refuse(reader, place, "%s",
                                 i + 1 == count ? "the last bracket's up_to must be null"
                                                : "only the last bracket's up_to is null");
        if (!json_is_null(up_to) && json_integer_value(up_to) <= below)
            return reader_refuse(reader, place, "up_to %lld is not above the bracket before it, %lld",
                                 (long long)json_integer_value(up_to), (long long)below);
        below = json_integer_value(up_to);
    }
    return true;
}

static json_t *read_tiers(struct reader *reader, json_t *value)
{
    json_t *tiers = reader_array(reader, value, TIERS_MAX, read_tier);
    if (tiers != NULL && check_tiers(reader, tiers))
        return tiers;
    json_decref(tiers);
    return NULL;
}

static json_t *read_model(struct reader *reader, json_t *value)
{
    return reader_choice(reader, value, (const char *const[]){"flat", "graduated", "volume", "package", NULL});
}

json_t *reader_pricing(struct reader *reader, json_t *value)
{
    static const struct reader_field flat[] = {{"model", read_model, NEEDED, NULL},
                                               {"unit_price", reader_price, NEEDED, NULL}};
    static const struct reader_field tiered[] = {{"model", read_model, NEEDED, NULL},
                                                 {"tiers", read_tiers, NEEDED, NULL}};
    static const struct reader_field package[] = {
        {"model", read_model, NEEDED, NULL}, {"size", read_size, NEEDED, NULL}, {"price", reader_price, NEEDED, NULL}};
    const char *model = json_string_value(json_object_get(value, "model"));

    if (model != NULL && (strcmp(model, "graduated") == 0 || strcmp(model, "volume") == 0))
        return reader_object(reader, value, tiered, ARRAY_LENGTH(tiered));
    if (model != NULL && strcmp(model, "package") == 0)
        return reader_object(reader, value, package, ARRAY_LENGTH(package));
    return reader_object(reader, value, flat, ARRAY_LENGTH(flat));
}
