/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_FAILURES_H
#define HEADROOM_INGEST_FAILURES_H

/* What a batch adds up to of the Tweets that failed: by day and cause. Pure. */

#include "ingest/calendar.h"

struct failure_key {
    int64_t contract_id;
    int32_t month; /* meaningless unless covered */
    int32_t bit;
    int32_t covered; /* under any terms */
    int32_t cause;   /* enum outcome; OUTCOME_ABSENT: none of them */
};

struct failure_row {
    struct failure_key key;
    uint64_t requests; /* that list a Tweet under the cause */
    uint64_t tweets;
};

struct failures;
struct failures *failures_new(void);
void failures_free(struct failures *failures); /* NULL is fine */
void failures_clear(struct failures *failures);
/* day: of the event; NULL: no terms cover it. */
void failures_add(struct failures *failures, const struct event *event, const struct calendar_day *day);
/* All rows, in no order; they live until the next failures_clear. */
const struct failure_row *const *failures_list(struct failures *failures, size_t *count);

#endif
