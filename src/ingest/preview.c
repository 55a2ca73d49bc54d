/* SPDX-License-Identifier: MIT */
/* The dry run: reads a file as a load would, and keeps the first events to show them. */

#include <stdlib.h>
#include <string.h>

#include "ingest/input.h"
#include "ingest/loader.h"
#include "ingest/run.h"

#define RAW_SHOWN 200 /* bytes of a refused line */

static char *text_of(struct str s)
{
    return s.data == NULL ? NULL : mem_format("%.*s", (int)s.size, s.data);
}

static void show_event(struct ingest_preview *preview, const struct event *event)
{
    struct ingest_preview_event *shown = &preview->events[preview->event_count++];

    shown->line = event->position;
    timestamp_format(event->time_us, shown->time);
    shown->contract = text_of(event->contract);
    shown->source = text_of(event->source);
    shown->id = text_of(event->id);
    shown->subject = text_of(event->subject);
    shown->handle = text_of(event->handle);
    shown->via = event->via == VIA_APP ? "app" : "user";
    shown->class = class_name(event->class);
}

/* Bytes that a terminal would act on, or that are no UTF-8, show as dots. */
static char *printable(struct str raw)
{
    struct str cut = {raw.data, raw.size < RAW_SHOWN ? raw.size : RAW_SHOWN};
    char *text = mem_alloc(cut.size + 1);

    memcpy(text, cut.data, cut.size);
    for (size_t i = 0; i < cut.size; i++) {
        if ((unsigned char)text[i] < 0x20 || (unsigned char)text[i] > 0x7e)
            text[i] = '.';
    }
    return text;
}

static void show_refusal(struct ingest_preview *preview, const struct refusal *refusal)
{
    struct ingest_preview_rejection *shown = &preview->rejections[preview->rejection_count++];

    shown->line = refusal->line;
    snprintf(shown->reason, sizeof(shown->reason), "%s", refusal->reason);
    snprintf(shown->text, sizeof(shown->text), "%s", refusal->text.data);
    shown->raw = printable(refusal->raw);
}

static void add_batch(struct ingest_preview *preview, const struct batch *batch)
{
    preview->read += batch->event_count + batch->refusal_count;
    preview->readable += batch->event_count;
    preview->quarantined += batch->refusal_count;
    for (size_t i = 0; i < batch->event_count && preview->event_count < INGEST_PREVIEW_EVENTS; i++)
        show_event(preview, &batch->events[i]);
    for (size_t i = 0; i < batch->refusal_count; i++) {
        reasons_add(&preview->reasons, batch->refusals[i].reason, 1);
        if (preview->rejection_count < INGEST_PREVIEW_EVENTS)
            show_refusal(preview, &batch->refusals[i]);
    }
}

static void describe(struct ingest_preview *preview, const struct reader *reader)
{
    const struct column *columns = NULL;
    size_t count = reader_columns(reader, &columns);
    struct ingest_names *used = &preview->columns_used;
    struct ingest_names *ignored = &preview->columns_ignored;

    preview->format = mem_text(reader_format_name(reader));
    preview->skipped = reader_skipped(reader);
    used->list = mem_alloc((count + 1) * sizeof(*used->list));
    ignored->list = mem_alloc((count + 1) * sizeof(*ignored->list));
    for (size_t i = 0; i < count; i++) {
        struct ingest_names *names = columns[i].field != FIELD_UNKNOWN ? used : ignored;
        names->list[names->count++] = mem_text(columns[i].name);
    }
}

bool ingest_preview(const struct db_target *target, const struct ingest_options *options, size_t file,
                    struct ingest_preview *preview, struct error *err)
{
    atomic_bool never = false;
    struct run run = {.stop = &never};
    struct input *input = NULL;
    struct intake *intake = NULL;
    struct batch *batch = NULL;
    bool done = false;

    *preview = (struct ingest_preview){0};
    if (!run_open(&run, target, options, DB_READER, err) || !input_open(&input, options->files[file], err))
        goto out;
    preview->file = given_file_name_copy(options->files[file]);
    struct intake_options intake_options = run_intake_options(&run, preview->file);
    intake_options.input = input;
    if (!intake_open(&intake, &intake_options, err))
        goto out;
    batch = batch_new();
    do {
        batch_clear(batch);
        intake_fill(intake, batch);
        add_batch(preview, batch);
    } while (!batch->last);
    describe(preview, intake_reader(intake));
    if (batch->failed) {
        *err = batch->failure;
        goto out;
    }
    done = true;
out:
    batch_free(batch);
    intake_close(intake);
    run_close(&run);
    if (!done)
        ingest_preview_free(preview);
    return done;
}

static void free_names(struct ingest_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->list[i]);
    free(names->list);
}

void ingest_preview_free(struct ingest_preview *preview)
{
    free(preview->file);
    free(preview->format);
    free_names(&preview->columns_used);
    free_names(&preview->columns_ignored);
    for (size_t i = 0; i < preview->event_count; i++) {
        struct ingest_preview_event *event = &preview->events[i];
        free(event->contract);
        free(event->source);
        free(event->id);
        free(event->subject);
        free(event->handle);
    }
    for (size_t i = 0; i < preview->rejection_count; i++)
        free(preview->rejections[i].raw);
    *preview = (struct ingest_preview){0};
}
