/* SPDX-License-Identifier: MIT */
/* Prints what is in quarantine: by reason with samples, or each line. */

#include "cli/quarantine.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/json_list.h"
#include "cli/line.h"
#include "cli/output.h"
#include "cli/text.h"

#define SAMPLES     3
#define INDENT      4
#define WIDTH_PIPED 160 /* columns of a raw line where no terminal says how many fit */

/* ---- one line ---- */

static void print_line(const struct audit_line *line)
{
    size_t width = output_width(stdout);
    char *raw = line_to_show(line->raw, width > 2 * INDENT ? width - INDENT - 1 : WIDTH_PIPED);

    output_text("%s:%s (batch %s): %s: %s", line->file, line->line, line->batch, line->reason, line->message);
    if (line->settled_by != NULL)
        printf(" [read by batch %s]", line->settled_by);
    output_text("\n%*s%s\n", INDENT, "", raw);
    free(raw);
}

static bool show_line(const struct audit_line *line, void *context, struct error *err)
{
    uint64_t *count = context;

    print_line(line);
    ++*count;
    return output_ok(stdout, err);
}

static bool add_line(const struct audit_line *line, void *context, struct error *err)
{
    struct json_list *list = context;
    return json_list_add(list, line_json(line), err);
}

bool quarantine_print_lines(struct db *db, const struct audit_quarantine_filter *filter, bool json, struct error *err)
{
    struct json_list *list = NULL;
    uint64_t count = 0;

    if (!json) {
        bool done = audit_each_line(db, filter, show_line, &count, err);
        log_note("%llu line%s", (unsigned long long)count, count == 1 ? "" : "s");
        return done;
    }
    bool done =
        json_list_new(&list, err) && audit_each_line(db, filter, add_line, list, err) && json_list_print(list, err);
    json_list_free(list);
    return done;
}

/* ---- by reason ---- */

/* The samples of each reason, which come in the order of the lines. */
struct samples {
    const struct audit_reason *reasons;
    json_t **lines; /* an array for each reason */
    size_t count;
};

static bool add_sample(const struct audit_line *line, void *context, struct error *err)
{
    struct samples *samples = context;

    (void)err;
    for (size_t i = 0; i < samples->count; i++) {
        if (strcmp(samples->reasons[i].reason, line->reason) == 0)
            (void)json_array_append_new(samples->lines[i], line_json(line));
    }
    return true;
}

static json_t *reason_json(const struct audit_reason *reason, json_t *samples)
{
    json_t *object = json_object();

    (void)json_object_set_new(object, "reason", json_text(reason->reason));
    (void)json_object_set_new(object, "lines", json_integer(reason->lines));
    (void)json_object_set_new(object, "settled", json_integer(reason->settled));
    (void)json_object_set_new(object, "files", json_integer(reason->files));
    (void)json_object_set_new(object, "first_at", json_time(reason->first_at));
    (void)json_object_set_new(object, "last_at", json_time(reason->last_at));
    (void)json_object_set_new(object, "samples", samples);
    return object;
}

static bool print_json(struct db *db, const struct audit_quarantine_filter *filter, const struct audit_reason *reasons,
                       size_t count, struct arena *arena, struct error *err)
{
    struct samples samples = {reasons, arena_alloc(arena, (count + 1) * sizeof(json_t *)), count};
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        samples.lines[i] = json_array();
    bool done = audit_each_line(db, filter, add_sample, &samples, err);
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(array, reason_json(&reasons[i], samples.lines[i]));
    if (done)
        return cli_print_json(array, err);
    json_decref(array);
    return false;
}

static void print_reasons(const struct audit_reason *reasons, size_t count)
{
    static const struct table_column columns[] = {
        {"REASON", TABLE_LEFT}, {"LINES", TABLE_RIGHT},    {"SETTLED", TABLE_RIGHT},
        {"FILES", TABLE_RIGHT}, {"FIRST MET", TABLE_LEFT}, {"LAST MET", TABLE_LEFT},
    };
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));

    for (size_t i = 0; i < count; i++) {
        struct cell lines, settled, files, first, last;
        table_add(table,
                  (const char *const[]){reasons[i].reason, cell_count(&lines, reasons[i].lines),
                                        cell_count(&settled, reasons[i].settled), cell_count(&files, reasons[i].files),
                                        cell_time(&first, reasons[i].first_at), cell_time(&last, reasons[i].last_at)});
    }
    table_print(table, stdout);
    table_free(table);
}

static void note_none(const struct audit_quarantine_filter *filter)
{
    bool chosen =
        filter->contract != NULL || filter->file != NULL || filter->reason != NULL || filter->batches.last != 0;

    log_note("no line %sis in quarantine%s", chosen ? "like that " : "",
             filter->settled ? "" : "; --all shows those that were read later");
}

static bool print_text(struct db *db, const struct audit_quarantine_filter *filter, const struct audit_reason *reasons,
                       size_t count, struct error *err)
{
    uint64_t shown = 0;

    if (count == 0) {
        note_none(filter);
        return true;
    }
    print_reasons(reasons, count);
    (void)putchar('\n');
    return audit_each_line(db, filter, show_line, &shown, err);
}

bool quarantine_print_reasons(struct db *db, const struct audit_quarantine_filter *filter, bool json, struct error *err)
{
    struct audit_quarantine_filter some = *filter;
    struct arena *arena = arena_new();
    struct audit_reason *reasons = NULL;
    size_t count = 0;

    some.per_reason = SAMPLES;
    bool done = audit_reasons(db, &some, arena, &reasons, &count, err) &&
                (json ? print_json(db, &some, reasons, count, arena, err) : print_text(db, &some, reasons, count, err));
    arena_free(arena);
    return done;
}
