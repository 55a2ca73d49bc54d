/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_LAYOUT_KEYS_H
#define HEADROOM_REPORT_LAYOUT_KEYS_H

/* What the files of a report's definition hold. */

#include "report/layout.h"
#include "report/shape.h"

/* Datasets and sheets, of layout.json itself and of each PART.json that it names. */
struct layout_part {
    struct report_dataset *datasets;
    size_t dataset_count;
    struct layout_sheet *sheets;
    size_t sheet_count;
};
extern const struct shape layout_part_shape;

struct layout_definition {
    struct report report;        /* but for its datasets */
    struct report_layout layout; /* but for its sheets */
    struct layout_part own;
    const char *const *parts; /* their names, in the order of their sheets, which stand behind its own */
    size_t part_count;
};
extern const struct shape layout_definition_shape;

#endif
