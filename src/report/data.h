/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_DATA_H
#define HEADROOM_REPORT_DATA_H

/* The datasets of one row and of few, kept in memory for a report's run. */

#include "report/layout.h"
#include "report/source.h"

#define DATA_ROWS_MAX 20000 /* of a dataset that says it has few */

/* A row of texts in the order of the dataset's columns. */
typedef const char *const *data_row;

struct data_set {
    const struct report_dataset *dataset;
    data_row *rows;
    size_t count;
};

struct data {
    const struct report *report;
    struct arena *arena;   /* the caller's; everything here lives in it */
    struct data_set *sets; /* one a dataset of the report, those of many rows empty */
};

MUST_CHECK bool data_load(const struct report *report, const struct report_source *source, struct arena *arena,
                          struct data **data, struct error *err);
/* Reads one dataset into the arena. */
MUST_CHECK bool data_read(const struct report *report, const struct report_source *source, struct arena *arena,
                          const struct report_dataset *dataset, struct data_set *set, struct error *err);
/* Hands on a dataset's rows: those in memory where `data` (may be NULL) has them, else from the source. */
MUST_CHECK bool data_each(const struct report *report, const struct report_source *source, const struct data *data,
                          const struct report_dataset *dataset, report_row_fn *row, void *context, struct error *err);
const struct data_set *data_set(const struct data *data, const struct report_dataset *dataset);

/* The value of a reference "dataset.column" that the layout's check has found; NULL for SQL NULL, for no reference and
 * where a dataset of few has no row. */
const char *data_value(const struct data *data, const char *reference);
/* Its column, of the same kind of reference. */
const struct report_column *data_column(const struct data *data, const char *reference);
/* The index of a column that the layout's check has found. */
size_t data_index(const struct report_dataset *dataset, const char *name);

/* Whether what says `when` is there: always without a reference, else where it has a value. */
bool data_has(const struct data *data, const char *when);

/* Fills in a text's values as a person reads them. */
MUST_CHECK bool data_expand(const struct data *data, const char *text, struct buffer *out, struct error *err);
/* The same into the arena. */
MUST_CHECK bool data_text(const struct data *data, const char *text, const char **expanded, struct error *err);

#endif
