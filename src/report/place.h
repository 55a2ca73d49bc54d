/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_PLACE_H
#define HEADROOM_REPORT_PLACE_H

/*
 * Where everything of a layout stands: rows and columns of blocks, named cells and tables, counted from 0. All of it is
 * known before the first cell is written, except the rows of streamed tables, which are told as they are written. So
 * sheets may refer to one another in any direction.
 */

#include "report/data.h"

#define PLACE_SHEET_SIZE 32
#define PLACE_ROW_PIXELS 24 /* of a row that was not made higher */

/* Of a form, behind the labels. */
enum {
    PLACE_VALUE_COLUMN = 1,
    PLACE_SECOND_COLUMN
};

/* The rows of a table on one sheet. At least one row, so that a reference to them is always valid. */
struct place_part {
    char sheet[PLACE_SHEET_SIZE];
    unsigned first_row;
    unsigned last_row;
};

struct place_table {
    const struct layout_table *table;
    const struct report_dataset *dataset;
    const struct data_set *set; /* NULL when streamed */
    struct place_part *parts;
    size_t part_count;
    bool has_total;
};

struct place_block {
    const struct layout_block *block;
    unsigned row;
    bool shown;
    struct place_table *table; /* of a table */
};

struct place_cell {
    const char *name;
    const char *sheet;
    unsigned row;
    unsigned column;
};

struct place_sheet {
    const struct layout_sheet *sheet;
    struct place_block *blocks;
    unsigned columns; /* as wide as its widest form or table */
    unsigned rows;    /* up to here, as far as known */
};

struct place {
    const struct report *report;
    struct arena *arena;
    struct place_sheet *sheets;
    struct place_table *tables;
    size_t table_count;
    struct place_cell *cells;
    size_t cell_count;
};

struct place *place_new(const struct data *data, struct arena *arena);

/* Tells the rows of a streamed table on a sheet. */
void place_add_part(struct place *place, struct place_table *table, const char *sheet, unsigned first_row,
                    unsigned last_row);

/* What a chart with `beside` stands beside: the form or table above it, also where other charts are between. */
const struct place_block *place_beside(const struct place_block *chart);

/* Where a formula stands. */
struct place_spot {
    const struct place *place;
    const char *sheet;
    const struct place_table *table; /* in a table's rows, else NULL; then with the two below */
    unsigned first_row;
    unsigned row;
};
/* Fills in a formula's references, with the sheet's name only where it is another. A table that goes on in further
 * sheets is a list of ranges, as SUM takes it; with `over`, the table's name, the formula stands once for each of its
 * sheets, and these are added up. */
MUST_CHECK bool place_formula(const struct place_spot *spot, const char *formula, const char *over, struct buffer *out,
                              struct error *err);

/* The rows of "table.column" as a chart takes them; for tables of few rows. */
struct place_range {
    const struct place_table *table;
    const char *sheet;
    unsigned first_row;
    unsigned last_row;
    unsigned column; /* on the sheet */
    size_t index;    /* in the dataset */
};
bool place_find_range(const struct place *place, const char *reference, struct place_range *range);

/* "A", "AB" … for a column. */
#define PLACE_COLUMN_SIZE 8
const char *place_column_name(unsigned column, char name[PLACE_COLUMN_SIZE]);

#endif
