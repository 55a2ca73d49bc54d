/* SPDX-License-Identifier: MIT */
/* CSV by RFC 4180: one dataset, its columns' names in the first row. */

#include <stdlib.h>
#include <string.h>

#include "report/figure.h"
#include "report/render.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define LINE_END        "\r\n"

struct csv {
    struct sink *sink;
    const struct report_dataset *dataset;
    bool raw;
};

/* ---- formulas ---- */

/* What a spreadsheet passes over before it looks for a formula. */
static size_t blanks_before(const char *text)
{
    size_t size = 0;

    for (;;) {
        if (text[size] == ' ')
            size++;
        else if (strncmp(text + size, "\xC2\xA0", 2) == 0)
            size += 2;
        else
            return size;
    }
}

/* Whether a spreadsheet could take the text for a formula: what OWASP lists ("CSV Injection"), these signs in full
 * width, and all of it behind blanks. An apostrophe counts too, so that taking one off always gives the text back. */
static bool is_risky(const char *text)
{
    static const char *const starts[] = {
        "=", "+", "-", "@", "\t", "\r", "\n", "'", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

    text += blanks_before(text);
    for (size_t i = 0; i < ARRAY_LENGTH(starts); i++)
        if (strncmp(text, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

/* ---- cells ---- */

/* In quotes wherever some reader could cut it; the empty text too, which no value is not. */
static void put_text(struct sink *sink, const char *text, bool guarded)
{
    bool quoted = guarded || *text == '\0' || strpbrk(text, ",;\t\"\r\n") != NULL;

    sink_text(sink, quoted ? "\"" : "");
    sink_text(sink, guarded ? "'" : "");
    for (size_t size; *text != '\0'; text += size) {
        size = strcspn(text, "\"");
        size += text[size] == '"';
        sink_add(sink, (struct str){text, size});
        if (text[size - 1] == '"')
            sink_text(sink, "\"");
    }
    sink_text(sink, quoted ? "\"" : "");
}

MUST_CHECK static bool put_value(const struct csv *csv, enum report_kind kind, const char *text, struct error *err)
{
    char time[FIGURE_TIME_SIZE];

    if (kind == REPORT_TEXT) {
        put_text(csv->sink, text, !csv->raw && is_risky(text));
        return true;
    }
    if (!figure_check(kind, text, err))
        return false;
    if (kind == REPORT_TIME && !figure_rfc3339(text, false, time))
        return fail(err, EXIT_COMMAND, "\"%.60s\" has no zone: give a timestamptz", text);
    sink_text(csv->sink, kind == REPORT_TIME ? time : text);
    return true;
}

static bool put_row(const char *const *values, void *context, struct error *err)
{
    const struct csv *csv = context;
    const struct report_dataset *dataset = csv->dataset;

    for (size_t i = 0; i < dataset->column_count; i++) {
        sink_text(csv->sink, i > 0 ? "," : "");
        if (values[i] != NULL && !put_value(csv, dataset->columns[i].kind, values[i], err))
            return fail_within(err, "%s: %s", dataset->name, dataset->columns[i].name);
    }
    /* A row that is nothing at all would be taken for no row. */
    if (dataset->column_count == 1 && values[0] == NULL)
        sink_text(csv->sink, "\"\"");
    sink_text(csv->sink, LINE_END);
    return sink_good(csv->sink, err);
}

static bool write_csv(const struct render_job *job, struct error *err)
{
    struct csv csv = {.sink = job->sink, .dataset = job->dataset, .raw = job->request->raw};

    sink_text(csv.sink, job->request->bom ? BYTE_ORDER_MARK : "");
    for (size_t i = 0; i < csv.dataset->column_count; i++) {
        sink_text(csv.sink, i > 0 ? "," : "");
        put_text(csv.sink, csv.dataset->columns[i].name, !csv.raw && is_risky(csv.dataset->columns[i].name));
    }
    sink_text(csv.sink, LINE_END);
    return data_each(job->report, job->source, job->data, csv.dataset, put_row, &csv, err);
}

const struct renderer render_csv = {
    .format = {.name = "csv",
               .suffix = ".csv",
               .options = REPORT_OPTION_DATASET | REPORT_OPTION_RAW | REPORT_OPTION_BOM,
               .piped = true},
    .render = write_csv,
};
