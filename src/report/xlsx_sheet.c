/* SPDX-License-Identifier: MIT */
/* A sheet as a whole: its columns, its blocks in order, and how it is seen and printed. */

#include <string.h>

#include "report/figure.h"
#include "report/xlsx_sheet.h"

#define PAPER_A4   9
#define ROW_HEIGHT 18

/* Widths in characters. */
#define NOTE_WIDTH      16 /* beside other blocks that make the sheet wide */
#define NOTE_WIDTH_LAST 64 /* of the sheet's last column */
#define DEFAULT_WIDTH   8
#define TEXT_WIDTH      80 /* what a text has at least, however narrow the sheet's columns are */

/* ---- columns ---- */

static unsigned block_width(const struct layout_block *block, unsigned column)
{
    if (block->table != NULL && column < block->table->column_count)
        return block->table->columns[column].width;
    if (block->form == NULL || column > layout_note_column(block->form))
        return 0;
    if (column == layout_note_column(block->form))
        return NOTE_WIDTH;
    return column == 0 ? block->form->label_width : block->form->value_width;
}

static bool has_note_column(const struct layout_sheet *sheet, unsigned column)
{
    for (size_t i = 0; i < sheet->block_count; i++)
        if (sheet->blocks[i].form != NULL && layout_note_column(sheet->blocks[i].form) == column)
            return true;
    return false;
}

unsigned xlsx_column_width(const struct place_sheet *sheet, unsigned column)
{
    unsigned width = 0;

    if (column >= sheet->columns)
        return DEFAULT_WIDTH;
    if (column == sheet->columns - 1 && has_note_column(sheet->sheet, column))
        return NOTE_WIDTH_LAST;
    for (size_t i = 0; i < sheet->sheet->block_count; i++) {
        unsigned wanted = block_width(&sheet->sheet->blocks[i], column);

        width = wanted > width ? wanted : width;
    }
    return width > 0 ? width : DEFAULT_WIDTH;
}

unsigned xlsx_width_across(const struct xlsx_sheet *sheet, unsigned column)
{
    unsigned width = 0;

    for (; column < sheet->across; column++)
        width += xlsx_column_width(sheet->place, column);
    return width;
}

MUST_CHECK static bool set_columns(struct xlsx_sheet *sheet, struct error *err)
{
    for (unsigned i = 0; i < sheet->place->columns; i++) {
        lxw_col_t column = (lxw_col_t)i;
        double width = xlsx_column_width(sheet->place, i);

        if (!xlsx_done(worksheet_set_column(sheet->worksheet, column, column, width, NULL), err))
            return false;
    }
    sheet->across = sheet->place->columns > 0 ? sheet->place->columns : 1;
    while (xlsx_width_across(sheet, 0) < TEXT_WIDTH)
        sheet->across++;
    return true;
}

/* ---- print ---- */

/* What is printed above and below a page has 255 characters; what is more of the report's own words is cut. */
#define MARGIN_CHARACTERS 200
#define MARGIN_CEILING    2000

/* As a margin holds it: an & would begin a code, so it is doubled. */
MUST_CHECK static bool add_margin_text(struct buffer *out, const char *text)
{
    unsigned used = 0;

    for (; *text != '\0'; text++) {
        bool starts = ((unsigned char)*text & 0xC0) != 0x80;

        if (starts && (used += *text == '&' ? 2 : 1) > MARGIN_CHARACTERS)
            return buffer_format(out, "\xE2\x80\xA6");
        if (!buffer_format(out, *text == '&' ? "&&" : "%c", *text))
            return false;
    }
    return true;
}

/* The report's own words on the left, and on the right what the program knows. The blanks keep words that begin with
 * a digit apart from the size. */
MUST_CHECK static bool set_margin(struct xlsx_sheet *sheet, const char *layout, const char *right,
                                  lxw_error (*set)(lxw_worksheet *worksheet, const char *text), struct error *err)
{
    struct buffer *own = &sheet->book->text;
    struct buffer margin;
    const char *text;

    if (layout == NULL)
        return true;
    buffer_init(&margin, MARGIN_CEILING);
    buffer_clear(own);
    bool good = data_text(sheet->book->job->data, layout, &text, err);
    if (good && (!figure_clean(text, own) || !buffer_add(own, "", 0) || !buffer_format(&margin, "&L&9 ") ||
                 !add_margin_text(&margin, own->data) || !buffer_format(&margin, "%s", right)))
        good = fail(err, EXIT_COMMAND, "it is too long");
    good = good && xlsx_done(set(sheet->worksheet, margin.data), err);
    buffer_free(&margin);
    return good;
}

MUST_CHECK static bool set_margins(struct xlsx_sheet *sheet, struct error *err)
{
    const struct report_layout *layout = sheet->book->job->report->layout;

    if (!set_margin(sheet, layout->header, "", worksheet_set_header, err))
        return fail_within(err, "header");
    return set_margin(sheet, layout->footer, "&R&9 &A, page &P of &N", worksheet_set_footer, err) ||
           fail_within(err, "footer");
}

MUST_CHECK static bool set_page(struct xlsx_sheet *sheet, struct error *err)
{
    lxw_worksheet *worksheet = sheet->worksheet;

    worksheet_set_landscape(worksheet);
    worksheet_set_paper(worksheet, PAPER_A4);
    worksheet_set_margins(worksheet, 0.5, 0.5, 0.75, 0.75);
    worksheet_fit_to_pages(worksheet, 1, sheet->place->sheet->one_page ? 1 : 0);
    worksheet_gridlines(worksheet, LXW_HIDE_ALL_GRIDLINES);
    return set_margins(sheet, err);
}

/* Against slips of the hand, not against anybody: there is no password. */
static void protect(struct xlsx_sheet *sheet)
{
    lxw_protection allowed = {
        .format_columns = LXW_TRUE, .format_rows = LXW_TRUE, .sort = LXW_TRUE, .autofilter = LXW_TRUE};

    if (sheet->place->sheet->protect)
        worksheet_protect(sheet->worksheet, NULL, &allowed);
}

/* ---- list ---- */

/* A screen is not much higher: frozen lines must leave room for those that move. */
#define FROZEN_MOST 12

MUST_CHECK static bool set_list(struct xlsx_sheet *sheet, struct error *err)
{
    lxw_worksheet *worksheet = sheet->worksheet;

    if (sheet->list == NULL)
        return true;
    worksheet_freeze_panes(worksheet, sheet->list_heading < FROZEN_MOST ? sheet->list_heading + 1 : 0,
                           (lxw_col_t)sheet->list->freeze);
    return xlsx_done(worksheet_repeat_rows(worksheet, sheet->list_heading, sheet->list_heading), err);
}

/* Ids are texts of digits, sums go over a part of a column, and an open month has empty days: all of it on purpose. */
MUST_CHECK static bool quieten(struct xlsx_sheet *sheet, struct error *err)
{
    static const uint8_t kinds[] = {LXW_IGNORE_NUMBER_STORED_AS_TEXT, LXW_IGNORE_FORMULA_DIFFERS,
                                    LXW_IGNORE_FORMULA_RANGE, LXW_IGNORE_EMPTY_CELL_REFERENCE};
    char name[PLACE_COLUMN_SIZE];
    char range[60];

    snprintf(range, sizeof(range), "A1:%s%u", place_column_name(sheet->place->columns, name), sheet->last_row + 1);
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
        if (!xlsx_done(worksheet_ignore_errors(sheet->worksheet, kinds[i], range), err))
            return false;
    return true;
}

MUST_CHECK static bool end_sheet(struct xlsx_sheet *sheet, struct error *err)
{
    protect(sheet);
    return set_list(sheet, err) && quieten(sheet, err);
}

/* ---- sheets ---- */

bool xlsx_sheet_begin(struct xlsx_book *book, const struct place_sheet *place, unsigned number,
                      struct xlsx_sheet *sheet, struct error *err)
{
    *sheet = (struct xlsx_sheet){.book = book, .place = place, .number = number};
    if (number == 1)
        snprintf(sheet->name, sizeof(sheet->name), "%s", place->sheet->name);
    else
        snprintf(sheet->name, sizeof(sheet->name), "%.26s %u", place->sheet->name, number);
    sheet->worksheet = workbook_add_worksheet(book->workbook, sheet->name);
    if (sheet->worksheet == NULL)
        return fail(err, EXIT_COMMAND, "libxlsxwriter does not take a sheet \"%s\"", sheet->name);
    worksheet_set_default_row(sheet->worksheet, ROW_HEIGHT, LXW_FALSE);
    return set_columns(sheet, err) && set_page(sheet, err);
}

MUST_CHECK static bool write_block(struct xlsx_sheet *sheet, const struct place_block *block, struct error *err)
{
    if (block->block->text != NULL)
        return xlsx_text(sheet, block, err);
    if (block->block->form != NULL)
        return xlsx_form(sheet, block, err);
    if (block->block->table != NULL)
        return xlsx_table(sheet, block, err);
    return xlsx_chart(sheet, block, err);
}

bool xlsx_sheet_write(struct xlsx_sheet *sheet, struct error *err)
{
    for (size_t i = 0; i < sheet->place->sheet->block_count; i++)
        if (!write_block(sheet, &sheet->place->blocks[i], err))
            return fail_within(err, "sheet %s", sheet->name);
    return end_sheet(sheet, err) || fail_within(err, "sheet %s", sheet->name);
}

bool xlsx_sheet_go_on(struct xlsx_sheet *sheet, const struct place_block *above, struct error *err)
{
    if (!end_sheet(sheet, err) || !xlsx_sheet_begin(sheet->book, sheet->place, sheet->number + 1, sheet, err))
        return false;
    for (const struct place_block *block = sheet->place->blocks; block < above; block++)
        if (block->block->text != NULL && !xlsx_text(sheet, block, err))
            return false;
    return true;
}
