/* SPDX-License-Identifier: MIT */
/* The events come by time, so a day is finished before the next one begins: only its sources are looked up, and most
 * lines are of the source of the line before. */

#include "ingest/hours.h"

#include <string.h>
#include <uthash.h>

#include "statements.h"

#define HOUR_US    INT64_C(3600000000)
#define COLUMNS    5
#define SOURCE_MAX 255 /* bytes, as the field */

struct key {
    int64_t contract_id;
    char source[SOURCE_MAX];
};

struct entry {
    struct key key;
    struct hours_row *row;
    UT_hash_handle hh;
};

struct hours {
    struct arena *arena;
    struct entry *today; /* the rows of the day under way, by contract and source */
    struct hours_row *rows;
    size_t count;
};

static bool is_of(const struct hours_row *row, const struct event *event, int32_t day)
{
    return row->day == day && row->contract_id == event->contract_id && str_equal(row->source, event->source);
}

static struct hours_row *add_row(struct hours *hours, const struct event *event, int32_t day)
{
    struct hours_row *row = &hours->rows[hours->count++];
    *row = (struct hours_row){.contract_id = event->contract_id, .source = event->source, .day = day};
    return row;
}

static struct hours_row *find_row(struct hours *hours, const struct event *event, int32_t day)
{
    struct entry *entry = NULL;
    struct key key = {.contract_id = event->contract_id};
    size_t size = event->source.size < SOURCE_MAX ? event->source.size : SOURCE_MAX;
    size_t key_size = offsetof(struct key, source) + size;

    memcpy(key.source, event->source.data, size);
    HASH_FIND(hh, hours->today, &key, key_size, entry); /* NOLINT(clang-analyzer-core.UndefinedBinaryOperatorResult) */
    if (entry != NULL)
        return entry->row;
    entry = arena_alloc(hours->arena, sizeof(*entry));
    *entry = (struct entry){.key = key, .row = add_row(hours, event, day)};
    HASH_ADD(hh, hours->today, key, key_size, entry);
    return entry->row;
}

size_t hours_collect(struct arena *arena, const struct event *const *events, size_t count, struct hours_row **rows)
{
    struct hours hours = {.arena = arena, .rows = arena_alloc(arena, (count + 1) * sizeof(*hours.rows))};
    struct hours_row *row = NULL;

    for (size_t i = 0; i < count; i++) {
        int64_t hour = events[i]->time_us / HOUR_US; /* no event is before 1970 */
        int32_t day = (int32_t)(hour / 24);
        if (row == NULL || row->day != day)
            HASH_CLEAR(hh, hours.today);
        if (row == NULL || !is_of(row, events[i], day))
            row = find_row(&hours, events[i], day);
        row->hours |= 1 << (hour % 24);
    }
    HASH_CLEAR(hh, hours.today);
    *rows = hours.rows;
    return hours.count;
}

static bool copy_rows(struct db *db, const struct hours_row *rows, size_t count, int64_t batch_id, struct error *err)
{
    struct db_copy *copy = NULL;

    if (!db_copy_start(db, &sql_ingest_copy_hours, COLUMNS, &copy, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        db_copy_row(copy);
        db_copy_int64(copy, batch_id);
        db_copy_int64(copy, rows[i].contract_id);
        db_copy_text(copy, rows[i].source);
        db_copy_date(copy, rows[i].day);
        db_copy_int32(copy, rows[i].hours);
    }
    return db_copy_finish(copy, err);
}

bool hours_copy(struct db *db, const struct batch *batch, int64_t batch_id, struct error *err)
{
    struct arena *arena = arena_new();
    struct hours_row *rows = NULL;
    size_t count = hours_collect(arena, batch->by_key, batch->distinct_count, &rows);
    bool done = count == 0 || copy_rows(db, rows, count, batch_id, err);

    arena_free(arena);
    return done;
}
