/* SPDX-License-Identifier: MIT */
/* Tables: heading, rows from memory or as they stream in, total. A streamed one goes on in further sheets. */

#include <stdlib.h>
#include <string.h>

#include "report/xlsx_sheet.h"

#define HEADING_HEIGHT 18

/* A column of a table that is being written. */
struct column {
    const struct layout_column *layout;
    const struct report_column *meaning;
    size_t index;         /* in the row */
    size_t choice;        /* of the column that chooses formulas */
    lxw_format *format;   /* NULL: it depends on the value */
    const char *currency; /* of all rows; NULL: none, or it is in the row */
    bool own_currency;    /* in the row, at: */
    size_t currency_index;
    int64_t sum; /* of integers */
};

struct run {
    struct xlsx_sheet *sheet;
    const struct place_block *block;
    struct place_table *table;
    struct column *columns;
    unsigned heading; /* its row, the same on every sheet */
    unsigned row;     /* the next one */
};

/* ---- columns ---- */

static void find_currency(struct run *run, struct column *column)
{
    const struct xlsx_job *job = run->sheet->book->job;
    const char *reference = column->meaning->currency;
    struct layout_value value;

    if (reference == NULL)
        reference = job->report->layout->currency;
    if (reference == NULL || !layout_find_value(job->report, str_of(reference), &value, NULL))
        return;
    column->own_currency = value.dataset == run->table->dataset;
    column->currency_index = (size_t)(value.column - value.dataset->columns);
    if (!column->own_currency)
        column->currency = data_value(job->data, reference);
}

/* A number's format in a table: with a blank of the width of a bracket behind it, which keeps it off the next column.
 * LibreOffice forgets the indent of right-aligned cells in a row of their like. */
static lxw_format *number_format(const struct run *run, enum xlsx_style style, const struct report_column *column,
                                 const char *value, const char *currency)
{
    char format[XLSX_NUMBER_FORMAT_SIZE];
    char padded[XLSX_NUMBER_FORMAT_SIZE + 2];

    xlsx_number_format(column->kind, value, currency, format);
    snprintf(padded, sizeof(padded), "%s%s", format, column->kind == REPORT_TEXT ? "" : "_)");
    return xlsx_format(run->sheet->book->formats, style, padded);
}

/* Only rows that are in memory can be made as high as their texts need. */
static enum xlsx_style cell_style(const struct run *run, const struct column *column)
{
    bool text = column->meaning->kind == REPORT_TEXT;

    if (column->layout->open)
        return text ? XLSX_CELL_OPEN_TEXT : XLSX_CELL_OPEN;
    if (!text)
        return column->layout->expected ? XLSX_CELL_EXPECTED : XLSX_CELL_NUMBER;
    return run->table->set != NULL ? XLSX_CELL_WRAPPED : XLSX_CELL_TEXT;
}

static void find_columns(struct run *run)
{
    const struct layout_table *layout = run->table->table;

    run->columns = mem_alloc(layout->column_count * sizeof(*run->columns));
    for (size_t i = 0; i < layout->column_count; i++) {
        struct column *column = &run->columns[i];

        column->layout = &layout->columns[i];
        column->index = data_index(run->table->dataset, column->layout->key);
        column->meaning = &run->table->dataset->columns[column->index];
        find_currency(run, column);
        if (column->layout->formula_by != NULL)
            column->choice = data_index(run->table->dataset, column->layout->formula_by);
        if (column->meaning->kind == REPORT_MONEY || column->meaning->kind == REPORT_NUMBER)
            continue;
        column->format = number_format(run, cell_style(run, column), column->meaning, NULL, NULL);
    }
}

/* ---- heading ---- */

MUST_CHECK static bool set_heading_height(struct run *run, struct error *err)
{
    const struct layout_table *layout = run->table->table;
    struct xlsx_height height = {HEADING_HEIGHT};

    for (unsigned i = 0; i < layout->column_count; i++) {
        const char *title;

        if (!data_text(run->sheet->book->job->data, layout->columns[i].title, &title, err))
            return false;
        xlsx_height_of(&height, title, xlsx_column_width(run->sheet->place, i), XLSX_COLUMN_TEXT);
    }
    return xlsx_set_height(run->sheet, run->heading, &height, err);
}

MUST_CHECK static bool put_heading(struct run *run, struct error *err)
{
    struct xlsx_sheet *sheet = run->sheet;
    const struct layout_table *layout = run->table->table;

    if (!set_heading_height(run, err))
        return false;
    for (unsigned i = 0; i < layout->column_count; i++) {
        bool text = run->columns[i].meaning->kind == REPORT_TEXT;

        if (!xlsx_put_text(sheet, run->heading, i, layout->columns[i].title,
                           text ? XLSX_COLUMN_TEXT : XLSX_COLUMN_NUMBER, err))
            return false;
    }
    if (layout->list) {
        sheet->list = layout;
        sheet->list_heading = run->heading;
    }
    run->row = run->heading + 1;
    return true;
}

/* ---- rows ---- */

static lxw_format *cell_format(struct run *run, const struct column *column, data_row row)
{
    const char *currency = column->own_currency ? row[column->currency_index] : column->currency;

    if (column->format != NULL)
        return column->format;
    return number_format(run, cell_style(run, column), column->meaning, row[column->index], currency);
}

static const char *row_formula(const struct column *column, data_row row)
{
    const struct layout_column *layout = column->layout;
    const char *choice = layout->formula_count > 0 ? row[column->choice] : NULL;

    for (size_t i = 0; choice != NULL && i < layout->formula_count; i++)
        if (strcmp(layout->formulas[i].when, choice) == 0)
            return layout->formulas[i].formula;
    return layout->formula;
}

static void add_up(struct column *column, const char *value)
{
    int64_t number;

    if (value != NULL && column->meaning->kind == REPORT_INTEGER &&
        str_to_int64(str_of(value), INT64_MIN, INT64_MAX, &number) &&
        __builtin_add_overflow(column->sum, number, &column->sum))
        column->sum = INT64_MAX;
}

MUST_CHECK static bool put_cell(struct run *run, unsigned index, data_row row, struct error *err)
{
    struct column *column = &run->columns[index];
    struct xlsx_book *book = run->sheet->book;
    struct xlsx_cell cell = {.row = run->row, .column = index, .kind = column->meaning->kind};
    const char *formula = row_formula(column, row);

    cell.value = row[column->index];
    add_up(column, cell.value);
    cell.format = cell_format(run, column, row);
    if (formula != NULL && cell.value != NULL) {
        const struct place_spot spot = {book->place, run->sheet->name, run->table, run->heading + 1, run->row};

        buffer_clear(&book->formula);
        if (!place_formula(&spot, formula, NULL, &book->formula, err))
            return false;
        cell.formula = book->formula.data;
    }
    return xlsx_put(run->sheet, &cell, err);
}

MUST_CHECK static bool set_row_height(struct run *run, data_row row, struct error *err)
{
    struct xlsx_height height = {0};

    if (run->table->set == NULL)
        return true;
    xlsx_height_at_least(&height, run->table->table->lines, XLSX_CELL_WRAPPED);
    for (unsigned i = 0; i < run->table->table->column_count; i++) {
        const char *text = row[run->columns[i].index];

        if (text == NULL || run->columns[i].meaning->kind != REPORT_TEXT)
            continue;
        xlsx_height_of(&height, text, xlsx_column_width(run->sheet->place, i), XLSX_CELL_WRAPPED);
    }
    return xlsx_set_height(run->sheet, run->row, &height, err);
}

MUST_CHECK static bool put_row(struct run *run, data_row row, struct error *err)
{
    if (!set_row_height(run, row, err))
        return false;
    for (unsigned i = 0; i < run->table->table->column_count; i++)
        if (!put_cell(run, i, row, err))
            return fail_within(err, "%s, row %u, %s", run->sheet->name, run->row + 1, run->columns[i].meaning->name);
    run->row++;
    return true;
}

/* ---- the end of a sheet's rows ---- */

/* Now, because the library refuses a range that ends above the row at hand. */
MUST_CHECK static bool filter_rows(struct run *run, unsigned last, struct error *err)
{
    lxw_col_t last_column = (lxw_col_t)(run->table->table->column_count - 1);

    return xlsx_done(worksheet_autofilter(run->sheet->worksheet, run->heading, 0, last, last_column), err);
}

/* The rows of this sheet are all written. */
MUST_CHECK static bool end_rows(struct run *run, struct error *err)
{
    unsigned first = run->heading + 1;
    unsigned last = run->row > first ? run->row - 1 : first;

    if (run->table->set == NULL)
        place_add_part(run->sheet->book->place, run->table, run->sheet->name, first, last);
    if (run->table->table->list && !filter_rows(run, last, err))
        return false;
    for (unsigned i = 0; i < run->table->table->column_count; i++) {
        const struct layout_column *column = &run->table->table->columns[i];
        const struct place_range range = {.first_row = first, .last_row = last, .column = i};

        if (!xlsx_mark(run->sheet, &column->marks, &range, err) || !xlsx_take(run->sheet, column->takes, &range, err) ||
            (column->bar && !xlsx_bar(run->sheet, run->columns[i].meaning->kind, &range, err)))
            return false;
    }
    return true;
}

/* ---- streaming ---- */

static bool stream_row(const char *const *values, void *context, struct error *err)
{
    struct run *run = context;
    unsigned limit = run->sheet->book->job->sheet_rows;
    /* A total needs the row below the last. */
    unsigned needed = run->table->has_total ? 2 : 1;

    if (run->row + needed > limit) {
        if (!end_rows(run, err) || !xlsx_sheet_go_on(run->sheet, run->block, err) || !put_heading(run, err))
            return false;
    }
    return put_row(run, values, err);
}

MUST_CHECK static bool put_rows(struct run *run, struct error *err)
{
    const struct report_source *source = run->sheet->book->job->source;

    if (run->table->set == NULL)
        return source->each(source->context, run->table->dataset, stream_row, run, err);
    for (size_t i = 0; i < run->table->set->count; i++)
        if (!put_row(run, run->table->set->rows[i], err))
            return false;
    return true;
}

/* ---- below the rows ---- */

/* The formula of a total into the book's buffer. */
MUST_CHECK static bool fill_total(struct run *run, const struct layout_total *total, unsigned index,
                                  const char **formula, struct error *err)
{
    struct xlsx_book *book = run->sheet->book;
    const struct place_spot spot = {.place = book->place, .sheet = run->sheet->name};
    const struct layout_table *table = run->table->table;
    char sum[200];

    snprintf(sum, sizeof(sum), "SUM({%s.%s})", layout_table_name(table), table->columns[index].key);
    buffer_clear(&book->formula);
    if (!place_formula(&spot, total->sum ? sum : total->formula, NULL, &book->formula, err))
        return false;
    *formula = book->formula.data;
    return true;
}

MUST_CHECK static bool put_total(struct run *run, const struct layout_total *total, unsigned index, struct error *err)
{
    struct xlsx_book *book = run->sheet->book;
    const struct column *column = &run->columns[index];
    struct xlsx_cell cell = {.row = run->row, .column = index, .kind = column->meaning->kind};
    char sum[24];

    if (total != NULL && total->text != NULL)
        return xlsx_put_text(run->sheet, run->row, index, total->text, XLSX_TOTAL_TEXT, err);
    if (total != NULL) {
        snprintf(sum, sizeof(sum), "%lld", (long long)column->sum);
        cell.value = total->sum ? sum : data_value(book->job->data, total->value);
        cell.format = number_format(run, XLSX_TOTAL_NUMBER, column->meaning, cell.value, column->currency);
        if ((total->sum || total->formula != NULL) && !fill_total(run, total, index, &cell.formula, err))
            return false;
    }
    if (total == NULL)
        cell.format = xlsx_format(book->formats, XLSX_TOTAL_NUMBER, "");
    return xlsx_put(run->sheet, &cell, err);
}

MUST_CHECK static bool put_totals(struct run *run, struct error *err)
{
    const struct layout_table *layout = run->table->table;

    if (!run->table->has_total)
        return true;
    for (unsigned i = 0; i < layout->column_count; i++)
        if (!put_total(run, layout->columns[i].total, i, err))
            return fail_within(err, "%s, total, %s", run->sheet->name, layout->columns[i].key);
    run->row++;
    return true;
}

/* A table without rows keeps one empty row, so that formulas over it stay valid. */
MUST_CHECK static bool put_empty(struct run *run, struct error *err)
{
    for (unsigned i = 0; i < run->table->table->column_count; i++) {
        struct xlsx_cell cell = {.row = run->row, .column = i, .kind = REPORT_TEXT};

        cell.format = xlsx_format(run->sheet->book->formats, XLSX_CELL_TEXT, "");
        if (!xlsx_put(run->sheet, &cell, err))
            return false;
    }
    run->row++;
    return true;
}

MUST_CHECK static bool put_all(struct run *run, struct error *err)
{
    const struct layout_table *layout = run->table->table;

    if (!put_heading(run, err) || !put_rows(run, err))
        return false;

    bool empty = run->row == run->heading + 1 && run->sheet->number == 1;
    if (!end_rows(run, err) || (empty && !put_empty(run, err)) || !put_totals(run, err))
        return false;
    if (!empty || layout->empty == NULL)
        return true;
    return xlsx_put_text(run->sheet, run->row, 0, layout->empty, XLSX_NOTE, err);
}

bool xlsx_table(struct xlsx_sheet *sheet, const struct place_block *block, struct error *err)
{
    struct run run = {.sheet = sheet, .block = block, .table = block->table, .heading = block->row};

    find_columns(&run);
    bool good = put_all(&run, err);
    free(run.columns);
    return good;
}
