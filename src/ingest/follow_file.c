/* SPDX-License-Identifier: MIT */
/* One file as it grows: opened where it was left, read to where it ends now. */

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "ingest/follow_parts.h"

#define RETRY_LOOKS 120 /* between two tries to read what can't be read */

/* It stays in the list, and is tried again when it has changed, but not at once. */
static void give_up(const struct follow *follow, struct follow_file *file, const struct error *why, int64_t now_us)
{
    if (!file->failed && why->text[0] != '\0')
        log_error("%s%s", why->text, file->is_ending ? "" : "; tried again when it changes");
    file->failed = why->text[0] != '\0';
    file->retry_us = now_us + RETRY_LOOKS * follow->look_us;
    file->pending_us = now_us;
    follow_file_let_go(file);
}

static bool write_batch(struct follow *follow, struct error *err)
{
    batch_sort(follow->batch);
    while (!loader_write(*follow->loader, follow->batch, follow->result, err)) {
        if (!follow_await_database(follow, err))
            return false;
    }
    return true;
}

/* What is there now is read from its start. */
static void begin_anew(struct follow_file *file)
{
    log_note("%s: was cut off or rewritten behind what was read", file->name);
    follow_file_close(file);
}

/* Takes in all that is there. False: the database is gone for good. */
static bool read_file(struct follow *follow, struct follow_file *file, int64_t now_us, struct error *err)
{
    struct batch *batch = follow->batch;
    uint64_t offset = file->offset;
    bool failed = false;
    bool last = false;

    while (!last) {
        batch_clear(batch);
        intake_fill(file->opened.intake, batch);
        source_until_note_batch(follow->operands[file->operand].until, batch);
        if (!write_batch(follow, err))
            return false;
        opened_name_refusals(batch, 0);
        offset = batch->end_byte;
        failed = batch->failed;
        last = batch->last;
    }
    if (batch->cut) {
        begin_anew(file);
        file->pending_us = now_us;
        return true;
    }
    if (failed) {
        give_up(follow, file, &batch->failure, now_us);
        return true;
    }
    file->failed = false;
    if (!follow_file_advance(file, offset)) {
        begin_anew(file);
        file->pending_us = now_us;
    }
    return true;
}

/* A descriptor of its own, at the file's start: both share where they stand. */
static int descriptor_for_reading(const struct follow_file *file)
{
    return lseek(file->fd, 0, SEEK_SET) == 0 ? fcntl(file->fd, F_DUPFD_CLOEXEC, 0) : -1;
}

/* Opens a file where it was left. *ready: it can be read now; false in it is no failure. */
static bool open_file(struct follow *follow, struct follow_file *file, int64_t now_us, bool *ready, struct error *err)
{
    struct error why = {0};

    *ready = false;
    if (!follow_file_hold(file, &why)) {
        give_up(follow, file, &why, now_us);
        return true;
    }
    file->is_once = file->is_once || follow_file_is_gzip(file);
    if (file->is_open || (!file->is_once && !file->is_ending && !follow_file_has_line(file))) {
        *ready = file->is_open;
        return true;
    }
    while (
        !opened_open_fd(&file->opened, follow->run, descriptor_for_reading(file), file->name, !file->is_once, &why)) {
        opened_close(&file->opened);
        if (!follow_will_pass(&why)) {
            if (!follow_is_stopped(follow))
                give_up(follow, file, &why, now_us);
            return true;
        }
        *err = why;
        if (!follow_await_database(follow, err))
            return false;
    }
    follow_file_forget_tail(file);
    file->is_open = true;
    *ready = true;
    return true;
}

static void note_opened(struct follow_file *file)
{
    const struct checkpoint *checkpoint = &file->opened.checkpoint;
    bool was_told = file->is_told;

    file->is_told = true;
    opened_note_state(&file->opened);
    if (was_told && !file->is_once)
        return;
    if (file->is_once)
        log_note("%s: does not grow (it is %s): taken in as a whole", file->name,
                 follow_file_is_gzip(file) ? "gzip" : "one document");
    else if (checkpoint->state == CHECKPOINT_NEW)
        log_note("%s: followed from its start", file->name);
    else if (checkpoint->state >= CHECKPOINT_BEGUN && file->opened.intake != NULL)
        log_note("%s: followed from line %" PRIu64 ", behind batch %" PRId64, file->name,
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
        file->pending_us = now_us;
        follow_file_close(file);
        *ready = false;
        return true;
    }
    note_opened(file);
    while (!source_until_note_file(follow->operands[file->operand].until, follow->run->db, &file->opened.key, err)) {
        if (!follow_await_database(follow, err))
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

bool follow_serve_file(struct follow *follow, struct follow_file *file, int64_t now_us, struct error *err)
{
    bool ready = false;

    file->pending_us = 0;
    if (file->is_open && !file->is_once && !follow_file_has_tail(file))
        begin_anew(file);
    if (!begin_file(follow, file, now_us, &ready, err))
        return false;
    if (!ready)
        return true;
    return file->is_once ? take_once(follow, file, now_us, err) : read_file(follow, file, now_us, err);
}

/* A document shows itself only when it is opened, and is read the second time. */
static bool read_ending(struct follow *follow, struct follow_file *file, int64_t now_us, struct error *err)
{
    bool was_once = file->is_once;
    bool ready = false;

    file->is_ending = true;
    if (!begin_file(follow, file, now_us, &ready, err))
        return false;
    if (!ready && file->is_once && !was_once && !begin_file(follow, file, now_us, &ready, err))
        return false;
    if (!ready || file->opened.intake == NULL)
        return true;
    if (file->is_once)
        return take_once(follow, file, now_us, err);
    intake_take_open(file->opened.intake);
    return read_file(follow, file, now_us, err);
}

bool follow_end_file(struct follow *follow, struct follow_file *file, int64_t now_us, struct error *err)
{
    bool is_read = file->fd < 0 || (file->offset == file->size && file->pending_us == 0);

    if (!is_read && !read_ending(follow, file, now_us, err))
        return false;
    log_detail("%s: let go, as it was %s", file->name, file->deleted ? "deleted" : "renamed");
    follow_files_drop(follow->files, file);
    return true;
}
