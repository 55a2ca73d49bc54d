/* SPDX-License-Identifier: MIT */
/* Drained entries leave after a while, a few at a time, the first ones first. The while is counted in time that the
 * spool was open: a clock that steps forward, or a long time off, throws nothing away. */

#include "gateway/spool_parts.h"

#define MARKS_OF_KEEP   64
#define MARK_LONGEST_US INT64_C(3600000000)

int64_t spool_age(const struct spool *spool)
{
    return timestamp_monotonic() - spool->age_from_us;
}

static int64_t mark_interval(const struct spool *spool)
{
    int64_t interval = spool->options.keep_us / MARKS_OF_KEEP;

    return interval < MARK_LONGEST_US ? interval : MARK_LONGEST_US;
}

static bool must_mark(const struct spool *spool)
{
    return spool_age(spool) >= spool->marked_us + mark_interval(spool) &&
           ranges_prefix(&spool->drained) > spool->purged;
}

bool spool_must_purge(const struct spool *spool)
{
    return spool->purged < spool->purge_until || must_mark(spool);
}

/* What is drained by now may go when keep_us have passed from now on. */
static bool mark(struct spool *spool, struct error *err)
{
    int64_t age = spool_age(spool), found, before = age - spool->options.keep_us;

    store_set_int(spool->store, STORE_MARK_ADD, 1, age);
    store_set_int(spool->store, STORE_MARK_ADD, 2, (int64_t)ranges_prefix(&spool->drained));
    store_set_int(spool->store, STORE_MARK_FIND, 1, before);
    store_set_int(spool->store, STORE_MARK_PURGE, 1, before);
    store_set_int(spool->store, STORE_NOTE_PURGE, 1, before);
    if (!store_run(spool->store, STORE_MARK_ADD, err) || !store_ask(spool->store, STORE_MARK_FIND, &found, 1, err) ||
        !store_run(spool->store, STORE_MARK_PURGE, err) || !store_run(spool->store, STORE_NOTE_PURGE, err))
        return false;
    spool->marked_us = age;
    spool->purge_until = (uint64_t)found;
    return true;
}

bool spool_purge(struct spool *spool, struct tally *tally, uint64_t most, struct error *err)
{
    static const enum store_sql tables[] = {STORE_ENTRY_PURGE, STORE_OUTCOME_PURGE};
    uint64_t until;

    if (!spool_must_purge(spool))
        return true;
    if (!spool_begin(spool, tally, err) || (must_mark(spool) && !mark(spool, err)))
        return false;
    if (spool->purge_until <= spool->purged)
        return true;
    until = spool->purge_until - spool->purged > most ? spool->purged + most : spool->purge_until;
    for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
        store_set_int(spool->store, tables[i], 1, (int64_t)spool->purged + 1);
        store_set_int(spool->store, tables[i], 2, (int64_t)until);
        if (!store_run(spool->store, tables[i], err))
            return false;
        if (spool->purging_early && tables[i] == STORE_ENTRY_PURGE)
            tally->purged_early += store_changed(spool->store);
    }
    tally->purged = until;
    return true;
}
