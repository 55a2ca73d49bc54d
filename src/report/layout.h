/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_LAYOUT_H
#define HEADROOM_REPORT_LAYOUT_H

/*
 * What stands on a report's sheets, as layout.json says it. Texts are templates: "{dataset.column}" is a value of a
 * dataset of one row. Formulas are templates of references: "{cell}" is a named cell, "{table.column}" the written rows
 * of a table's column, "{row.column}" the cell in the same row and "{upto.column}" the column down to the same row.
 */

#include "report/layout_block.h"

struct layout_sheet {
    const char *name;
    const char *about;
    bool one_page; /* printed on one page; else one page wide */
    bool protect;  /* without a password: only open cells change, filters and widths do */
    const struct layout_block *blocks;
    size_t block_count;
    struct report_place place;
};

struct layout_properties {
    const char *title;
    const char *subject;
    const char *comments;
    const char *keywords;
    const char *state;
};

struct report_layout {
    const char *file;      /* template of the file's name, without its suffix */
    const char *time_zone; /* "dataset.column" */
    const char *currency;  /* "dataset.column", of all money that does not say another */
    const char *header;    /* template, printed above every sheet; NULL: none */
    const char *footer;    /* template, below it */
    const struct layout_properties *properties;
    const struct layout_block *every_sheet; /* texts below the first of every sheet: part of its blocks once read */
    size_t every_sheet_count;
    struct layout_sheet *sheets;
    size_t sheet_count;
};

/* Finds by name; NULL when there is none. */
const struct report_dataset *layout_dataset(const struct report *report, struct str name);
/* Whether another dataset takes its rows. */
bool layout_is_taken(const struct report *report, const struct report_dataset *dataset);
const struct report_column *layout_dataset_column(const struct report_dataset *dataset, struct str name);
const char *layout_table_name(const struct layout_table *table);
const struct layout_table *layout_find_table(const struct report *report, struct str name);
const struct layout_column *layout_table_column(const struct layout_table *table, struct str key);
/* Splits "dataset.column" and finds both; the message names what there is. */
struct layout_value {
    const struct report_dataset *dataset;
    const struct report_column *column;
};
MUST_CHECK bool layout_find_value(const struct report *report, struct str reference, struct layout_value *value,
                                  struct error *err);
/* The same of "table.column", by what the table's column shows. */
MUST_CHECK bool layout_find_shown(const struct report *report, struct str reference, struct layout_value *value,
                                  struct error *err);
/* The column of a form that its notes stand in: label, value, the second value if any field has one, note. */
unsigned layout_note_column(const struct layout_form *form);
/* Whether values of the kind are numbers that can be compared in size. */
bool layout_is_figure(enum report_kind kind);
/* Whether rows of unknown number stand on the sheet: it is written first, as it goes on in further sheets. */
bool layout_is_streamed(const struct report *report, const struct layout_sheet *sheet);

/* The dataset "report", which every report has: its value of column `index`. Its statement's text is NULL. */
const char *layout_own_value(const struct report *report, size_t index);

/* What can only be known when all is read: references, names, the order of writing. */
MUST_CHECK bool layout_check(const struct report *report, struct error *err);

#endif
