/* SPDX-License-Identifier: MIT */
/* While the disk is full: looks for room to hold the reserve again. First what costs nobody anything: the log of writes
 * is moved and cut. Then drained entries leave early, as recording requests matters more than replaying them, and the
 * database is written anew without what they leave empty. */

#include "gateway/spool_parts.h"

#define TRY_US   INT64_C(100000)
#define EARLY_US INT64_C(2000000) /* a disk that is full for a moment throws nothing away */

bool spool_has_room(const struct spool *spool)
{
    return reserve_held(spool->reserve);
}

void spool_give_room(struct spool *spool)
{
    reserve_give_up(spool->reserve);
    spool->room_gone_us = spool->room_next_us = timestamp_monotonic();
}

static bool hold_again(struct spool *spool)
{
    struct error ignored;

    if (!store_shorten(spool->store, &ignored) || !reserve_make(spool->reserve))
        return false;
    log_note("the disk of the spool %s has room again: requests are recorded", spool->folder);
    spool->purging_early = false;
    return true;
}

/* False: there is nothing that may go. The writer takes the entries away. */
static bool purge_early(struct spool *spool)
{
    uint64_t prefix = ranges_prefix(&spool->drained);

    if (prefix <= spool->purged)
        return false;
    if (!spool->purging_early)
        log_warning("the disk of the spool %s is full: requests that are in the ledger leave the spool before "
                    "--spool-keep is over, and can't be replayed",
                    spool->folder);
    spool->purging_early = true;
    spool->purge_until = prefix;
    return true;
}

/* Only where that is worth it; what is left needs room in the log once more. */
static bool compact(struct spool *spool)
{
    enum {
        PAGES,
        UNUSED,
        VALUES
    };
    int64_t found[VALUES];
    struct error ignored;

    store_set_int(spool->store, STORE_NOTE_PURGE, 1, spool_age(spool));
    return store_run(spool->store, STORE_NOTE_PURGE, &ignored) &&
           store_ask(spool->store, STORE_PAGES, found, VALUES, &ignored) && found[UNUSED] * 2 >= found[PAGES] &&
           store_run(spool->store, STORE_COMPACT, &ignored);
}

void spool_look_for_room(struct spool *spool)
{
    int64_t now = timestamp_monotonic();

    if (spool_has_room(spool) || now < spool->room_next_us)
        return;
    spool->room_next_us = now + TRY_US;
    if (hold_again(spool) || now < spool->room_gone_us + EARLY_US || purge_early(spool))
        return;
    if (compact(spool))
        (void)hold_again(spool);
}
