/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_FEED_H
#define HEADROOM_INGEST_FEED_H

/*
 * feed: events that come as texts in memory, from the gateway's spool or over HTTP. They go through the same reader,
 * defaults and loader as the lines of a file, and each is told what became of it. One feed belongs to one thread at a
 * time.
 */

#include "headroom/ingest.h"

struct ingest_feed;
struct ingest_feed_options {
    const char *name;     /* stands as the file of its batches: "gateway 5f0c…", "event endpoint"; borrowed */
    const char *by;       /* who; borrowed */
    const char *listener; /* of an event endpoint: its address; borrowed. NULL: ingest_feed_say_listened says nothing */
};
/* Connects as the writer and reads contracts and clock. Unlike a run's, contracts may be absent: lines that belong to
 * none are quarantined. EXIT_DATABASE where there is none, or its schema is not the program's. */
MUST_CHECK bool ingest_feed_open(struct ingest_feed **feed, const struct db_target *target,
                                 const struct ingest_feed_options *options, struct error *err);
void ingest_feed_close(struct ingest_feed *feed); /* NULL is fine */
/* Reads contracts and clock again. */
MUST_CHECK bool ingest_feed_refresh(struct ingest_feed *feed, struct error *err);

/* As they were read last. */
bool ingest_feed_has_contract(const struct ingest_feed *feed, const char *contract);

enum ingest_verdict {
    INGEST_ADDED,
    INGEST_DUPLICATE,
    INGEST_QUARANTINED,
};
struct ingest_feed_line {
    struct str text;      /* one JSON object: a native event, or a CloudEvent (has a specversion) */
    const char *contract; /* of a line that names none; NULL: as rules.md 2 has it without --contract */
    bool app_first;       /* unless its app belongs to one */
    const char *source;   /* of a line that names none; NULL: the contract's name */
    uint64_t position;    /* the event's: its number in the request from 1, or the gateway's sequence number */
    uint64_t group;       /* lines without id are told apart by those before them of the same group alone */
    /* What became of it: */
    enum ingest_verdict verdict;
    const char *of_contract; /* that its event belongs to; NULL: quarantined. Until the contracts are read again */
    char reason[48];         /* of a quarantined one: "bad_time", "missing_user" …, see struct rejection */
    char field[32];          /* the documented name; "": the whole line */
    char why[240];           /* for a person; holds no secret */
};
#define INGEST_FEED_LINES 10000 /* most lines of one call: they are one batch */
/* Takes the lines in as one batch, in one transaction: on true they are durable, and each has its verdict. False:
 * nothing was written, and the same call may be made again, with a new feed where the connection is lost.
 * result (of the batch) is added to. */
MUST_CHECK bool ingest_feed_write(struct ingest_feed *feed, struct ingest_feed_line *lines, size_t count,
                                  struct ingest_result *result, struct error *err);
/* The contract that a text names by itself, read as ingest_feed_write reads it; absent where it names none, or is no
 * event. Borrows from text, and lives until the feed's next call. */
struct str ingest_feed_contract(struct ingest_feed *feed, struct str text);
/* Says that nothing more will come of a contract's source from before until_us, exclusive: what data until rests on.
 * since_us: from when on nothing was missed. EXIT_COMMAND where there is no such contract. */
struct ingest_feed_until {
    const char *contract, *source;
    int64_t since_us, until_us;
};
MUST_CHECK bool ingest_feed_say_until(struct ingest_feed *feed, const struct ingest_feed_until *until,
                                      struct error *err);
/* Says that an event endpoint has listened without a break from since_us to until_us, both of timestamp_since_boot, and
 * that what it was sent by then is written: of each source that it took events of, now or before. It holds back a
 * minute, since a request is reported when it ends. */
MUST_CHECK bool ingest_feed_say_listened(struct ingest_feed *feed, int64_t since_us, int64_t until_us,
                                         struct error *err);
/* The connection, for statements of the caller's own between two batches; borrowed. */
struct db *ingest_feed_db(struct ingest_feed *feed);

#endif
