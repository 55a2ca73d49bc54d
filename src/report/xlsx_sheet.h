/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_XLSX_SHEET_H
#define HEADROOM_REPORT_XLSX_SHEET_H

/* What the parts of the workbook renderer share. Rows of a sheet are written in order, as constant memory demands. */

#include "report/place.h"
#include "report/xlsx.h"
#include "report/xlsx_format.h"

struct xlsx_book {
    const struct xlsx_job *job;
    lxw_workbook *workbook;
    struct xlsx_formats *formats;
    struct place *place;
    struct buffer text; /* of the cell at hand */
    struct buffer formula;
};

struct xlsx_sheet {
    struct xlsx_book *book;
    const struct place_sheet *place;
    lxw_worksheet *worksheet;
    char name[PLACE_SHEET_SIZE];
    unsigned number;                 /* 1, and 2 … of the sheets that a streamed table goes on in */
    unsigned across;                 /* so many columns a text goes over: the sheet's, or more where these are narrow */
    unsigned last_row;               /* written */
    const struct layout_table *list; /* NULL: none yet */
    unsigned list_heading;           /* its row */
};

/* ---- cells ---- */

struct xlsx_cell {
    unsigned row;
    unsigned column;
    enum report_kind kind;
    const char *value;   /* as the database gave it; NULL: none */
    const char *formula; /* filled in; NULL: none. The value is its cached result */
    const char *absent;  /* what stands for no value; NULL: nothing */
    lxw_format *format;
};
MUST_CHECK bool xlsx_put(struct xlsx_sheet *sheet, const struct xlsx_cell *cell, struct error *err);
/* A text of the layout, filled in. */
MUST_CHECK bool xlsx_put_text(struct xlsx_sheet *sheet, unsigned row, unsigned column, const char *text,
                              enum xlsx_style style, struct error *err);
/* The cell over all columns from its own to the last over which a text goes. */
MUST_CHECK bool xlsx_put_across(struct xlsx_sheet *sheet, const struct xlsx_cell *cell, struct error *err);
/* Marks the cells from row `first` to `last` of a column that hold one of the texts. */
MUST_CHECK bool xlsx_mark(struct xlsx_sheet *sheet, const struct layout_marks *marks, const struct place_range *range,
                          struct error *err);
/* Lets a reader type into the cells only what is taken; NULL: anything. */
MUST_CHECK bool xlsx_take(struct xlsx_sheet *sheet, const struct layout_takes *takes, const struct place_range *range,
                          struct error *err);
/* A bar in each of the cells, as long as its number is large. */
MUST_CHECK bool xlsx_bar(struct xlsx_sheet *sheet, enum report_kind kind, const struct place_range *range,
                         struct error *err);
/* Turns what the library answers into an error. */
MUST_CHECK bool xlsx_done(lxw_error result, struct error *err);

/* ---- rows ---- */

/* A spreadsheet does not find out by itself how high a row must be when it opens the file: it is worked out here, from
 * what stands in the row, and set before its cells. */
struct xlsx_height {
    double points; /* 0: as any row */
};
/* So many lines of text in this style; 0 and 1: as any row. */
void xlsx_height_at_least(struct xlsx_height *height, unsigned lines, enum xlsx_style style);
/* Takes in a text that wraps in a cell of this width (in characters) and style. */
void xlsx_height_of(struct xlsx_height *height, const char *text, unsigned width, enum xlsx_style style);
MUST_CHECK bool xlsx_set_height(struct xlsx_sheet *sheet, unsigned row, const struct xlsx_height *height,
                                struct error *err);

/* ---- blocks ---- */

MUST_CHECK bool xlsx_text(struct xlsx_sheet *sheet, const struct place_block *block, struct error *err);
MUST_CHECK bool xlsx_form(struct xlsx_sheet *sheet, const struct place_block *block, struct error *err);
MUST_CHECK bool xlsx_table(struct xlsx_sheet *sheet, const struct place_block *block, struct error *err);
MUST_CHECK bool xlsx_chart(struct xlsx_sheet *sheet, const struct place_block *block, struct error *err);

/* ---- sheets ---- */

/* Adds the sheet, or with a number above 1 the one that it goes on in. */
MUST_CHECK bool xlsx_sheet_begin(struct xlsx_book *book, const struct place_sheet *place, unsigned number,
                                 struct xlsx_sheet *sheet, struct error *err);
/* Writes all blocks. */
MUST_CHECK bool xlsx_sheet_write(struct xlsx_sheet *sheet, struct error *err);
/* Ends the sheet at hand and begins the one that it goes on in, with the same lines of text above. */
MUST_CHECK bool xlsx_sheet_go_on(struct xlsx_sheet *sheet, const struct place_block *above, struct error *err);

/* The widths of the sheet's columns, in characters: of one, and of all from one to the last over which a text goes. */
unsigned xlsx_column_width(const struct place_sheet *sheet, unsigned column);
unsigned xlsx_width_across(const struct xlsx_sheet *sheet, unsigned column);

#endif
