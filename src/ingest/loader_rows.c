/* SPDX-License-Identifier: MIT */
/* Encodes events and what they add up to for COPY. Each function follows the column list of its statement. */

#include "ingest/loader_rows.h"

#include "statements.h"

#define EVENT_COLUMNS   23
#define FIRST_COLUMNS   6
#define USAGE_COLUMNS   (13 + FIRST_COLUMNS * ROLLUP_CLASSES)
#define DAILY_COLUMNS   15
#define FAILURE_COLUMNS 7

static void put_int32(struct db_copy *copy, int32_t value)
{
    if (value == EVENT_ABSENT)
        db_copy_null(copy);
    else
        db_copy_int32(copy, value);
}

static void put_event_numbers(struct db_copy *copy, const struct event *event)
{
    if (event->status == EVENT_ABSENT)
        db_copy_null(copy);
    else
        db_copy_int16(copy, event->status);
    put_int32(copy, event->tweet_count);
    db_copy_text(copy, str_of(endpoint_name(event->endpoint)));
    db_copy_text(copy, str_of(outcome_name(event->outcome)));
    put_int32(copy, event->rate_limit);
    put_int32(copy, event->rate_remaining);
    put_int32(copy, event->latency_ms);
    if (event->bytes == EVENT_ABSENT)
        db_copy_null(copy);
    else
        db_copy_int64(copy, event->bytes);
}

static void put_event(struct db_copy *copy, const struct event *event, int64_t batch_id)
{
    db_copy_row(copy);
    db_copy_time(copy, event->time_us);
    db_copy_int64(copy, event->contract_id);
    db_copy_text(copy, event->source);
    db_copy_text(copy, event->id);
    db_copy_text(copy, event->subject);
    db_copy_bool(copy, event->via == VIA_APP);
    db_copy_text(copy, str_of(class_name(event->class)));
    db_copy_int64(copy, batch_id);
    db_copy_int32(copy, (int32_t)event->ordinal);
    db_copy_int64(copy, (int64_t)event->position);
    put_event_numbers(copy, event);
    db_copy_text(copy, event->handle);
    db_copy_text(copy, event->app);
    db_copy_text(copy, event->label);
    db_copy_text(copy, event->failed);
    db_copy_text(copy, event->metrics);
}

bool rows_copy_events(struct db *db, const struct sql *sql, const struct event *const *events, size_t count,
                      int64_t batch_id, struct error *err)
{
    struct db_copy *copy = NULL;

    if (!db_copy_start(db, sql, EVENT_COLUMNS, &copy, err))
        return false;
    for (size_t i = 0; i < count; i++)
        put_event(copy, events[i], batch_id);
    return db_copy_finish(copy, err);
}

static void put_first(struct db_copy *copy, const struct event *event)
{
    if (event == NULL) {
        for (int column = 0; column < FIRST_COLUMNS; column++)
            db_copy_null(copy);
        return;
    }
    db_copy_time(copy, event->time_us);
    db_copy_text(copy, event->source);
    db_copy_text(copy, event->id);
    db_copy_text(copy, str_of(class_name(event->class)));
    db_copy_text(copy, event->app);
    db_copy_text(copy, event->label);
}

static void put_usage(struct db_copy *copy, const struct usage_row *row)
{
    db_copy_row(copy);
    db_copy_int64(copy, row->contract_id);
    db_copy_date(copy, row->month);
    db_copy_text(copy, row->subject);
    db_copy_bool(copy, row->via == VIA_APP);
    db_copy_int64(copy, (int64_t)row->requests);
    for (int rank = 0; rank < ROLLUP_CLASSES; rank++)
        db_copy_int64(copy, (int64_t)row->class_requests[rank]);
    for (int rank = 0; rank < ROLLUP_CLASSES; rank++)
        db_copy_int64(copy, (int64_t)row->days[rank]);
    db_copy_time(copy, row->last_us);
    db_copy_int16(copy, (int16_t)row->endpoints);
    put_first(copy, row->first[0]);
    for (int rank = 1; rank < ROLLUP_CLASSES; rank++)
        put_first(copy, row->first[rank] == row->first[rank - 1] ? NULL : row->first[rank]);
}

bool rows_copy_usage(struct db *db, const struct rollup *rollup, struct error *err)
{
    struct db_copy *copy = NULL;

    if (!db_copy_start(db, &sql_ingest_copy_staged_usage, USAGE_COLUMNS, &copy, err))
        return false;
    for (size_t i = 0; i < rollup->usage_count; i++)
        put_usage(copy, &rollup->usage[i]);
    return db_copy_finish(copy, err);
}

bool rows_copy_facts(struct db *db, const struct rollup *rollup, int64_t batch_id, struct error *err)
{
    struct db_copy *copy = NULL;

    if (rollup->fact_count == 0)
        return true;
    if (!db_copy_start(db, &sql_ingest_copy_facts, 4, &copy, err))
        return false;
    for (size_t i = 0; i < rollup->fact_count; i++) {
        const struct fact_row *fact = &rollup->facts[i];
        db_copy_row(copy);
        db_copy_text(copy, str_of(fact->subject));
        db_copy_int64(copy, fact->user_id);
        db_copy_int64(copy, batch_id);
        db_copy_time(copy, fact->first_us);
    }
    return db_copy_finish(copy, err);
}

static void put_day(struct db_copy *copy, bool covered, int32_t month, int32_t bit)
{
    if (!covered) {
        db_copy_null(copy);
        db_copy_null(copy);
        return;
    }
    db_copy_date(copy, month);
    db_copy_int16(copy, (int16_t)bit);
}

static void put_daily(struct db_copy *copy, const struct daily_row *row, int64_t batch_id)
{
    const struct daily_key *key = &row->key;

    db_copy_row(copy);
    db_copy_int64(copy, batch_id);
    db_copy_int64(copy, key->contract_id);
    put_day(copy, key->covered, key->month, key->bit);
    db_copy_text(copy, key->source->source);
    db_copy_bool(copy, key->via == VIA_APP);
    db_copy_bool(copy, key->ownerless != 0);
    db_copy_text(copy, str_of(class_name((enum event_class)key->class)));
    db_copy_text(copy, str_of(endpoint_name((enum endpoint)key->endpoint)));
    db_copy_text(copy, str_of(outcome_name((enum outcome)key->outcome)));
    db_copy_int64(copy, (int64_t)row->requests);
    db_copy_int64(copy, (int64_t)row->failed_tweets);
    db_copy_int64(copy, (int64_t)row->rate_limited);
    put_int32(copy, row->rate_remaining_min);
    put_int32(copy, row->rate_limit_max);
}

bool rows_copy_daily(struct db *db, const struct rollup *rollup, int64_t batch_id, struct error *err)
{
    struct db_copy *copy = NULL;

    if (rollup->daily_count == 0)
        return true;
    if (!db_copy_start(db, &sql_ingest_copy_daily, DAILY_COLUMNS, &copy, err))
        return false;
    for (size_t i = 0; i < rollup->daily_count; i++)
        put_daily(copy, rollup->daily[i], batch_id);
    return db_copy_finish(copy, err);
}

static void put_failure(struct db_copy *copy, const struct failure_row *row, int64_t batch_id)
{
    const struct failure_key *key = &row->key;

    db_copy_row(copy);
    db_copy_int64(copy, batch_id);
    db_copy_int64(copy, key->contract_id);
    put_day(copy, key->covered, key->month, key->bit);
    db_copy_text(copy, str_of(outcome_name((enum outcome)key->cause)));
    db_copy_int64(copy, (int64_t)row->requests);
    db_copy_int64(copy, (int64_t)row->tweets);
}

bool rows_copy_failures(struct db *db, const struct rollup *rollup, int64_t batch_id, struct error *err)
{
    struct db_copy *copy = NULL;

    if (rollup->failure_count == 0)
        return true;
    if (!db_copy_start(db, &sql_ingest_copy_failures, FAILURE_COLUMNS, &copy, err))
        return false;
    for (size_t i = 0; i < rollup->failure_count; i++)
        put_failure(copy, rollup->failures[i], batch_id);
    return db_copy_finish(copy, err);
}

bool rows_copy_sources(struct db *db, const struct rollup *rollup, int64_t batch_id, struct error *err)
{
    struct db_copy *copy = NULL;

    if (rollup->source_count == 0)
        return true;
    if (!db_copy_start(db, &sql_ingest_copy_sources, 6, &copy, err))
        return false;
    for (size_t i = 0; i < rollup->source_count; i++) {
        const struct source_row *source = rollup->sources[i];
        db_copy_row(copy);
        db_copy_int64(copy, batch_id);
        db_copy_int64(copy, source->contract_id);
        db_copy_text(copy, source->source);
        db_copy_int64(copy, (int64_t)source->added);
        db_copy_time(copy, source->first_us);
        db_copy_time(copy, source->last_us);
    }
    return db_copy_finish(copy, err);
}
