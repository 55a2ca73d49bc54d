/* SPDX-License-Identifier: MIT */
/* Prints what ingest did, and what it would do. */

#include "cli/ingest.h"

#include <jansson.h>
#include <stdlib.h>

#include "cli/json.h"
#include "cli/output.h"
#include "cli/table.h"

/* ---- the summary ---- */

void ingest_add_reasons(struct table *table, const char *indent, const struct ingest_reasons *reasons)
{
    for (size_t i = 0; i < reasons->count; i++) {
        char *name = mem_format("%s%s", indent, reasons->list[i].name);
        table_add_count(table, name, reasons->list[i].count);
        free(name);
    }
}

static void print_summary(const struct ingest_result *result)
{
    static const struct table_column columns[] = {{"LINES", TABLE_LEFT}, {"COUNT", TABLE_RIGHT}};
    const struct ingest_totals *totals = &result->totals;
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    table_add_count(table, "read", totals->read);
    table_add_count(table, "  added", totals->added);
    table_add_count(table, "    counted", totals->counted);
    table_add_count(table, "    not counted", totals->not_counted);
    ingest_add_reasons(table, "      ", &result->not_counted);
    table_add_count(table, "  duplicate", totals->duplicate);
    table_add_count(table, "  quarantined", totals->quarantined);
    ingest_add_reasons(table, "    ", &result->quarantined);
    table_print(table, stdout);
    table_free(table);
    if (totals->batches == 0 && result->files_unchanged > 0)
        printf("\nNothing new: %zu file%s unchanged since %s taken in.\n", result->files_unchanged,
               result->files_unchanged == 1 ? " is" : "s are", result->files_unchanged == 1 ? "it was" : "they were");
    printf("\nBatches: %llu. Chain head: %s\n", (unsigned long long)totals->batches, result->chain_head);
}

bool ingest_print_result(const struct ingest_result *result, bool json, struct error *err)
{
    const struct ingest_totals *totals = &result->totals;
    if (!json) {
        print_summary(result);
        return true;
    }
    json_t *object = json_object();
    json_set_count(object, "read", totals->read);
    json_set_count(object, "added", totals->added);
    json_set_count(object, "counted", totals->counted);
    json_set_count(object, "not_counted", totals->not_counted);
    json_set_count(object, "duplicate", totals->duplicate);
    json_set_count(object, "quarantined", totals->quarantined);
    json_set_count(object, "batches", totals->batches);
    (void)json_object_set_new(object, "chain_head", json_text(result->chain_head));
    return cli_print_json(object, err);
}

/* ---- the dry run ---- */

static json_t *events_json(const struct ingest_preview *preview)
{
    json_t *array = json_array();
    for (size_t i = 0; i < preview->event_count; i++) {
        const struct ingest_preview_event *event = &preview->events[i];
        json_t *object = json_object();
        json_set_count(object, "line", event->line);
        (void)json_object_set_new(object, "time", json_text(event->time));
        (void)json_object_set_new(object, "contract", json_text(event->contract));
        (void)json_object_set_new(object, "source", json_text(event->source));
        (void)json_object_set_new(object, "id", json_text(event->id));
        (void)json_object_set_new(object, "subject", json_text(event->subject));
        (void)json_object_set_new(object, "handle", json_text(event->handle));
        (void)json_object_set_new(object, "auth", json_text(event->via));
        (void)json_object_set_new(object, "class", json_text(event->class));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *rejections_json(const struct ingest_preview *preview)
{
    json_t *array = json_array();
    for (size_t i = 0; i < preview->rejection_count; i++) {
        const struct ingest_preview_rejection *rejection = &preview->rejections[i];
        json_t *object = json_object();
        json_set_count(object, "line", rejection->line);
        (void)json_object_set_new(object, "reason", json_text(rejection->reason));
        (void)json_object_set_new(object, "message", json_text(rejection->text));
        (void)json_object_set_new(object, "raw", json_text(rejection->raw));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *names_json(const struct ingest_names *names)
{
    json_t *array = json_array();
    for (size_t i = 0; i < names->count; i++)
        (void)json_array_append_new(array, json_text(names->list[i]));
    return array;
}

static json_t *preview_json(const struct ingest_preview *preview)
{
    json_t *object = json_object();
    (void)json_object_set_new(object, "file", json_text(preview->file));
    (void)json_object_set_new(object, "format", json_text(preview->format));
    (void)json_object_set_new(object, "columns_used", names_json(&preview->columns_used));
    (void)json_object_set_new(object, "columns_ignored", names_json(&preview->columns_ignored));
    json_set_count(object, "read", preview->read);
    json_set_count(object, "readable", preview->readable);
    json_set_count(object, "quarantined", preview->quarantined);
    json_set_count(object, "skipped", preview->skipped);
    (void)json_object_set_new(object, "events", events_json(preview));
    (void)json_object_set_new(object, "rejections", rejections_json(preview));
    return object;
}

static void print_events(const struct ingest_preview *preview)
{
    static const struct table_column columns[] = {
        {"LINE", TABLE_RIGHT},  {"TIME", TABLE_LEFT},    {"CONTRACT", TABLE_LEFT},
        {"SOURCE", TABLE_LEFT}, {"SUBJECT", TABLE_LEFT}, {"HANDLE", TABLE_LEFT},
        {"AUTH", TABLE_LEFT},   {"CLASS", TABLE_LEFT},   {"ID", TABLE_LEFT},
    };
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < preview->event_count; i++) {
        const struct ingest_preview_event *event = &preview->events[i];
        char line[24];
        snprintf(line, sizeof line, "%llu", (unsigned long long)event->line);
        table_add(table, (const char *const[]){line, event->time, event->contract, event->source, event->subject,
                                               event->handle, event->via, event->class, event->id});
    }
    if (preview->event_count > 0) {
        printf("\nThe first events as understood:\n");
        table_print(table, stdout);
    }
    table_free(table);
}

static void print_rejections(const struct ingest_preview *preview)
{
    static const struct table_column columns[] = {
        {"LINE", TABLE_RIGHT}, {"REASON", TABLE_LEFT}, {"WHY", TABLE_LEFT}, {"RAW", TABLE_LEFT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < preview->rejection_count; i++) {
        const struct ingest_preview_rejection *rejection = &preview->rejections[i];
        char line[24];
        snprintf(line, sizeof line, "%llu", (unsigned long long)rejection->line);
        table_add(table, (const char *const[]){line, rejection->reason, rejection->text, rejection->raw});
    }
    if (preview->rejection_count > 0) {
        printf("\nThe first lines that would be quarantined:\n");
        table_print(table, stdout);
    }
    table_free(table);
}

static void print_names(const char *what, const struct ingest_names *names)
{
    output_text("%s: %s", what, names->count > 0 ? names->list[0] : "none");
    for (size_t i = 1; i < names->count; i++)
        output_text(", %s", names->list[i]);
    putchar('\n');
}

static void print_preview(const struct ingest_preview *preview)
{
    static const struct table_column columns[] = {{"LINES", TABLE_LEFT}, {"COUNT", TABLE_RIGHT}};
    output_text("File %s, format %s\n", preview->file, preview->format);
    print_names("Columns used", &preview->columns_used);
    print_names("Columns ignored", &preview->columns_ignored);
    print_events(preview);
    print_rejections(preview);
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    table_add_count(table, "read", preview->read);
    table_add_count(table, "  readable", preview->readable);
    table_add_count(table, "  quarantined", preview->quarantined);
    ingest_add_reasons(table, "    ", &preview->reasons);
    if (preview->skipped > 0)
        table_add_count(table, "skipped, no requests to the API", preview->skipped);
    putchar('\n');
    table_print(table, stdout);
    table_free(table);
}

enum exit_code ingest_dry_run(const struct db_target *target, const struct ingest_options *options, bool json)
{
    struct error err;
    bool done = true;
    uint64_t quarantined = 0;
    json_t *array = json_array();
    for (size_t i = 0; i < options->file_count && done; i++) {
        struct ingest_preview preview = {0};
        done = ingest_preview(target, options, i, &preview, &err);
        quarantined += preview.quarantined;
        if (done && json)
            (void)json_array_append_new(array, preview_json(&preview));
        else if (done)
            print_preview(&preview);
        ingest_preview_free(&preview);
    }
    if (done && json)
        done = cli_print_json(json_incref(array), &err);
    json_decref(array);
    log_note("dry run: nothing was written, and duplicates were not looked for");
    if (!done)
        return cli_failed(&err);
    return quarantined > 0 ? EXIT_QUARANTINED : EXIT_DONE;
}
