/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_LAYOUT_H
#define HEADROOM_REPORT_LAYOUT_H

/*
 * What stands on a report's sheets, as layout.json says it. Texts are templates: "{dataset.column}" is a value of a
 * dataset of one row. Formulas are templates of references: "{cell}" is a named cell, "{table.column}" the written rows
 * of a table's column, "{row.column}" the cell in the same row and "{upto.column}" the column down to the same row.
 */

#include "headroom/report.h"

/* The looks that a layout may ask for; what they are is the renderer's. */
enum layout_style {
    STYLE_NOTE,
    STYLE_TITLE,
    STYLE_SUBTITLE,
    STYLE_HEADING,
    STYLE_BANNER
};
enum layout_look {
    LOOK_PLAIN,
    LOOK_KEY,
    LOOK_GOOD,
    LOOK_WARN,
    LOOK_BAD
};

/* One line of text. */
struct layout_text {
    const char *text;
    const char *when; /* "dataset.column": the line is there only where this has a value */
    enum layout_style style;
};

/* A look for the cells that hold this text. */
struct layout_mark {
    const char *text;
    enum layout_look look;
};

/* One labelled value. A formula's cached value is the value. */
struct layout_field {
    const char *label;
    const char *value;   /* "dataset.column" of a dataset of one row */
    const char *formula; /* NULL: the value itself is written */
    const char *over;    /* a table: the formula stands once for each of its sheets, and these are added up */
    const char *absent;  /* shown, and the formula's result, where there is no value; NULL: blank */
    const char *note;    /* behind the value */
    const char *name;    /* of the cell, for formulas; NULL: none */
    const char *when;    /* "dataset.column": the field is there only where this has a value */
    const struct layout_mark *marks;
    size_t mark_count;
    enum layout_look look;
};

/* Values stand at the right, as numbers do, or at the left and over the cells behind them. */
struct layout_form {
    unsigned label_width;
    unsigned value_width;
    bool left;
    const struct layout_field *fields;
    size_t field_count;
};

/* A formula for the rows in which a column of the dataset has this value. */
struct layout_choice {
    const char *when;
    const char *formula;
};

/* The cell of the total row: a text, or the sum of the column's integers, or a value with its formula. */
struct layout_total {
    const char *text;
    bool sum;
    const char *value; /* "dataset.column" of a dataset of one row */
    const char *formula;
    const char *name;
};

/* Where a value is null, a cell stays empty and gets no formula: it is not a figure yet. */
struct layout_column {
    const char *title;
    const char *key; /* column of the table's dataset */
    const char *formula;
    const char *formula_by; /* column of the dataset that chooses among `formulas`; where it finds none, `formula` */
    const struct layout_choice *formulas;
    size_t formula_count;
    const struct layout_mark *marks;
    size_t mark_count;
    const struct layout_total *total;
    unsigned width;
};

struct layout_table {
    const char *dataset;
    const char *name;  /* NULL: the dataset's */
    const char *empty; /* said below the heading when there is no row */
    bool list;         /* filters, frozen and repeated heading: the table the sheet is for */
    const struct layout_column *columns;
    size_t column_count;
};

struct layout_series {
    const char *title;
    const char *values; /* "table.column" */
    const char *when;   /* as of a text */
    bool limit;         /* drawn as what must not be passed */
};

struct layout_chart {
    const char *title;
    const char *categories; /* "table.column" */
    const char *x_title;
    const char *y_title;
    unsigned width; /* pixels */
    unsigned height;
    bool beside; /* right of the table above it; else on rows of its own */
    const struct layout_series *series;
    size_t series_count;
};

/* Exactly one of them. */
struct layout_block {
    const struct layout_text *text;
    const struct layout_form *form;
    const struct layout_table *table;
    const struct layout_chart *chart;
};

struct layout_sheet {
    const char *name;
    const char *about;
    bool one_page; /* printed on one page; else one page wide */
    const struct layout_block *blocks;
    size_t block_count;
    struct report_place place;
};

struct layout_properties {
    const char *title;
    const char *subject;
    const char *comments;
    const char *keywords;
};

struct report_layout {
    const char *file;      /* template of the file's name, without its suffix */
    const char *time_zone; /* "dataset.column" */
    const char *currency;  /* "dataset.column", of all money that does not say another */
    const char *footer;    /* template */
    const struct layout_properties *properties;
    const struct layout_sheet *sheets;
    size_t sheet_count;
};

/* Finds by name; NULL when there is none. */
const struct report_dataset *layout_dataset(const struct report *report, struct str name);
const struct report_column *layout_dataset_column(const struct report_dataset *dataset, struct str name);
const char *layout_table_name(const struct layout_table *table);
const struct layout_table *layout_find_table(const struct report *report, struct str name);
/* Splits "dataset.column" and finds both; the message names what there is. */
struct layout_value {
    const struct report_dataset *dataset;
    const struct report_column *column;
};
MUST_CHECK bool layout_find_value(const struct report *report, struct str reference, struct layout_value *value,
                                  struct error *err);
/* Whether rows of unknown number stand on the sheet: it is written first, as it goes on in further sheets. */
bool layout_is_streamed(const struct report *report, const struct layout_sheet *sheet);

/* The dataset "report", which every report has: its value of column `index`. Its statement's text is NULL. */
const char *layout_own_value(const struct report *report, size_t index);

/* What can only be known when all is read: references, names, the order of writing. */
MUST_CHECK bool layout_check(const struct report *report, struct error *err);

#endif
