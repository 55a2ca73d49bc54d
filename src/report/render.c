/* SPDX-License-Identifier: MIT */
/* The formats that a report can be written in. */

#include <string.h>

#include "report/known.h"
#include "report/render.h"
#include "report/xlsx.h"

/* ---- workbooks ---- */

static bool write_workbook(const struct render_job *job, struct error *err)
{
    const struct xlsx_job book = {
        .report = job->report,
        .source = job->source,
        .data = job->data,
        .arena = job->arena,
        .file = job->file,
        .now_us = job->request->now_us,
    };

    return xlsx_write(&book, err);
}

const struct renderer render_xlsx = {
    .format = {.name = "xlsx", .suffix = ".xlsx", .needs_file = true, .has_whole = true},
    .shows_sheets = true,
    .render = write_workbook,
};

/* ---- the table ---- */

static const struct renderer *const renderers[] = {&render_xlsx, &render_csv, &render_json, &render_html, &render_text};

const struct report_format *report_format_at(size_t index)
{
    return index < ARRAY_LENGTH(renderers) ? &renderers[index]->format : NULL;
}

const struct renderer *renderer_of(const struct report_format *format)
{
    for (size_t i = 0; i < ARRAY_LENGTH(renderers); i++)
        if (&renderers[i]->format == format)
            return renderers[i];
    return &render_xlsx;
}

bool report_format_named(const char *name, const struct report_format **format, struct error *err)
{
    char known[200] = "";

    for (size_t i = 0; i < ARRAY_LENGTH(renderers); i++) {
        *format = &renderers[i]->format;
        if (strcmp((*format)->name, name) == 0)
            return true;
        known_add(known, sizeof(known), (*format)->name);
    }
    return fail(err, EXIT_USAGE, "there is no format \"%s\"; known: %s", name, known);
}

/* Of the last part of the path; a point at its beginning hides the file, and at its end says nothing. */
static const char *suffix_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash != NULL ? slash + 1 : file;
    const char *point = *name != '\0' ? strrchr(name + 1, '.') : NULL;

    return point != NULL && point[1] != '\0' ? point : NULL;
}

bool report_format_of_file(const char *file, const struct report_format **format, struct error *err)
{
    const char *suffix = file != NULL ? suffix_of(file) : NULL;
    char known[200] = "";

    for (size_t i = 0; suffix != NULL && i < ARRAY_LENGTH(renderers); i++) {
        *format = &renderers[i]->format;
        if (strcasecmp((*format)->suffix, suffix) == 0)
            return true;
        known_add(known, sizeof(known), (*format)->suffix);
    }
    *format = &render_xlsx.format;
    return suffix == NULL || fail(err, EXIT_USAGE, "-o %s: no format has the suffix %s; known: %s; or --format chooses",
                                  file, suffix, known);
}

/* ---- the dataset ---- */

static const char *wanted_dataset(const struct report *report, const struct report_request *request)
{
    if (request->dataset != NULL || request->format->has_whole)
        return request->dataset;
    if (report->main != NULL)
        return report->main;
    /* The last one is what every report has. */
    return report->dataset_count == 2 ? report->datasets[0].name : NULL;
}

bool render_find_dataset(const struct report *report, const struct report_request *request,
                         const struct report_dataset **dataset, struct error *err)
{
    const char *name = wanted_dataset(report, request);
    char known[600] = "";

    *dataset = NULL;
    if (name == NULL && request->format->has_whole)
        return true;
    for (size_t i = 0; i < report->dataset_count; i++) {
        *dataset = &report->datasets[i];
        if (name != NULL && strcmp((*dataset)->name, name) == 0)
            return true;
        known_add(known, sizeof(known), (*dataset)->name);
    }
    if (name == NULL)
        return fail(err, EXIT_USAGE, "%s holds one dataset, and the report %s has several: --dataset chooses from %s",
                    request->format->name, report->name, known);
    return fail(err, EXIT_USAGE, "the report %s has no dataset \"%s\"; it has: %s", report->name, name, known);
}

/* ---- requests ---- */

bool report_to_output(const struct report_request *request)
{
    return request->file != NULL ? strcmp(request->file, REPORT_TO_OUTPUT) == 0 : request->format->piped;
}

/* An option that says nothing to a format would be taken for one that was obeyed. */
MUST_CHECK static bool fail_option(const char *name, unsigned option, const struct report_format *format,
                                   struct error *err)
{
    char known[200] = "";

    for (size_t i = 0; i < ARRAY_LENGTH(renderers); i++)
        if (renderers[i]->format.options & option)
            known_add(known, sizeof(known), renderers[i]->format.name);
    return fail(err, EXIT_USAGE, "--%s is for %s, and this is %s: --format chooses", name, known, format->name);
}

bool report_check_request(const struct report *report, const struct report_request *request, struct error *err)
{
    const struct report_dataset *dataset;
    const struct report_format *format = request->format;
    const struct {
        const char *name;
        unsigned option;
        bool asked;
    } options[] = {
        {"dataset", REPORT_OPTION_DATASET, request->dataset != NULL},
        {"raw", REPORT_OPTION_RAW, request->raw},
        {"bom", REPORT_OPTION_BOM, request->bom},
    };

    if (request->file != NULL && *request->file == '\0')
        return fail(err, EXIT_USAGE, "-o '': give the name of a file");
    if (format->needs_file && report_to_output(request))
        return fail(err, EXIT_USAGE, "-o '-': a workbook is written to a file; give its name");
    for (size_t i = 0; i < ARRAY_LENGTH(options); i++)
        if (options[i].asked && !(format->options & options[i].option))
            return fail_option(options[i].name, options[i].option, format, err);
    return render_find_dataset(report, request, &dataset, err);
}
