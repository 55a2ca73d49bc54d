/* SPDX-License-Identifier: MIT */
/* A sheet as a whole: its columns, its blocks in order, and how it is seen and printed. */

#include <string.h>

#include "report/figure.h"
#include "report/xlsx_sheet.h"

#define PAPER_A4   9
#define NOTE_WIDTH 16
#define ROW_HEIGHT 18

/* ---- columns ---- */

static unsigned block_width(const struct layout_block *block, unsigned column)
{
    if (block->table != NULL && column < block->table->column_count)
        return block->table->columns[column].width;
    if (block->form == NULL)
        return 0;
    return column == 0 ? block->form->label_width : column == 1 ? block->form->value_width : NOTE_WIDTH;
}

unsigned xlsx_column_width(const struct layout_sheet *sheet, unsigned column)
{
    unsigned width = 0;

    for (size_t i = 0; i < sheet->block_count; i++) {
        unsigned wanted = block_width(&sheet->blocks[i], column);

        width = wanted > width ? wanted : width;
    }
    return width;
}

MUST_CHECK static bool set_columns(struct xlsx_sheet *sheet, struct error *err)
{
    for (unsigned i = 0; i < sheet->place->columns; i++) {
        lxw_col_t column = (lxw_col_t)i;
        double width = xlsx_column_width(sheet->place->sheet, i);

        if (width > 0 && !xlsx_done(worksheet_set_column(sheet->worksheet, column, column, width, NULL), err))
            return false;
    }
    return true;
}

/* ---- print ---- */

/* A footer has 255 characters; what is more of the report's own words is cut. */
#define FOOTER_CHARACTERS 200
#define FOOTER_CEILING    2000

/* As a footer holds it: an & would begin a code, so it is doubled. */
MUST_CHECK static bool add_footer_text(struct buffer *out, const char *text)
{
    unsigned used = 0;

    for (; *text != '\0'; text++) {
        bool starts = ((unsigned char)*text & 0xC0) != 0x80;

        if (starts && (used += *text == '&' ? 2 : 1) > FOOTER_CHARACTERS)
            return buffer_format(out, "\xE2\x80\xA6");
        if (!buffer_format(out, *text == '&' ? "&&" : "%c", *text))
            return false;
    }
    return true;
}

/* The report's own words on the left, sheet and page on the right. */
MUST_CHECK static bool set_footer(struct xlsx_sheet *sheet, struct error *err)
{
    const struct xlsx_job *job = sheet->book->job;
    struct buffer *own = &sheet->book->text;
    struct buffer footer;
    const char *text;

    buffer_init(&footer, FOOTER_CEILING);
    buffer_clear(own);
    bool good = data_text(job->data, job->report->layout->footer, &text, err);
    if (good && (!figure_clean(text, own) || !buffer_add(own, "", 0) || !buffer_format(&footer, "&L&9 ") ||
                 !add_footer_text(&footer, own->data) || !buffer_format(&footer, "&R&9 &A, page &P of &N")))
        good = fail(err, EXIT_COMMAND, "it is too long");
    good = good && xlsx_done(worksheet_set_footer(sheet->worksheet, footer.data), err);
    buffer_free(&footer);
    return good || fail_within(err, "footer");
}

MUST_CHECK static bool set_page(struct xlsx_sheet *sheet, struct error *err)
{
    lxw_worksheet *worksheet = sheet->worksheet;

    worksheet_set_landscape(worksheet);
    worksheet_set_paper(worksheet, PAPER_A4);
    worksheet_set_margins(worksheet, 0.5, 0.5, 0.5, 0.75);
    worksheet_fit_to_pages(worksheet, 1, sheet->place->sheet->one_page ? 1 : 0);
    worksheet_gridlines(worksheet, LXW_HIDE_ALL_GRIDLINES);
    return set_footer(sheet, err);
}

/* ---- list ---- */

MUST_CHECK static bool set_list(struct xlsx_sheet *sheet, struct error *err)
{
    lxw_worksheet *worksheet = sheet->worksheet;

    if (!sheet->has_list)
        return true;
    worksheet_freeze_panes(worksheet, sheet->list_heading + 1, 0);
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
