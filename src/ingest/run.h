/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_RUN_H
#define HEADROOM_INGEST_RUN_H

/* What a run of ingestion and a dry run begin with: files that can be read, a database, its contracts and its clock. */

#include "headroom/ingest.h"
#include "ingest/intake.h"
#include "ingest/log_format.h"

struct run {
    const struct ingest_options *options; /* borrowed */
    atomic_bool *stop; /* set by the caller before run_open; when true, the batch under way is the last */
    char *scope;       /* of checkpoints: JSON text of the options that give lines another meaning */
    struct db *db;
    struct log_format log; /* how lines are read */
    struct directory *directory;
    int64_t clock_offset; /* as run_read_clock has it */
};
/* run_close it also when this fails. */
MUST_CHECK bool run_open(struct run *run, const struct db_target *target, const struct ingest_options *options,
                         enum db_role role, struct error *err);
void run_close(struct run *run);
/* What a run that lasts looks at again: the contracts and the clock. No batch may hold events meanwhile. */
MUST_CHECK bool run_refresh(struct run *run, struct error *err);
/* A new connection in place of one that was lost. run->db is NULL when this fails. */
MUST_CHECK bool run_reopen(struct run *run, const struct db_target *target, struct error *err);
/* Those of a file that the run as a whole decides; the input and what is known of the file are the caller's. name: of
 * the file, as it is kept and shown; borrowed. */
struct intake_options run_intake_options(const struct run *run, const char *name);
/* The names of the columns that are ignored, joined by ", "; cut with "…" at capacity. */
void run_join_ignored(const struct reader *reader, char *out, size_t capacity);
/* The database's clock minus timestamp_since_boot, which no step of our own clock moves. */
MUST_CHECK bool run_read_clock(struct db *db, int64_t *offset, struct error *err);
/* The head of the chain as it is, for the result. */
MUST_CHECK bool run_read_chain_head(struct db *db, struct ingest_result *result, struct error *err);

#endif
