/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_SOURCE_H
#define HEADROOM_REPORT_SOURCE_H

/* Where the rows of datasets come from. Renderers know only this, so they work without a database too. */

#include "headroom/report.h"

/* One row: a text or NULL for each of the dataset's columns, in their order. Borrowed for the call. */
typedef bool report_row_fn(const char *const *values, void *context, struct error *err);

struct report_source {
    bool (*each)(void *context, const struct report_dataset *dataset, report_row_fn *row, void *row_context,
                 struct error *err);
    void *context;
};

/* The database: rows of the dataset's statement, run with these parameters and with the rows of the datasets that it
 * takes, each as JSON. What others take is read once, and kept in the arena. */
struct source_db {
    struct db *db;
    const struct report *report;
    const char *const *parameters; /* as many as the report has */
    struct arena *arena;
    struct source_kept *kept; /* NULL at first */
};
struct report_source source_of_db(struct source_db *source);

#endif
