/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_INTAKE_H
#define HEADROOM_INGEST_INTAKE_H

/* The intake of one file: records of a reader become events, or refusals, of a batch. Needs no database. */

#include <stdatomic.h>

#include "ingest/batch.h"
#include "ingest/directory.h"
#include "ingest/reader.h"

/* Where to go on in a file whose beginning was taken in before. */
struct resume {
    struct place place;
    /* Lines without id are told apart by those before them: from here to the place they are read again, and not taken
     * in. The place itself: there is none. */
    uint64_t window_byte, window_line;
    /* The record at the place was taken in before, when it was not whole; its place in the content was this. */
    bool was_open;
    unsigned char open_place[DIGEST_SIZE];
};

/* A line that is in quarantine. When it is read as an event now, it is settled. */
struct unsettled {
    uint64_t line;
    int64_t quarantine_id;
    unsigned char place[DIGEST_SIZE];
};

struct intake;
struct intake_options {
    struct input *input;               /* taken over, also when opening fails */
    const char *name;                  /* of the file, as it is kept and shown */
    const char *format;                /* NULL: by content */
    const struct mapping *mapping;     /* of the log's names; NULL: none */
    const struct zone *zone;           /* of times without one; NULL: these are refused */
    const char *source;                /* NULL: the contract's name */
    const char *scope;                 /* JSON text of all options like these; borrowed */
    const struct directory *directory; /* borrowed, read only */
    const int64_t *clock_offset;       /* as run_read_clock has it; borrowed */
    const atomic_bool *stop;           /* when true, the batch under way is the last */
    const struct file_key *key;        /* NULL: not a file that stays */
    const struct resume *resume;       /* NULL: from the start, as a whole document always is */
    const struct unsettled *unsettled; /* of the file, by line; borrowed */
    size_t unsettled_count;
    size_t batch_records; /* a batch is full with so many; 0: when no more fit */
    bool leave_open;      /* a last record that may go on is left, for intake_fill to find it later */
};
MUST_CHECK bool intake_open(struct intake **intake, const struct intake_options *options, struct error *err);
void intake_close(struct intake *intake); /* NULL is fine */
/* Fills a cleared batch until it is full or the file ends; batch->last and batch->failed say how it ended. With
 * leave_open it can be called again when the file has grown. */
void intake_fill(struct intake *intake, struct batch *batch);
/* From now on a last record is taken as it stands, as if leave_open had not been set: the file will not grow. */
void intake_take_open(struct intake *intake);
const struct reader *intake_reader(const struct intake *intake);

#endif
