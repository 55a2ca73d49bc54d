/* SPDX-License-Identifier: MIT */
/* Between a path and its lines: which file it is, and what of it is known. */

#include "ingest/opened.h"

#include <inttypes.h>
#include <stdlib.h>

#include "ingest/input.h"

#define SAMPLES 5 /* quarantined lines that are named one by one */

static bool prove(struct opened *opened, const struct run *run, struct input *input, struct error *err)
{
    struct checkpoint_rows rows = {0};
    bool done = checkpoint_fetch(&rows, run->db, &opened->key, err) &&
                checkpoint_prove(&opened->checkpoint, &rows, input, err) &&
                checkpoint_count_unsettled(&opened->checkpoint, run->db, &opened->key, err) &&
                (rows.count == 0 || input_seek(input, 0, err));

    checkpoint_rows_free(&rows);
    return done;
}

static bool open_input(struct opened *opened, const struct run *run, struct input *input, bool follow,
                       struct error *err)
{
    const struct checkpoint *checkpoint = &opened->checkpoint;
    struct input_file which;

    input_stop_when(input, run->stop);
    if (input_file(input, &which)) {
        opened->is_file = true;
        opened->key = (struct file_key){which.device, which.inode, run->scope};
        if (!run->options->again && !prove(opened, run, input, err)) {
            input_close(input);
            return false;
        }
    }
    if (checkpoint->state == CHECKPOINT_UNCHANGED && !follow) {
        input_close(input);
        return true;
    }
    if (opened->is_file && !checkpoint_fetch_unsettled(&opened->unsettled, &opened->unsettled_count, run->db,
                                                       &opened->key, checkpoint->resume.place.line, err)) {
        input_close(input);
        return false;
    }
    struct intake_options options = run_intake_options(run, opened->file);
    options.unsettled = opened->unsettled;
    options.unsettled_count = opened->unsettled_count;
    options.input = input;
    options.key = opened->is_file ? &opened->key : NULL;
    options.resume = checkpoint->resume.place.byte > 0 ? &checkpoint->resume : NULL;
    options.leave_open = follow;
    return intake_open(&opened->intake, &options, err);
}

bool opened_open(struct opened *opened, const struct run *run, const char *file, struct error *err)
{
    struct input *input = NULL;

    *opened = (struct opened){.file = given_file_name_copy(file)};
    return input_open(&input, file, err) && open_input(opened, run, input, false, err);
}

bool opened_open_fd(struct opened *opened, const struct run *run, int fd, const char *name, bool follow,
                    struct error *err)
{
    *opened = (struct opened){.file = mem_text(name)};
    return open_input(opened, run, input_of(fd, name), follow, err);
}

void opened_close(struct opened *opened)
{
    intake_close(opened->intake);
    checkpoint_end(&opened->checkpoint);
    free(opened->unsettled);
    free(opened->file);
    opened->file = NULL;
    opened->unsettled = NULL;
    opened->intake = NULL;
}

void opened_note_state(const struct opened *opened)
{
    const struct checkpoint *checkpoint = &opened->checkpoint;

    if (checkpoint->state == CHECKPOINT_REWRITTEN)
        log_note("%s: was rewritten since it was taken in: read from the start", opened->file);
    if (checkpoint->state == CHECKPOINT_BEGUN && opened->intake != NULL &&
        reader_is_whole_document(intake_reader(opened->intake)))
        log_note("%s: was changed since batch %" PRId64 ", and is one document: read from the start", opened->file,
                 checkpoint->last.batch_id);
}

void opened_name_refusals(const struct batch *batch, uint64_t before)
{
    for (size_t i = 0; i < batch->refusal_count && before + i < SAMPLES; i++) {
        const struct refusal *refusal = &batch->refusals[i];
        log_warning("%s:%" PRIu64 ": quarantined (%s): %s", batch->file, refusal->line, refusal->reason,
                    refusal->text.data);
    }
    if (before < SAMPLES && before + batch->refusal_count > SAMPLES)
        log_warning("more lines were quarantined; the summary counts them by reason");
}

static void note_run(const struct opened *opened)
{
    const struct checkpoint *checkpoint = &opened->checkpoint;

    if (checkpoint->voided != 0)
        log_note("%s: batch %" PRId64
                 " of it is voided, so its events are not counted; `headroom batch restore %" PRId64
                 "` brings them back",
                 opened->file, checkpoint->voided, checkpoint->voided);
    if (checkpoint->unsettled > 0)
        log_note("%s: %" PRIu64 " of its lines %s in quarantine; after a fix: headroom quarantine retry", opened->file,
                 checkpoint->unsettled, checkpoint->unsettled == 1 ? "is" : "are");
}

void opened_note_lines(const struct opened *opened, uint64_t lines)
{
    const struct checkpoint *checkpoint = &opened->checkpoint;
    bool is_document = opened->intake != NULL && reader_is_whole_document(intake_reader(opened->intake));

    if (checkpoint->state < CHECKPOINT_BEGUN || is_document)
        return;
    if (lines == 0)
        log_note("%s: unchanged since batch %" PRId64 " (%s): nothing to take in", opened->file,
                 checkpoint->last.batch_id, checkpoint->last.loaded_at);
    else
        log_note("%s: grew: %" PRIu64 " new line%s from line %" PRIu64, opened->file, lines, lines == 1 ? "" : "s",
                 checkpoint->resume.place.line);
    note_run(opened);
}
