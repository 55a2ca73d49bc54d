/* SPDX-License-Identifier: MIT */
/* Which sheet shows something of which dataset. */

#include <string.h>

#include "report/layout.h"

/* A key's "dataset.column". */
static bool names(const char *reference, const struct report_dataset *dataset)
{
    size_t size = strlen(dataset->name);

    return reference != NULL && strncmp(reference, dataset->name, size) == 0 && reference[size] == '.';
}

/* A template with "{dataset.column}" in it. */
static bool holds(const char *text, const struct report_dataset *dataset)
{
    for (; text != NULL && (text = strchr(text, '{')) != NULL; text++)
        if (names(text + 1, dataset))
            return true;
    return false;
}

static bool field_uses(const struct layout_field *field, const struct report_dataset *dataset)
{
    return names(field->value.value, dataset) || holds(field->label, dataset) || holds(field->note, dataset) ||
           (field->second != NULL && names(field->second->value, dataset));
}

static bool form_uses(const struct layout_form *form, const struct report_dataset *dataset)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (field_uses(&form->fields[i], dataset))
            return true;
    return false;
}

static bool table_uses(const struct layout_table *table, const struct report_dataset *dataset)
{
    if (strcmp(table->dataset, dataset->name) == 0)
        return true;
    for (size_t i = 0; i < table->column_count; i++)
        if (holds(table->columns[i].title, dataset) ||
            (table->columns[i].total != NULL && names(table->columns[i].total->value, dataset)))
            return true;
    return false;
}

static bool chart_uses(const struct report *report, const struct layout_chart *chart,
                       const struct report_dataset *dataset)
{
    struct str name = {chart->categories, strcspn(chart->categories, ".")};
    const struct layout_table *table = layout_find_table(report, name);

    return holds(chart->title, dataset) || (table != NULL && strcmp(table->dataset, dataset->name) == 0);
}

const char *report_sheet_name(const struct report *report, size_t index)
{
    return index < report->layout->sheet_count ? report->layout->sheets[index].name : NULL;
}

bool report_sheet_uses(const struct report *report, size_t index, const struct report_dataset *dataset)
{
    const struct layout_sheet *sheet = &report->layout->sheets[index];

    for (size_t i = 0; i < sheet->block_count; i++) {
        const struct layout_block *block = &sheet->blocks[i];

        if ((block->text != NULL && holds(block->text->text, dataset)) ||
            (block->form != NULL && form_uses(block->form, dataset)) ||
            (block->table != NULL && table_uses(block->table, dataset)) ||
            (block->chart != NULL && chart_uses(report, block->chart, dataset)))
            return true;
    }
    return false;
}
