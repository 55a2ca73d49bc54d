/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_RENDER_H
#define HEADROOM_REPORT_RENDER_H

/* What a renderer is given and what it is: one for each format, all over the same datasets. */

#include "report/data.h"
#include "report/sink.h"

struct render_job {
    const struct report *report;
    const struct report_source *source;
    const struct report_request *request;
    const struct report_dataset *dataset; /* the only one that is wanted; NULL: all */
    const struct data *data;              /* the small datasets; NULL where the renderer does without */
    struct arena *arena;
    const char *file;  /* of a renderer that writes the file itself: the temporary one */
    struct sink *sink; /* of the others */
};

struct renderer {
    struct report_format format;
    bool shows_sheets; /* it needs the small datasets in memory; else it reads rows only */
    bool (*render)(const struct render_job *job, struct error *err);
};

extern const struct renderer render_xlsx, render_csv, render_json, render_html, render_text;

const struct renderer *renderer_of(const struct report_format *format);
/* The dataset that a request means; NULL for the whole report. EXIT_USAGE, naming what there is, when it is none. */
MUST_CHECK bool render_find_dataset(const struct report *report, const struct report_request *request,
                                    const struct report_dataset **dataset, struct error *err);

#endif
