/* SPDX-License-Identifier: MIT */
/* One JSON document, written as the rows come. */

#include <string.h>

#include "report/figure.h"
#include "report/render.h"

/* Beyond it a reader that keeps numbers as IEEE doubles would change the last digits. */
#define EXACT_MAX (INT64_C(1) << 53)

struct writer {
    struct sink *sink;
    const struct report_dataset *dataset;
    uint64_t rows;
};

/* ---- values ---- */

/* The database gives well-formed UTF-8 without NUL. */
static void put_text(struct sink *sink, const char *text)
{
    sink_text(sink, "\"");
    while (*text != '\0') {
        size_t plain = 0;

        while ((unsigned char)text[plain] >= 0x20 && text[plain] != '"' && text[plain] != '\\' && text[plain] != 0x7F)
            plain++;
        sink_add(sink, (struct str){text, plain});
        text += plain;
        if (*text == '"' || *text == '\\')
            sink_format(sink, "\\%c", *text++);
        else if (*text != '\0')
            sink_format(sink, "\\u%04X", (unsigned)(unsigned char)*text++);
    }
    sink_text(sink, "\"");
}

static void put_text_or_null(struct sink *sink, const char *text)
{
    if (text != NULL)
        put_text(sink, text);
    else
        sink_text(sink, "null");
}

static bool is_exact(const char *text)
{
    int64_t number;

    return str_to_int64(str_of(text), -EXACT_MAX, EXACT_MAX, &number) || strpbrk(text, ".eE") != NULL;
}

MUST_CHECK static bool put_value(struct sink *sink, enum report_kind kind, const char *text, struct error *err)
{
    char time[FIGURE_TIME_SIZE];

    if (!figure_check(kind, text, err))
        return false;
    if (kind == REPORT_TIME) {
        if (!figure_rfc3339(text, true, time))
            return fail(err, EXIT_COMMAND, "\"%.60s\" has no zone: give a timestamptz", text);
        put_text(sink, time);
    } else if (kind == REPORT_NUMBER || kind == REPORT_PERCENT || (kind == REPORT_INTEGER && is_exact(text))) {
        sink_text(sink, text);
    } else {
        put_text(sink, text);
    }
    return true;
}

/* ---- rows ---- */

static bool put_row(const char *const *values, void *context, struct error *err)
{
    struct writer *writer = context;
    struct sink *sink = writer->sink;
    const struct report_dataset *dataset = writer->dataset;

    sink_text(sink, writer->rows++ > 0 ? ",\n{" : "\n{");
    for (size_t i = 0; i < dataset->column_count; i++) {
        sink_text(sink, i > 0 ? "," : "");
        put_text(sink, dataset->columns[i].name);
        sink_text(sink, ":");
        if (values[i] == NULL)
            sink_text(sink, "null");
        else if (!put_value(sink, dataset->columns[i].kind, values[i], err))
            return fail_within(err, "%s: %s", dataset->name, dataset->columns[i].name);
    }
    sink_text(sink, "}");
    return sink_good(sink, err);
}

MUST_CHECK static bool put_dataset(const struct render_job *job, const struct report_dataset *dataset,
                                   struct error *err)
{
    struct writer writer = {.sink = job->sink, .dataset = dataset};

    put_text(job->sink, dataset->name);
    sink_text(job->sink, ":[");
    if (!data_each(job->report, job->source, job->data, dataset, put_row, &writer, err))
        return false;
    sink_text(job->sink, "]");
    return true;
}

/* ---- the document ---- */

static void put_head(const struct render_job *job)
{
    const struct report_request *request = job->request;
    char month[8];
    char made_at[TIMESTAMP_SIZE];
    const char *const head[][2] = {
        {"report", job->report->name},
        {"title", job->report->title},
        {"contract", request->contract != NULL ? request->contract->name : NULL},
        {"month", request->month != NULL ? month : NULL},
        {"made_at", timestamp_format(request->now_us, made_at)},
    };

    snprintf(month, sizeof(month), "%.7s", request->month != NULL ? request->month : "");
    sink_text(job->sink, "{");
    for (size_t i = 0; i < ARRAY_LENGTH(head); i++) {
        put_text(job->sink, head[i][0]);
        sink_text(job->sink, ":");
        put_text_or_null(job->sink, head[i][1]);
        sink_text(job->sink, ",\n");
    }
}

static bool write_json(const struct render_job *job, struct error *err)
{
    bool first = true;

    put_head(job);
    sink_text(job->sink, "\"datasets\":{");
    for (size_t i = 0; i < job->report->dataset_count; i++) {
        const struct report_dataset *dataset = &job->report->datasets[i];

        if (job->dataset != NULL && job->dataset != dataset)
            continue;
        sink_text(job->sink, first ? "\n" : ",\n");
        first = false;
        if (!put_dataset(job, dataset, err))
            return false;
    }
    sink_text(job->sink, "}}\n");
    return true;
}

const struct renderer render_json = {
    .format = {.name = "json",
               .suffix = ".json",
               .options = REPORT_OPTION_DATASET,
               .has_whole = true,
               .piped = true,
               .is_json = true},
    .render = write_json,
};
