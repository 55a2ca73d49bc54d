/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_ROLLUP_H
#define HEADROOM_INGEST_ROLLUP_H

/* What a batch adds up to: usage by subject and month, requests by day, sources and identity facts. Pure; the rows
 * point into the batch and live as long as its events. */

#include "ingest/batch.h"
#include "ingest/calendar.h"
#include "ingest/failures.h"

#define ROLLUP_CLASSES 3 /* attempted, answered, delivered: what was answered was attempted, and so on */

struct usage_row {
    int64_t contract_id;
    int32_t month; /* days since 1970-01-01 */
    struct str subject;
    enum via via;
    uint16_t endpoints; /* bit set: headroom.endpoint_bit */
    uint64_t requests;
    uint64_t class_requests[ROLLUP_CLASSES];
    uint64_t days[ROLLUP_CLASSES]; /* bit k: day k of the period */
    int64_t last_us;
    const struct event *first[ROLLUP_CLASSES]; /* NULL: none */
    bool is_new[ROLLUP_CLASSES]; /* known once merged: the month had no such request of the subject before */
};

struct daily_key {
    int64_t contract_id;
    const struct source_row *source;
    int32_t month; /* meaningless unless covered */
    int32_t bit;
    int32_t covered; /* under any terms */
    int32_t via, ownerless, class, endpoint, outcome;
};

struct daily_row {
    struct daily_key key;
    uint64_t requests;
    uint64_t failed_tweets;
    uint64_t rate_limited;
    int32_t rate_remaining_min, rate_limit_max; /* EVENT_ABSENT: none said */
};

struct source_row {
    int64_t contract_id;
    struct str source;
    uint64_t added;
    int64_t first_us, last_us; /* of all lines, duplicates included */
};

struct fact_row {
    char subject[HANDLE_MAX + 2]; /* '@' and the normalised handle */
    int64_t user_id;
    int64_t first_us;
};

struct span {
    int64_t contract_id;
    int64_t first_us, last_us;
};

struct rollup {
    struct usage_row *usage; /* in the order of usage's key */
    size_t usage_count;
    struct daily_row **daily;
    size_t daily_count;
    const struct failure_row *const *failures;
    size_t failure_count;
    struct source_row **sources;
    size_t source_count;
    struct fact_row *facts; /* in the order of handle, then user id */
    size_t fact_count;
    struct span *spans; /* the contracts, by id, with the time that their lines cover */
    size_t span_count;
    struct rollup_tables *tables;
};

struct rollup *rollup_new(void);
void rollup_free(struct rollup *rollup); /* NULL is fine */
/* Starts over with a batch's lines: sources, spans and facts, which every line teaches, duplicates too. */
void rollup_lines(struct rollup *rollup, const struct batch *batch);
/* Adds the usage and the days of the events that were added. is_added: by ordinal; the batch must be sorted. */
void rollup_events(struct rollup *rollup, const struct batch *batch, const bool *is_added,
                   const struct calendar *calendar);
/* The usage row with the key of `key`, or NULL. place: where it is looked for first. */
struct usage_row *rollup_find_usage(const struct rollup *rollup, const struct usage_row *key, size_t place);

#endif
