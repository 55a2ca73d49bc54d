/* SPDX-License-Identifier: MIT */
/* Opening: what a kill left unfinished is finished, and what there is is counted. */

#include "gateway/spool_parts.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

bool spool_add_range(struct store *store, struct ranges *drained, uint64_t first, uint64_t last, struct error *err)
{
    struct range joined = ranges_add(drained, first, last);

    store_set_int(store, STORE_DRAINED_JOIN, 1, (int64_t)joined.first);
    store_set_int(store, STORE_DRAINED_JOIN, 2, (int64_t)joined.last);
    store_set_int(store, STORE_DRAINED_ADD, 1, (int64_t)joined.first);
    store_set_int(store, STORE_DRAINED_ADD, 2, (int64_t)joined.last);
    return store_run(store, STORE_DRAINED_JOIN, err) && store_run(store, STORE_DRAINED_ADD, err);
}

static bool add_note(struct store *store, const char *kind, const char *text, int64_t *bytes, struct error *err)
{
    store_set_text(store, STORE_NOTE_ADD, 1, str_of(kind));
    store_set_text(store, STORE_NOTE_ADD, 2, str_of(text));
    *bytes += (int64_t)strlen(text);
    return store_run(store, STORE_NOTE_ADD, err);
}

bool spool_skip(struct store *store, struct ranges *drained, struct range numbers, int64_t *bytes, struct error *err)
{
    char *text = mem_format("{\"first\":%" PRIu64 ",\"last\":%" PRIu64 "}", numbers.first, numbers.last);
    bool added = add_note(store, "unused", text, bytes, err) &&
                 spool_add_range(store, drained, numbers.first, numbers.last, err);

    free(text);
    return added;
}

bool spool_add_gap(struct store *store, const struct slots_gap *gap, bool at_least, int64_t *bytes, struct error *err)
{
    char *reason = mem_format("%s%s", gap->reason, at_least ? "; at least, as the gateway was killed meanwhile" : "");
    json_t *json = json_pack("{s:I, s:I, s:I, s:s}", "from", (json_int_t)gap->from, "until", (json_int_t)gap->until,
                             "requests", (json_int_t)gap->requests, "reason", reason);
    char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
    bool added = text != NULL ? add_note(store, "gap", text, bytes, err)
                              : fail(err, EXIT_COMMAND, "a gap record cannot be written: its reason is no UTF-8");

    free(text);
    json_decref(json);
    free(reason);
    return added;
}

static bool load_drained(struct spool *spool, struct error *err)
{
    bool row = true;

    while (row) {
        if (!store_step(spool->store, STORE_DRAINED_READ, &row, err))
            return false;
        if (row)
            (void)ranges_add(&spool->drained, (uint64_t)store_int(spool->store, STORE_DRAINED_READ, 0),
                             (uint64_t)store_int(spool->store, STORE_DRAINED_READ, 1));
    }
    return true;
}

/* A commit that failed may be found in the log of writes: its requests were refused, so it never was. */
static bool drop_refused(struct spool *spool, struct slots_state *found, struct error *err)
{
    static const enum store_sql tables[] = {STORE_ENTRY_PURGE, STORE_OUTCOME_PURGE};
    const struct range refused = {found->refused_first, found->refused_last};
    int64_t counted_later = 0;

    if (found->refused_first == 0)
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
        store_set_int(spool->store, tables[i], 1, (int64_t)found->refused_first);
        store_set_int(spool->store, tables[i], 2, (int64_t)found->refused_last);
        if (!store_run(spool->store, tables[i], err))
            return false;
    }
    return spool_skip(spool->store, &spool->drained, refused, &counted_later, err);
}

/* With --durability write a loss of power may have taken numbers away that were given out: they are not given again,
 * and that requests may be missing is put on record. */
static bool skip_lost(struct spool *spool, const struct slots_state *found, int64_t last_us, struct error *err)
{
    struct slots_gap gap = {.id = 1,
                            .from = last_us,
                            .until = timestamp_now(),
                            .reason = "the machine went down while the gateway ran with --durability write: the last "
                                      "requests before may be missing"};
    const struct range lost = {spool->next_number, found->reserved};
    char boot[SLOTS_BOOT_SIZE];
    int64_t counted_later = 0;

    slots_boot(boot);
    if (found->clean || !found->lossy || strcmp(found->boot, boot) == 0 || found->reserved < spool->next_number)
        return true;
    if (gap.from == 0 || gap.from > gap.until)
        gap.from = gap.until;
    if (!spool_skip(spool->store, &spool->drained, lost, &counted_later, err))
        return false;
    spool->next_number = found->reserved + 1;
    return spool_add_gap(spool->store, &gap, false, &counted_later, err);
}

static bool write_gaps(struct spool *spool, struct slots_state *found, uint64_t written, struct error *err)
{
    int64_t counted_later = 0;

    for (int i = 0; i < 2; i++) {
        const struct slots_gap *gap = &found->gaps[found->gaps[0].id < found->gaps[1].id ? i : 1 - i];
        if (gap->requests == 0 || gap->id <= written)
            continue;
        store_set_int(spool->store, STORE_GAP_WRITTEN, 1, (int64_t)gap->id);
        if (!spool_add_gap(spool->store, gap, !found->clean, &counted_later, err) ||
            !store_run(spool->store, STORE_GAP_WRITTEN, err))
            return false;
    }
    return true;
}

static bool count_left(struct spool *spool, struct error *err)
{
    struct store *store = spool->store;
    bool row = true;

    store_set_int(store, STORE_ENTRIES_LEFT, 1, (int64_t)ranges_prefix(&spool->drained));
    while (row) {
        if (!store_step(store, STORE_ENTRIES_LEFT, &row, err))
            return false;
        if (!row)
            break;
        uint64_t number = (uint64_t)store_int(store, STORE_ENTRIES_LEFT, 0);
        if (ranges_have(&spool->drained, number))
            continue;
        spool->state.entries++;
        spool->state.bytes += (uint64_t)store_int(store, STORE_ENTRIES_LEFT, 2);
        times_add(&spool->times, number, store_int(store, STORE_ENTRIES_LEFT, 1));
    }
    return true;
}

static bool read_spool(struct spool *spool, int64_t *gap, struct error *err)
{
    bool row = false;

    if (!store_step(spool->store, STORE_SPOOL_READ, &row, err))
        return false;
    struct str id = row ? store_text(spool->store, STORE_SPOOL_READ, 0) : STR("");
    if (id.size != sizeof(spool->id) - 1)
        return fail(err, EXIT_COMMAND, "the spool %s is damaged: it has no id; name another folder", spool->folder);
    memcpy(spool->id, id.data, sizeof(spool->id));
    *gap = store_int(spool->store, STORE_SPOOL_READ, 1);
    store_done(spool->store, STORE_SPOOL_READ);
    return true;
}

static bool recover(struct spool *spool, struct slots_state *found, struct error *err)
{
    enum {
        FIRST,
        LAST,
        LAST_US,
        VALUES
    };
    int64_t entry[VALUES], notes[2], gap = 0; /* notes: the gap records among them, and the bytes of all */
    struct store *store = spool->store;

    if (!read_spool(spool, &gap, err) || !load_drained(spool, err) || !drop_refused(spool, found, err) ||
        !store_ask(store, STORE_ENTRY_LAST, entry, VALUES, err))
        return false;
    spool->state.last_number = (uint64_t)entry[LAST];
    spool->next_number = ranges_last(&spool->drained);
    if (spool->next_number < spool->state.last_number)
        spool->next_number = spool->state.last_number;
    spool->next_number++;
    spool->purged = entry[FIRST] > 0 ? (uint64_t)entry[FIRST] - 1 : ranges_prefix(&spool->drained);
    store_set_int(store, STORE_OUTCOME_UNKNOWN, 1, (int64_t)ranges_prefix(&spool->drained));
    if (!skip_lost(spool, found, entry[LAST_US], err) || !write_gaps(spool, found, (uint64_t)gap, err) ||
        !store_run(store, STORE_OUTCOME_UNKNOWN, err) || !count_left(spool, err) ||
        !store_ask(store, STORE_NOTES_LEFT, notes, 2, err) ||
        !store_ask(store, STORE_MARK_AGE, &spool->marked_us, 1, err))
        return false;
    spool->state.gaps_waiting = (uint64_t)notes[0];
    spool->note_bytes = (uint64_t)notes[1];
    spool->state.bytes += spool->note_bytes;
    spool->age_from_us = timestamp_monotonic() - spool->marked_us;
    return true;
}

bool spool_recover(struct spool *spool, struct slots_state *found, struct error *err)
{
    if (!store_run(spool->store, STORE_BEGIN, err))
        return false;
    if (!recover(spool, found, err) || !store_run(spool->store, STORE_COMMIT, err)) {
        store_give_up(spool->store);
        return false;
    }
    found->refused_first = found->refused_last = 0;
    found->gaps[0].requests = found->gaps[1].requests = 0;
    return true;
}
