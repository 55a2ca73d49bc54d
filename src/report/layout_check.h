/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_LAYOUT_CHECK_H
#define HEADROOM_REPORT_LAYOUT_CHECK_H

/* What the parts of a layout's check share. */

#include "report/layout.h"

/* Where a template stands, and so what it may refer to. */
struct layout_context {
    const struct report *report;
    const struct layout_sheet *sheet;
    const struct layout_table *table; /* NULL outside of a table's rows */
    bool below_rows;                  /* in the total row */
};

/* A key's reference "dataset.column" to a dataset of one row; an absent one is fine. */
MUST_CHECK bool layout_check_value(const struct report *report, const char *key, const char *reference,
                                   struct error *err);
/* A key's template; an absent one is fine. */
MUST_CHECK bool layout_check_text(const struct report *report, const char *key, const char *text, struct error *err);
/* The key "formula"; an absent one is fine. */
MUST_CHECK bool layout_check_formula(struct layout_context *context, const char *formula, struct error *err);

/* A named cell's name, of which there is only one; an absent one is fine. */
MUST_CHECK bool layout_check_name(const struct report *report, const char *name, struct error *err);
/* What Excel, LibreOffice and Gnumeric all take as a name and never as an address. */
bool layout_is_name(const char *name);
/* The tables and cells of this name. */
unsigned layout_count_names(const struct report *report, struct str name);

MUST_CHECK bool layout_check_block(struct layout_context *context, const struct layout_block *block, struct error *err);

#endif
