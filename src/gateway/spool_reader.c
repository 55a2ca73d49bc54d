/* SPDX-License-Identifier: MIT */
/* The drain's side: what has an outcome and is not drained, through a connection of its own. */

#include "headroom/base.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/spool.h"
#include "gateway/spool_ranges.h"
#include "gateway/spool_store.h"

static const struct ranges nothing;

struct spool_reader {
    struct store *store;
    char id[33];
    bool replay;
    uint64_t replayed;      /* entries up to here were given */
    int64_t replayed_notes; /* and notes */
    struct ranges drained;  /* and skipped */
    const struct ranges *skip, *skip_notes;
    struct arena *entries, *notes; /* their texts, until the next call */
};

static bool read_id(struct spool_reader *reader, const char *folder, struct error *err)
{
    bool row = false;

    if (!store_step(reader->store, STORE_SPOOL_READ, &row, err))
        return false;
    struct str id = row ? store_text(reader->store, STORE_SPOOL_READ, 0) : STR("");
    if (id.size != sizeof(reader->id) - 1)
        return fail(err, EXIT_COMMAND, "the spool %s is damaged: it has no id; name another folder", folder);
    memcpy(reader->id, id.data, id.size);
    store_done(reader->store, STORE_SPOOL_READ);
    return true;
}

const char *spool_reader_id(const struct spool_reader *reader)
{
    return reader->id;
}

bool spool_reader_open(struct spool_reader **reader, const char *folder, bool replay, struct error *err)
{
    struct spool_reader *opened = mem_alloc(sizeof(*opened));
    bool made;

    opened->replay = replay;
    opened->skip = opened->skip_notes = &nothing;
    opened->entries = arena_new();
    opened->notes = arena_new();
    if (store_open(&opened->store, folder, STORE_READER, NULL, &made, err) && read_id(opened, folder, err)) {
        *reader = opened;
        return true;
    }
    spool_reader_close(opened);
    *reader = NULL;
    return false;
}

void spool_reader_skip(struct spool_reader *reader, const struct ranges *entries, const struct ranges *notes)
{
    reader->skip = entries;
    reader->skip_notes = notes;
}

void spool_reader_close(struct spool_reader *reader)
{
    if (reader == NULL)
        return;
    store_close(reader->store);
    ranges_free(&reader->drained);
    arena_free(reader->entries);
    arena_free(reader->notes);
    free(reader);
}

static bool load_drained(struct spool_reader *reader, struct error *err)
{
    bool row = true;

    reader->drained.count = 0;
    if (reader->replay) {
        if (reader->replayed > 0)
            (void)ranges_add(&reader->drained, 1, reader->replayed);
        return true;
    }
    while (row) {
        if (!store_step(reader->store, STORE_DRAINED_READ, &row, err))
            return false;
        if (row)
            (void)ranges_add(&reader->drained, (uint64_t)store_int(reader->store, STORE_DRAINED_READ, 0),
                             (uint64_t)store_int(reader->store, STORE_DRAINED_READ, 1));
    }
    for (size_t i = 0; i < reader->skip->count; i++)
        (void)ranges_add(&reader->drained, reader->skip->list[i].first, reader->skip->list[i].last);
    return true;
}

static bool read_between(struct spool_reader *reader, struct range range, struct spool_entry *entries, size_t max,
                         size_t *count, struct error *err)
{
    struct store *store = reader->store;
    bool row = true;

    store_set_int(store, STORE_ENTRIES_READ, 1, (int64_t)range.first);
    store_set_int(store, STORE_ENTRIES_READ, 2, (int64_t)range.last);
    store_set_int(store, STORE_ENTRIES_READ, 3, (int64_t)(max - *count));
    while (row) {
        if (!store_step(store, STORE_ENTRIES_READ, &row, err))
            return false;
        if (!row)
            break;
        entries[(*count)++] = (struct spool_entry){
            .number = (uint64_t)store_int(store, STORE_ENTRIES_READ, 0),
            .time_us = store_int(store, STORE_ENTRIES_READ, 1),
            .intent = arena_copy(reader->entries, store_text(store, STORE_ENTRIES_READ, 2)),
            .outcome = arena_copy(reader->entries, store_text(store, STORE_ENTRIES_READ, 3)),
        };
    }
    return true;
}

/* What lies between the ranges that are drained, or after the last of them: there are drained.count + 1 of them. */
static struct range hole_before(const struct ranges *drained, size_t i)
{
    return (struct range){
        .first = i == 0 ? 1 : drained->list[i - 1].last + 1,
        .last = i == drained->count ? INT64_MAX : drained->list[i].first - 1,
    };
}

bool spool_read(struct spool_reader *reader, struct spool_entry *entries, size_t max, size_t *count, struct error *err)
{
    *count = 0;
    arena_reset(reader->entries);
    if (!load_drained(reader, err))
        return false;
    for (size_t i = 0; i <= reader->drained.count && *count < max; i++) {
        struct range hole = hole_before(&reader->drained, i);
        if (hole.first <= hole.last && !read_between(reader, hole, entries, max, count, err))
            return false;
    }
    if (*count > 0)
        reader->replayed = entries[*count - 1].number;
    return true;
}

bool spool_reader_oldest(struct spool_reader *reader, int64_t *time_us, struct error *err)
{
    if (!load_drained(reader, err))
        return false;
    for (size_t i = 0; i <= reader->drained.count; i++) {
        struct range hole = hole_before(&reader->drained, i);
        int64_t oldest_us;
        if (hole.first > hole.last)
            continue;
        store_set_int(reader->store, STORE_ENTRIES_OLDEST, 1, (int64_t)hole.first);
        store_set_int(reader->store, STORE_ENTRIES_OLDEST, 2, (int64_t)hole.last);
        if (!store_ask(reader->store, STORE_ENTRIES_OLDEST, &oldest_us, 1, err))
            return false;
        if (oldest_us != 0 && oldest_us < *time_us)
            *time_us = oldest_us;
    }
    return true;
}

static uint64_t count_numbers(const struct ranges *ranges)
{
    uint64_t count = 0;

    for (size_t i = 0; i < ranges->count; i++)
        count += ranges->list[i].last - ranges->list[i].first + 1;
    return count;
}

bool spool_read_notes(struct spool_reader *reader, struct spool_kept_note *notes, size_t max, size_t *count,
                      struct error *err)
{
    struct store *store = reader->store;
    bool row = true;

    *count = 0;
    arena_reset(reader->notes);
    store_set_int(store, STORE_NOTE_READ, 1, (int64_t)(max + count_numbers(reader->skip_notes)));
    store_set_int(store, STORE_NOTE_READ, 2, reader->replay);
    store_set_int(store, STORE_NOTE_READ, 3, reader->replay ? reader->replayed_notes : 0);
    while (row) {
        if (!store_step(store, STORE_NOTE_READ, &row, err))
            return false;
        if (!row)
            break;
        if (ranges_have(reader->skip_notes, (uint64_t)store_int(store, STORE_NOTE_READ, 0)) || *count == max)
            continue;
        notes[(*count)++] = (struct spool_kept_note){
            .number = store_int(store, STORE_NOTE_READ, 0),
            .kind = arena_copy(reader->notes, store_text(store, STORE_NOTE_READ, 1)).data,
            .json = arena_copy(reader->notes, store_text(store, STORE_NOTE_READ, 2)),
        };
    }
    if (*count > 0)
        reader->replayed_notes = notes[*count - 1].number;
    return true;
}
