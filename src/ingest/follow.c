/* SPDX-License-Identifier: MIT */
/* Files as they grow. One thread and one batch serve them all: what is not read yet waits in its file. */

#include "ingest/follow.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ingest/follow_files.h"
#include "ingest/source_until.h"

#define SECOND_US   INT64_C(1000000)
#define LOOK_US     (SECOND_US / 2)
#define QUIET_US    SECOND_US            /* a file that is quiet for so long is read, */
#define AGE_US      (5 * SECOND_US)      /* one that is not after so long, */
#define MUCH_BYTES  ((uint64_t)16 << 20) /* or when so much of it waits */
#define WHOLE_US    (2 * SECOND_US)      /* a file that does not grow is complete when it was quiet for so long */
#define RETRY_US    (60 * SECOND_US)     /* between two tries to read what can't be read */
#define GONE_US     (5 * SECOND_US)      /* a deleted file is let go, */
#define RENAMED_US  (60 * SECOND_US)     /* one that was rotated away, whose writer may still hold it, */
#define IDLE_US     (300 * SECOND_US)    /* and one that does not grow */
#define OPEN_MAX    32                   /* files that are open at a time; each holds a window of 1.3 MB */
#define SAY_US      (60 * SECOND_US)     /* between two words of how far the sources are */
#define UPKEEP_US   (600 * SECOND_US)
#define PAUSE_MAX_S 30 /* between two tries to reach the database */

struct follow {
    struct run *run;
    struct loader **loader;
    const struct db_target *target;
    struct ingest_result *result;
    struct follow_files *files;
    struct source_until **until; /* by operand */
    struct batch *batch;
    int64_t seen_us; /* when the files were last looked at and then read; of the wall clock; 0: not yet */
    int64_t said_us, kept_us;
    uint64_t kept_batches; /* of the totals, at the last upkeep */
};

static bool is_stopped(const struct follow *follow)
{
    return atomic_load(follow->run->stop);
}

/* A signal ends it early. */
static void sleep_for(int64_t us)
{
    struct timespec span = {us / SECOND_US, (long)(us % SECOND_US) * 1000};
    nanosleep(&span, NULL);
}

/* ---- the database, which may go away and come back ---- */

/* Lost connections, a server that has no room or stops, and conflicts pass; what the server refuses does not. */
static bool will_pass(const struct error *err)
{
    static const char *const classes[] = {"08", "40", "53", "55", "57", "58"};

    if (err->code == EXIT_DATABASE)
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(classes); i++) {
        if (strncmp(err->sqlstate, classes[i], 2) == 0)
            return true;
    }
    return false;
}

/* The private cluster is not started: whoever stopped it may copy its files. */
static bool is_away(const struct follow *follow, struct error *err)
{
    struct db_cluster_status status;

    if (follow->target->conninfo != NULL)
        return false;
    if (!db_cluster_state(follow->target, &status, err))
        return true;
    if (status.running)
        return false;
    fail(err, EXIT_DATABASE, "the private cluster is stopped; `headroom db start` starts it");
    return true;
}

static bool reconnect(struct follow *follow, struct error *err)
{
    loader_free(*follow->loader);
    *follow->loader = NULL;
    return !is_away(follow, err) && run_reopen(follow->run, follow->target, err) &&
           loader_new(follow->loader, follow->run->db, follow->run->options->by, err);
}

/* Without the advice to run the command again, which is what happens here. */
static int plain_size(const char *text)
{
    const char *advice = strstr(text, "; run the command again");
    return advice != NULL ? (int)(advice - text) : (int)strlen(text);
}

/* Tries until the database is back. False: it refused for good, or the end was asked for. */
static bool await_database(struct follow *follow, struct error *err)
{
    int64_t pause_s = 1;

    for (;;) {
        if (!will_pass(err))
            return false;
        log_warning("%.*s; trying again in %" PRId64 " s, the lines wait in their files", plain_size(err->text),
                    err->text, pause_s);
        for (int64_t i = 0; i < pause_s * SECOND_US / LOOK_US && !is_stopped(follow); i++)
            sleep_for(LOOK_US);
        if (is_stopped(follow))
            return fail_within(err, "ended while the database was away; the lines stay in their files");
        if (reconnect(follow, err))
            break;
        pause_s = pause_s * 2 < PAUSE_MAX_S ? pause_s * 2 : PAUSE_MAX_S;
    }
    log_note("the database is back");
    return true;
}

static bool write_batch(struct follow *follow, struct error *err)
{
    batch_sort(follow->batch);
    while (!loader_write(*follow->loader, follow->batch, follow->result, err)) {
        if (!await_database(follow, err))
            return false;
    }
    return true;
}

/* ---- one file ---- */

/* It stays in the list, and is tried again when it has changed, but not at once. */
static void give_up(struct follow_file *file, const struct error *why, int64_t now_us)
{
    if (!file->failed && why->text[0] != '\0')
        log_error("%s; tried again when it changes", why->text);
    file->failed = why->text[0] != '\0';
    file->retry_us = now_us + RETRY_US;
    file->pending_us = now_us;
    follow_file_let_go(file);
}

/* Takes in all that is there. False: the database is gone for good. */
static bool read_file(struct follow *follow, struct follow_file *file, int64_t now_us, struct error *err)
{
    struct batch *batch = follow->batch;
    bool failed = false;
    bool last = false;

    while (!last) {
        batch_clear(batch);
        intake_fill(file->opened.intake, batch);
        source_until_note_batch(follow->until[file->operand], batch);
        if (!write_batch(follow, err))
            return false;
        opened_name_refusals(batch, 0);
        file->offset = batch->end_byte;
        failed = batch->failed;
        last = batch->last;
    }
    if (failed) {
        give_up(file, &batch->failure, now_us);
        return true;
    }
    file->failed = false;
    follow_file_note_tail(file);
    return true;
}

/* Opens a file where it was left. *ready: it can be read now; false in it is no failure. */
static bool open_file(struct follow *follow, struct follow_file *file, int64_t now_us, bool *ready, struct error *err)
{
    struct error why = {0};

    *ready = false;
    if (!follow_file_open(file, &why)) {
        give_up(file, &why, now_us);
        return true;
    }
    file->is_once = file->is_once || follow_file_is_gzip(file);
    if (file->is_open || (!file->is_once && !follow_file_has_line(file))) {
        *ready = file->is_open;
        return true;
    }
    while (!opened_open_fd(&file->opened, follow->run, dup(file->fd), file->path, !file->is_once, &why)) {
        opened_close(&file->opened);
        if (!will_pass(&why)) {
            if (!is_stopped(follow))
                give_up(file, &why, now_us);
            return true;
        }
        *err = why;
        if (!await_database(follow, err))
            return false;
    }
    file->is_open = true;
    *ready = true;
    return true;
}

static void note_opened(const struct follow_file *file)
{
    const struct checkpoint *checkpoint = &file->opened.checkpoint;

    opened_note_state(&file->opened);
    if (file->is_once)
        log_note("%s: does not grow (it is %s): taken in as a whole", file->path,
                 follow_file_is_gzip(file) ? "gzip" : "one document");
    else if (checkpoint->state == CHECKPOINT_NEW)
        log_note("%s: followed from its start", file->path);
    else if (checkpoint->state >= CHECKPOINT_BEGUN && file->opened.intake != NULL)
        log_note("%s: followed from line %" PRIu64 ", behind batch %" PRId64, file->path,
                 checkpoint->resume.place.byte > 0 ? checkpoint->resume.place.line : 1, checkpoint->last.batch_id);
}

/* Opens the file for the first time or anew, and learns whose it is. */
static bool begin_file(struct follow *follow, struct follow_file *file, int64_t now_us, bool *ready, struct error *err)
{
    bool was_open = file->is_open;

    if (!open_file(follow, file, now_us, ready, err))
        return false;
    if (!*ready || was_open)
        return true;
    if (file->opened.intake != NULL && !file->is_once && reader_is_whole_document(intake_reader(file->opened.intake))) {
        file->is_once = true; /* read when it was quiet for long enough to be complete */
        follow_file_let_go(file);
        *ready = false;
        return true;
    }
    note_opened(file);
    while (!source_until_note_file(follow->until[file->operand], follow->run->db, &file->opened.key, err)) {
        if (!await_database(follow, err))
            return false;
    }
    return true;
}

/* One that does not grow is taken in as without --follow, and closed. */
static bool take_once(struct follow *follow, struct follow_file *file, int64_t now_us, struct error *err)
{
    uint64_t before = follow->result->totals.read;

    if (file->opened.intake != NULL && !read_file(follow, file, now_us, err))
        return false;
    if (!file->failed)
        opened_note_lines(&file->opened, follow->result->totals.read - before);
    follow_file_let_go(file);
    return true;
}

/* The writer may have cut the file and begun it anew: what is there then is read from its start. */
static void check_tail(struct follow_file *file)
{
    if (!file->is_open || file->is_once || follow_file_has_tail(file))
        return;
    log_note("%s: was cut off or rewritten behind what was read", file->path);
    opened_close(&file->opened);
    file->is_open = false;
    file->offset = 0;
}

static bool serve_file(struct follow *follow, struct follow_file *file, int64_t now_us, struct error *err)
{
    bool ready = false;

    file->pending_us = 0;
    if (file->fd >= 0)
        check_tail(file);
    if (!begin_file(follow, file, now_us, &ready, err))
        return false;
    if (!ready)
        return true;
    return file->is_once ? take_once(follow, file, now_us, err) : read_file(follow, file, now_us, err);
}

/* ---- all of them ---- */

static bool is_due(const struct follow_file *file, int64_t now_us)
{
    int64_t quiet_us = now_us - file->changed_us;

    if (file->pending_us == 0 || now_us < file->retry_us)
        return false;
    if (file->is_once)
        return quiet_us >= WHOLE_US;
    return quiet_us >= QUIET_US || now_us - file->pending_us >= AGE_US || file->size >= file->offset + MUCH_BYTES;
}

static bool is_done_with(const struct follow_file *file, int64_t now_us)
{
    int64_t quiet_us = now_us - file->changed_us;

    if (file->is_named)
        return false;
    return file->fd < 0 || (file->pending_us == 0 && quiet_us >= (file->deleted ? GONE_US : RENAMED_US));
}

/* A file that no name leads to any more: its last line is taken as it stands. */
static bool end_file(struct follow *follow, struct follow_file *file, int64_t now_us, struct error *err)
{
    bool done = true;

    if (file->is_open && file->opened.intake != NULL) {
        intake_take_open(file->opened.intake);
        done = read_file(follow, file, now_us, err);
    }
    log_detail("%s: let go, as it was %s", file->path, file->deleted ? "deleted" : "renamed");
    follow_files_drop(follow->files, file);
    return done;
}

/* Lets go files that were quiet for long, and the quietest one when too many are open. */
static void let_go_idle(struct follow *follow, int64_t now_us)
{
    struct follow_file *quietest = NULL;
    size_t open = 0;

    for (struct follow_file *file = follow_files_next(follow->files, NULL); file != NULL;
         file = follow_files_next(follow->files, file)) {
        if (file->fd < 0 || !file->is_named)
            continue;
        if (now_us - file->changed_us >= IDLE_US && file->pending_us == 0) {
            follow_file_let_go(file);
            continue;
        }
        open++;
        if (quietest == NULL || file->changed_us < quietest->changed_us)
            quietest = file;
    }
    if (open >= OPEN_MAX)
        follow_file_let_go(quietest);
}

static bool serve_files(struct follow *follow, int64_t now_us, struct error *err)
{
    struct follow_file *next;
    bool refreshed = false;

    for (struct follow_file *file = follow_files_next(follow->files, NULL); file != NULL && !is_stopped(follow);
         file = next) {
        next = follow_files_next(follow->files, file);
        if (is_done_with(file, now_us)) {
            if (!end_file(follow, file, now_us, err))
                return false;
        } else if (is_due(file, now_us)) {
            while (!refreshed && !run_refresh(follow->run, err)) {
                if (!await_database(follow, err))
                    return false;
            }
            refreshed = true;
            let_go_idle(follow, now_us);
            if (!serve_file(follow, file, now_us, err))
                return false;
        }
    }
    return true;
}

/* ---- up to when ---- */

static bool is_read(struct follow *follow, size_t operand)
{
    for (struct follow_file *file = follow_files_next(follow->files, NULL); file != NULL;
         file = follow_files_next(follow->files, file)) {
        if (file->operand == operand && (file->pending_us != 0 || file->failed))
            return false;
    }
    return true;
}

/* Up to when the files were looked at: what was written to them since is not known. */
static bool say_until(struct follow *follow, struct error *err)
{
    int64_t until_us = follow->seen_us + follow->run->clock_offset - SOURCE_UNTIL_LAG_US;

    for (size_t i = 0; i < follow->run->options->file_count && follow->seen_us > 0; i++) {
        if (is_read(follow, i) && !source_until_say(follow->until[i], follow->run->db, until_us, err))
            return false;
    }
    return true;
}

/* Outside the load, and only when there was one. */
static bool keep_up(struct follow *follow, int64_t now_us, struct error *err)
{
    if (now_us - follow->kept_us < UPKEEP_US || follow->result->totals.batches == follow->kept_batches)
        return true;
    follow->kept_us = now_us;
    follow->kept_batches = follow->result->totals.batches;
    return loader_finish(*follow->loader, err);
}

static bool go_round(struct follow *follow, struct error *err)
{
    int64_t now_us = timestamp_monotonic();
    int64_t seen_us = timestamp_now();

    follow_files_look(follow->files, now_us);
    if (!serve_files(follow, now_us, err))
        return false;
    if (is_stopped(follow))
        return true;
    follow->seen_us = seen_us;
    if (now_us - follow->said_us < SAY_US)
        return true;
    follow->said_us = now_us;
    while (!run_refresh(follow->run, err) || !say_until(follow, err) || !keep_up(follow, now_us, err)) {
        if (!await_database(follow, err))
            return false;
    }
    return true;
}

bool follow_run(struct run *run, struct loader **loader, const struct db_target *target, struct ingest_result *result,
                struct error *err)
{
    const struct ingest_options *options = run->options;
    struct follow follow = {
        .run = run,
        .loader = loader,
        .target = target,
        .result = result,
        .files = follow_files_new(options->files, options->file_count),
        .until = mem_alloc((options->file_count + 1) * sizeof(struct source_until *)),
        .batch = batch_new(),
        .said_us = timestamp_monotonic() - SAY_US + 2 * QUIET_US,
        .kept_us = timestamp_monotonic(),
    };
    bool done = true;

    for (size_t i = 0; i < options->file_count; i++)
        follow.until[i] = source_until_new(options->files[i]);
    log_note("following; a signal (Ctrl-C) ends it");
    while (done && !is_stopped(&follow)) {
        done = go_round(&follow, err);
        if (done && !is_stopped(&follow))
            sleep_for(LOOK_US);
    }
    if (done)
        done = say_until(&follow, err);
    for (struct follow_file *file = follow_files_next(follow.files, NULL); file != NULL;
         file = follow_files_next(follow.files, file))
        result->files_failed += file->failed ? 1 : 0;
    for (size_t i = 0; i < options->file_count; i++)
        source_until_free(follow.until[i]);
    free(follow.until);
    follow_files_free(follow.files);
    batch_free(follow.batch);
    return done;
}
