/* SPDX-License-Identifier: MIT */
/* The events come by time, so a minute is finished before the next one begins: its apps, which are few, are the last
 * rows. Most logs say nothing of the limit, and cost nothing. */

#include "ingest/minutes.h"

#include <string.h>

#include "statements.h"

#define MINUTE_US INT64_C(60000000)
#define COLUMNS   8
#define ROWS_STEP 256

struct minutes {
    struct arena *arena;
    struct minute_row *rows;
    size_t count, room;
};

static bool says_something(const struct event *event)
{
    return event->rate_limit != EVENT_ABSENT || event->rate_remaining != EVENT_ABSENT || event->status == 429;
}

static struct minute_row *add_row(struct minutes *minutes, const struct event *event, int64_t minute_us)
{
    if (minutes->count == minutes->room) {
        minutes->room = minutes->room == 0 ? ROWS_STEP : minutes->room * 2;
        struct minute_row *rows = arena_alloc(minutes->arena, minutes->room * sizeof(*rows));
        if (minutes->count > 0)
            memcpy(rows, minutes->rows, minutes->count * sizeof(*rows));
        minutes->rows = rows;
    }
    struct minute_row *row = &minutes->rows[minutes->count++];
    *row = (struct minute_row){.contract_id = event->contract_id,
                               .minute_us = minute_us,
                               .app = event->app,
                               .rate_remaining_min = EVENT_ABSENT,
                               .rate_limit_max = EVENT_ABSENT};
    return row;
}

static bool is_same_app(struct str a, struct str b)
{
    return (a.data == NULL) == (b.data == NULL) && str_equal(a, b);
}

static struct minute_row *find_row(struct minutes *minutes, const struct event *event)
{
    int64_t minute_us = event->time_us - event->time_us % MINUTE_US; /* no event is before 1970 */

    for (size_t i = minutes->count; i > 0 && minutes->rows[i - 1].minute_us == minute_us; i--) {
        struct minute_row *row = &minutes->rows[i - 1];
        if (row->contract_id == event->contract_id && is_same_app(row->app, event->app))
            return row;
    }
    return add_row(minutes, event, minute_us);
}

static void add_event(struct minute_row *row, const struct event *event)
{
    row->requests++;
    row->rate_limited += event->status == 429;
    if (event->rate_remaining != EVENT_ABSENT &&
        (row->rate_remaining_min == EVENT_ABSENT || event->rate_remaining < row->rate_remaining_min))
        row->rate_remaining_min = event->rate_remaining;
    if (event->rate_limit > row->rate_limit_max)
        row->rate_limit_max = event->rate_limit;
}

size_t minutes_collect(struct arena *arena, const struct event *const *events, size_t count, const bool *is_added,
                       struct minute_row **rows)
{
    struct minutes minutes = {.arena = arena};

    for (size_t i = 0; i < count; i++) {
        if (says_something(events[i]) && is_added[events[i]->ordinal])
            add_event(find_row(&minutes, events[i]), events[i]);
    }
    *rows = minutes.rows;
    return minutes.count;
}

static void put_int32(struct db_copy *copy, int32_t value)
{
    if (value == EVENT_ABSENT)
        db_copy_null(copy);
    else
        db_copy_int32(copy, value);
}

static bool copy_rows(struct db *db, const struct minute_row *rows, size_t count, int64_t batch_id, struct error *err)
{
    struct db_copy *copy = NULL;

    if (!db_copy_start(db, &sql_ingest_copy_minutes, COLUMNS, &copy, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        db_copy_row(copy);
        db_copy_int64(copy, batch_id);
        db_copy_int64(copy, rows[i].contract_id);
        db_copy_time(copy, rows[i].minute_us);
        db_copy_text(copy, rows[i].app);
        db_copy_int64(copy, (int64_t)rows[i].requests);
        db_copy_int64(copy, (int64_t)rows[i].rate_limited);
        put_int32(copy, rows[i].rate_remaining_min);
        put_int32(copy, rows[i].rate_limit_max);
    }
    return db_copy_finish(copy, err);
}

bool minutes_copy(struct db *db, const struct batch *batch, const bool *is_added, int64_t batch_id, struct error *err)
{
    struct arena *arena = arena_new();
    struct minute_row *rows = NULL;
    size_t count = minutes_collect(arena, batch->by_key, batch->distinct_count, is_added, &rows);
    bool done = count == 0 || copy_rows(db, rows, count, batch_id, err);

    arena_free(arena);
    return done;
}
