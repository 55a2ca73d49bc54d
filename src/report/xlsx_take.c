/* SPDX-License-Identifier: MIT */
/* What a reader may type into open cells, and what a spreadsheet says there and of anything else. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/xlsx_sheet.h"

#define NUMBER_LEAST (-9.99999999999999E307) /* of those that a spreadsheet takes */

/* The library takes texts that it only reads through pointers that are not const. */
static char *lent(const char *text)
{
    return (char *)(uintptr_t)text;
}

static void take_number(const struct layout_takes *takes, lxw_data_validation *validation)
{
    validation->validate = takes->whole ? LXW_VALIDATION_TYPE_INTEGER : LXW_VALIDATION_TYPE_DECIMAL;
    validation->criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO;
    validation->value_number = takes->least != NULL ? *takes->least : NUMBER_LEAST;
}

/* An array that ends with NULL, to be freed. */
static char **word_list(const struct layout_takes *takes)
{
    char **list = mem_alloc((takes->word_count + 1) * sizeof(*list));

    for (size_t i = 0; i < takes->word_count; i++)
        list[i] = lent(takes->words[i]);
    list[takes->word_count] = NULL;
    return list;
}

bool xlsx_take(struct xlsx_sheet *sheet, const struct layout_takes *takes, const struct place_range *range,
               struct error *err)
{
    lxw_col_t column = (lxw_col_t)range->column;

    if (takes == NULL)
        return true;

    lxw_data_validation validation = {.validate = LXW_VALIDATION_TYPE_LIST,
                                      .input_message = lent(takes->about),
                                      .error_message = lent(takes->refusal),
                                      .value_list = word_list(takes)};
    if (takes->word_count == 0)
        take_number(takes, &validation);
    bool good = xlsx_done(worksheet_data_validation_range(sheet->worksheet, range->first_row, column, range->last_row,
                                                          column, &validation),
                          err);
    free((void *)validation.value_list);
    return good;
}
