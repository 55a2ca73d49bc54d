/* SPDX-License-Identifier: MIT */
/* The drain's side: what has an outcome and is not drained, through a connection of its own. */

#include "headroom/base.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/spool.h"
#include "gateway/spool_ranges.h"
#include "gateway/spool_store.h"

struct spool_reader {
    struct store *store;
    char id[33];
    bool replay;
    uint64_t replayed;      /* entries up to here were given */
    int64_t replayed_notes; /* and notes */
    struct ranges drained;
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

/* What lies between the ranges that are drained, and after the last of them. */
bool spool_read(struct spool_reader *reader, struct spool_entry *entries, size_t max, size_t *count, struct error *err)
{
    struct range hole = {.first = 1};

    *count = 0;
    arena_reset(reader->entries);
    if (!load_drained(reader, err))
        return false;
    for (size_t i = 0; i <= reader->drained.count && *count < max; i++) {
        bool last = i == reader->drained.count;
        hole.last = last ? INT64_MAX : reader->drained.list[i].first - 1;
        if (hole.first <= hole.last && !read_between(reader, hole, entries, max, count, err))
            return false;
        if (!last)
            hole.first = reader->drained.list[i].last + 1;
    }
    if (*count > 0)
        reader->replayed = entries[*count - 1].number;
    return true;
}

bool spool_read_notes(struct spool_reader *reader, struct spool_kept_note *notes, size_t max, size_t *count,
                      struct error *err)
{
    struct store *store = reader->store;
    bool row = true;

    *count = 0;
    arena_reset(reader->notes);
    store_set_int(store, STORE_NOTE_READ, 1, (int64_t)max);
    store_set_int(store, STORE_NOTE_READ, 2, reader->replay);
    store_set_int(store, STORE_NOTE_READ, 3, reader->replay ? reader->replayed_notes : 0);
    while (row) {
        if (!store_step(store, STORE_NOTE_READ, &row, err))
            return false;
        if (!row)
            break;
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
