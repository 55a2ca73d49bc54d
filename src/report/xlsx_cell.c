/* SPDX-License-Identifier: MIT */
/* Writing one cell: by its kind, as a value or as a formula with its cached result. */

#include <string.h>

#include "report/figure.h"
#include "report/xlsx_sheet.h"

bool xlsx_done(lxw_error result, struct error *err)
{
    if (result == LXW_NO_ERROR)
        return true;
    return fail(err, EXIT_COMMAND, "libxlsxwriter: %s", lxw_strerror(result));
}

MUST_CHECK static bool clean(struct xlsx_sheet *sheet, const char *text, const char **cleaned, struct error *err)
{
    struct buffer *out = &sheet->book->text;

    *cleaned = text;
    if (figure_is_clean(text))
        return true;
    buffer_clear(out);
    if (!figure_clean(text, out) || !buffer_add(out, "", 0))
        return fail(err, EXIT_COMMAND, "a text is too long for a cell");
    *cleaned = out->data;
    return true;
}

MUST_CHECK static bool put_string(struct xlsx_sheet *sheet, const struct xlsx_cell *cell, const char *text,
                                  struct error *err)
{
    lxw_col_t column = (lxw_col_t)cell->column;
    const char *cleaned = NULL;

    if (!clean(sheet, text, &cleaned, err))
        return false;
    if (cell->formula != NULL)
        return xlsx_done(
            worksheet_write_formula_str(sheet->worksheet, cell->row, column, cell->formula, cell->format, cleaned),
            err);
    return xlsx_done(worksheet_write_string(sheet->worksheet, cell->row, column, cleaned, cell->format), err);
}

MUST_CHECK static bool read_number(const struct xlsx_cell *cell, double *number, struct error *err)
{
    bool (*const readers[])(const char *, double *) = {
        [REPORT_INTEGER] = figure_number, [REPORT_NUMBER] = figure_number, [REPORT_PERCENT] = figure_number,
        [REPORT_MONEY] = figure_number,   [REPORT_TIME] = figure_time,     [REPORT_DATE] = figure_date,
    };

    if (readers[cell->kind](cell->value, number))
        return true;
    return fail(err, EXIT_COMMAND, "\"%.60s\" is not of the kind %s", cell->value, report_kind_name(cell->kind));
}

MUST_CHECK static bool put_number(struct xlsx_sheet *sheet, const struct xlsx_cell *cell, struct error *err)
{
    lxw_col_t column = (lxw_col_t)cell->column;
    double number;

    if (!read_number(cell, &number, err))
        return false;
    if (cell->formula != NULL)
        return xlsx_done(
            worksheet_write_formula_num(sheet->worksheet, cell->row, column, cell->formula, cell->format, number), err);
    return xlsx_done(worksheet_write_number(sheet->worksheet, cell->row, column, number, cell->format), err);
}

bool xlsx_put(struct xlsx_sheet *sheet, const struct xlsx_cell *cell, struct error *err)
{
    const char *text = cell->value != NULL ? cell->value : cell->absent;

    if (cell->row > sheet->last_row)
        sheet->last_row = cell->row;
    if (cell->value != NULL && cell->kind != REPORT_TEXT)
        return put_number(sheet, cell, err);
    if (text != NULL && (*text != '\0' || cell->formula != NULL))
        return put_string(sheet, cell, text, err);
    return xlsx_done(worksheet_write_blank(sheet->worksheet, cell->row, (lxw_col_t)cell->column, cell->format), err);
}

bool xlsx_put_text(struct xlsx_sheet *sheet, unsigned row, unsigned column, const char *text, enum xlsx_style style,
                   struct error *err)
{
    struct xlsx_cell cell = {.row = row, .column = column, .kind = REPORT_TEXT};

    cell.format = xlsx_format(sheet->book->formats, style, "");
    return data_text(sheet->book->job->data, text, &cell.value, err) && xlsx_put(sheet, &cell, err);
}

bool xlsx_put_across(struct xlsx_sheet *sheet, const struct xlsx_cell *cell, struct error *err)
{
    unsigned last = sheet->across - 1;

    /* Merging writes empty cells first; the value goes over the first of them as into any other cell. */
    if (cell->column < last && !xlsx_done(worksheet_merge_range(sheet->worksheet, cell->row, (lxw_col_t)cell->column,
                                                                cell->row, (lxw_col_t)last, "", cell->format),
                                          err))
        return false;
    return xlsx_put(sheet, cell, err);
}
