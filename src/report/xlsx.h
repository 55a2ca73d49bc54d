/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_XLSX_H
#define HEADROOM_REPORT_XLSX_H

/* The renderer of workbooks. Every sheet is written row by row in constant memory. */

#include "report/data.h"

struct xlsx_job {
    const struct report *report;
    const struct report_source *source; /* of the streamed datasets */
    const struct data *data;            /* of the others */
    struct arena *arena;
    const char *file;    /* written as it goes: the caller's temporary name */
    int64_t now_us;      /* stamped into the document's properties */
    unsigned sheet_rows; /* the most on a sheet; 0: what a workbook allows */
};

/* Writes the workbook and reads it back: what does not hold every row that was given is an error. */
MUST_CHECK bool xlsx_write(const struct xlsx_job *job, struct error *err);

#endif
