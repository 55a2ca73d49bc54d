/* SPDX-License-Identifier: MIT */
/* Finding what a layout names. */

#include <string.h>

#include "report/known.h"
#include "report/layout.h"
#include "report/template.h"

bool report_takes(const struct report *report, enum report_parameter parameter)
{
    for (size_t i = 0; i < report->parameter_count; i++)
        if (report->parameters[i] == parameter)
            return true;
    return false;
}

const struct report_dataset *layout_dataset(const struct report *report, struct str name)
{
    for (size_t i = 0; i < report->dataset_count; i++)
        if (str_equal(str_of(report->datasets[i].name), name))
            return &report->datasets[i];
    return NULL;
}

bool layout_is_taken(const struct report *report, const struct report_dataset *dataset)
{
    for (size_t i = 0; i < report->dataset_count; i++)
        for (size_t j = 0; j < report->datasets[i].take_count; j++)
            if (strcmp(report->datasets[i].takes[j], dataset->name) == 0)
                return true;
    return false;
}

const struct report_column *layout_dataset_column(const struct report_dataset *dataset, struct str name)
{
    for (size_t i = 0; i < dataset->column_count; i++)
        if (str_equal(str_of(dataset->columns[i].name), name))
            return &dataset->columns[i];
    return NULL;
}

const char *layout_table_name(const struct layout_table *table)
{
    return table->name != NULL ? table->name : table->dataset;
}

const struct layout_table *layout_find_table(const struct report *report, struct str name)
{
    const struct report_layout *layout = report->layout;

    for (size_t i = 0; i < layout->sheet_count; i++)
        for (size_t j = 0; j < layout->sheets[i].block_count; j++) {
            const struct layout_table *table = layout->sheets[i].blocks[j].table;

            if (table != NULL && str_equal(str_of(layout_table_name(table)), name))
                return table;
        }
    return NULL;
}

const struct layout_column *layout_table_column(const struct layout_table *table, struct str key)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (str_equal(str_of(table->columns[i].key), key))
            return &table->columns[i];
    return NULL;
}

MUST_CHECK static bool fail_dataset(const struct report *report, struct str name, struct error *err)
{
    char known[400] = "";

    for (size_t i = 0; i < report->dataset_count; i++)
        known_add(known, sizeof(known), report->datasets[i].name);
    return fail(err, EXIT_COMMAND, "there is no dataset \"%.*s\"; there are: %s", (int)name.size, name.data, known);
}

MUST_CHECK static bool fail_column(const struct report_dataset *dataset, struct str name, struct error *err)
{
    char known[600] = "";

    for (size_t i = 0; i < dataset->column_count; i++)
        known_add(known, sizeof(known), dataset->columns[i].name);
    return fail(err, EXIT_COMMAND, "the dataset \"%s\" has no column \"%.*s\"; it has: %s", dataset->name,
                (int)name.size, name.data, known);
}

MUST_CHECK static bool find_in_dataset(const struct report *report, struct str dataset, struct str column,
                                       struct layout_value *value, struct error *err)
{
    value->dataset = layout_dataset(report, dataset);
    if (value->dataset == NULL)
        return fail_dataset(report, dataset, err);
    value->column = layout_dataset_column(value->dataset, column);
    return value->column != NULL || fail_column(value->dataset, column, err);
}

bool layout_find_value(const struct report *report, struct str reference, struct layout_value *value, struct error *err)
{
    struct str dataset;
    struct str column;

    if (!template_split(reference, &dataset, &column))
        return fail(err, EXIT_COMMAND, "\"%.*s\" is not of the form dataset.column", (int)reference.size,
                    reference.data);
    return find_in_dataset(report, dataset, column, value, err);
}

bool layout_find_shown(const struct report *report, struct str reference, struct layout_value *value, struct error *err)
{
    struct str name;
    struct str key;

    if (!template_split(reference, &name, &key))
        return fail(err, EXIT_COMMAND, "\"%.*s\" is not of the form table.column", (int)reference.size, reference.data);

    const struct layout_table *table = layout_find_table(report, name);
    if (table == NULL || layout_table_column(table, key) == NULL)
        return fail(err, EXIT_COMMAND, "there is no table \"%.*s\" that shows \"%.*s\"", (int)name.size, name.data,
                    (int)key.size, key.data);
    return find_in_dataset(report, str_of(table->dataset), key, value, err);
}

unsigned layout_note_column(const struct layout_form *form)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i].second != NULL)
            return 3;
    return 2;
}

bool layout_is_figure(enum report_kind kind)
{
    return kind == REPORT_INTEGER || kind == REPORT_NUMBER || kind == REPORT_PERCENT || kind == REPORT_MONEY;
}

bool layout_is_streamed(const struct report *report, const struct layout_sheet *sheet)
{
    for (size_t i = 0; i < sheet->block_count; i++) {
        const struct layout_table *table = sheet->blocks[i].table;
        const struct report_dataset *dataset = table != NULL ? layout_dataset(report, str_of(table->dataset)) : NULL;

        if (dataset != NULL && dataset->rows == REPORT_MANY)
            return true;
    }
    return false;
}
