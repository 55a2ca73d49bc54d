/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SPOOL_H
#define HEADROOM_GATEWAY_SPOOL_H

/*
 * spool: what the gateway knows of requests, on disk before they leave. One folder with one SQLite database (WAL) and
 * a random id made with it, which is part of its events' source; an entry's sequence number is its event's id. So a
 * spool that is made anew never reuses an identity, and a gap in the numbers shows. One thread of its own writes, with
 * one commit for all that waits (group commit). Any thread may call what follows, but where it says otherwise.
 */

#include "headroom/base.h"

enum spool_durability {
    SPOOL_FSYNC, /* a commit is on the disk */
    SPOOL_WRITE, /* a commit is with the operating system: it outlives the program, not a loss of power */
};
struct spool_options {
    const char *folder; /* made, 0700, where it is missing */
    enum spool_durability durability;
    /* Of what is not drained yet; then intents are refused. Notes take an eighth of it at most: those above are left
     * out, and a gap record says how many. */
    uint64_t limit_bytes;
    /* How long drained entries stay, in time that the spool is open; at most 1/64 longer. Shorter where the disk is
     * full: recording new requests matters more. */
    int64_t keep_us;
};
struct spool;
/* Opens or makes it and holds it alone (EXIT_COMMAND where another process has it). Entries whose outcome never came,
 * as the program was killed, get the outcome "unknown". */
MUST_CHECK bool spool_open(struct spool **spool, const struct spool_options *options, struct error *err);
/* Writes what is queued, then closes. NULL is fine. */
void spool_close(struct spool *spool);
const char *spool_id(const struct spool *spool); /* 32 hex digits */
const char *spool_folder(const struct spool *spool);

/* ---- the way of a request: intend, wait for the ticket, forward, finish ---- */
struct spool_ticket;
/* One who gets tickets back, as a loop of the proxy. It must live until the spool is closed. */
struct spool_caller {
    int wake_fd; /* eventfd: written when spool_take_done has something for it */
    /* The spool's: */
    struct spool_ticket *done, *done_last;
    struct spool_caller *next_woken;
};
struct spool_ticket {
    struct spool_caller *caller;
    struct spool_ticket *next; /* in the list of spool_take_done */
    uint64_t number;           /* the sequence number, from 1; 0: refused, as the spool is full or can't be written */
    void *owner;               /* the caller's */
};
/* Queues an intent: the JSON text of an object, of event fields known before the answer; copied. The ticket is given
 * back by spool_take_done once the intent is durable or refused; it must live until then. It is written after the next
 * spool_wake: one for all that are at hand, so that one commit has them. */
void spool_intend(struct spool *spool, struct spool_ticket *ticket, struct str intent, int64_t time_us);
void spool_wake(struct spool *spool);
/* The caller's tickets that are done since its last call, in the order of their numbers; NULL: none. */
struct spool_ticket *spool_take_done(struct spool *spool, struct spool_caller *caller);
/* Queues the outcome of an entry: the JSON text of an object, of the event fields that the answer told; copied. */
void spool_finish(struct spool *spool, uint64_t number, struct str outcome);
/* Instead of an outcome: the request has not left for the upstream, and won't, so it is no event. Its number stays its
 * own, and the drain accounts for it. It is written as an outcome is, so a kill or, with SPOOL_WRITE, a loss of power
 * may take it; then the entry is "unknown", and an event: one too many rather than one too few. */
void spool_withdraw(struct spool *spool, uint64_t number);
/* Counts a request that is forwarded without an intent (--on-full forward): call it before that. Once it returns, a
 * gap record of this time will come, whatever becomes of the process; it is written as soon as the spool takes intents
 * again, and the drain hands it on: when, how many (also one that then can't be sent), why. After a kill its end may be
 * up to 10 s later than the last request, and its number too small by those of the last second. False: not even that
 * can be kept (the disk fails); then refuse the request. Waits for the disk once each 10 s at most. */
MUST_CHECK bool spool_missed(struct spool *spool, int64_t time_us);
/* Queues a note for the database that is no event: a decision of the gate, say. kind: a static word; json:
 * the text of an object; copied. */
void spool_note(struct spool *spool, const char *kind, struct str json);

/* ---- how it is ---- */
struct spool_state {
    uint64_t entries;      /* not drained */
    uint64_t bytes;        /* of these, and of the notes that are not drained */
    uint64_t unanswered;   /* of these, without an outcome yet */
    int64_t oldest_us;     /* time of the oldest that is not drained; 0: none */
    uint64_t last_number;  /* the newest entry's */
    uint64_t missed;       /* requests forwarded without an intent since it was opened */
    uint64_t purged_early; /* drained entries that left before keep_us was over, as the disk was full */
    uint64_t gaps_waiting; /* gap records that are not drained */
    bool full;             /* the limit is reached, or the last commit failed */
    char problem[256];     /* why, for a person; "": none */
};
void spool_look(struct spool *spool, struct spool_state *state);

/* ---- the drain's side: one thread ---- */
struct spool_entry {
    uint64_t number;
    int64_t time_us;
    struct str intent, outcome;
};
/* Whether it was withdrawn: there is nothing to take in but its number. */
bool spool_entry_is_withdrawn(const struct spool_entry *entry);
struct spool_reader;
/* A reader of its own connection. replay: gives drained entries too, from the first on. */
MUST_CHECK bool spool_reader_open(struct spool_reader **reader, const char *folder, bool replay, struct error *err);
void spool_reader_close(struct spool_reader *reader);
const char *spool_reader_id(const struct spool_reader *reader); /* of the spool: 32 hex digits */
/* Up to max entries that have an outcome and are not drained, by number; texts live until the next call. */
MUST_CHECK bool spool_read(struct spool_reader *reader, struct spool_entry *entries, size_t max, size_t *count,
                           struct error *err);
/* Notes and gap records that are not drained; kind "gap" for the latter, whose json is
 * {"from","until","requests","reason"}, times in microseconds; kind "unused" {"first","last"}: numbers that no
 * request has. */
struct spool_kept_note {
    int64_t number; /* of the note, from 1; never reused within a spool */
    const char *kind;
    struct str json;
};
MUST_CHECK bool spool_read_notes(struct spool_reader *reader, struct spool_kept_note *notes, size_t max, size_t *count,
                                 struct error *err);
/* From now on what has these numbers is not given; the sets are borrowed and may change. */
struct ranges;
void spool_reader_skip(struct spool_reader *reader, const struct ranges *entries, const struct ranges *notes);
/* The time of the oldest entry that is neither drained nor skipped, with an outcome or without; *time_us is left as it
 * is where that is earlier, or there is none. Not for replay. */
MUST_CHECK bool spool_reader_oldest(struct spool_reader *reader, int64_t *time_us, struct error *err);
/* They are in PostgreSQL: they stay for keep_us, and count no longer. Waits for the commit. */
MUST_CHECK bool spool_drained(struct spool *spool, const struct spool_entry *entries, size_t count, struct error *err);
MUST_CHECK bool spool_notes_drained(struct spool *spool, const struct spool_kept_note *notes, size_t count,
                                    struct error *err);
/* Nothing that is not drained is older than this, exclusive; now where there is nothing. */
int64_t spool_until(struct spool *spool);
/* The same of what is not written yet alone. */
int64_t spool_until_written(struct spool *spool);

#endif
