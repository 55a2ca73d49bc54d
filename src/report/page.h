/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_PAGE_H
#define HEADROOM_REPORT_PAGE_H

/*
 * A report's sheets as texts and figures that are ready to be shown, for the renderers that show and do not compute:
 * formulas are their values, and a table has as many rows as a reader of a page looks at. All of it is in memory, so it
 * is bounded by the layout.
 */

#include "report/render.h"

/* Rows that are shown of a dataset of many, and of one of few. */
#define PAGE_MANY_ROWS 50
#define PAGE_FEW_ROWS  200

struct page_cell {
    const char *text; /* "": blank */
    enum layout_look look;
    bool expected; /* not known yet: set apart from what is */
    double bar;    /* how much of the column's largest it is, 0 to 1; below 0: none is shown */
};

struct page_text {
    struct page_cell cell;
    enum layout_style style;
};

struct page_field {
    const char *label;
    struct page_cell value;
    struct page_cell second;
    const char *note; /* NULL: none */
    bool is_figure;   /* its values are no texts */
    bool is_key;
};

struct page_form {
    const char *const *headings; /* over label, value, second value, note; NULL: none */
    size_t heading_count;
    bool left; /* values stand at the left; else at the right, texts too */
    bool has_second;
    bool has_note;
    struct page_field *fields;
    size_t count;
};

struct page_column {
    const char *title;
    bool is_figure; /* stands at the right */
};

struct page_table {
    const struct report_dataset *dataset;
    struct page_column *columns;
    size_t column_count;
    struct page_cell **rows;
    size_t shown;
    uint64_t count;          /* rows that there are */
    struct page_cell *total; /* NULL: none */
    const char *empty;       /* said where there is no row; NULL: nothing */
};

struct page_series {
    const char *title;
    enum layout_series_style style;
    double *values; /* NAN: none */
};

struct page_chart {
    const struct layout_chart *layout;
    const char *title;
    const char **labels; /* along the x axis */
    size_t count;
    enum report_kind kind; /* of the first series */
    struct page_series *series;
    size_t series_count;
};

/* Exactly one of them. */
struct page_block {
    struct page_text *text;
    struct page_form *form;
    struct page_table *table;
    struct page_chart *chart;
};

struct page_sheet {
    const char *name;
    struct page_block *blocks;
    size_t count;
};

struct page {
    const char *title;
    struct page_block *top; /* what stands on every sheet */
    size_t top_count;
    struct page_sheet *sheets;
    size_t sheet_count;
};

/* Reads what the sheets need; everything lives in the job's arena. */
MUST_CHECK bool page_new(const struct render_job *job, struct page **page, struct error *err);

/* What is said below a table: that it has no row, or how many are not shown and where all are. NULL: nothing. */
const char *page_table_note(const struct render_job *job, const struct page_table *table, const char *sheet);

/* ---- for the parts of it ---- */

/* A text of the layout with its values. */
MUST_CHECK bool page_expand(const struct render_job *job, const char *text, const char **shown, struct error *err);
/* A value as it is shown. Money without a currency of its own column is in the report's. */
MUST_CHECK bool page_value(const struct render_job *job, enum report_kind kind, const char *value, const char *currency,
                           const char **shown, struct error *err);
enum layout_look page_look(const struct layout_marks *marks, const char *text);
MUST_CHECK bool page_table_new(const struct render_job *job, const struct layout_table *layout,
                               struct page_table **table, struct error *err);
/* NULL where it has no points. */
MUST_CHECK bool page_chart_new(const struct render_job *job, const struct layout_chart *layout,
                               struct page_chart **chart, struct error *err);

#endif
