/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SPOOL_GAP_H
#define HEADROOM_GATEWAY_SPOOL_GAP_H

/*
 * spool_gap: requests that were forwarded without an intent, until the database holds a gap record of them; and what
 * else spool.state keeps. Any thread may call these.
 */

#include "gateway/spool_slots.h"

struct gaps;
/* Takes the file that is open with what it holds; from here on it says that the spool is open. */
MUST_CHECK bool gaps_start(struct gaps **gaps, struct slots *slots, const struct slots_state *found, bool lossy,
                           uint64_t next_number, struct error *err);
/* Writes what it knows exactly; then the spool was closed in order. Closes the file. NULL is fine. */
void gaps_stop(struct gaps *gaps);

/* One more request is missed. False: that can't be kept. */
bool gaps_missed(struct gaps *gaps, int64_t time_us, const char *reason);
uint64_t gaps_count(struct gaps *gaps); /* those that the database does not hold yet */
/* The oldest gap, which the caller writes to the database; false: there is none. */
bool gaps_take(struct gaps *gaps, struct slots_gap *gap);
void gaps_written(struct gaps *gaps, const struct slots_gap *gap); /* and it has */
/* Brings the file up to the count, where it is behind. */
void gaps_flush(struct gaps *gaps);

/* Numbers of a commit that failed: they may be in the log of writes all the same, and must not come back from there. */
void gaps_refuse(struct gaps *gaps, uint64_t first, uint64_t last);
bool gaps_refused(struct gaps *gaps, uint64_t *first, uint64_t *last); /* false: none */
void gaps_refused_written(struct gaps *gaps);
/* Numbers below next were given out or will be soon. */
void gaps_reserve(struct gaps *gaps, uint64_t next);

#endif
