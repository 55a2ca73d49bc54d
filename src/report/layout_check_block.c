/* SPDX-License-Identifier: MIT */
/* What is checked of the blocks of a sheet. */

#include <string.h>

#include "report/layout_check.h"

/* They stand in the formulas of a spreadsheet, where a quotation mark would end them. */
MUST_CHECK static bool check_marks(const struct layout_marks *marks, struct error *err)
{
    for (size_t i = 0; i < marks->count; i++) {
        size_t size = strlen(marks->list[i].text);

        if (size == 0 || size > LAYOUT_MARK_MAX || strchr(marks->list[i].text, '"') != NULL)
            return fail(err, EXIT_COMMAND, "marks: [%zu]: text: 1 to %d bytes without quotation marks", i,
                        LAYOUT_MARK_MAX);
    }
    return true;
}

/* ---- what open cells take ---- */

MUST_CHECK static bool check_message(const char *key, const char *text, struct error *err)
{
    size_t size = strlen(text);

    if (size > 0 && size <= LAYOUT_TAKES_MAX)
        return true;
    return fail(err, EXIT_COMMAND, "%s: 1 to %d bytes, not %zu", key, LAYOUT_TAKES_MAX, size);
}

/* A workbook keeps them as one text, with commas between them and in quotation marks. */
MUST_CHECK static bool check_words(const struct layout_takes *takes, struct error *err)
{
    size_t size = 0;

    for (size_t i = 0; i < takes->word_count; i++) {
        const char *word = takes->words[i];

        if (*word == '\0' || strpbrk(word, ",\"") != NULL)
            return fail(err, EXIT_COMMAND, "words: [%zu]: at least 1 byte, without commas and quotation marks", i);
        size += strlen(word) + (i > 0);
    }
    if (size > LAYOUT_TAKES_MAX)
        return fail(err, EXIT_COMMAND, "words: up to %d bytes with commas between them, not %zu", LAYOUT_TAKES_MAX,
                    size);
    return true;
}

MUST_CHECK static bool check_takes_itself(const struct layout_takes *takes, bool open, struct error *err)
{
    if (!open)
        return fail(err, EXIT_COMMAND, "only an \"open\" cell can be typed into");
    if (takes->word_count > 0 && (takes->least != NULL || takes->whole))
        return fail(err, EXIT_COMMAND, "it is one of the words, or a number with least and whole");
    return check_words(takes, err) && check_message("about", takes->about, err) &&
           check_message("refusal", takes->refusal, err);
}

MUST_CHECK static bool check_takes(const struct layout_takes *takes, bool open, struct error *err)
{
    return takes == NULL || check_takes_itself(takes, open, err) || fail_within(err, "takes");
}

/* ---- forms ---- */

MUST_CHECK static bool check_cell(struct layout_context *context, const struct layout_cell *cell, struct error *err)
{
    const struct report *report = context->report;

    if (cell->over != NULL && layout_find_table(report, str_of(cell->over)) == NULL)
        return fail(err, EXIT_COMMAND, "over: there is no table \"%s\"", cell->over);
    return layout_check_value(report, "value", cell->value, err) && layout_check_formula(context, cell->formula, err) &&
           layout_check_name(report, cell->name, err) && check_takes(cell->takes, cell->open, err) &&
           check_marks(&cell->marks, err);
}

MUST_CHECK static bool check_field(struct layout_context *context, const struct layout_field *field, struct error *err)
{
    if (!check_cell(context, &field->value, err))
        return false;
    if (field->second != NULL && !check_cell(context, field->second, err))
        return fail_within(err, "second");
    return layout_check_text(context->report, "label", field->label, err) &&
           layout_check_value(context->report, "when", field->when, err) &&
           layout_check_text(context->report, "note", field->note, err);
}

MUST_CHECK static bool check_headings(const struct report *report, const struct layout_form *form, struct error *err)
{
    unsigned most = layout_note_column(form) + 1;

    if (form->heading_count > most)
        return fail(err, EXIT_COMMAND, "headings: the form has %u columns, not %zu", most, form->heading_count);
    for (size_t i = 0; i < form->heading_count; i++)
        if (!layout_check_text(report, "headings", form->headings[i], err))
            return false;
    return true;
}

MUST_CHECK static bool check_form(struct layout_context *context, const struct layout_form *form, struct error *err)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (!check_field(context, &form->fields[i], err))
            return fail_within(err, "form: fields: [%zu]", i);
    return check_headings(context->report, form, err) || fail_within(err, "form");
}

/* ---- tables ---- */

MUST_CHECK static bool check_total_itself(const struct layout_context *context, const struct layout_total *total,
                                          const struct report_column *column, struct error *err)
{
    const struct report_dataset *dataset = layout_dataset(context->report, str_of(context->table->dataset));

    if ((total->text != NULL) + total->sum + (total->value != NULL) != 1)
        return fail(err, EXIT_COMMAND, "it is exactly one of text, sum, value");
    if (total->sum && column->kind != REPORT_INTEGER)
        return fail(err, EXIT_COMMAND, "sum: only integers are added up here; give a value of a dataset");
    if (total->formula != NULL && total->value == NULL)
        return fail(err, EXIT_COMMAND, "formula: it needs a value, to be shown before it is computed");
    if (total->name != NULL && dataset->rows == REPORT_MANY)
        return fail(err, EXIT_COMMAND, "name: where a table of many rows ends is not known in time");
    return true;
}

MUST_CHECK static bool check_total(struct layout_context *context, const struct layout_total *total,
                                   const struct report_column *column, struct error *err)
{
    if (total == NULL)
        return true;
    context->below_rows = true;
    bool good = check_total_itself(context, total, column, err) &&
                layout_check_text(context->report, "text", total->text, err) &&
                layout_check_value(context->report, "value", total->value, err) &&
                layout_check_formula(context, total->formula, err) &&
                layout_check_name(context->report, total->name, err);
    context->below_rows = false;
    return good || fail_within(err, "total");
}

MUST_CHECK static bool check_choices(struct layout_context *context, const struct layout_column *column,
                                     const struct report_dataset *dataset, struct error *err)
{
    for (size_t i = 0; i < column->formula_count; i++)
        if (!layout_check_formula(context, column->formulas[i].formula, err))
            return fail_within(err, "formulas: [%zu]", i);
    if ((column->formula_count > 0) != (column->formula_by != NULL))
        return fail(err, EXIT_COMMAND, "formulas and formula_by need each other");
    if (column->formula_by != NULL && layout_dataset_column(dataset, str_of(column->formula_by)) == NULL)
        return fail(err, EXIT_COMMAND, "formula_by: the dataset \"%s\" has no column \"%s\"", dataset->name,
                    column->formula_by);
    return true;
}

MUST_CHECK static bool check_column(struct layout_context *context, const struct layout_column *column,
                                    const struct report_dataset *dataset, struct error *err)
{
    char reference[200];
    struct layout_value value;

    snprintf(reference, sizeof(reference), "%s.%s", dataset->name, column->key);
    if (!layout_find_value(context->report, str_of(reference), &value, err))
        return fail_within(err, "key");
    if (column->bar && !layout_is_figure(value.column->kind))
        return fail(err, EXIT_COMMAND, "bar: only numbers have one");
    return layout_check_text(context->report, "title", column->title, err) &&
           layout_check_formula(context, column->formula, err) && check_choices(context, column, dataset, err) &&
           check_marks(&column->marks, err) && check_takes(column->takes, column->open, err) &&
           check_total(context, column->total, value.column, err);
}

MUST_CHECK static bool check_table_itself(const struct layout_context *context, const struct layout_table *table,
                                          struct error *err)
{
    if (!layout_is_name(layout_table_name(table)) ||
        layout_count_names(context->report, str_of(layout_table_name(table))) > 1)
        return fail(err, EXIT_COMMAND, "\"%s\" is no name for a table, or there is a cell of this name",
                    layout_table_name(table));
    if (layout_find_table(context->report, str_of(layout_table_name(table))) != table)
        return fail(err, EXIT_COMMAND, "there are two tables \"%s\": give one another \"name\"",
                    layout_table_name(table));
    if (table->freeze > 0 && (!table->list || table->freeze >= table->column_count))
        return fail(err, EXIT_COMMAND, "freeze: of a list, fewer columns than it has");
    if (table->column_count == 0)
        return fail(err, EXIT_COMMAND, "columns: a table needs at least one");
    return layout_check_text(context->report, "empty", table->empty, err);
}

MUST_CHECK static bool check_table(struct layout_context *context, const struct layout_table *table, struct error *err)
{
    const struct report_dataset *dataset = layout_dataset(context->report, str_of(table->dataset));

    if (dataset == NULL)
        return fail(err, EXIT_COMMAND, "table: there is no dataset \"%s\"", table->dataset);
    if (!check_table_itself(context, table, err))
        return fail_within(err, "table");
    context->table = table;
    for (size_t i = 0; i < table->column_count; i++)
        if (!check_column(context, &table->columns[i], dataset, err))
            return fail_within(err, "table: columns: [%zu]", i);
    context->table = NULL;
    return true;
}

/* ---- charts, and the whole ---- */

MUST_CHECK static bool check_chart_range(const struct layout_context *context, const char *key, const char *reference,
                                         struct error *err)
{
    struct layout_value shown;

    if (!layout_find_shown(context->report, str_of(reference), &shown, err))
        return fail_within(err, "%s", key);
    if (shown.dataset->rows == REPORT_MANY)
        return fail(err, EXIT_COMMAND, "%s: \"%s\" has too many rows for a chart", key, shown.dataset->name);
    return true;
}

MUST_CHECK static bool check_chart(const struct layout_context *context, const struct layout_chart *chart,
                                   struct error *err)
{
    if (!layout_check_text(context->report, "title", chart->title, err) ||
        !check_chart_range(context, "categories", chart->categories, err))
        return fail_within(err, "chart");
    for (size_t i = 0; i < chart->series_count; i++)
        if (!check_chart_range(context, "values", chart->series[i].values, err) ||
            !layout_check_text(context->report, "title", chart->series[i].title, err) ||
            !layout_check_value(context->report, "when", chart->series[i].when, err))
            return fail_within(err, "chart: series: [%zu]", i);
    return true;
}

MUST_CHECK static bool check_line(struct layout_context *context, const struct layout_text *text, struct error *err)
{
    return layout_check_text(context->report, "text", text->text, err) &&
           layout_check_formula(context, text->formula, err) &&
           layout_check_value(context->report, "when", text->when, err) && check_marks(&text->marks, err);
}

bool layout_check_block(struct layout_context *context, const struct layout_block *block, struct error *err)
{
    int kinds = (block->text != NULL) + (block->form != NULL) + (block->table != NULL) + (block->chart != NULL);

    if (kinds != 1)
        return fail(err, EXIT_COMMAND, "a block is exactly one of text, form, table, chart");
    if (block->text != NULL)
        return check_line(context, block->text, err);
    if (block->form != NULL)
        return check_form(context, block->form, err);
    if (block->table != NULL)
        return check_table(context, block->table, err);
    return check_chart(context, block->chart, err);
}
