/* SPDX-License-Identifier: MIT */
/* What is checked of a layout when all of it is read: that every reference finds something, and can be written. */

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "report/layout.h"
#include "report/template.h"

#define SHEET_NAME_MAX 26 /* of 31, leaving room for " 1234" of the sheets that it goes on in */
#define NAME_MIN       4  /* shorter ones may be cell addresses: A1, R2C3, ABC12 */
#define NAME_MAX_SIZE  60

/* Where a template stands, and so what it may refer to. */
struct context {
    const struct report *report;
    const struct layout_sheet *sheet;
    const struct layout_table *table; /* NULL outside of a table's rows */
    bool below_rows;                  /* in the total row */
};

/* ---- references ---- */

MUST_CHECK static bool check_one_row(const struct report *report, struct str reference, struct error *err)
{
    struct layout_value value;

    if (!layout_find_value(report, reference, &value, err))
        return false;
    if (value.dataset->rows != REPORT_ONE)
        return fail(err, EXIT_COMMAND, "the dataset \"%s\" has more than one row", value.dataset->name);
    return true;
}

/* A key's reference; an absent one is fine. */
MUST_CHECK static bool check_value(const struct report *report, const char *key, const char *reference,
                                   struct error *err)
{
    if (reference == NULL || check_one_row(report, str_of(reference), err))
        return true;
    return fail_within(err, "%s", key);
}

MUST_CHECK static bool resolve_text(void *context, struct str reference, struct buffer *out, struct error *err)
{
    (void)out;
    return check_one_row(context, reference, err);
}

MUST_CHECK static bool check_text(const struct report *report, const char *key, const char *text, struct error *err)
{
    struct buffer out;

    if (text == NULL)
        return true;
    buffer_init(&out, TEMPLATE_CEILING);
    /* The resolver changes nothing; its context is not const because others' are not. */
    bool good = template_expand(text, resolve_text, (void *)(uintptr_t)report, &out, err);
    buffer_free(&out);
    return good || fail_within(err, "%s", key);
}

/* ---- formulas ---- */

static const struct layout_column *table_column(const struct layout_table *table, struct str key)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (str_equal(str_of(table->columns[i].key), key))
            return &table->columns[i];
    return NULL;
}

/* The cells that a layout names: in forms and in total rows. */
static unsigned count_names_in_block(const struct layout_block *block, struct str name)
{
    unsigned found = 0;

    for (size_t i = 0; block->form != NULL && i < block->form->field_count; i++)
        found += str_equal(str_of(block->form->fields[i].name), name);
    for (size_t i = 0; block->table != NULL && i < block->table->column_count; i++)
        if (block->table->columns[i].total != NULL)
            found += str_equal(str_of(block->table->columns[i].total->name), name);
    return found;
}

static unsigned count_names(const struct report *report, struct str name)
{
    const struct report_layout *layout = report->layout;
    unsigned found = layout_find_table(report, name) != NULL;

    for (size_t i = 0; i < layout->sheet_count; i++)
        for (size_t j = 0; j < layout->sheets[i].block_count; j++)
            found += count_names_in_block(&layout->sheets[i].blocks[j], name);
    return found;
}

MUST_CHECK static bool check_range(const struct context *context, struct str table_name, struct str key,
                                   struct error *err)
{
    const struct layout_table *table = layout_find_table(context->report, table_name);

    if (table == NULL)
        return fail(err, EXIT_COMMAND, "there is no table \"%.*s\"", (int)table_name.size, table_name.data);
    if (table_column(table, key) == NULL)
        return fail(err, EXIT_COMMAND, "the table \"%s\" shows no column \"%.*s\"", layout_table_name(table),
                    (int)key.size, key.data);

    bool own = context->below_rows && table == context->table;
    const struct report_dataset *dataset = layout_dataset(context->report, str_of(table->dataset));
    if (!own && dataset != NULL && dataset->rows == REPORT_MANY && layout_is_streamed(context->report, context->sheet))
        return fail(err, EXIT_COMMAND, "this sheet is written before the number of rows of \"%s\" is known",
                    layout_table_name(table));
    return true;
}

MUST_CHECK static bool resolve_formula(void *given, struct str reference, struct buffer *out, struct error *err)
{
    const struct context *context = given;
    struct str before;
    struct str after;

    (void)out;
    if (!template_split(reference, &before, &after)) {
        if (count_names(context->report, reference) > 0 && layout_find_table(context->report, reference) == NULL)
            return true;
        return fail(err, EXIT_COMMAND, "there is no cell of this name");
    }
    if (!str_equal(before, STR("row")) && !str_equal(before, STR("upto")))
        return check_range(context, before, after, err);
    if (context->table == NULL || context->below_rows)
        return fail(err, EXIT_COMMAND, "there is no row here: only a column's formula has one");
    if (table_column(context->table, after) == NULL)
        return fail(err, EXIT_COMMAND, "the table shows no column \"%.*s\"", (int)after.size, after.data);
    return true;
}

MUST_CHECK static bool check_formula(struct context *context, const char *formula, struct error *err)
{
    struct buffer out;

    if (formula == NULL)
        return true;
    buffer_init(&out, TEMPLATE_CEILING);
    bool good = template_expand(formula, resolve_formula, context, &out, err);
    buffer_free(&out);
    return good || fail_within(err, "formula");
}

/* ---- names ---- */

/* What Excel, LibreOffice and Gnumeric all take as a name and never as an address. */
static bool is_name(const char *name)
{
    size_t letters = strspn(name, "abcdefghijklmnopqrstuvwxyz");
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

    if (letters == 0 || name[size] != '\0' || size < NAME_MIN || size > NAME_MAX_SIZE)
        return false;
    return letters > 3 || strchr(name, '_') != NULL;
}

MUST_CHECK static bool check_name(const struct report *report, const char *name, struct error *err)
{
    if (name == NULL)
        return true;
    if (!is_name(name))
        return fail(err, EXIT_COMMAND, "name: \"%s\" is none: %d to %d of a-z, 0-9 and _, unlike a cell's address",
                    name, NAME_MIN, NAME_MAX_SIZE);
    if (count_names(report, str_of(name)) > 1)
        return fail(err, EXIT_COMMAND, "name: \"%s\" is there twice", name);
    return true;
}

/* ---- blocks ---- */

MUST_CHECK static bool check_field(struct context *context, const struct layout_field *field, struct error *err)
{
    if (field->over != NULL && layout_find_table(context->report, str_of(field->over)) == NULL)
        return fail(err, EXIT_COMMAND, "over: there is no table \"%s\"", field->over);
    return check_text(context->report, "label", field->label, err) &&
           check_value(context->report, "value", field->value, err) &&
           check_value(context->report, "when", field->when, err) && check_formula(context, field->formula, err) &&
           check_text(context->report, "note", field->note, err) && check_name(context->report, field->name, err);
}

MUST_CHECK static bool check_form(struct context *context, const struct layout_form *form, struct error *err)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (!check_field(context, &form->fields[i], err))
            return fail_within(err, "form: fields: [%zu]", i);
    return true;
}

MUST_CHECK static bool check_total_itself(const struct context *context, const struct layout_total *total,
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

MUST_CHECK static bool check_total(struct context *context, const struct layout_total *total,
                                   const struct report_column *column, struct error *err)
{
    if (total == NULL)
        return true;
    context->below_rows = true;
    bool good = check_total_itself(context, total, column, err) &&
                check_text(context->report, "text", total->text, err) &&
                check_value(context->report, "value", total->value, err) &&
                check_formula(context, total->formula, err) && check_name(context->report, total->name, err);
    context->below_rows = false;
    return good || fail_within(err, "total");
}

MUST_CHECK static bool check_choices(struct context *context, const struct layout_column *column,
                                     const struct report_dataset *dataset, struct error *err)
{
    for (size_t i = 0; i < column->formula_count; i++)
        if (!check_formula(context, column->formulas[i].formula, err))
            return fail_within(err, "formulas: [%zu]", i);
    if ((column->formula_count > 0) != (column->formula_by != NULL))
        return fail(err, EXIT_COMMAND, "formulas and formula_by need each other");
    if (column->formula_by != NULL && layout_dataset_column(dataset, str_of(column->formula_by)) == NULL)
        return fail(err, EXIT_COMMAND, "formula_by: the dataset \"%s\" has no column \"%s\"", dataset->name,
                    column->formula_by);
    return true;
}

MUST_CHECK static bool check_column(struct context *context, const struct layout_column *column,
                                    const struct report_dataset *dataset, struct error *err)
{
    char reference[200];
    struct layout_value value;

    snprintf(reference, sizeof(reference), "%s.%s", dataset->name, column->key);
    if (!layout_find_value(context->report, str_of(reference), &value, err))
        return fail_within(err, "key");
    return check_text(context->report, "title", column->title, err) && check_formula(context, column->formula, err) &&
           check_choices(context, column, dataset, err) && check_total(context, column->total, value.column, err);
}

MUST_CHECK static bool check_table_itself(const struct context *context, const struct layout_table *table,
                                          struct error *err)
{
    if (!is_name(layout_table_name(table)) || count_names(context->report, str_of(layout_table_name(table))) > 1)
        return fail(err, EXIT_COMMAND, "\"%s\" is no name for a table, or there is a cell of this name",
                    layout_table_name(table));
    if (layout_find_table(context->report, str_of(layout_table_name(table))) != table)
        return fail(err, EXIT_COMMAND, "there are two tables \"%s\": give one another \"name\"",
                    layout_table_name(table));
    if (table->column_count == 0)
        return fail(err, EXIT_COMMAND, "columns: a table needs at least one");
    return check_text(context->report, "empty", table->empty, err);
}

MUST_CHECK static bool check_table(struct context *context, const struct layout_table *table, struct error *err)
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

MUST_CHECK static bool check_chart_range(const struct context *context, const char *key, const char *reference,
                                         struct error *err)
{
    struct str name;
    struct str column;

    if (!template_split(str_of(reference), &name, &column))
        return fail(err, EXIT_COMMAND, "%s: \"%s\" is not of the form table.column", key, reference);

    const struct layout_table *table = layout_find_table(context->report, name);
    if (table == NULL || table_column(table, column) == NULL)
        return fail(err, EXIT_COMMAND, "%s: there is no table \"%.*s\" that shows \"%.*s\"", key, (int)name.size,
                    name.data, (int)column.size, column.data);

    const struct report_dataset *dataset = layout_dataset(context->report, str_of(table->dataset));
    if (dataset != NULL && dataset->rows == REPORT_MANY)
        return fail(err, EXIT_COMMAND, "%s: \"%s\" has too many rows for a chart", key, dataset->name);
    return true;
}

MUST_CHECK static bool check_chart(const struct context *context, const struct layout_chart *chart, struct error *err)
{
    if (!check_text(context->report, "title", chart->title, err) ||
        !check_chart_range(context, "categories", chart->categories, err))
        return fail_within(err, "chart");
    for (size_t i = 0; i < chart->series_count; i++)
        if (!check_chart_range(context, "values", chart->series[i].values, err) ||
            !check_text(context->report, "title", chart->series[i].title, err) ||
            !check_value(context->report, "when", chart->series[i].when, err))
            return fail_within(err, "chart: series: [%zu]", i);
    return true;
}

MUST_CHECK static bool check_block(struct context *context, const struct layout_block *block, struct error *err)
{
    int kinds = (block->text != NULL) + (block->form != NULL) + (block->table != NULL) + (block->chart != NULL);

    if (kinds != 1)
        return fail(err, EXIT_COMMAND, "a block is exactly one of text, form, table, chart");
    if (block->text != NULL)
        return check_text(context->report, "text", block->text->text, err) &&
               check_value(context->report, "when", block->text->when, err);
    if (block->form != NULL)
        return check_form(context, block->form, err);
    if (block->table != NULL)
        return check_table(context, block->table, err);
    return check_chart(context, block->chart, err);
}

/* ---- sheets ---- */

MUST_CHECK static bool check_sheet_name(const struct report_layout *layout, size_t index, struct error *err)
{
    const char *name = layout->sheets[index].name;
    size_t size = strlen(name);

    if (size == 0 || size > SHEET_NAME_MAX || strpbrk(name, "[]:*?/\\'") != NULL)
        return fail(err, EXIT_COMMAND, "name: a sheet's has 1 to %d bytes and none of []:*?/\\'", SHEET_NAME_MAX);
    for (size_t i = 0; i < index; i++)
        if (strcasecmp(layout->sheets[i].name, name) == 0)
            return fail(err, EXIT_COMMAND, "name: there are two sheets \"%s\"", name);
    return true;
}

/* A streamed table ends where its rows end, on whatever sheet: nothing can stand below it. */
MUST_CHECK static bool check_order(const struct context *context, struct error *err)
{
    const struct layout_sheet *sheet = context->sheet;
    unsigned lists = 0;
    bool streamed = false;

    for (size_t i = 0; i < sheet->block_count; i++) {
        const struct layout_block *block = &sheet->blocks[i];
        const struct report_dataset *dataset =
            block->table != NULL ? layout_dataset(context->report, str_of(block->table->dataset)) : NULL;

        if (streamed && (block->chart == NULL || !block->chart->beside))
            return fail(err, EXIT_COMMAND, "blocks: [%zu]: nothing can stand below a table of many rows", i);
        streamed = streamed || (dataset != NULL && dataset->rows == REPORT_MANY);
        lists += block->table != NULL && block->table->list;
        if (block->chart != NULL && block->chart->beside && (i == 0 || sheet->blocks[i - 1].table == NULL))
            return fail(err, EXIT_COMMAND, "blocks: [%zu]: chart: there is no table above that it could stand beside",
                        i);
    }
    if (lists > 1)
        return fail(err, EXIT_COMMAND, "blocks: a sheet has at most one table that is its list");
    return true;
}

MUST_CHECK static bool check_sheet(const struct report *report, size_t index, struct error *err)
{
    struct context context = {.report = report, .sheet = &report->layout->sheets[index]};

    if (!check_sheet_name(report->layout, index, err))
        return false;
    for (size_t i = 0; i < context.sheet->block_count; i++)
        if (!check_block(&context, &context.sheet->blocks[i], err))
            return fail_within(err, "blocks: [%zu]", i);
    return check_order(&context, err);
}

/* ---- datasets, and the whole ---- */

MUST_CHECK static bool check_dataset_column(const struct report *report, const struct report_dataset *dataset,
                                            size_t index, struct error *err)
{
    const struct report_column *column = &dataset->columns[index];
    struct layout_value currency;

    if (layout_dataset_column(dataset, str_of(column->name)) != column)
        return fail(err, EXIT_COMMAND, "name: \"%s\" is there twice", column->name);
    if (column->currency == NULL)
        return true;
    if (!layout_find_value(report, str_of(column->currency), &currency, err))
        return fail_within(err, "currency");
    if (currency.dataset != dataset && currency.dataset->rows != REPORT_ONE)
        return fail(err, EXIT_COMMAND, "currency: it is in this dataset or in one of one row");
    return true;
}

MUST_CHECK static bool check_dataset(const struct report *report, size_t index, struct error *err)
{
    const struct report_dataset *dataset = &report->datasets[index];

    if (layout_dataset(report, str_of(dataset->name)) != dataset)
        return fail(err, EXIT_COMMAND, "name: there are two datasets \"%s\"", dataset->name);
    if (strcmp(dataset->name, "row") == 0 || strcmp(dataset->name, "upto") == 0)
        return fail(err, EXIT_COMMAND, "name: \"%s\" means something else in formulas", dataset->name);
    if (dataset->column_count == 0)
        return fail(err, EXIT_COMMAND, "columns: a dataset needs at least one");
    for (size_t i = 0; i < dataset->column_count; i++)
        if (!check_dataset_column(report, dataset, i, err))
            return fail_within(err, "columns: [%zu]", i);
    return true;
}

MUST_CHECK static bool check_whole(const struct report *report, struct error *err)
{
    const struct report_layout *layout = report->layout;
    const struct layout_properties *properties = layout->properties;

    if (layout->sheet_count == 0)
        return fail(err, EXIT_COMMAND, "sheets: a report needs at least one");
    if (!check_text(report, "title", properties->title, err) ||
        !check_text(report, "subject", properties->subject, err) ||
        !check_text(report, "comments", properties->comments, err) ||
        !check_text(report, "keywords", properties->keywords, err))
        return fail_within(err, "properties");
    return check_text(report, "file", layout->file, err) && check_value(report, "time_zone", layout->time_zone, err) &&
           check_value(report, "currency", layout->currency, err) && check_text(report, "footer", layout->footer, err);
}

static bool fail_at(const struct report_place *place, const char *list, struct error *err)
{
    return fail_within(err, "%s: %s: [%zu]", place->file, list, place->index);
}

bool layout_check(const struct report *report, struct error *err)
{
    for (size_t i = 0; i < report->dataset_count; i++)
        if (!check_dataset(report, i, err))
            return fail_at(&report->datasets[i].place, "datasets", err);
    if (!check_whole(report, err))
        return fail_within(err, "%s/layout.json", report->name);
    for (size_t i = 0; i < report->layout->sheet_count; i++)
        if (!check_sheet(report, i, err))
            return fail_at(&report->layout->sheets[i].place, "sheets", err);
    return true;
}
