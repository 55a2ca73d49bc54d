/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SPOOL_QUEUE_H
#define HEADROOM_GATEWAY_SPOOL_QUEUE_H

/* spool_queue: what waits for the spool's writer, in the order in which it came, with its texts. */

#include "gateway/spool.h"

enum spool_kind {
    SPOOL_INTENT,
    SPOOL_OUTCOME,
    SPOOL_NOTE,
    SPOOL_DRAINED,       /* of entries */
    SPOOL_NOTES_DRAINED, /* of notes */
    SPOOL_KINDS
};
/* Somebody who waits for a commit. */
struct spool_waiting {
    const struct spool_entry *entries;
    const struct spool_kept_note *notes;
    size_t count;
    bool done, worked;
    struct error err;
};
struct spool_item {
    enum spool_kind kind;
    uint64_t number;               /* an outcome's entry */
    int64_t time_us;               /* an intent's */
    struct spool_ticket *ticket;   /* an intent's */
    const char *note;              /* a note's kind */
    struct spool_waiting *waiting; /* of the last two kinds */
    size_t offset, size;           /* in texts */
};
struct spool_queue {
    struct spool_item *items; /* owned */
    size_t count, room;
    char *texts; /* owned */
    size_t size, text_room;
    size_t counts[SPOOL_KINDS];
    int64_t oldest_us; /* of its intents; where it has any */
};
void spool_queue_free(struct spool_queue *queue);
void spool_queue_clear(struct spool_queue *queue); /* keeps its memory, unless that is a lot */
/* Adds an item with a copy of its text. */
void spool_queue_add(struct spool_queue *queue, struct spool_item item, struct str text);
struct str spool_queue_text(const struct spool_queue *queue, const struct spool_item *item);

#endif
