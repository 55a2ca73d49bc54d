/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_OPENED_H
#define HEADROOM_INGEST_OPENED_H

/* A file that was opened to be taken in: from its start, from where an earlier run came to, or not at all. */

#include "ingest/checkpoint.h"
#include "ingest/run.h"

struct opened {
    char *file;   /* its name as it is shown */
    bool is_file; /* of content that stays, so the key is known; a pipe is not */
    struct file_key key;
    struct checkpoint checkpoint; /* NEW when it is a pipe, or read --again */
    struct unsettled *unsettled;  /* its lines in quarantine that are still to be read */
    size_t unsettled_count;
    struct intake *intake; /* NULL: nothing is there to be taken in */
};
/* Opens a file and proves how much of it was taken in before. opened_close it also when this fails. Errors: as
 * input_open and reader_open, EXIT_DATABASE. */
MUST_CHECK bool opened_open(struct opened *opened, const struct run *run, const char *file, struct error *err);
/* The same over a descriptor, which is taken over; name: as it is shown. With `follow` it stays open when it is
 * unchanged, and a last record that may go on is left for later. */
MUST_CHECK bool opened_open_fd(struct opened *opened, const struct run *run, int fd, const char *name, bool follow,
                               struct error *err);
void opened_close(struct opened *opened);
/* Says what is known of the file before it is read: that it was rewritten. */
void opened_note_state(const struct opened *opened);
/* Says, of one that was taken in before, that it is unchanged or by how much it grew. lines: read in this run. */
void opened_note_lines(const struct opened *opened, uint64_t lines);
/* Names the first quarantined lines of a batch; before: how many were named of the file already. */
void opened_name_refusals(const struct batch *batch, uint64_t before);

#endif
