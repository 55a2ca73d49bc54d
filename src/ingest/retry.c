/* SPDX-License-Identifier: MIT */
/* Lines in quarantine once more, file by file, each with the options with which its file was read. */

#include <inttypes.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/input.h"
#include "ingest/loader.h"
#include "ingest/retry_line.h"
#include "ingest/run.h"
#include "statements.h"
#include "headroom/encode.h"

#define LINES_AT_ONCE "1000"
#define NUMBER_SIZE   24

/* The lines of one file that were read in one way. */
struct group {
    const struct ingest_retry_options *options;
    struct ingest_retry_result *result;
    const char *file, *format, *scope, *header; /* as they are kept */
    struct ingest_options read;                 /* how they are read now */
    json_t *kept;                               /* the scope, of which `read` borrows texts */
    struct run run;
    struct intake_options intake;
    struct loader *loader; /* NULL: dry run */
    struct arena *arena;
    struct str before, behind;
    const char *missing; /* of the file, for want of which no line can be read; NULL: nothing */
    struct batch *batch;
    struct buffer settled; /* of the batch: bigint[] as text, without its end */
    uint64_t lines;        /* when the retry began */
    int64_t last;          /* quarantine_id that was read last */
    uint64_t not_kept;
};

/* ---- one line ---- */

static bool bytes_of(struct arena *arena, const char *hex, struct str *bytes, struct error *err)
{
    struct str text = str_of(hex);
    char *room = arena_alloc(arena, text.size / 2 + 1);

    *bytes = (struct str){room, text.size / 2};
    return bytes_from_hex(text, room) || fail(err, EXIT_COMMAND, "the database gave bytes that are no hex digits");
}

static bool note_settled(struct group *group, const char *id, struct error *err)
{
    return buffer_format(&group->settled, "%s%s", group->settled.size > 0 ? "," : "{", id) ||
           fail(err, EXIT_COMMAND, "too many lines at once; name a file or a reason");
}

/* The line was read alone: it gets back its number in the file, which is a part of what its digest covers. */
static bool keep_event(struct group *group, const char *id, uint64_t line, struct error *err)
{
    struct event *event = &group->batch->events[group->batch->event_count - 1];

    if (group->batch->extent.nameless) {
        group->batch->extent.nameless = false;
        batch_drop_event(group->batch);
        group->not_kept++;
        return true;
    }
    event->position = line;
    event_seal(event);
    group->result->settled++;
    return note_settled(group, id, err);
}

/* With its place in the file it is known to be the line that is there already. */
static bool keep_refusal(struct group *group, const char *place, uint64_t line, struct error *err)
{
    struct refusal *refusal = &group->batch->refusals[group->batch->refusal_count - 1];

    refusal->line = line;
    group->result->refused++;
    reasons_add(&group->result->reasons, refusal->reason, 1);
    return digest_from_hex(place, refusal->place) || fail(err, EXIT_COMMAND, "a line in quarantine has no place");
}

static bool read_line(struct group *group, struct str raw, struct error *err)
{
    struct intake_options options = group->intake;
    struct intake *intake = NULL;
    int fd = -1;

    if (!retry_open(group->before, raw, group->behind, &fd, err))
        return fail_within(err, "%s", group->file);
    options.input = input_of(fd, group->file);
    input_mark_piece(options.input);
    if (!intake_open(&intake, &options, err))
        return false;
    group->batch->last = false;
    intake_fill(intake, group->batch);
    if (group->batch->failed)
        *err = group->batch->failure;
    intake_close(intake);
    return !group->batch->failed;
}

static void widen(struct batch *batch, uint64_t first, uint64_t last, uint64_t line)
{
    batch->first_line = first == 0 || line < first ? line : first;
    batch->last_line = line > last ? line : last;
}

static bool take_line(struct group *group, const struct db_rows *rows, size_t row, struct error *err)
{
    struct batch *batch = group->batch;
    uint64_t line = (uint64_t)db_int64(rows, row, "line");
    uint64_t first = batch->first_line;
    uint64_t last = batch->last_line;
    size_t events = batch->event_count;
    size_t refusals = batch->refusal_count;
    struct str raw;
    bool done = true;

    group->result->tried++;
    if (!db_bool(rows, row, "is_whole")) {
        group->not_kept++;
        return true;
    }
    if (!bytes_of(group->arena, db_text(rows, row, "raw"), &raw, err) || !read_line(group, raw, err))
        return false;
    if (batch->event_count == events && batch->refusal_count == refusals)
        group->not_kept++; /* what the format leaves out is no event, and no longer a line of the log either */
    else if (batch->event_count > events)
        done = keep_event(group, db_text(rows, row, "quarantine_id"), line, err);
    else
        done = keep_refusal(group, db_text(rows, row, "place"), line, err);
    widen(batch, first, last, line);
    return done;
}

/* ---- a batch of them ---- */

/* Where nothing could be read there is nothing to write: the lines are as they were. */
static bool write_batch(struct group *group, struct error *err)
{
    struct batch *batch = group->batch;
    bool done = true;

    if (batch->event_count > 0 && group->loader != NULL) {
        batch->file = group->intake.name;
        batch->format = group->intake.format;
        batch->first_byte = batch->end_byte = 0;
        batch->extent.header = str_of(group->header); /* each line's own is gone with its reader */
        done = buffer_add(&group->settled, "}", 1) || fail(err, EXIT_COMMAND, "too many lines at once");
        batch->settled = group->settled.data;
        batch_sort(batch);
        done = done && loader_write(group->loader, batch, &group->result->loaded, err);
    }
    batch_clear(batch);
    buffer_clear(&group->settled);
    return done;
}

static bool take_lines(struct group *group, const struct db_rows *rows, struct error *err)
{
    for (size_t row = 0; row < db_rows_count(rows); row++) {
        if (batch_is_full(group->batch) && !write_batch(group, err))
            return false;
        if (!take_line(group, rows, row, err))
            return false;
        group->last = db_int64(rows, row, "quarantine_id");
        arena_reset(group->arena);
    }
    return true;
}

static const char *number(int64_t value, char text[NUMBER_SIZE])
{
    snprintf(text, NUMBER_SIZE, "%" PRId64, value);
    return text;
}

/* *more: whether there were any. */
static bool take_page(struct group *group, bool *more, struct error *err)
{
    const struct ingest_retry_options *options = group->options;
    bool any = options->last_batch == 0;
    char first[NUMBER_SIZE];
    char last[NUMBER_SIZE];
    char after[NUMBER_SIZE];
    const char *const params[] = {group->file,
                                  group->format,
                                  group->scope,
                                  group->header,
                                  options->reason,
                                  any ? NULL : number(options->first_batch, first),
                                  any ? NULL : number(options->last_batch, last),
                                  number(group->last, after),
                                  LINES_AT_ONCE};
    struct db_rows *rows = NULL;

    if (!db_query(group->run.db, &sql_quarantine_next_lines, params, &rows, err))
        return false;
    *more = db_rows_count(rows) > 0;
    bool done = take_lines(group, rows, err);
    db_rows_free(rows);
    return done;
}

/* ---- a file ---- */

static const char *kept_option(const struct group *group, const char *given, const char *name)
{
    return given != NULL ? given : json_string_value(json_object_get(group->kept, name));
}

/* What is not given is as it was. The format is the one that was recognised then; one that is given may bring a mapping
 * and a zone of its own. */
static void choose_options(struct group *group)
{
    const struct ingest_options *given = &group->options->read;

    group->kept = group->scope != NULL ? json_loads(group->scope, 0, NULL) : NULL;
    group->read = *given;
    group->read.files = NULL;
    group->read.file_count = 0;
    group->read.contract = kept_option(group, given->contract, "contract");
    group->read.source = kept_option(group, given->source, "source");
    if (given->format != NULL)
        return;
    group->read.format = group->format;
    group->read.map = kept_option(group, given->map, "map");
    group->read.zone = kept_option(group, given->zone, "zone");
}

/* A line alone does not tell its format as a file does. Where a kept format is given, it is that of the file, but names
 * that are mapped are none of a CloudEvent. */
static const char *choose_format(const struct group *group)
{
    const struct log_format *log = &group->run.log;

    if (log->format != NULL)
        return log->format;
    return strcmp(group->format, "cloudevents") == 0 && !mapping_is_empty(log->mapping) ? "json" : group->format;
}

static bool open_group(struct group *group, const struct db_target *target, atomic_bool *stop, struct error *err)
{
    bool writes = !group->options->dry_run;

    group->run.stop = stop;
    group->arena = arena_new();
    group->batch = batch_new();
    buffer_init(&group->settled, (size_t)BATCH_EVENTS * NUMBER_SIZE);
    choose_options(group);
    if (!run_open(&group->run, target, &group->read, writes ? DB_WRITER : DB_READER, err) ||
        (writes && !loader_new(&group->loader, group->run.db, group->read.by, err)))
        return fail_within(err, "%s", group->file);
    group->intake = run_intake_options(&group->run, group->file);
    group->intake.format = choose_format(group);
    return true;
}

static void close_group(struct group *group)
{
    buffer_free(&group->settled);
    loader_free(group->loader);
    batch_free(group->batch);
    arena_free(group->arena);
    run_close(&group->run);
    json_decref(group->kept);
}

static void name_file(const struct group *group)
{
    if (group->not_kept == 0)
        return;
    if (json_is_true(json_object_get(group->kept, "feed"))) {
        log_warning("%s: %" PRIu64 " of its lines cannot be read from the quarantine, which keeps no secret and no "
                    "long line, and of a line without an id not which one it was; send them again",
                    group->file, group->not_kept);
        return;
    }
    log_warning("%s: %" PRIu64 " of its lines cannot be read from the quarantine, which keeps %s; take in the file "
                "itself: headroom ingest --again %s",
                group->file, group->not_kept,
                group->missing != NULL ? group->missing : "no secret, no long line and nothing of the lines around it",
                group->file);
}

static bool read_lines(struct group *group, struct error *err)
{
    bool more = true;

    while (more) {
        if (!take_page(group, &more, err))
            return false;
    }
    return write_batch(group, err);
}

static bool read_group(struct group *group, struct error *err)
{
    struct arena *frame = arena_new();
    bool done = true;

    group->missing =
        retry_frame(group->format, group->intake.format, str_of(group->header), frame, &group->before, &group->behind);
    if (group->missing == NULL) {
        done = read_lines(group, err);
    } else {
        group->result->tried += group->lines;
        group->not_kept += group->lines;
    }
    arena_free(frame);
    return done;
}

/* What is written is committed by now: what fails here costs only time, later. */
static void finish(const struct group *group)
{
    struct error err;

    if (group->loader != NULL && group->result->loaded.totals.batches > 0 && !loader_finish(group->loader, &err))
        log_warning("the lines were taken in, but the index by batch was not brought up to date: %s", err.text);
}

static bool retry_group(struct group *group, const struct db_target *target, atomic_bool *stop, struct error *err)
{
    bool done = open_group(group, target, stop, err) && read_group(group, err);

    group->result->not_kept += group->not_kept;
    if (done) {
        finish(group);
        name_file(group);
    }
    close_group(group);
    return done;
}

/* ---- all of them ---- */

static bool retry_groups(const struct db_rows *rows, const struct ingest_retry_options *options,
                         const struct db_target *target, struct ingest_retry_result *result, struct error *err)
{
    atomic_bool never = false;

    for (size_t row = 0; row < db_rows_count(rows); row++) {
        struct group group = {
            .options = options,
            .result = result,
            .file = db_text(rows, row, "file"),
            .format = db_text(rows, row, "format"),
            .scope = db_text(rows, row, "scope"),
            .header = db_text(rows, row, "header"),
            .lines = (uint64_t)db_int64(rows, row, "lines"),
        };
        if (!retry_group(&group, target, &never, err))
            return false;
    }
    return true;
}

bool ingest_retry(const struct db_target *target, const struct ingest_retry_options *options,
                  struct ingest_retry_result *result, struct error *err)
{
    bool any = options->last_batch == 0;
    char first[NUMBER_SIZE];
    char last[NUMBER_SIZE];
    const char *const params[] = {options->file, options->reason, any ? NULL : number(options->first_batch, first),
                                  any ? NULL : number(options->last_batch, last)};
    struct db_rows *rows = NULL;
    struct db *db = NULL;

    *result = (struct ingest_retry_result){0};
    if (!db_open(&db, target, DB_READER, err))
        return false;
    bool done =
        db_query(db, &sql_quarantine_groups, params, &rows, err) && run_read_chain_head(db, &result->loaded, err);
    db_close(db);
    done = done && retry_groups(rows, options, target, result, err);
    db_rows_free(rows);
    return done;
}
