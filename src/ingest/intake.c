/* SPDX-License-Identifier: MIT */
/* From a record to an event that knows its contract, source, id and digest. */

#include "ingest/intake.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/input.h"
#include "ingest/repeat.h"
#include "ingest/zone.h"

struct intake {
    struct intake_options options;
    struct reader *reader;
    struct repeat *repeat;
    uint64_t offset; /* end of the last record taken, in the decompressed file */
};

static bool open_reader(struct intake *intake, struct error *err)
{
    const struct intake_options *options = &intake->options;
    struct input *input = NULL;

    if (!input_open(&input, options->file, err))
        return false;
    input_stop_when(input, options->stop);
    return reader_open_mapped(&intake->reader, input, options->format, options->mapping, err);
}

bool intake_open(struct intake **out, const struct intake_options *options, struct error *err)
{
    struct intake *intake = mem_alloc(sizeof(*intake));

    intake->options = *options;
    intake->repeat = repeat_new();
    if (!open_reader(intake, err)) {
        intake_close(intake);
        return false;
    }
    *out = intake;
    return true;
}

void intake_close(struct intake *intake)
{
    if (intake == NULL)
        return;
    reader_close(intake->reader);
    repeat_free(intake->repeat);
    free(intake);
}

const struct reader *intake_reader(const struct intake *intake)
{
    return intake->reader;
}

/* An absent id is made from the line's meaning, which needs the defaults first. */
static void name_event(struct intake *intake, struct event *event, struct arena *arena)
{
    unsigned char meaning[DIGEST_SIZE];

    if (event->id.data != NULL) {
        repeat_count(intake->repeat, NULL);
        return;
    }
    event_meaning(event, meaning);
    event_name_id(event, meaning, repeat_count(intake->repeat, meaning), arena);
}

static bool make_event(struct intake *intake, struct record *record, struct batch *batch, struct rejection *why)
{
    struct event *event = batch_next_event(batch);
    const struct zone *zone = intake->options.zone;
    int64_t now = timestamp_now() + intake->options.clock_offset;

    if (zone != NULL && !zone_apply(zone, &record->values[FIELD_TIME], batch->arena, why))
        return false;
    if (!event_read(event, record->values, batch->arena, now, why))
        return false;
    if (!directory_assign(intake->options.directory, event, why))
        return false;
    if (event->source.data == NULL)
        event->source = intake->options.source != NULL ? str_of(intake->options.source) : event->contract;
    event->position = record->line;
    name_event(intake, event, batch->arena);
    event_seal(event);
    batch_keep_event(batch);
    return true;
}

static void refuse(struct intake *intake, const struct record *record, const struct rejection *why, struct batch *batch)
{
    struct refusal *refusal = batch_add_refusal(batch);
    struct str raw = mask_secrets(batch->arena, record->raw);

    if (raw.size > REFUSAL_RAW_MAX)
        raw.size = REFUSAL_RAW_MAX;
    refusal->line = record->line;
    refusal->raw_size = record->raw_size;
    refusal->raw = raw;
    refusal->text = arena_copy(batch->arena, str_of(why->text));
    refusal->reason = why->reason;
    refusal->field = why->field == FIELD_UNKNOWN ? NULL : field_name(why->field);
    reader_place(intake->reader, refusal->place);
    repeat_count(intake->repeat, NULL);
}

static void take(struct intake *intake, struct record *record, struct batch *batch)
{
    struct rejection why = record->why;

    if (batch->first_line == 0)
        batch->first_line = record->line;
    batch->last_line = record->line;
    batch->end_byte = record->end_byte;
    if (!record->readable || !make_event(intake, record, batch, &why))
        refuse(intake, record, &why, batch);
}

void intake_fill(struct intake *intake, struct batch *batch)
{
    struct record record;

    batch->file = intake->options.name;
    batch->first_byte = intake->offset;
    batch->end_byte = intake->offset;
    while (!batch_is_full(batch) && !batch->last) {
        enum read_result result = READ_FAILED;
        if (!atomic_load(intake->options.stop))
            result = reader_next(intake->reader, &record, &batch->failure);
        if (result == READ_RECORD)
            take(intake, &record, batch);
        batch->last = result != READ_RECORD;
        batch->stopped = result == READ_FAILED && atomic_load(intake->options.stop);
        batch->failed = result == READ_FAILED && !batch->stopped;
    }
    intake->offset = batch->end_byte;
    batch->format = reader_format_name(intake->reader);
    batch->done_bytes = reader_bytes_done(intake->reader);
}
