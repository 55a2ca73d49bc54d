/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_TAKER_ASIDE_H
#define HEADROOM_GATEWAY_TAKER_ASIDE_H

/* taker_aside: what the ledger refuses by itself is set aside, so that it holds up nothing else. It stays in the
 * spool. */

#include "gateway/spool_ranges.h"
#include "gateway/taker.h"

struct aside {
    struct ranges entries, notes;                /* by number, since they were tried again */
    uint64_t entry_count, note_count, gap_count; /* of these; the gap records are among the notes */
    char why[300];                               /* of the newest, for a person */
    int64_t cleared_us;
    struct ranges said_entries, said_notes; /* in the log */
};
void aside_free(struct aside *aside);
/* What was set aside is tried again, where that was not done for again_us; what was said stays said. */
void aside_try_again(struct aside *aside, int64_t again_us);

/* As taker_take. On true those that the ledger did not refuse are durable, and are the first *count, in their order;
 * the others are set aside. False: the ledger can't be used now, whatever the entries are. */
MUST_CHECK bool aside_take(struct aside *aside, struct taker *taker, struct spool_entry *entries, size_t *count,
                           struct ingest_result *result, struct error *err);
MUST_CHECK bool aside_take_notes(struct aside *aside, struct taker *taker, struct spool_kept_note *notes, size_t *count,
                                 struct error *err);

/* Whether an error is about what was to be written: the ledger, as it is, would refuse it each time. */
bool aside_is_refusal(const struct error *err);

#endif
