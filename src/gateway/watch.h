/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_WATCH_H
#define HEADROOM_GATEWAY_WATCH_H

/* watch: how the gateway goes on: whether its loops turn, since when the database is away, and a line in the log for
 * troubles of requests: one at once, then one each 10 s for all of the same kind. */

#include "gateway/drain.h"
#include "gateway/metrics.h"

struct watch;
/* All is borrowed. */
struct watch *watch_new(const struct metrics *metrics, struct spool *spool, struct drain *drain);
void watch_free(struct watch *watch); /* after the loops; says what is not told yet. NULL is fine */
/* One thread's: at least each second, while it goes on. turned_us: when the slowest loop turned; monotonic clock. */
void watch_look(struct watch *watch, int64_t turned_us, bool stopping);

/* For any thread. */
struct watch_state {
    int64_t begun_us;  /* when it was made */
    int64_t silent_us; /* since the slowest loop's last turn: a span */
    bool stopping;
    int64_t away_us; /* since when the database is not taking in; 0: it is */
    struct spool_state spool;
    struct drain_state drain;
};
void watch_read(struct watch *watch, struct watch_state *state);

#endif
