/* SPDX-License-Identifier: MIT */
/* What a spreadsheet draws in cells by their value: looks of texts, bars of numbers. */

#include <stdio.h>

#include "report/xlsx_sheet.h"

MUST_CHECK static bool add(struct xlsx_sheet *sheet, const struct place_range *range, lxw_conditional_format *condition,
                           struct error *err)
{
    lxw_col_t column = (lxw_col_t)range->column;

    return xlsx_done(worksheet_conditional_format_range(sheet->worksheet, range->first_row, column, range->last_row,
                                                        column, condition),
                     err);
}

MUST_CHECK static bool add_mark(struct xlsx_sheet *sheet, const struct layout_mark *mark,
                                const struct place_range *range, struct error *err)
{
    lxw_conditional_format condition = {.type = LXW_CONDITIONAL_TYPE_CELL,
                                        .criteria = LXW_CONDITIONAL_CRITERIA_EQUAL_TO};
    char text[LAYOUT_MARK_MAX + 3];

    snprintf(text, sizeof(text), mark->begins ? "%s" : "\"%s\"", mark->text);
    condition.value_string = text;
    condition.format = xlsx_look(sheet->book->formats, mark->look);
    if (mark->begins) {
        condition.type = LXW_CONDITIONAL_TYPE_TEXT;
        condition.criteria = LXW_CONDITIONAL_CRITERIA_TEXT_BEGINS_WITH;
    }
    return add(sheet, range, &condition, err);
}

bool xlsx_mark(struct xlsx_sheet *sheet, const struct layout_marks *marks, const struct place_range *range,
               struct error *err)
{
    for (size_t i = 0; i < marks->count; i++)
        if (!add_mark(sheet, &marks->list[i], range, err))
            return false;
    return true;
}

/* From nothing to the largest; a share of a whole up to the whole. */
bool xlsx_bar(struct xlsx_sheet *sheet, enum report_kind kind, const struct place_range *range, struct error *err)
{
    lxw_conditional_format condition = {.type = LXW_CONDITIONAL_DATA_BAR,
                                        .data_bar_2010 = LXW_TRUE,
                                        .bar_color = XLSX_BAR,
                                        .bar_solid = LXW_TRUE,
                                        .bar_no_border = LXW_TRUE,
                                        .bar_negative_color = XLSX_ALARM};

    if (kind == REPORT_PERCENT) {
        condition.min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER;
        condition.max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER;
        condition.max_value = 1;
    }
    return add(sheet, range, &condition, err);
}
