/* SPDX-License-Identifier: MIT */
/* A run of ingestion: every file through the pipeline to the writers, and what came of it. */

#include "headroom/ingest.h"
#include "headroom/progress.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

#include "ingest/follow.h"
#include "ingest/interrupt.h"
#include "ingest/loader.h"
#include "ingest/opened.h"
#include "ingest/pipeline.h"
#include "ingest/writers.h"

static void name_columns(const struct reader *reader, const char *file)
{
    char names[1024];

    run_join_ignored(reader, names, sizeof(names));
    if (names[0] != '\0')
        log_warning("%s: ignored columns, which are none of ours: %s", file, names);
}

static void name_skipped(const struct reader *reader, const char *file)
{
    uint64_t skipped = reader_skipped(reader);

    if (skipped > 0)
        log_note("%s: %" PRIu64 " %s to the Engagement API and %s skipped", file, skipped,
                 skipped == 1 ? "entry is no request" : "entries are no requests", skipped == 1 ? "was" : "were");
}

/* What came before the break stays: whether it is sound is for a person to judge. last: number of the last line. */
static void report_broken(const struct batch *batch, uint64_t last, uint64_t lines, struct ingest_result *result)
{
    log_error("%s", batch->failure.text);
    if (batch->cut)
        log_error("%s: what was taken in of it, up to line %" PRIu64 ", stays; take it in again", batch->file, last);
    else
        log_error("%s: %" PRIu64
                  " of its lines were taken in before that and stay; a damaged file may have damaged lines",
                  batch->file, lines);
    result->files_failed++;
}

/* A file on its way into the ledger. */
struct loading {
    struct pipeline *pipeline;
    struct writers *writers;
    struct progress *progress;
    uint64_t before; /* lines of the result that are of other files */
    uint64_t last;   /* number of the last line that was taken in */
};

/* Settles the batch that was begun first. */
static bool settle(struct loading *loading, struct ingest_result *result, struct error *err)
{
    struct batch *batch = NULL;
    uint64_t quarantined = result->totals.quarantined;

    if (!writers_settle(loading->writers, &batch, result, err))
        return fail_within(err, "%s, batch from line %llu (it was not taken in; run the same again to go on)",
                           batch->file, (unsigned long long)batch->first_line);
    progress_show(loading->progress, batch->done_bytes, result->totals.read);
    opened_name_refusals(batch, quarantined);
    if (batch->last_line > 0)
        loading->last = batch->last_line;
    if (batch->failed)
        report_broken(batch, loading->last, result->totals.read - loading->before, result);
    result->interrupted |= batch->stopped;
    pipeline_release(loading->pipeline, batch);
    return true;
}

/* What is under way still ends, one way or the other; the first failure is the one that tells. */
static bool settle_all(struct loading *loading, bool done, struct ingest_result *result, struct error *err)
{
    struct error other;

    while (!writers_are_idle(loading->writers))
        done = settle(loading, result, done ? err : &other) && done;
    return done;
}

static bool load_batches(struct loading *loading, struct ingest_result *result, struct error *err)
{
    bool done = true;
    bool last = false;

    while (done && !last) {
        struct batch *batch = pipeline_next(loading->pipeline);
        last = batch->last;
        while (done && writers_must_settle(loading->writers, batch))
            done = settle(loading, result, err);
        if (done)
            writers_begin(loading->writers, batch);
    }
    return settle_all(loading, done, result, err);
}

static void note_end(const struct opened *opened, uint64_t lines, struct ingest_result *result)
{
    if (lines == 0 && opened->checkpoint.state >= CHECKPOINT_BEGUN)
        result->files_unchanged++;
    else if (lines == 0)
        log_warning("%s: holds no record", opened->file);
    opened_note_lines(opened, lines);
}

static bool load_opened(struct opened *opened, struct writers *writers, struct ingest_result *result, struct error *err)
{
    const struct reader *reader = intake_reader(opened->intake);
    struct loading loading = {.writers = writers, .before = result->totals.read};
    size_t failed = result->files_failed;

    loading.progress = progress_new(opened->file, reader_bytes_total(reader));
    bool done = pipeline_start(&loading.pipeline, opened->intake, err) && load_batches(&loading, result, err);
    if (!done)
        atomic_store(interrupt_flag(), true); /* the reading thread may wait for input that never comes */
    pipeline_stop(loading.pipeline);
    progress_free(loading.progress);
    if (!done)
        return false;
    name_columns(reader, opened->file);
    name_skipped(reader, opened->file);
    if (result->files_failed == failed && !result->interrupted)
        note_end(opened, result->totals.read - loading.before, result);
    return true;
}

/* What cannot be read is named, and the next file is begun; true also then. */
static bool load_file(struct run *run, struct writers *writers, const char *file, struct ingest_result *result,
                      struct error *err)
{
    struct opened opened;
    bool done = true;

    if (opened_open(&opened, run, file, err)) {
        opened_note_state(&opened);
        if (opened.intake != NULL)
            done = load_opened(&opened, writers, result, err);
        else
            note_end(&opened, 0, result);
    } else if (err->code == EXIT_DATABASE) {
        done = false;
    } else if (atomic_load(run->stop)) {
        result->interrupted = true;
    } else {
        log_error("%s", err->text);
        result->files_failed++;
    }
    opened_close(&opened);
    return done;
}

/* Everything is committed by now: what fails here costs only time, later. */
static void finish(struct run *run, struct loader *loader, struct ingest_result *result)
{
    struct error err;

    if (!run_read_chain_head(run->db, result, &err))
        log_warning("the batches were taken in, but the chain's head could not be read: %s", err.text);
    if (!loader_finish(loader, &err))
        log_warning("the batches were taken in, but the index by batch was not brought up to date: %s", err.text);
}

static bool load_files(struct run *run, struct writers *writers, struct ingest_result *result, struct error *err)
{
    for (size_t i = 0; i < run->options->file_count; i++) {
        result->interrupted |= atomic_load(run->stop);
        if (result->interrupted)
            return true;
        if (!load_file(run, writers, run->options->files[i], result, err))
            return false;
    }
    return true;
}

static bool load_each(struct run *run, struct loader *loader, const struct db_target *target,
                      struct ingest_result *result, struct error *err)
{
    struct writers *writers = writers_new(loader, target, run->options->by);
    bool done = load_files(run, writers, result, err);

    writers_free(writers);
    return done;
}

bool ingest_run(const struct db_target *target, const struct ingest_options *options, struct ingest_result *result,
                struct error *err)
{
    struct run run = {.stop = interrupt_flag()};
    struct loader *loader = NULL;
    struct interrupt interrupt;
    bool done = false;

    *result = (struct ingest_result){0};
    interrupt_catch(&interrupt);
    if (!run_open(&run, target, options, DB_WRITER, err) || !loader_new(&loader, run.db, options->by, err) ||
        !run_read_chain_head(run.db, result, err))
        goto out;
    if (!(options->follow ? follow_run(&run, &loader, target, result, err)
                          : load_each(&run, loader, target, result, err)))
        goto out;
    if (result->totals.batches > 0)
        finish(&run, loader, result);
    done = true;
out:
    interrupt_restore(&interrupt);
    loader_free(loader);
    run_close(&run);
    return done;
}
