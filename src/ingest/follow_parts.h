/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_FOLLOW_PARTS_H
#define HEADROOM_INGEST_FOLLOW_PARTS_H

/* Private to follow: what the round over all files, the reading of one and the wait for the database share. */

#include "ingest/follow.h"
#include "ingest/follow_files.h"
#include "ingest/source_until.h"

#define SECOND_US INT64_C(1000000)

/* A name or pattern. */
struct follow_operand {
    struct source_until *until;
    int64_t read_us; /* timestamp_since_boot: all that was there then is read; 0: not yet */
};

struct follow {
    struct run *run;
    struct loader **loader;
    const struct db_target *target;
    struct ingest_result *result;
    struct follow_files *files;
    struct follow_operand *operands;
    struct batch *batch;
    int64_t look_us; /* between two looks; the other spans are so many looks */
    int64_t said_us, kept_us;
    uint64_t kept_batches; /* of the totals, at the last upkeep */
};

bool follow_is_stopped(const struct follow *follow);
/* A signal ends it early. */
void follow_sleep(int64_t us);

/* Lost connections, a server that has no room or stops, and conflicts pass; what the server refuses does not. */
bool follow_will_pass(const struct error *err);
/* Tries until the database is back. False: it refused for good, or the end was asked for. */
MUST_CHECK bool follow_await_database(struct follow *follow, struct error *err);

/* Takes in what is there to be read of a file. True also when it can't be read, which is said; false: the database is
 * gone for good. */
MUST_CHECK bool follow_serve_file(struct follow *follow, struct follow_file *file, int64_t now_us, struct error *err);
/* The same of a file that no name leads to any more: its last line is taken as it stands, and it is dropped. */
MUST_CHECK bool follow_end_file(struct follow *follow, struct follow_file *file, int64_t now_us, struct error *err);

#endif
