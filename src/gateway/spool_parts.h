/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SPOOL_PARTS_H
#define HEADROOM_GATEWAY_SPOOL_PARTS_H

/* spool_parts: what the parts of an open spool share: the callers' side (spool.c), opening (spool_recover.c), the
 * writer (spool_writer.c, spool_apply.c), purging (spool_purge.c) and a full disk (spool_room.c). */

#include <pthread.h>

#include "gateway/spool_checkpoint.h"
#include "gateway/spool_gap.h"
#include "gateway/spool_queue.h"
#include "gateway/spool_ranges.h"
#include "gateway/spool_reserve.h"
#include "gateway/spool_store.h"
#include "gateway/spool_times.h"

struct spool {
    char id[33];
    char *folder;
    struct spool_options options;
    int lock_fd;
    struct gaps *gaps;
    pthread_t writer;
    bool has_writer;

    pthread_mutex_t lock; /* of these: */
    pthread_cond_t work;  /* something is queued */
    pthread_cond_t settled;
    struct spool_queue queue;
    bool stopping;
    struct spool_state state;
    const char *reason; /* of a gap that begins now; static */
    bool writing;       /* intents, of which the oldest is from writing_us */
    int64_t writing_us;
    struct times times; /* of what is not drained; entries that are drained but not from the front are among them */

    /* The writer's alone: */
    struct store *store;
    struct spool_caller *woken; /* those to wake once the lock is given up */
    struct checkpoint *checkpoint;
    struct reserve *reserve;
    int64_t room_gone_us;     /* the reserve was given up then, by the monotonic clock */
    int64_t room_next_us;     /* no look for room before this */
    bool purging_early;       /* as the disk is full */
    struct spool_queue batch; /* what is being written */
    struct spool_queue held;  /* outcomes and notes of commits that failed */
    struct ranges drained, drained_next;
    uint64_t next_number;
    uint64_t refused_bytes; /* of the last intent that the limit refused; 0: none since it had room again */
    bool limit_told;        /* the log says that it is reached */
    int64_t retry_us;       /* the last commit failed: no other before this, by the monotonic clock; 0: it worked */
    int64_t retry_after_us;
    uint64_t note_bytes;   /* of the notes that are not drained */
    uint64_t notes_lost;   /* as too many were held, or they reached their share of the limit */
    int64_t notes_lost_us; /* the first of them */
    int64_t notes_told_us; /* when the last record of such was written, by the monotonic clock; 0: never */
    bool ends;             /* this is the last batch */
    int64_t age_from_us;   /* its age is the monotonic clock less this */
    int64_t marked_us;     /* its age at the last mark */
    uint64_t purged;       /* entries up to here are gone */
    uint64_t purge_until;  /* and up to here may go */
};

/* What a transaction will have changed once it is committed. */
struct tally {
    bool begun;
    bool drained;       /* drained_next is to be drained */
    bool gap_taken;     /* gap becomes a note */
    bool refused_taken; /* refused numbers become drained ones */
    struct slots_gap gap;
    uint64_t notes_lost, notes_told; /* notes left out; how many of all such are told of */
    uint64_t purged;                 /* entries up to here; 0: none */
    uint64_t purged_early;
    int64_t entries, bytes, note_bytes, unanswered, gaps;
};

/* ---- spool_recover.c ---- */
MUST_CHECK bool spool_recover(struct spool *spool, struct slots_state *found, struct error *err);
/* A gap record as a note; at least: it was cut off by a kill. *bytes: of the note, added to. */
MUST_CHECK bool spool_add_gap(struct store *store, const struct slots_gap *gap, bool at_least, int64_t *bytes,
                              struct error *err);
/* Numbers that no request has and none will get: they become drained ones, and a note says so. */
MUST_CHECK bool spool_skip(struct store *store, struct ranges *drained, struct range numbers, int64_t *bytes,
                           struct error *err);
MUST_CHECK bool spool_add_range(struct store *store, struct ranges *drained, uint64_t first, uint64_t last,
                                struct error *err);

/* ---- spool_writer.c ---- */
void *spool_write(void *context); /* the thread; the spool is its context */

/* ---- spool_apply.c: within a transaction, which begins with the first thing to write ---- */
MUST_CHECK bool spool_begin(struct spool *spool, struct tally *tally, struct error *err);
MUST_CHECK bool spool_apply(struct spool *spool, const struct spool_queue *queue, struct tally *tally,
                            struct error *err);

/* ---- spool_purge.c ---- */
int64_t spool_age(const struct spool *spool);
/* Marks what is drained by now, and takes away some of what has been for keep_us. */
MUST_CHECK bool spool_purge(struct spool *spool, struct tally *tally, uint64_t most, struct error *err);
bool spool_must_purge(const struct spool *spool);

/* ---- spool_room.c ---- */
bool spool_has_room(const struct spool *spool); /* else nothing is written but what makes room */
void spool_give_room(struct spool *spool);      /* the disk is full */
void spool_look_for_room(struct spool *spool);  /* the writer calls it between transactions */

#endif
