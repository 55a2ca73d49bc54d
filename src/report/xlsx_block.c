/* SPDX-License-Identifier: MIT */
/* Lines of text and forms. */

#include "report/xlsx_sheet.h"

/* In points; 0 leaves it to the spreadsheet. */
static const double style_heights[] = {
    [STYLE_NOTE] = 0, [STYLE_TITLE] = 30, [STYLE_SUBTITLE] = 18, [STYLE_HEADING] = 22, [STYLE_BANNER] = 22,
};

#define KEY_HEIGHT     24
#define HEADING_HEIGHT 18

/* A formula into the book's buffer. */
MUST_CHECK static bool fill_formula(struct xlsx_sheet *sheet, const char *formula, const char *over,
                                    struct xlsx_cell *cell, struct error *err)
{
    struct xlsx_book *book = sheet->book;
    const struct place_spot spot = {.place = book->place, .sheet = sheet->name};

    if (formula == NULL)
        return true;
    buffer_clear(&book->formula);
    if (!place_formula(&spot, formula, over, &book->formula, err))
        return false;
    cell->formula = book->formula.data;
    return true;
}

/* ---- texts ---- */

bool xlsx_text(struct xlsx_sheet *sheet, const struct place_block *block, struct error *err)
{
    const struct layout_text *text = block->block->text;
    enum xlsx_style style = (enum xlsx_style)text->style;
    struct xlsx_height height = {style_heights[text->style]};
    struct xlsx_cell cell = {.row = block->row, .kind = REPORT_TEXT};
    const struct place_range range = {.first_row = block->row, .last_row = block->row};

    if (!block->shown)
        return true;
    cell.format = xlsx_format(sheet->book->formats, style, "");
    if (!data_text(sheet->book->job->data, text->text, &cell.value, err))
        return false;
    xlsx_height_of(&height, cell.value, xlsx_width_across(sheet, 0), style);
    return xlsx_set_height(sheet, block->row, &height, err) && fill_formula(sheet, text->formula, NULL, &cell, err) &&
           xlsx_put_across(sheet, &cell, err) && xlsx_mark(sheet, &text->marks, &range, err);
}

/* ---- forms ---- */

/* A field while it is written. */
struct line {
    struct xlsx_sheet *sheet;
    const struct layout_form *form;
    const struct layout_field *field;
    unsigned row;
    const char *label;
    const char *note; /* NULL: none */
};

static enum xlsx_style value_style(const struct line *line, const struct layout_cell *cell)
{
    if (cell->open)
        return XLSX_VALUE_OPEN;
    if (line->field->look == LOOK_KEY)
        return XLSX_KEY_VALUE;
    return line->form->left ? XLSX_VALUE_LEFT : XLSX_VALUE;
}

/* Values at the left go over the cells behind them, where nothing else stands. */
static bool goes_over(const struct line *line)
{
    return line->form->left && line->field->note == NULL && line->field->second == NULL;
}

MUST_CHECK static bool put_value(const struct line *line, const struct layout_cell *layout, unsigned column,
                                 struct error *err)
{
    struct xlsx_book *book = line->sheet->book;
    const struct data *data = book->job->data;
    const struct report_column *meaning = data_column(data, layout->value);
    const char *currency = meaning->currency != NULL ? meaning->currency : book->job->report->layout->currency;
    const struct place_range range = {.first_row = line->row, .last_row = line->row, .column = column};
    struct xlsx_cell cell = {.row = line->row, .column = column, .kind = meaning->kind, .absent = layout->absent};
    char number_format[XLSX_NUMBER_FORMAT_SIZE] = "";

    cell.value = data_value(data, layout->value);
    /* A cell for text alone would show a formula as it is written. */
    if (layout->formula == NULL || meaning->kind != REPORT_TEXT)
        xlsx_number_format(meaning->kind, cell.value, data_value(data, currency), number_format);
    cell.format = xlsx_format(book->formats, value_style(line, layout), number_format);
    if (layout->formula != NULL && cell.absent == NULL)
        cell.absent = "";
    return fill_formula(line->sheet, layout->formula, layout->over, &cell, err) &&
           (goes_over(line) ? xlsx_put_across : xlsx_put)(line->sheet, &cell, err) &&
           xlsx_mark(line->sheet, &layout->marks, &range, err) && xlsx_take(line->sheet, layout->takes, &range, err);
}

/* Where other fields of the form have a second value, the line below goes on. */
MUST_CHECK static bool put_second(const struct line *line, struct error *err)
{
    struct xlsx_cell blank = {.row = line->row, .column = PLACE_SECOND_COLUMN, .kind = REPORT_TEXT};

    if (line->field->second != NULL)
        return put_value(line, line->field->second, PLACE_SECOND_COLUMN, err);
    if (layout_note_column(line->form) == PLACE_SECOND_COLUMN)
        return true;
    blank.format = xlsx_format(line->sheet->book->formats, value_style(line, &line->field->value), "");
    return xlsx_put(line->sheet, &blank, err);
}

/* What a value takes; only texts wrap. */
static void height_of_value(const struct line *line, const struct layout_cell *cell, unsigned column,
                            struct xlsx_height *height)
{
    const struct data *data = line->sheet->book->job->data;
    const char *value = data_value(data, cell->value);
    unsigned width =
        goes_over(line) ? xlsx_width_across(line->sheet, column) : xlsx_column_width(line->sheet->place, column);

    if (value != NULL && data_column(data, cell->value)->kind == REPORT_TEXT)
        xlsx_height_of(height, value, width, value_style(line, cell));
}

static enum xlsx_style label_style(const struct line *line)
{
    return line->field->look == LOOK_KEY ? XLSX_KEY_LABEL : XLSX_LABEL;
}

MUST_CHECK static bool set_line_height(const struct line *line, struct error *err)
{
    const struct layout_field *field = line->field;
    struct xlsx_height height = {field->look == LOOK_KEY ? KEY_HEIGHT : 0};

    xlsx_height_of(&height, line->label, xlsx_column_width(line->sheet->place, 0), label_style(line));
    height_of_value(line, &field->value, PLACE_VALUE_COLUMN, &height);
    if (field->second != NULL)
        height_of_value(line, field->second, PLACE_SECOND_COLUMN, &height);
    if (line->note != NULL)
        xlsx_height_of(&height, line->note, xlsx_width_across(line->sheet, layout_note_column(line->form)), XLSX_NOTE);
    return xlsx_set_height(line->sheet, line->row, &height, err);
}

MUST_CHECK static bool put_words(const struct line *line, struct error *err)
{
    struct xlsx_formats *formats = line->sheet->book->formats;
    const struct xlsx_cell label = {.row = line->row,
                                    .kind = REPORT_TEXT,
                                    .value = line->label,
                                    .format = xlsx_format(formats, label_style(line), "")};
    const struct xlsx_cell note = {.row = line->row,
                                   .column = layout_note_column(line->form),
                                   .kind = REPORT_TEXT,
                                   .value = line->note,
                                   .format = xlsx_format(formats, XLSX_NOTE, "")};

    return xlsx_put(line->sheet, &label, err) && (line->note == NULL || xlsx_put_across(line->sheet, &note, err));
}

MUST_CHECK static bool put_field(struct line *line, struct error *err)
{
    const struct data *data = line->sheet->book->job->data;
    const struct layout_field *field = line->field;

    if (!data_text(data, field->label, &line->label, err) ||
        (field->note != NULL && !data_text(data, field->note, &line->note, err)))
        return false;
    return set_line_height(line, err) && put_words(line, err) &&
           put_value(line, &field->value, PLACE_VALUE_COLUMN, err) && put_second(line, err);
}

MUST_CHECK static bool put_headings(struct xlsx_sheet *sheet, const struct layout_form *form, unsigned row,
                                    struct error *err)
{
    const struct xlsx_height height = {HEADING_HEIGHT};
    unsigned note = layout_note_column(form);

    if (!xlsx_set_height(sheet, row, &height, err))
        return false;
    for (unsigned i = 0; i < form->heading_count; i++) {
        bool number = !form->left && i > 0 && i < note;
        struct xlsx_cell cell = {.row = row, .column = i, .kind = REPORT_TEXT};

        cell.format = xlsx_format(sheet->book->formats, number ? XLSX_COLUMN_NUMBER : XLSX_COLUMN_TEXT, "");
        if (!data_text(sheet->book->job->data, form->headings[i], &cell.value, err) ||
            !(i == note ? xlsx_put_across : xlsx_put)(sheet, &cell, err))
            return false;
    }
    return true;
}

bool xlsx_form(struct xlsx_sheet *sheet, const struct place_block *block, struct error *err)
{
    const struct layout_form *form = block->block->form;
    struct line line = {.sheet = sheet, .form = form, .row = block->row};

    if (form->heading_count > 0 && !put_headings(sheet, form, line.row++, err))
        return false;
    for (size_t i = 0; i < form->field_count; i++) {
        line.field = &form->fields[i];
        line.note = NULL;
        if (!data_has(sheet->book->job->data, line.field->when))
            continue;
        if (!put_field(&line, err))
            return fail_within(err, "%s", line.field->label);
        line.row++;
    }
    return true;
}
