/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_LAYOUT_BLOCK_H
#define HEADROOM_REPORT_LAYOUT_BLOCK_H

/* The blocks of which a sheet is made, and their parts. */

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

#define LAYOUT_MARK_MAX 200 /* bytes of a mark's text */

/* A look for the cells that hold this text. */
struct layout_mark {
    const char *text;
    enum layout_look look;
    bool begins; /* also those that go on behind it */
};
struct layout_marks {
    const struct layout_mark *list;
    size_t count;
};

#define LAYOUT_TAKES_MAX 255 /* bytes of a message, and of all words with commas between them */

/* What an open cell takes when its reader types: one of the words, or a number. An empty cell is always taken. */
struct layout_takes {
    const char *const *words;
    size_t word_count;   /* 0: a number */
    const double *least; /* of a number; NULL: any */
    bool whole;          /* of a number: no fraction */
    const char *about;   /* said where the cell is chosen */
    const char *refusal; /* said when something else was typed */
};

/* A line of text, or as many as it needs in the sheet's width. A formula's cached value is the text. */
struct layout_text {
    const char *text;
    const char *formula; /* NULL: the text itself is written */
    const char *when;    /* "dataset.column": it is there only where this has a value */
    enum layout_style style;
    struct layout_marks marks;
};

/* A cell of a form. A formula's cached value is the value. */
struct layout_cell {
    const char *value;   /* "dataset.column" of a dataset of one row */
    const char *formula; /* NULL: the value itself is written */
    const char *over;    /* a table: the formula stands once for each of its sheets, and these are added up */
    const char *absent;  /* shown, and the formula's result, where there is no value; NULL: blank */
    const char *name;    /* for formulas; NULL: none */
    bool open;           /* the reader may change it on a protected sheet */
    const struct layout_takes *takes; /* of an open one; NULL: anything */
    struct layout_marks marks;
};

/* A label, its value, a second one beside it, and what there is to say of them. */
struct layout_field {
    const char *label;
    struct layout_cell value;
    const struct layout_cell *second; /* NULL: none */
    const char *note;
    const char *when; /* as of a text */
    enum layout_look look;
};

/* Values stand at the right, as numbers do, or at the left and over the cells behind them. */
struct layout_form {
    unsigned label_width;
    unsigned value_width; /* of second values too */
    bool left;
    const char *const *headings; /* over label, value, second value, note */
    size_t heading_count;        /* 0: no row of headings */
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
    struct layout_marks marks;
    const struct layout_total *total;
    unsigned width;
    bool bar;  /* each cell shows how large its number is among the column's */
    bool open; /* as of a form's cell */
    const struct layout_takes *takes;
    bool expected; /* its figures are expected, not known: set apart from others */
};

struct layout_table {
    const char *dataset;
    const char *name;  /* NULL: the dataset's */
    const char *empty; /* said below the heading when there is no row */
    bool list;         /* filters, frozen and repeated heading: the table the sheet is for */
    unsigned lines;    /* each row is at least so many lines of text high; 0: as its texts need */
    unsigned freeze;   /* of a list: so many columns stay in sight when the sheet is moved sideways */
    const struct layout_column *columns;
    size_t column_count;
};

enum layout_chart_type {
    CHART_LINE,
    CHART_COLUMN,
    CHART_STACKED
};
enum layout_series_style {
    SERIES_LINE,
    SERIES_LIMIT,    /* what must not be passed */
    SERIES_FORECAST, /* what is expected, apart from what is known */
    SERIES_BAND      /* an edge of what is likely */
};

struct layout_series {
    const char *title;
    const char *values; /* "table.column" */
    const char *when;   /* as of a text */
    enum layout_series_style style;
};

struct layout_chart {
    const char *title;
    const char *categories; /* "table.column" */
    const char *x_title;
    const char *y_title;
    enum layout_chart_type type;
    unsigned width; /* pixels */
    unsigned height;
    bool beside; /* right of the form or table above it, and of other such charts; else on rows of its own */
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

#endif
