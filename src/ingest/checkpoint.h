/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_CHECKPOINT_H
#define HEADROOM_INGEST_CHECKPOINT_H

/*
 * checkpoint: how much of a file was taken in before. Each batch of a file that stays holds the SHA-256 of the content
 * up to where it begins and up to where it ends. The content is hashed from its start, without being read as lines, and
 * compared at those places: the unbroken run of batches from byte 0 that it proves need not be read again. Time stamps
 * and sizes prove nothing.
 */

#include "headroom/db.h"
#include "ingest/intake.h"

/* A batch of the file, as it was taken in. */
struct checkpoint_row {
    int64_t batch_id;
    uint64_t first_byte, end_byte;
    uint64_t open_byte; /* when open */
    uint64_t next_line;
    uint64_t read, quarantined; /* lines */
    unsigned char first_digest[DIGEST_SIZE], end_digest[DIGEST_SIZE], open_digest[DIGEST_SIZE];
    bool open; /* a record at its end may go on */
    bool nameless;
    bool voided;
    char loaded_at[24];
};
struct checkpoint_rows {
    struct checkpoint_row *list; /* by first_byte */
    size_t count;
};
/* Those of the file that the key names. checkpoint_rows_free them. */
MUST_CHECK bool checkpoint_fetch(struct checkpoint_rows *rows, struct db *db, const struct file_key *key,
                                 struct error *err);
void checkpoint_rows_free(struct checkpoint_rows *rows);

enum checkpoint_state {
    CHECKPOINT_NEW,       /* no batch is of this file */
    CHECKPOINT_REWRITTEN, /* there are batches, but the content is another one from the start */
    CHECKPOINT_BEGUN,     /* what is before `resume` was taken in */
    CHECKPOINT_UNCHANGED, /* all of it was */
};
struct checkpoint {
    enum checkpoint_state state;
    struct resume resume;           /* when BEGUN; its digest is the checkpoint's */
    struct digest *digest;          /* of the content to there */
    struct checkpoint_row last;     /* the batch with which the run ends, when BEGUN or UNCHANGED */
    int64_t voided;                 /* a voided batch of the run; 0: none */
    uint64_t quarantined;           /* lines of the run that went to quarantine when they were read */
    uint64_t unsettled;             /* of these, still there; set by checkpoint_count_unsettled */
    struct buffer quarantined_ends; /* end_digest of the batches that brought them, as text of a bytea[] */
};
/* Reads the input to the end of what the rows can prove, and leaves it there. stop ends it early, as a failure.
 * checkpoint_end it also when this fails. */
MUST_CHECK bool checkpoint_prove(struct checkpoint *checkpoint, const struct checkpoint_rows *rows, struct input *input,
                                 struct error *err);
void checkpoint_end(struct checkpoint *checkpoint);
MUST_CHECK bool checkpoint_count_unsettled(struct checkpoint *checkpoint, struct db *db, const struct file_key *key,
                                           struct error *err);

/* The lines of the file that are in quarantine, from a line on, by line. free() them. */
MUST_CHECK bool checkpoint_fetch_unsettled(struct unsettled **lines, size_t *count, struct db *db,
                                           const struct file_key *key, uint64_t from_line, struct error *err);

#endif
