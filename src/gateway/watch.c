/* SPDX-License-Identifier: MIT */
/* Looks at what the gateway's parts say of themselves, and says what has changed. */

#include "gateway/watch.h"

#include <stdatomic.h>
#include <stdlib.h>

#define PAUSE_US INT64_C(10000000) /* between two lines of one kind */

/* Counts of one kind, as the log has told of them. */
struct told {
    uint64_t count;
    int64_t at_us; /* 0: never */
};

struct watch {
    const struct metrics *metrics;
    struct spool *spool;
    struct drain *drain;
    int64_t begun_us;
    _Atomic int64_t turned_us, away_us;
    atomic_bool stopping;
    /* Of the thread that looks: */
    struct told troubles[METRICS_TROUBLES], missed;
};

struct watch *watch_new(const struct metrics *metrics, struct spool *spool, struct drain *drain)
{
    struct watch *watch = mem_alloc(sizeof(*watch));

    watch->metrics = metrics;
    watch->spool = spool;
    watch->drain = drain;
    watch->begun_us = timestamp_now();
    atomic_store(&watch->turned_us, timestamp_monotonic());
    return watch;
}

/* ---- the log ---- */

/* How many are to be told of now; 0: none, or not yet. */
static uint64_t news(struct told *told, uint64_t count, int64_t now_us, bool at_once)
{
    uint64_t more = count - told->count;

    if (more == 0 || (!at_once && told->at_us != 0 && now_us - told->at_us < PAUSE_US))
        return 0;
    *told = (struct told){count, now_us};
    return more;
}

static void tell_troubles(struct watch *watch, int64_t now_us, bool at_once)
{
    for (size_t i = 0; i < METRICS_TROUBLES; i++) {
        uint64_t count;
        const char *word = metrics_trouble(watch->metrics, i, &count);
        uint64_t more = news(&watch->troubles[i], count, now_us, at_once);
        const struct log_field fields[] = {{.name = "reason", .text = str_of(word)},
                                           {.name = "requests", .number = (int64_t)more}};
        if (more > 0)
            log_fields(LOG_WARNING, i < REFUSALS ? "requests refused" : "requests without a whole answer", fields,
                       ARRAY_LENGTH(fields));
    }
}

static void tell_missed(struct watch *watch, uint64_t missed, int64_t now_us, bool at_once)
{
    uint64_t more = news(&watch->missed, missed, now_us, at_once);
    const struct log_field fields[] = {{.name = "requests", .number = (int64_t)more},
                                       {.name = "spool", .text = str_of(spool_id(watch->spool))}};

    if (more > 0)
        log_fields(LOG_WARNING, "requests passed on that are not recorded: a gap", fields, ARRAY_LENGTH(fields));
}

/* ---- looks ---- */

static bool is_away(const struct drain_state *drain)
{
    return !drain->connected || drain->problem[0] != '\0';
}

void watch_look(struct watch *watch, int64_t turned_us, bool stopping)
{
    int64_t now_us = timestamp_monotonic();
    struct drain_state drain;
    struct spool_state spool;

    atomic_store(&watch->turned_us, turned_us);
    drain_look(watch->drain, &drain);
    spool_look(watch->spool, &spool);
    if (!is_away(&drain))
        atomic_store(&watch->away_us, 0);
    else if (atomic_load(&watch->away_us) == 0)
        atomic_store(&watch->away_us, timestamp_now());
    atomic_store(&watch->stopping, stopping);
    tell_troubles(watch, now_us, false);
    tell_missed(watch, spool.missed, now_us, false);
}

void watch_free(struct watch *watch)
{
    struct spool_state spool;

    if (watch == NULL)
        return;
    spool_look(watch->spool, &spool);
    tell_troubles(watch, timestamp_monotonic(), true);
    tell_missed(watch, spool.missed, timestamp_monotonic(), true);
    free(watch);
}

void watch_read(struct watch *watch, struct watch_state *state)
{
    state->begun_us = watch->begun_us;
    state->silent_us = timestamp_monotonic() - atomic_load(&watch->turned_us);
    state->stopping = atomic_load(&watch->stopping);
    drain_look(watch->drain, &state->drain);
    spool_look(watch->spool, &state->spool);
    int64_t away_us = atomic_load(&watch->away_us);
    state->away_us = !is_away(&state->drain) ? 0 : away_us != 0 ? away_us : timestamp_now();
}
