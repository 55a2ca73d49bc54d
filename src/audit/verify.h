/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_AUDIT_VERIFY_H
#define HEADROOM_AUDIT_VERIFY_H

/* The parts of a run of audit_verify. Links come first, one by one; then several readers, each with a connection of its
 * own to the same snapshot, take spans of batches and read their events again. */

#include <pthread.h>
#include <stdatomic.h>

#include "headroom/audit.h"
#include "headroom/progress.h"

/* ---- findings: kept sorted by link, then batch, and handed out at the end ---- */
struct findings;
struct findings *findings_new(void);
void findings_free(struct findings *findings);
/* Adds one; what is static. Bytes that a terminal would act on show as '?'. Safe between threads. */
void findings_add(struct findings *findings, int64_t seq, int64_t batch_id, const char *what, const char *format, ...)
    PRINTF_LIKE(5, 6);
uint64_t findings_hand_out(const struct findings *findings, verify_finding_fn *found,
                           void *context); /* how many in all */

/* ---- the run ---- */
struct verify_span {
    int64_t first, last; /* ids of batches, both inclusive */
    bool facts;          /* not a span: the facts of all batches */
};
struct verify {
    const struct db_target *target;
    struct db *db; /* holds the snapshot */
    struct verify_result *result;
    struct findings *findings;
    int64_t since_us;    /* INT64_MIN: not asked for by time */
    char since_text[24]; /* result->since as a parameter */
    struct verify_span *spans;
    size_t span_count;
    uint64_t events_expected;
    struct progress *progress;
    atomic_size_t next_span;
    atomic_bool failed;
    atomic_ullong events, facts, batches;
};

/* What a batch is called in a finding: "batch 7 (log.jsonl, lines 1 to 100, loaded 2026-10-31T12:00:00Z by root)"; of a
 * row with the columns file, first_line, last_line, loaded_us and loaded_by. The caller frees it. */
char *verify_batch_name(const struct db_rows *rows, size_t row, int64_t batch_id);

/* Recomputes every link and its content; looks for the remembered head, and for the first link since since_us. */
MUST_CHECK bool verify_links(struct verify *verify, const char *head, struct error *err);
/* Looks for what hangs on no link. */
MUST_CHECK bool verify_loose(struct verify *verify, struct error *err);
/* Digests the owners of every seal again. */
MUST_CHECK bool verify_seals(struct verify *verify, struct error *err);
/* Cuts the batches into spans, which together hold every id there can be. */
MUST_CHECK bool verify_plan(struct verify *verify, struct error *err);
/* Works through the spans with several readers. */
MUST_CHECK bool verify_read(struct verify *verify, struct error *err);
MUST_CHECK bool verify_events(struct verify *verify, struct db *db, const struct verify_span *span, struct error *err);
MUST_CHECK bool verify_facts(struct verify *verify, struct db *db, struct error *err);

#endif
