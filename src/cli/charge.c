/* SPDX-License-Identifier: MIT */
/* Shows the lines of a charge, as a table and as JSON. */

#include "cli/charge.h"

#include "cli/json.h"
#include "cli/table.h"
#include "cli/text.h"

void charge_print(const struct reconcile_line *lines, size_t count, const char *total, const char *currency)
{
    static const struct table_column columns[] = {
        {"CHARGE", TABLE_LEFT}, {"UNITS", TABLE_RIGHT}, {"UNIT PRICE", TABLE_RIGHT}, {"AMOUNT", TABLE_RIGHT}};
    struct cell amount = {0};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < count; i++) {
        const struct reconcile_line *line = &lines[i];
        table_add(table, (const char *const[]){line->description, line->units, line->unit_price,
                                               cell_money(&amount, line->amount, currency)});
    }
    table_add(table, (const char *const[]){"total", "", "", cell_money(&amount, total, currency)});
    table_print(table, stdout);
    table_free(table);
}

static json_t *line_of_charge(const struct reconcile_line *line)
{
    json_t *object = json_object();
    (void)json_object_set_new(object, "kind", json_text(line->kind));
    (void)json_object_set_new(object, "description", json_text(line->description));
    (void)json_object_set_new(object, "from_unit", json_digits(line->from_unit));
    (void)json_object_set_new(object, "to_unit", json_digits(line->to_unit));
    (void)json_object_set_new(object, "units", json_digits(line->units));
    (void)json_object_set_new(object, "unit_price", json_text(line->unit_price));
    (void)json_object_set_new(object, "amount", json_text(line->amount));
    return object;
}

json_t *charge_json(const struct reconcile_line *lines, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(array, line_of_charge(&lines[i]));
    return array;
}
