/* SPDX-License-Identifier: MIT */
/* A run of ingestion: every file through the pipeline into the loader, and what came of it. */

#include "headroom/ingest.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/loader.h"
#include "ingest/pipeline.h"
#include "ingest/run.h"
#include "statements.h"

#define SAMPLES 5 /* quarantined lines that are named one by one */

static atomic_bool interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    atomic_store(&interrupted, true);
}

struct handlers {
    struct sigaction before_int, before_term;
};

static void handlers_set(struct handlers *handlers)
{
    struct sigaction action = {.sa_handler = interrupt};

    atomic_store(&interrupted, false);
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &handlers->before_int);
    sigaction(SIGTERM, &action, &handlers->before_term);
}

static void handlers_restore(const struct handlers *handlers)
{
    sigaction(SIGINT, &handlers->before_int, NULL);
    sigaction(SIGTERM, &handlers->before_term, NULL);
}

/* None of the files is begun when one of them cannot be: a run that was mistyped does nothing. */
static bool check_file(const char *path, struct error *err)
{
    struct stat info;

    if (strcmp(path, "-") == 0)
        return true;
    if (stat(path, &info) != 0)
        return fail(err, EXIT_COMMAND, "%s: %s; nothing was taken in", path, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return fail(err, EXIT_COMMAND, "%s: is a directory; name the files in it, as %s/*; nothing was taken in", path,
                    path);
    if (access(path, R_OK) != 0)
        return fail(err, EXIT_COMMAND, "%s: %s; nothing was taken in", path, strerror(errno));
    return true;
}

bool run_open(struct run *run, const struct db_target *target, const struct ingest_options *options,
              enum db_role role, struct error *err)
{
    struct db_rows *rows = NULL;

    *run = (struct run){.options = options};
    for (size_t i = 0; i < options->file_count; i++) {
        if (!check_file(options->files[i], err))
            return false;
    }
    if (!db_open(&run->db, target, role, err))
        return false;
    if (!directory_load(&run->directory, run->db, options->contract, err))
        return false;
    if (!db_query_one(run->db, &sql_ingest_clock, NULL, &rows, err))
        return false;
    run->clock_offset = db_int64(rows, 0, "now_us") - timestamp_now();
    db_rows_free(rows);
    return true;
}

void run_close(struct run *run)
{
    directory_free(run->directory);
    db_close(run->db);
    *run = (struct run){0};
}

bool run_intake(const struct run *run, const char *file, struct intake **intake, struct error *err)
{
    const struct intake_options options = {
        .file = file,
        .format = run->options->format,
        .source = run->options->source,
        .directory = run->directory,
        .clock_offset = run->clock_offset,
        .stop = &interrupted,
    };
    return intake_open(intake, &options, err);
}

static void name_refusals(const struct batch *batch, uint64_t before)
{
    for (size_t i = 0; i < batch->refusal_count && before + i < SAMPLES; i++) {
        const struct refusal *refusal = &batch->refusals[i];
        log_warning("%s:%llu: quarantined (%s): %s", batch->file, (unsigned long long)refusal->line, refusal->reason,
                    refusal->text.data);
    }
    if (before < SAMPLES && before + batch->refusal_count > SAMPLES)
        log_warning("more lines were quarantined; the summary counts them by reason");
}

static void name_columns(const struct reader *reader, const char *file)
{
    char names[1024];

    run_join_columns(reader, true, names, sizeof(names));
    if (names[0] != '\0')
        log_warning("%s: ignored columns, which are none of ours: %s", file, names);
}

static bool load_batches(struct loader *loader, struct pipeline *pipeline, struct progress *progress,
                         struct ingest_result *result, struct error *err)
{
    bool last = false;

    while (!last) {
        struct batch *batch = pipeline_next(pipeline);
        uint64_t quarantined = result->totals.quarantined;
        if (!loader_write(loader, batch, result, err))
            return fail_within(err, "%s, batch from line %llu (it was not taken in; run the same again to go on)",
                               batch->file, (unsigned long long)batch->first_line);
        progress_show(progress, batch->done_bytes, result->totals.read);
        name_refusals(batch, quarantined);
        if (batch->failed) {
            log_error("%s", batch->failure.text);
            result->files_failed++;
        }
        last = batch->last;
        pipeline_release(pipeline, batch);
    }
    return true;
}

static bool load_file(struct run *run, struct loader *loader, const char *file, struct ingest_result *result,
                      struct error *err)
{
    struct intake *intake = NULL;
    struct pipeline *pipeline = NULL;
    struct progress *progress = NULL;
    bool done = false;

    if (!run_intake(run, file, &intake, err)) {
        log_error("%s", err->text);
        result->files_failed++;
        return true;
    }
    progress = progress_new(file, reader_bytes_total(intake_reader(intake)));
    if (!pipeline_start(&pipeline, intake, err))
        goto out;
    done = load_batches(loader, pipeline, progress, result, err);
out:
    pipeline_stop(pipeline);
    progress_free(progress);
    if (done)
        name_columns(intake_reader(intake), file);
    intake_close(intake);
    return done;
}

static bool read_chain_head(struct run *run, struct ingest_result *result, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(run->db, &sql_ingest_chain_head, NULL, &rows, err))
        return false;
    snprintf(result->chain_head, sizeof(result->chain_head), "%s", db_text(rows, 0, "chain_head"));
    db_rows_free(rows);
    return true;
}

bool ingest_run(const struct db_target *target, const struct ingest_options *options, struct ingest_result *result,
                struct error *err)
{
    struct run run = {0};
    struct loader *loader = NULL;
    struct handlers handlers;
    bool done = false;

    *result = (struct ingest_result){0};
    handlers_set(&handlers);
    if (!run_open(&run, target, options, DB_WRITER, err) || !loader_new(&loader, run.db, options->by, err) ||
        !read_chain_head(&run, result, err))
        goto out;
    for (size_t i = 0; i < options->file_count && !atomic_load(&interrupted); i++) {
        if (!load_file(&run, loader, options->files[i], result, err))
            goto out;
    }
    if (result->totals.batches > 0 && !loader_finish(loader, err))
        goto out;
    result->interrupted = atomic_load(&interrupted);
    done = true;
out:
    handlers_restore(&handlers);
    loader_free(loader);
    run_close(&run);
    return done;
}
