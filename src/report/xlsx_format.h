/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_XLSX_FORMAT_H
#define HEADROOM_REPORT_XLSX_FORMAT_H

/* How a workbook looks: one font, one accent colour, one table of styles. What a colour says is also said by the
 * lightness of its fill, by bold or by a sign, for paper in black and white and for the colour-blind. */

#include <xlsxwriter.h>

#include "report/layout.h"

#define XLSX_ACCENT 0x1F4E79
#define XLSX_ALARM  0xA33B00 /* told from green by who sees no red */
#define XLSX_QUIET  0x6B6B6B
#define XLSX_HAIR   0xD9D9D9
#define XLSX_BAR    0x9DC3E6
#define XLSX_FONT   "Calibri"

/* The first five are those that a layout names, in its order. */
enum xlsx_style {
    XLSX_NOTE,
    XLSX_TITLE,
    XLSX_SUBTITLE,
    XLSX_HEADING,
    XLSX_BANNER,
    XLSX_LABEL,
    XLSX_VALUE,
    XLSX_VALUE_LEFT,
    XLSX_VALUE_OPEN,
    XLSX_KEY_LABEL,
    XLSX_KEY_VALUE,
    XLSX_COLUMN_TEXT,   /* heading over texts */
    XLSX_COLUMN_NUMBER, /* heading over numbers */
    XLSX_CELL_TEXT,
    XLSX_CELL_WRAPPED,
    XLSX_CELL_NUMBER,
    XLSX_CELL_EXPECTED,
    XLSX_CELL_OPEN_TEXT,
    XLSX_CELL_OPEN,
    XLSX_TOTAL_TEXT,
    XLSX_TOTAL_NUMBER,
    XLSX_GOOD,
    XLSX_WARN,
    XLSX_BAD,
};

struct xlsx_formats;
struct xlsx_formats *xlsx_formats_new(lxw_workbook *workbook);
void xlsx_formats_free(struct xlsx_formats *formats); /* the formats themselves end with their workbook */

/* The workbook's format of a style with a number format; always the same one for the same two. */
lxw_format *xlsx_format(struct xlsx_formats *formats, enum xlsx_style style, const char *number_format);
/* The format of a look where it marks a cell's text: with a sign before it. */
lxw_format *xlsx_look(struct xlsx_formats *formats, enum layout_look look);

/* How wide a style's characters are beside those of a plain cell, in which columns are measured, and how high its
 * lines are in points. */
double xlsx_character_width(enum xlsx_style style);
double xlsx_line_height(enum xlsx_style style);

/* The number format of a value: its kind, as many decimals as it has, its currency (NULL: none). text may be NULL. */
#define XLSX_NUMBER_FORMAT_SIZE 80
const char *xlsx_number_format(enum report_kind kind, const char *text, const char *currency,
                               char out[XLSX_NUMBER_FORMAT_SIZE]);

#endif
