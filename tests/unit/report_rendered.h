/* SPDX-License-Identifier: MIT */
/* What a renderer writes of the small report in memory. */

#ifndef HEADROOM_TEST_REPORT_RENDERED_H
#define HEADROOM_TEST_REPORT_RENDERED_H

#include <stdlib.h>

#include "report/render.h"
#include "report_memory.h"

/* The text, owned by the caller; NULL and err where it fails. The request needs its format and its dataset alone. */
static inline char *rendered(struct memory *memory, const char *layout, const struct report_request *request,
                             struct error *err)
{
    const struct renderer *renderer = renderer_of(request->format);
    struct report_source source = memory_source(memory);
    struct arena *arena = arena_new();
    struct render_job job = {.source = &source, .request = request, .arena = arena};
    char sha256[DIGEST_HEX_SIZE];
    struct report *report;
    struct data *data = NULL;
    struct sink sink;
    char *text = NULL;
    size_t size;

    cr_assert(memory_report(layout, &report, err), "%s", err->text);
    FILE *out = open_memstream(&text, &size);
    sink_begin(&sink, out, "memory");
    job.report = report;
    job.sink = &sink;
    bool good = render_find_dataset(report, request, &job.dataset, err) &&
                (!renderer->shows_sheets || data_load(report, &source, arena, &data, err));
    job.data = data;
    good = good && renderer->render(&job, err) && sink_finish(&sink, sha256, err);
    sink_end(&sink);
    fclose(out);
    report_close(report);
    arena_free(arena);
    if (good)
        return text;
    free(text);
    return NULL;
}

#endif
