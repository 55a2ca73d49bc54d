/* SPDX-License-Identifier: MIT */
/* What is queued, written by the statements of a transaction. */

#include "gateway/spool_parts.h"

#include <string.h>

#define NOTES_SHARE 8 /* of the limit, one in so many bytes */

bool spool_begin(struct spool *spool, struct tally *tally, struct error *err)
{
    if (tally->begun)
        return true;
    tally->begun = store_run(spool->store, STORE_BEGIN, err);
    return tally->begun;
}

static bool add_intent(struct spool *spool, const struct spool_queue *queue, const struct spool_item *item,
                       struct tally *tally, struct error *err)
{
    struct store *store = spool->store;
    uint64_t bytes = spool->state.bytes + (uint64_t)(tally->bytes + tally->note_bytes) + item->size;

    item->ticket->number = 0;
    if (!spool_has_room(spool))
        return true;
    if (bytes > spool->options.limit_bytes) {
        spool->refused_bytes = item->size;
        return true;
    }
    if (!spool_begin(spool, tally, err))
        return false;
    item->ticket->number = spool->next_number++;
    store_set_int(store, STORE_ENTRY_ADD, 1, (int64_t)item->ticket->number);
    store_set_int(store, STORE_ENTRY_ADD, 2, item->time_us);
    store_set_text(store, STORE_ENTRY_ADD, 3, spool_queue_text(queue, item));
    tally->entries++;
    tally->unanswered++;
    tally->bytes += (int64_t)item->size;
    return store_run(store, STORE_ENTRY_ADD, err);
}

static bool add_outcome(struct spool *spool, const struct spool_queue *queue, const struct spool_item *item,
                        struct tally *tally, struct error *err)
{
    struct store *store = spool->store;

    if (!spool_begin(spool, tally, err))
        return false;
    store_set_int(store, STORE_OUTCOME_ADD, 1, (int64_t)item->number);
    store_set_text(store, STORE_OUTCOME_ADD, 2, spool_queue_text(queue, item));
    if (!store_run(store, STORE_OUTCOME_ADD, err))
        return false;
    if (store_changed(store) > 0) {
        tally->unanswered--;
        tally->bytes += (int64_t)item->size;
    }
    return true;
}

static bool add_note(struct spool *spool, const struct spool_queue *queue, const struct spool_item *item,
                     struct tally *tally, struct error *err)
{
    uint64_t bytes = spool->note_bytes + (uint64_t)tally->note_bytes + item->size;

    if (bytes > spool->options.limit_bytes / NOTES_SHARE) {
        tally->notes_lost++;
        return true;
    }
    if (!spool_begin(spool, tally, err))
        return false;
    tally->note_bytes += (int64_t)item->size;
    store_set_text(spool->store, STORE_NOTE_ADD, 1, str_of(item->note));
    store_set_text(spool->store, STORE_NOTE_ADD, 2, spool_queue_text(queue, item));
    return store_run(spool->store, STORE_NOTE_ADD, err);
}

/* As few ranges as the numbers make; what is drained already counts no more. */
static bool mark_entries(struct spool *spool, const struct spool_waiting *waiting, struct tally *tally,
                         struct error *err)
{
    struct ranges *drained = &spool->drained_next;
    struct range run = {0};

    for (size_t i = 0; i < waiting->count; i++) {
        const struct spool_entry *entry = &waiting->entries[i];
        if (ranges_have(drained, entry->number) || (run.first != 0 && entry->number == run.last))
            continue;
        tally->entries--;
        tally->bytes -= (int64_t)(entry->intent.size + entry->outcome.size);
        if (run.first != 0 && entry->number == run.last + 1) {
            run.last = entry->number;
            continue;
        }
        if (run.first != 0 && !spool_add_range(spool->store, drained, run.first, run.last, err))
            return false;
        run = (struct range){entry->number, entry->number};
    }
    return run.first == 0 || spool_add_range(spool->store, drained, run.first, run.last, err);
}

static bool mark_drained(struct spool *spool, const struct spool_queue *queue, const struct spool_item *item,
                         struct tally *tally, struct error *err)
{
    (void)queue;
    if (!spool_begin(spool, tally, err))
        return false;
    if (!tally->drained)
        ranges_copy(&spool->drained_next, &spool->drained);
    tally->drained = true;
    return mark_entries(spool, item->waiting, tally, err);
}

static bool mark_notes(struct spool *spool, const struct spool_queue *queue, const struct spool_item *item,
                       struct tally *tally, struct error *err)
{
    const struct spool_waiting *waiting = item->waiting;

    (void)queue;
    if (!spool_begin(spool, tally, err))
        return false;
    for (size_t i = 0; i < waiting->count; i++) {
        store_set_int(spool->store, STORE_NOTE_DRAINED, 1, waiting->notes[i].number);
        store_set_int(spool->store, STORE_NOTE_DRAINED, 2, spool_age(spool));
        if (!store_run(spool->store, STORE_NOTE_DRAINED, err))
            return false;
        if (store_changed(spool->store) == 0)
            continue;
        tally->note_bytes -= (int64_t)waiting->notes[i].json.size;
        if (strcmp(waiting->notes[i].kind, "gap") == 0)
            tally->gaps--;
    }
    return true;
}

typedef bool apply_fn(struct spool *spool, const struct spool_queue *queue, const struct spool_item *item,
                      struct tally *tally, struct error *err);
static apply_fn *const kinds[SPOOL_KINDS] = {
    [SPOOL_INTENT] = add_intent,    [SPOOL_OUTCOME] = add_outcome,      [SPOOL_NOTE] = add_note,
    [SPOOL_DRAINED] = mark_drained, [SPOOL_NOTES_DRAINED] = mark_notes,
};

bool spool_apply(struct spool *spool, const struct spool_queue *queue, struct tally *tally, struct error *err)
{
    for (size_t i = 0; i < queue->count; i++) {
        const struct spool_item *item = &queue->items[i];
        if (!kinds[item->kind](spool, queue, item, tally, err))
            return false;
    }
    return true;
}
