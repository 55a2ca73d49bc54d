/* SPDX-License-Identifier: MIT */
/* What is checked of a layout when all of it is read: that every reference finds something, and can be written. */

#include <string.h>
#include <strings.h>

#include "report/layout_check.h"

#define SHEET_NAME_MAX 26 /* of 31, leaving room for " 1234" of the sheets that it goes on in */

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

/* Several charts may stand beside one form or table. */
static bool can_have_beside(const struct layout_block *block)
{
    return block->table != NULL || block->form != NULL || (block->chart != NULL && block->chart->beside);
}

/* A streamed table ends where its rows end, on whatever sheet: nothing can stand below it. */
MUST_CHECK static bool check_order(const struct layout_context *context, struct error *err)
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
        if (block->chart != NULL && block->chart->beside && (i == 0 || !can_have_beside(block - 1)))
            return fail(err, EXIT_COMMAND,
                        "blocks: [%zu]: chart: there is no form or table above that it could stand beside", i);
    }
    if (lists > 1)
        return fail(err, EXIT_COMMAND, "blocks: a sheet has at most one table that is its list");
    return true;
}

MUST_CHECK static bool check_sheet(const struct report *report, size_t index, struct error *err)
{
    struct layout_context context = {.report = report, .sheet = &report->layout->sheets[index]};

    if (!check_sheet_name(report->layout, index, err))
        return false;
    for (size_t i = 0; i < context.sheet->block_count; i++)
        if (!layout_check_block(&context, &context.sheet->blocks[i], err))
            return fail_within(err, "blocks: [%zu]", i);
    return check_order(&context, err);
}

/* What stands on every sheet must be right on each of them. */
MUST_CHECK static bool check_every_sheet(const struct report *report, const struct layout_block *block,
                                         struct error *err)
{
    if (block->text == NULL)
        return fail(err, EXIT_COMMAND, "only texts stand on every sheet");
    for (size_t i = 0; i < report->layout->sheet_count; i++) {
        struct layout_context context = {.report = report, .sheet = &report->layout->sheets[i]};

        if (!layout_check_block(&context, block, err))
            return fail_within(err, "sheet %s", context.sheet->name);
    }
    return true;
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

/* Its rows are handed over whole, so they are few; and it takes none itself, so nothing takes itself in the end. */
MUST_CHECK static bool check_take(const struct report *report, const char *name, struct error *err)
{
    const struct report_dataset *taken = layout_dataset(report, str_of(name));

    if (taken == NULL || taken->sql.text == NULL)
        return fail(err, EXIT_COMMAND, "there is no dataset \"%s\" with a statement", name);
    if (taken->rows == REPORT_MANY)
        return fail(err, EXIT_COMMAND, "the dataset \"%s\" has many rows; only one of few or one can be taken", name);
    if (taken->take_count > 0)
        return fail(err, EXIT_COMMAND, "the dataset \"%s\" takes others itself; only one that takes none can be taken",
                    name);
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
    for (size_t i = 0; i < dataset->take_count; i++)
        if (!check_take(report, dataset->takes[i], err))
            return fail_within(err, "takes: [%zu]", i);
    return true;
}

/* A report is of one contract's month, or of several contracts. */
MUST_CHECK static bool check_parameters(const struct report *report, struct error *err)
{
    static const enum report_parameter of_one[] = {REPORT_CONTRACT, REPORT_MONTH, REPORT_FORECAST};

    for (size_t i = 0; report_takes(report, REPORT_CONTRACTS) && i < ARRAY_LENGTH(of_one); i++)
        if (report_takes(report, of_one[i]))
            return fail(err, EXIT_COMMAND, "parameters: \"%s\" is of one contract and \"contracts\" of several",
                        report_parameter_name(of_one[i]));
    return true;
}

MUST_CHECK static bool check_whole(const struct report *report, struct error *err)
{
    const struct report_layout *layout = report->layout;
    const struct layout_properties *properties = layout->properties;

    if (!check_parameters(report, err))
        return false;
    if (layout->sheet_count == 0)
        return fail(err, EXIT_COMMAND, "sheets: a report needs at least one");
    if (report->main != NULL && layout_dataset(report, str_of(report->main)) == NULL)
        return fail(err, EXIT_COMMAND, "main: there is no dataset \"%s\"", report->main);
    if (!layout_check_text(report, "title", properties->title, err) ||
        !layout_check_text(report, "subject", properties->subject, err) ||
        !layout_check_text(report, "comments", properties->comments, err) ||
        !layout_check_text(report, "keywords", properties->keywords, err) ||
        !layout_check_text(report, "state", properties->state, err))
        return fail_within(err, "properties");
    for (size_t i = 0; i < layout->every_sheet_count; i++)
        if (!check_every_sheet(report, &layout->every_sheet[i], err))
            return fail_within(err, "every_sheet: [%zu]", i);
    return layout_check_text(report, "file", layout->file, err) &&
           layout_check_value(report, "time_zone", layout->time_zone, err) &&
           layout_check_value(report, "currency", layout->currency, err) &&
           layout_check_text(report, "header", layout->header, err) &&
           layout_check_text(report, "footer", layout->footer, err);
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
        return fail_within(err, "%s/layout.json", report->path);
    for (size_t i = 0; i < report->layout->sheet_count; i++)
        if (!check_sheet(report, i, err))
            return fail_at(&report->layout->sheets[i].place, "sheets", err);
    return true;
}
