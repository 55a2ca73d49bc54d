/* SPDX-License-Identifier: MIT */
/* Lines of text and forms. */

#include "report/xlsx_sheet.h"

/* In points; 0 leaves it to the spreadsheet. */
static const double style_heights[] = {
    [STYLE_NOTE] = 0, [STYLE_TITLE] = 30, [STYLE_SUBTITLE] = 18, [STYLE_HEADING] = 22, [STYLE_BANNER] = 22,
};

#define KEY_HEIGHT 24

MUST_CHECK static bool set_height(struct xlsx_sheet *sheet, unsigned row, double height, struct error *err)
{
    return height <= 0 || xlsx_done(worksheet_set_row(sheet->worksheet, row, height, NULL), err);
}

/* Over the sheet's whole width, so that a long contract name shrinks instead of being cut. */
MUST_CHECK static bool put_across(struct xlsx_sheet *sheet, unsigned row, const char *text, enum xlsx_style style,
                                  struct error *err)
{
    lxw_col_t last = (lxw_col_t)(sheet->place->columns - 1);
    const char *expanded;

    if (sheet->place->columns < 2)
        return xlsx_put_text(sheet, row, 0, text, style, err);
    /* Merging writes an empty cell first; the text goes over it as any other text does. */
    return data_text(sheet->book->job->data, text, &expanded, err) &&
           xlsx_done(worksheet_merge_range(sheet->worksheet, row, 0, row, last, "",
                                           xlsx_format(sheet->book->formats, style, "")),
                     err) &&
           xlsx_put_text(sheet, row, 0, text, style, err);
}

bool xlsx_text(struct xlsx_sheet *sheet, const struct place_block *block, struct error *err)
{
    const struct layout_text *text = block->block->text;
    enum xlsx_style style = (enum xlsx_style)text->style;

    if (!block->shown)
        return true;
    if (!set_height(sheet, block->row, style_heights[text->style], err))
        return false;
    if (text->style == STYLE_HEADING)
        return xlsx_put_text(sheet, block->row, 0, text->text, style, err) &&
               xlsx_put_blanks(sheet, block->row, 1, style, err);
    if (text->style == STYLE_NOTE)
        return xlsx_put_text(sheet, block->row, 0, text->text, style, err);
    return put_across(sheet, block->row, text->text, style, err);
}

/* ---- forms ---- */

static enum xlsx_style value_style(const struct layout_form *form, const struct layout_field *field)
{
    if (field->look == LOOK_KEY)
        return XLSX_KEY_VALUE;
    return form->left ? XLSX_VALUE_LEFT : XLSX_VALUE;
}

/* The formula of a field into the book's buffer. */
MUST_CHECK static bool fill_formula(struct xlsx_sheet *sheet, const struct layout_field *field, const char **formula,
                                    struct error *err)
{
    struct xlsx_book *book = sheet->book;
    const struct place_spot spot = {.place = book->place, .sheet = sheet->name};

    buffer_clear(&book->formula);
    if (!place_formula(&spot, field->formula, field->over, &book->formula, err))
        return false;
    *formula = book->formula.data;
    return true;
}

MUST_CHECK static bool put_value(struct xlsx_sheet *sheet, const struct layout_field *field, unsigned row,
                                 enum xlsx_style style, struct error *err)
{
    struct xlsx_book *book = sheet->book;
    const struct data *data = book->job->data;
    const struct report_column *column = data_column(data, field->value);
    const char *currency = column->currency != NULL ? column->currency : book->job->report->layout->currency;
    struct xlsx_cell cell = {.row = row, .column = 1, .kind = column->kind, .absent = field->absent};
    char number_format[XLSX_NUMBER_FORMAT_SIZE] = "";

    cell.value = data_value(data, field->value);
    /* A cell for text alone would show a formula as it is written. */
    if (field->formula == NULL || column->kind != REPORT_TEXT)
        xlsx_number_format(column->kind, cell.value, data_value(data, currency), number_format);
    cell.format = xlsx_format(book->formats, style, number_format);
    if (field->formula != NULL && !fill_formula(sheet, field, &cell.formula, err))
        return false;
    if (field->formula != NULL && cell.absent == NULL)
        cell.absent = "";
    return xlsx_put(sheet, &cell, err);
}

MUST_CHECK static bool set_field_height(struct xlsx_sheet *sheet, const struct layout_form *form,
                                        const struct layout_field *field, unsigned row, struct error *err)
{
    const struct data *data = sheet->book->job->data;
    const char *value = data_value(data, field->value);
    unsigned lines;

    if (field->look == LOOK_KEY)
        return set_height(sheet, row, KEY_HEIGHT, err);
    if (value == NULL || form->left || data_column(data, field->value)->kind != REPORT_TEXT)
        return true;
    lines = xlsx_lines(value, xlsx_column_width(sheet->place->sheet, 1), false);
    return lines == 1 || xlsx_set_lines(sheet, row, lines, err);
}

MUST_CHECK static bool put_field(struct xlsx_sheet *sheet, const struct layout_form *form,
                                 const struct layout_field *field, unsigned row, struct error *err)
{
    const struct place_range cell = {.first_row = row, .last_row = row, .column = 1};
    enum xlsx_style label = field->look == LOOK_KEY ? XLSX_KEY_LABEL : XLSX_LABEL;

    if (!set_field_height(sheet, form, field, row, err) || !xlsx_put_text(sheet, row, 0, field->label, label, err) ||
        !put_value(sheet, field, row, value_style(form, field), err))
        return fail_within(err, "%s", field->label);
    if (field->note != NULL && !xlsx_put_text(sheet, row, PLACE_NOTE_COLUMN, field->note, XLSX_NOTE, err))
        return fail_within(err, "%s", field->label);
    return xlsx_mark(sheet, field->marks, field->mark_count, &cell, err);
}

bool xlsx_form(struct xlsx_sheet *sheet, const struct place_block *block, struct error *err)
{
    const struct layout_form *form = block->block->form;
    unsigned row = block->row;

    for (size_t i = 0; i < form->field_count; i++) {
        if (!data_has(sheet->book->job->data, form->fields[i].when))
            continue;
        if (!put_field(sheet, form, &form->fields[i], row++, err))
            return false;
    }
    return true;
}
