/* SPDX-License-Identifier: MIT */
/* Where a file's records are taken from, and how a batch of them lies in it. */

#include "ingest/intake.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/input.h"
#include "ingest/make.h"

struct intake {
    struct intake_options options;
    struct reader *reader;
    struct repeat *repeat;
    uint64_t offset;                   /* where the last batch ended, in the decompressed file */
    unsigned char digest[DIGEST_SIZE]; /* of the content to there */
    bool open;                         /* a record was met that may go on: from there the file is to be read again */
    uint64_t open_byte, open_line;
    unsigned char open_digest[DIGEST_SIZE];
    size_t unsettled; /* those before it are of lines before the current one */
    int64_t *settled; /* of the batch */
    size_t settled_count, settled_room;
};

static void take(struct intake *intake, struct record *record, struct batch *batch);

/* Reads the lines before the place again. The batch is only there to make events in. */
static bool read_window(struct intake *intake, const struct resume *resume, struct batch *batch, struct error *err)
{
    const struct place window = {resume->window_byte, resume->window_line, resume->place.digest};
    uint64_t at = resume->window_byte;
    struct record record;

    /* At 0 the reader stands behind the header that it has read. */
    if (at > 0 && !reader_seek(intake->reader, &window, err))
        return false;
    while (at < resume->place.byte) {
        enum read_result result = reader_next(intake->reader, &record, err);
        if (result == READ_FAILED)
            return false;
        if (result == READ_END || record.first_byte >= resume->place.byte)
            return true;
        at = record.end_byte;
        if (batch_is_full(batch))
            batch_clear(batch);
        take(intake, &record, batch);
    }
    return true;
}

static bool resume_at(struct intake *intake, const struct resume *resume, struct error *err)
{
    bool done = true;

    if (resume->window_byte < resume->place.byte) {
        struct batch *batch = batch_new();
        done = read_window(intake, resume, batch, err);
        batch_free(batch);
    }
    intake->offset = resume->place.byte;
    digest_peek(resume->place.digest, intake->digest);
    intake->open = false;
    intake->unsettled = 0; /* what the window settled is not of a batch */
    intake->settled_count = 0;
    return done && reader_seek(intake->reader, &resume->place, err);
}

bool intake_open(struct intake **out, const struct intake_options *options, struct error *err)
{
    struct intake *intake = mem_alloc(sizeof(*intake));

    intake->options = *options;
    intake->repeat = repeat_new();
    digest_of("", 0, intake->digest);
    if (!reader_open_mapped(&intake->reader, options->input, options->format, options->mapping, err))
        goto failed;
    if (options->resume != NULL && !reader_is_whole_document(intake->reader) &&
        !resume_at(intake, options->resume, err))
        goto failed;
    *out = intake;
    return true;
failed:
    intake_close(intake);
    return false;
}

void intake_close(struct intake *intake)
{
    if (intake == NULL)
        return;
    reader_close(intake->reader);
    repeat_free(intake->repeat);
    free(intake->settled);
    free(intake);
}

void intake_take_open(struct intake *intake)
{
    intake->options.leave_open = false;
}

const struct reader *intake_reader(const struct intake *intake)
{
    return intake->reader;
}

/* The clock's offset and the contracts may be read again between two records. */
static struct make make_of(const struct intake *intake)
{
    const struct intake_options *options = &intake->options;

    return (struct make){
        .directory = options->directory,
        .repeat = intake->repeat,
        .zone = options->zone,
        .source = options->source,
        .clock_offset = *options->clock_offset,
    };
}

/* The first one holds: what follows it was read as it is only because it was not whole. */
static void note_open(struct intake *intake, const struct record *record)
{
    if (intake->open)
        return;
    intake->open = true;
    intake->open_byte = record->first_byte;
    intake->open_line = record->line;
    reader_begin_place(intake->reader, intake->open_digest);
}

static bool is_same_line(struct intake *intake, const struct record *record, const struct unsettled *line)
{
    const struct resume *resume = intake->options.resume;
    unsigned char place[DIGEST_SIZE];

    if (resume != NULL && resume->was_open && record->first_byte == resume->place.byte &&
        memcmp(line->place, resume->open_place, DIGEST_SIZE) == 0)
        return true;
    reader_place(intake->reader, place);
    return memcmp(line->place, place, DIGEST_SIZE) == 0;
}

static void note_settled(struct intake *intake, int64_t quarantine_id)
{
    if (intake->settled_count == intake->settled_room) {
        intake->settled_room = intake->settled_room * 2 + 16;
        intake->settled = mem_resize(intake->settled, intake->settled_room * sizeof(*intake->settled));
    }
    intake->settled[intake->settled_count++] = quarantine_id;
}

/* As a parameter of type bigint[], in the batch's memory. */
static void list_settled(struct intake *intake, struct batch *batch)
{
    const size_t number_size = 21; /* digits, sign and comma */
    char *text;
    size_t used = 0;

    if (intake->settled_count == 0)
        return;
    text = arena_alloc(batch->arena, intake->settled_count * number_size + 3);
    for (size_t i = 0; i < intake->settled_count; i++)
        used += (size_t)snprintf(text + used, number_size + 1, "%c%" PRId64, i == 0 ? '{' : ',', intake->settled[i]);
    memcpy(text + used, "}", 2);
    batch->settled = text;
    intake->settled_count = 0;
}

/* Places are costly, so they are asked of the lines alone whose number is in the list. */
static void settle(struct intake *intake, const struct record *record)
{
    const struct unsettled *list = intake->options.unsettled;
    size_t count = intake->options.unsettled_count;
    size_t at = intake->unsettled;

    while (at < count && list[at].line < record->line)
        at++;
    intake->unsettled = at;
    for (; at < count && list[at].line == record->line; at++) {
        if (is_same_line(intake, record, &list[at]))
            note_settled(intake, list[at].quarantine_id);
    }
}

static void take(struct intake *intake, struct record *record, struct batch *batch)
{
    const struct make make = make_of(intake);
    struct rejection why = record->why;

    if (record->open)
        note_open(intake, record);
    if (batch->first_line == 0)
        batch->first_line = record->line;
    batch->last_line = record->line;
    if (!record->readable || !make_event(&make, record, batch, &why))
        reader_place(intake->reader, make_refusal(&make, record, &why, batch)->place);
    else if (intake->unsettled < intake->options.unsettled_count)
        settle(intake, record);
}

/* The range of the batch reaches to where reading stands, blank lines behind its last record included. */
static void end_extent(struct intake *intake, struct batch *batch)
{
    struct extent *extent = &batch->extent;

    memcpy(extent->first_digest, intake->digest, DIGEST_SIZE);
    batch->end_byte = reader_place(intake->reader, extent->end_digest);
    extent->next_line = intake->open ? intake->open_line : reader_next_line(intake->reader);
    extent->open = intake->open;
    extent->open_byte = intake->open_byte;
    memcpy(extent->open_digest, intake->open_digest, DIGEST_SIZE);
    extent->header = reader_header(intake->reader);
    if (batch_records(batch) == 0)
        return; /* it will not be written, so the next one begins where it did */
    intake->offset = batch->end_byte;
    memcpy(intake->digest, extent->end_digest, DIGEST_SIZE);
}

static bool is_full(const struct intake *intake, const struct batch *batch)
{
    return batch_is_full(batch) ||
           (intake->options.batch_records > 0 && batch_records(batch) >= intake->options.batch_records);
}

/* The next record, but for one that is left to grow. *untold: reading broke off, and where is not known. */
static enum read_result next_record(struct intake *intake, struct record *record, bool *untold, struct error *err)
{
    enum read_result result = reader_next(intake->reader, record, err);
    bool is_left = intake->options.leave_open && (result == READ_END || (result == READ_RECORD && record->open));

    if (is_left)
        result = reader_unread(intake->reader, err) ? READ_END : READ_FAILED;
    *untold = result == READ_FAILED;
    return result;
}

void intake_fill(struct intake *intake, struct batch *batch)
{
    struct record record;
    bool untold = false;

    batch->file = intake->options.name;
    batch->scope = intake->options.scope;
    batch->first_byte = intake->offset;
    while (!is_full(intake, batch) && !batch->last) {
        enum read_result result = READ_FAILED;
        if (!atomic_load(intake->options.stop))
            result = next_record(intake, &record, &untold, &batch->failure);
        if (result == READ_RECORD)
            take(intake, &record, batch);
        batch->last = result != READ_RECORD;
        batch->stopped = result == READ_FAILED && atomic_load(intake->options.stop);
        batch->failed = result == READ_FAILED && !batch->stopped;
        batch->cut = batch->failed && reader_was_cut(intake->reader);
    }
    end_extent(intake, batch);
    list_settled(intake, batch);
    batch->extent.key = untold ? NULL : intake->options.key;
    batch->format = reader_format_name(intake->reader);
    batch->done_bytes = reader_bytes_done(intake->reader);
}
