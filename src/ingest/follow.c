/* SPDX-License-Identifier: MIT */
/* Files as they grow. One thread and one batch serve them all: what is not read yet waits in its file. */

#include "ingest/follow.h"

#include <stdlib.h>

#include "ingest/follow_parts.h"

#define LOOK_US       (SECOND_US / 2)      /* between two looks, where no interval is given; then, in looks: */
#define QUIET_LOOKS   2                    /* a file that is quiet for so long is read, */
#define AGE_LOOKS     10                   /* one that is not after so long */
#define WHOLE_LOOKS   4                    /* a file that does not grow is complete when it was quiet for so long */
#define GONE_LOOKS    10                   /* a deleted file is let go, */
#define RENAMED_LOOKS 120                  /* one that was rotated away, whose writer may still hold it, */
#define IDLE_LOOKS    600                  /* and one that does not grow */
#define MUCH_BYTES    ((uint64_t)16 << 20) /* a file is read at once when so much of it waits */
#define OPEN_MAX      32                   /* files that are being read at a time; each holds a window of 1.3 MB */
#define SAY_US        (60 * SECOND_US)     /* between two words of how far the sources are */
#define UPKEEP_US     (600 * SECOND_US)

static bool is_due(const struct follow *follow, const struct follow_file *file, int64_t now_us)
{
    int64_t quiet_us = now_us - file->changed_us;

    if (file->pending_us == 0 || now_us < file->retry_us)
        return false;
    if (file->is_once)
        return quiet_us >= WHOLE_LOOKS * follow->look_us;
    return quiet_us >= QUIET_LOOKS * follow->look_us || now_us - file->pending_us >= AGE_LOOKS * follow->look_us ||
           file->size >= file->offset + MUCH_BYTES;
}

/* Whoever wrote to a file may do so for a while behind its renaming, however long it was quiet before that. */
static bool is_done_with(const struct follow *follow, const struct follow_file *file, int64_t now_us)
{
    int64_t since_us = file->changed_us > file->unnamed_us ? file->changed_us : file->unnamed_us;
    int64_t looks = file->deleted ? GONE_LOOKS : RENAMED_LOOKS;

    if (file->is_named)
        return false;
    return file->fd < 0 || (file->pending_us == 0 && now_us - since_us >= looks * follow->look_us);
}

/* Ends the reading of files that were quiet for long. */
static void close_idle(struct follow *follow, int64_t now_us)
{
    for (struct follow_file *file = follow_files_next(follow->files, NULL); file != NULL;
         file = follow_files_next(follow->files, file)) {
        if (!file->is_open || !file->is_named || file->pending_us != 0 ||
            now_us - file->changed_us < IDLE_LOOKS * follow->look_us)
            continue;
        log_detail("%s: let go, as it is idle", file->name);
        follow_file_close(file);
    }
}

/* Makes room for one more: the quietest gives way. */
static void make_room(struct follow *follow)
{
    struct follow_file *quietest = NULL;
    size_t open = 0;

    for (struct follow_file *file = follow_files_next(follow->files, NULL); file != NULL;
         file = follow_files_next(follow->files, file)) {
        if (!file->is_open)
            continue;
        open++;
        if (quietest == NULL || file->changed_us < quietest->changed_us)
            quietest = file;
    }
    if (open < OPEN_MAX)
        return;
    log_detail("%s: let go, as %zu files are open", quietest->name, open);
    follow_file_close(quietest);
}

static bool serve(struct follow *follow, struct follow_file *file, int64_t now_us, struct error *err)
{
    if (!file->is_open)
        make_room(follow);
    return follow_serve_file(follow, file, now_us, err);
}

static bool serve_files(struct follow *follow, int64_t now_us, struct error *err)
{
    struct follow_file *next;
    bool refreshed = false;

    close_idle(follow, now_us);
    for (struct follow_file *file = follow_files_next(follow->files, NULL); file != NULL && !follow_is_stopped(follow);
         file = next) {
        next = follow_files_next(follow->files, file);
        bool done_with = is_done_with(follow, file, now_us);
        if (!done_with && !is_due(follow, file, now_us))
            continue;
        while (!refreshed && !run_refresh(follow->run, err)) {
            if (!follow_await_database(follow, err))
                return false;
        }
        refreshed = true;
        if (!(done_with ? follow_end_file(follow, file, now_us, err) : serve(follow, file, now_us, err)))
            return false;
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

/* What was written after the files were looked at is not known. A file that grows all the time is read to its end now
 * and then, and that is what counts. */
static void note_read(struct follow *follow, int64_t seen_us)
{
    for (size_t i = 0; i < follow->run->options->file_count; i++) {
        if (is_read(follow, i))
            follow->operands[i].read_us = seen_us;
    }
}

static bool say_until(struct follow *follow, struct error *err)
{
    int64_t to_theirs = follow->run->clock_offset - SOURCE_UNTIL_LAG_US;

    for (size_t i = 0; i < follow->run->options->file_count; i++) {
        const struct follow_operand *operand = &follow->operands[i];
        if (operand->read_us > 0 &&
            !source_until_say(operand->until, follow->run->db, operand->read_us + to_theirs, err))
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

/* ---- all of it ---- */

static bool go_round(struct follow *follow, struct error *err)
{
    int64_t now_us = timestamp_monotonic();
    int64_t seen_us = timestamp_since_boot();

    follow_files_look(follow->files, now_us);
    if (!serve_files(follow, now_us, err))
        return false;
    if (follow_is_stopped(follow))
        return true;
    note_read(follow, seen_us);
    if (now_us - follow->said_us < SAY_US)
        return true;
    follow->said_us = now_us;
    while (!run_refresh(follow->run, err) || !say_until(follow, err) || !keep_up(follow, now_us, err)) {
        if (!follow_await_database(follow, err))
            return false;
    }
    return true;
}

static void begin(struct follow *follow)
{
    const struct ingest_options *options = follow->run->options;

    follow->look_us = options->interval_us > 0 ? options->interval_us : LOOK_US;
    follow->files = follow_files_new(options->files, options->file_count);
    follow->batch = batch_new();
    follow->said_us = timestamp_monotonic() - SAY_US + 2 * QUIET_LOOKS * follow->look_us;
    follow->kept_us = timestamp_monotonic();
    follow->operands = mem_alloc((options->file_count + 1) * sizeof(*follow->operands));
    for (size_t i = 0; i < options->file_count; i++)
        follow->operands[i] = (struct follow_operand){.until = source_until_new(options->files[i])};
}

static void end(struct follow *follow)
{
    for (struct follow_file *file = follow_files_next(follow->files, NULL); file != NULL;
         file = follow_files_next(follow->files, file))
        follow->result->files_failed += file->failed ? 1 : 0;
    for (size_t i = 0; i < follow->run->options->file_count; i++)
        source_until_free(follow->operands[i].until);
    free(follow->operands);
    follow_files_free(follow->files);
    batch_free(follow->batch);
}

bool follow_run(struct run *run, struct loader **loader, const struct db_target *target, struct ingest_result *result,
                struct error *err)
{
    struct follow follow = {.run = run, .loader = loader, .target = target, .result = result};
    bool done = true;

    begin(&follow);
    log_note("following; a signal (Ctrl-C) ends it");
    while (done && !follow_is_stopped(&follow)) {
        done = go_round(&follow, err);
        if (done && !follow_is_stopped(&follow))
            follow_sleep(follow.look_us);
    }
    done = done && say_until(&follow, err);
    end(&follow);
    return done;
}
