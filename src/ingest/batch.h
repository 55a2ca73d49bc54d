/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_BATCH_H
#define HEADROOM_INGEST_BATCH_H

/* A batch: what one transaction takes in. Filled by the intake, written by the loader, used again for the next one. */

#include "headroom/model.h"

#define BATCH_EVENTS    100000 /* a larger batch merges more requests of a subject before they are written */
#define BATCH_REFUSALS  10000
#define BATCH_BYTES     (24u * 1024 * 1024) /* ceiling of the texts of a batch, so that memory is bounded */
#define REFUSAL_RAW_MAX 4096                /* bytes kept of a quarantined line */

/* A line that goes to quarantine. Texts are in the batch's arena. */
struct refusal {
    uint64_t line;
    uint64_t raw_size;
    struct str raw; /* masked, cut at REFUSAL_RAW_MAX */
    struct str text;
    const char *reason;
    const char *field; /* NULL: the whole line */
    unsigned char place[DIGEST_SIZE];
};

/* A file that stays, and how its lines are read: what a later run knows it by. */
struct file_key {
    uint64_t device, inode;
    const char *scope; /* JSON text of the options that give lines another meaning */
};

/* Where a batch lies in its file, for a later run to go on from. Digests are SHA-256 of the content from its start. */
struct extent {
    const struct file_key *key; /* NULL: unknown, or of no file that stays; only the header is set then */
    unsigned char first_digest[DIGEST_SIZE], end_digest[DIGEST_SIZE]; /* to first_byte, to end_byte */
    bool open; /* a record at its end goes on, should the file grow */
    uint64_t open_byte;
    unsigned char open_digest[DIGEST_SIZE];
    uint64_t next_line; /* number of the line at open_byte where it is open, else at end_byte */
    bool nameless;      /* a line had no id of its own */
    struct str header;  /* of CSV, masked; borrowed from the reader */
};

struct batch {
    struct arena *arena;
    struct event *events; /* in the order they were read; event.ordinal is the index */
    size_t event_count;
    const struct event **by_key; /* the distinct events in the order of the unique key; of equal ones the first read */
    size_t distinct_count;
    const struct event **by_subject; /* all events by contract, subject, via, then as in the key */
    struct refusal *refusals;
    size_t refusal_count;
    const char *file;   /* borrowed */
    const char *format; /* borrowed */
    const char *scope;  /* JSON text of the options that give lines another meaning; borrowed */
    uint64_t first_line, last_line;
    uint64_t first_byte, end_byte;
    struct extent extent;
    const char *settled; /* quarantined lines that its events were, a bigint[] as text; NULL: none. Borrowed */
    uint64_t done_bytes; /* of the file on disk, for progress */
    bool last;           /* nothing comes after it; failed holds why when that is not the file's end */
    bool stopped;        /* it was told to stop, so the file's end was not reached */
    bool failed;
    bool cut; /* it failed as the file was cut off or rewritten while it was read */
    struct error failure;
};

struct batch *batch_new(void);
void batch_free(struct batch *batch); /* NULL is fine */
void batch_clear(struct batch *batch);
bool batch_is_full(const struct batch *batch);
size_t batch_records(const struct batch *batch);     /* events and refusals */
struct event *batch_next_event(struct batch *batch); /* the slot for the next event; batch_keep_event takes it */
void batch_keep_event(struct batch *batch);
void batch_drop_event(struct batch *batch); /* takes back the last one */
struct refusal *batch_add_refusal(struct batch *batch);
/* Makes by_key and by_subject, once the last event is in. */
void batch_sort(struct batch *batch);
/* Whether an event of one is there in the other, by its identity. Both are sorted. */
bool batch_shares_event(const struct batch *a, const struct batch *b);

#endif
