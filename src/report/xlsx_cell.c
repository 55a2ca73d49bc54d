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

bool xlsx_put_blanks(struct xlsx_sheet *sheet, unsigned row, unsigned column, enum xlsx_style style, struct error *err)
{
    struct xlsx_cell cell = {.row = row, .kind = REPORT_TEXT};

    cell.format = xlsx_format(sheet->book->formats, style, "");
    for (cell.column = column; cell.column < sheet->place->columns; cell.column++)
        if (!xlsx_put(sheet, &cell, err))
            return false;
    return true;
}

/* ---- rows ---- */

#define LINE_POINTS  15
#define BOLD_PERCENT 115 /* of the width of plain text */
#define NARROWEST    4

static unsigned characters_of(const char *text, size_t size)
{
    unsigned characters = 0;

    for (size_t i = 0; i < size; i++)
        characters += ((unsigned char)text[i] & 0xC0) != 0x80;
    return characters;
}

/* Word by word, as a spreadsheet does it; a word that is too long by itself is broken anywhere. */
unsigned xlsx_lines(const char *text, unsigned width, bool bold)
{
    unsigned room = width > NARROWEST ? width - 2 : NARROWEST - 2; /* the indents take some */
    unsigned used = 0;
    unsigned lines = 1;

    if (bold)
        room = room * 100 / BOLD_PERCENT;
    while (*text != '\0') {
        size_t size = strcspn(text, " ");
        unsigned word = characters_of(text, size);

        if (used > 0 && used + 1 + word > room) {
            lines++;
            used = 0;
        }
        used += (used > 0 ? 1 : 0) + word;
        for (; used > room; used -= room)
            lines++;
        text += size + strspn(text + size, " ");
    }
    return lines;
}

bool xlsx_set_lines(struct xlsx_sheet *sheet, unsigned row, unsigned lines, struct error *err)
{
    return xlsx_done(worksheet_set_row(sheet->worksheet, row, lines * LINE_POINTS + 3, NULL), err);
}

/* ---- marks ---- */

bool xlsx_mark(struct xlsx_sheet *sheet, const struct layout_mark *marks, size_t count, const struct place_range *range,
               struct error *err)
{
    lxw_col_t column = (lxw_col_t)range->column;
    char text[200];

    for (size_t i = 0; i < count; i++) {
        lxw_conditional_format condition = {.type = LXW_CONDITIONAL_TYPE_CELL,
                                            .criteria = LXW_CONDITIONAL_CRITERIA_EQUAL_TO};

        snprintf(text, sizeof(text), "\"%s\"", marks[i].text);
        condition.value_string = text;
        condition.format = xlsx_format(sheet->book->formats, xlsx_look(marks[i].look), "");
        if (!xlsx_done(worksheet_conditional_format_range(sheet->worksheet, range->first_row, column, range->last_row,
                                                          column, &condition),
                       err))
            return false;
    }
    return true;
}
