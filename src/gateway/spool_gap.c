/* SPDX-License-Identifier: MIT */
/* Gaps and refused numbers: in memory exactly, in spool.state so that a kill makes them larger at most. */

#include "gateway/spool_gap.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LEASE_US INT64_C(10000000) /* so far ahead the file covers requests that are missed: a wait each 10 s at most */
#define RESERVED ((uint64_t)1 << 20)

struct gaps {
    pthread_mutex_t lock;
    struct slots *slots;
    struct slots_state now;                       /* exact */
    struct slots_state kept;                      /* as in the file: a gap's end is ahead */
    uint64_t open;                                /* the gap that is counted in; it begins with its first request */
    bool behind;                                  /* the file has not all that it should */
    char told[sizeof(((struct error *)0)->text)]; /* what was wrong with the file last */
};

/* Says a failure once, not at each request. */
static bool write_file(struct gaps *gaps, struct slots_state *state)
{
    struct error err;

    state->serial = gaps->kept.serial;
    gaps->behind = !slots_write(gaps->slots, state, &err);
    gaps->kept.serial = state->serial;
    if (!gaps->behind) {
        gaps->kept = *state;
        gaps->told[0] = '\0';
    } else if (strcmp(gaps->told, err.text) != 0) {
        memcpy(gaps->told, err.text, sizeof(gaps->told));
        log_warning("%s", err.text);
    }
    return !gaps->behind;
}

static bool keep(struct gaps *gaps)
{
    struct slots_state ahead = gaps->now;
    struct slots_gap *gap = &ahead.gaps[gaps->open % 2];

    if (gap->id == gaps->open && gap->requests > 0)
        gap->until += LEASE_US;
    return write_file(gaps, &ahead);
}

bool gaps_start(struct gaps **gaps, struct slots *slots, const struct slots_state *found, bool lossy,
                uint64_t next_number, struct error *err)
{
    struct gaps *started = mem_alloc(sizeof(*started));
    const struct slots_gap *a = &found->gaps[0], *b = &found->gaps[1];

    pthread_mutex_init(&started->lock, NULL);
    started->slots = slots;
    started->now = *found;
    started->now.clean = false;
    started->now.lossy = lossy;
    started->now.reserved = next_number + RESERVED;
    slots_boot(started->now.boot);
    started->open = (a->id > b->id ? a->id : b->id) + 1;
    started->kept.serial = found->serial;
    *gaps = started;
    return slots_write(slots, &started->now, err) && (started->kept = started->now, true);
}

void gaps_stop(struct gaps *gaps)
{
    if (gaps == NULL)
        return;
    gaps->now.clean = true;
    (void)write_file(gaps, &gaps->now);
    slots_close(gaps->slots);
    pthread_mutex_destroy(&gaps->lock);
    free(gaps);
}

/* ---- gaps ---- */

bool gaps_missed(struct gaps *gaps, int64_t time_us, const char *reason)
{
    pthread_mutex_lock(&gaps->lock);

    struct slots_gap *gap = &gaps->now.gaps[gaps->open % 2];
    const struct slots_gap *kept = &gaps->kept.gaps[gaps->open % 2];
    struct slots_gap before = *gap;
    bool done = true;

    if (gap->id != gaps->open) {
        *gap = (struct slots_gap){.id = gaps->open, .from = time_us, .until = time_us};
        (void)snprintf(gap->reason, sizeof(gap->reason), "%s", reason);
    }
    gap->requests++;
    gap->from = time_us < gap->from ? time_us : gap->from;
    gap->until = time_us > gap->until ? time_us : gap->until;
    if (kept->id != gap->id || gap->from < kept->from || gap->until > kept->until)
        done = keep(gaps);
    else
        gaps->behind = true;
    if (!done)
        *gap = before;
    pthread_mutex_unlock(&gaps->lock);
    return done;
}

static bool is_there(const struct slots_gap *gap)
{
    return gap->id != 0 && gap->requests > 0;
}

uint64_t gaps_count(struct gaps *gaps)
{
    pthread_mutex_lock(&gaps->lock);
    uint64_t count = (uint64_t)is_there(&gaps->now.gaps[0]) + (uint64_t)is_there(&gaps->now.gaps[1]);
    pthread_mutex_unlock(&gaps->lock);
    return count;
}

/* What is missed from here on is another gap. There are two places: that one begins once this is written. */
bool gaps_take(struct gaps *gaps, struct slots_gap *gap)
{
    pthread_mutex_lock(&gaps->lock);

    const struct slots_gap *older = &gaps->now.gaps[(gaps->open + 1) % 2], *newest = &gaps->now.gaps[gaps->open % 2];
    bool found = is_there(older);

    if (found) {
        *gap = *older;
    } else if (is_there(newest) && newest->id == gaps->open) {
        *gap = *newest;
        gaps->open++;
        found = true;
    }
    pthread_mutex_unlock(&gaps->lock);
    return found;
}

void gaps_written(struct gaps *gaps, const struct slots_gap *gap)
{
    pthread_mutex_lock(&gaps->lock);
    gaps->now.gaps[gap->id % 2].requests = 0;
    (void)keep(gaps);
    pthread_mutex_unlock(&gaps->lock);
}

void gaps_flush(struct gaps *gaps)
{
    pthread_mutex_lock(&gaps->lock);
    if (gaps->behind)
        (void)keep(gaps);
    pthread_mutex_unlock(&gaps->lock);
}

/* ---- numbers ---- */

void gaps_refuse(struct gaps *gaps, uint64_t first, uint64_t last)
{
    pthread_mutex_lock(&gaps->lock);
    if (gaps->now.refused_first == 0)
        gaps->now.refused_first = first;
    gaps->now.refused_last = last;
    (void)keep(gaps);
    pthread_mutex_unlock(&gaps->lock);
}

bool gaps_refused(struct gaps *gaps, uint64_t *first, uint64_t *last)
{
    pthread_mutex_lock(&gaps->lock);
    *first = gaps->now.refused_first;
    *last = gaps->now.refused_last;
    pthread_mutex_unlock(&gaps->lock);
    return *first != 0;
}

void gaps_refused_written(struct gaps *gaps)
{
    pthread_mutex_lock(&gaps->lock);
    gaps->now.refused_first = gaps->now.refused_last = 0;
    (void)keep(gaps);
    pthread_mutex_unlock(&gaps->lock);
}

void gaps_reserve(struct gaps *gaps, uint64_t next)
{
    pthread_mutex_lock(&gaps->lock);
    if (gaps->now.lossy && next + RESERVED / 2 > gaps->now.reserved) {
        gaps->now.reserved = next + RESERVED;
        (void)keep(gaps);
    }
    pthread_mutex_unlock(&gaps->lock);
}
