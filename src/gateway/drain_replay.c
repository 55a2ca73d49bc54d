/* SPDX-License-Identifier: MIT */
/* Everything that a spool still keeps, once more, beside the gateway that may be using it. */

#include <stdlib.h>

#include "gateway/taker_aside.h"
#include "headroom/gateway.h"

static bool replay_entries(struct taker *taker, struct spool_reader *reader, struct aside *aside,
                           struct gateway_replayed *replayed, struct error *err)
{
    struct spool_entry *entries = mem_alloc(TAKER_ENTRIES * sizeof *entries);
    struct ingest_result result = {0};
    size_t count = 1;
    bool done = true;

    while (done && count > 0) {
        done = spool_read(reader, entries, TAKER_ENTRIES, &count, err) &&
               aside_take(aside, taker, entries, &(size_t){count}, &result, err);
    }
    replayed->entries = result.totals.read;
    replayed->added = result.totals.added;
    replayed->duplicate = result.totals.duplicate;
    replayed->quarantined = result.totals.quarantined;
    free(entries);
    return done;
}

static bool replay_notes(struct taker *taker, struct spool_reader *reader, struct aside *aside, struct error *err)
{
    struct spool_kept_note *notes = mem_alloc(TAKER_ENTRIES * sizeof *notes);
    size_t count = 1;
    bool done = true;

    while (done && count > 0)
        done = spool_read_notes(reader, notes, TAKER_ENTRIES, &count, err) &&
               aside_take_notes(aside, taker, notes, &(size_t){count}, err);
    free(notes);
    return done;
}

bool gateway_replay(const struct gateway_replay *replay, const struct db_target *target,
                    struct gateway_replayed *replayed, struct error *err)
{
    const struct drain_options options = {.contract = replay->contract, .by = replay->by};
    struct spool_reader *reader = NULL;
    struct taker *taker = NULL;
    struct aside aside = {0};
    bool done = false;

    *replayed = (struct gateway_replayed){0};
    if (!spool_reader_open(&reader, replay->spool, true, err))
        return false;
    taker = taker_new(spool_reader_id(reader), &options);
    done = taker_connect(taker, target, err) && replay_entries(taker, reader, &aside, replayed, err) &&
           replay_notes(taker, reader, &aside, err);
    replayed->refused = aside.entry_count + aside.note_count;
    aside_free(&aside);
    taker_free(taker);
    spool_reader_close(reader);
    return done;
}
