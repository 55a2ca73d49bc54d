/* SPDX-License-Identifier: MIT */
/*
 * One batch, one transaction. The order of locks is the same for every loader: contracts by id, events in the order of
 * their unique key, facts, usage by its key, the totals of months, of sources and of their days, each by its key, and
 * the chain's head last with only the commit behind it.
 */

#include "ingest/loader.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ingest/calendar.h"
#include "ingest/hours.h"
#include "ingest/intent.h"
#include "ingest/loader_batch.h"
#include "ingest/loader_rows.h"
#include "ingest/merge.h"
#include "ingest/minutes.h"
#include "ingest/rollup.h"
#include "ingest/voided.h"
#include "statements.h"

#define ATTEMPTS   5
#define MONTHS_MAX 4096 /* partitions known to be there; far more than the years since 2006 have months */

struct loader {
    struct db *db;
    const char *by;
    struct calendar *calendar;
    struct rollup *rollup;
    bool *is_added;           /* by ordinal */
    struct voided_told *told; /* own_told, or another loader's */
    struct voided_told own_told;
    bool expect_duplicates; /* the batch before this one met some, so this one is likely to */
    bool known_months[MONTHS_MAX];
};

bool loader_new(struct loader **out, struct db *db, const char *by, struct error *err)
{
    struct loader *loader = mem_alloc(sizeof(*loader));

    loader->db = db;
    loader->by = by;
    loader->calendar = calendar_new();
    loader->rollup = rollup_new();
    loader->is_added = mem_alloc(BATCH_EVENTS * sizeof(bool));
    loader->told = &loader->own_told;
    pthread_mutex_init(&loader->own_told.mutex, NULL);
    if (!db_run(db, &sql_ingest_stage_event, NULL, err) || !db_run(db, &sql_ingest_stage_usage, NULL, err)) {
        loader_free(loader);
        return false;
    }
    *out = loader;
    return true;
}

void loader_free(struct loader *loader)
{
    if (loader == NULL)
        return;
    calendar_free(loader->calendar);
    rollup_free(loader->rollup);
    free(loader->is_added);
    pthread_mutex_destroy(&loader->own_told.mutex);
    free(loader);
}

void loader_join(struct loader *loader, struct loader *first)
{
    loader->told = first->told;
}

void reasons_add(struct ingest_reasons *reasons, const char *name, uint64_t count)
{
    size_t i = 0;

    while (i < reasons->count && strcmp(reasons->list[i].name, name) != 0)
        i++;
    if (i == INGEST_REASONS)
        return;
    if (i == reasons->count) {
        snprintf(reasons->list[i].name, sizeof(reasons->list[i].name), "%s", name);
        reasons->count++;
    }
    reasons->list[i].count += count;
}

/* ---- before the transaction ---- */

/* Months since 2006-01: close enough a key for "this partition is there", whatever the month's exact border. */
static size_t month_key(int64_t time_us)
{
    time_t seconds = (time_t)(time_us / 1000000);
    struct tm parts;

    gmtime_r(&seconds, &parts);
    return (size_t)(parts.tm_year - 106) * 12 + (size_t)parts.tm_mon;
}

static bool ensure_partition(struct loader *loader, int64_t time_us, struct error *err)
{
    size_t key = month_key(time_us);
    char text[24];
    const char *params[] = {text};
    struct db_rows *rows = NULL;

    if (key < MONTHS_MAX && loader->known_months[key])
        return true;
    snprintf(text, sizeof(text), "%lld", (long long)time_us);
    if (!db_query(loader->db, &sql_ingest_ensure_partition, params, &rows, err))
        return fail_within(err, "a partition for events");
    db_rows_free(rows);
    if (key < MONTHS_MAX)
        loader->known_months[key] = true;
    return true;
}

static bool ensure_partitions(struct loader *loader, const struct batch *batch, struct error *err)
{
    for (size_t i = 0; i < batch->distinct_count; i++) {
        if (!ensure_partition(loader, batch->by_key[i]->time_us, err))
            return false;
    }
    return true;
}

/* ---- in the transaction, in the order of locks ---- */

/* The calendar is read behind the lock: no amendment can come between it and the usage made by it. */
static bool lock_contracts(struct loader *loader, struct error *err)
{
    calendar_clear(loader->calendar);
    for (size_t i = 0; i < loader->rollup->span_count; i++) {
        const struct span *span = &loader->rollup->spans[i];
        char text[24];
        const char *params[] = {text};
        struct db_rows *rows = NULL;
        snprintf(text, sizeof(text), "%lld", (long long)span->contract_id);
        if (!db_query_one(loader->db, &sql_ingest_lock_contract, params, &rows, err))
            return fail_within(err, "the contract's lock");
        db_rows_free(rows);
        if (!calendar_fetch(loader->calendar, loader->db, span->contract_id, span->first_us, span->last_us, err))
            return false;
    }
    return true;
}

/* The common case: nothing of the batch is there yet. *met: some was, and nothing was written. */
static bool add_plainly(struct loader *loader, struct load *load, bool *met, struct error *err)
{
    const struct batch *batch = load->batch;

    *met = false;
    if (!db_savepoint(loader->db, err))
        return false;
    if (rows_copy_events(loader->db, &sql_ingest_copy_event, batch->by_key, batch->distinct_count, load->batch_id,
                         err)) {
        for (size_t i = 0; i < batch->distinct_count; i++)
            loader->is_added[batch->by_key[i]->ordinal] = true;
        load->added_count = batch->distinct_count;
        return db_savepoint_release(loader->db, err);
    }
    if (strcmp(err->sqlstate, "23505") != 0)
        return false;
    *met = true;
    return db_savepoint_rollback(loader->db, err);
}

/* Takes the events by the staging table, which lets pass what is not there yet. */
static bool add_staged(struct loader *loader, struct load *load, struct error *err)
{
    const struct batch *batch = load->batch;
    struct db_rows *rows = NULL;

    if (!rows_copy_events(loader->db, &sql_ingest_copy_staged_event, batch->by_key, batch->distinct_count,
                          load->batch_id, err) ||
        !db_query(loader->db, &sql_ingest_add_events, NULL, &rows, err))
        return false;
    for (size_t row = 0; row < db_rows_count(rows); row++)
        loader->is_added[db_int64(rows, row, "ordinal")] = true;
    load->added_count = db_rows_count(rows);
    loader->expect_duplicates = load->added_count < batch->distinct_count;
    db_rows_free(rows);
    return !loader->expect_duplicates || voided_tell(loader->db, loader->told, batch->file, err);
}

static bool add_events(struct loader *loader, struct load *load, struct error *err)
{
    bool met = loader->expect_duplicates;

    load->added_count = 0;
    memset(loader->is_added, 0, load->batch->event_count * sizeof(bool));
    if (load->batch->distinct_count > 0) {
        if (!met && !add_plainly(loader, load, &met, err))
            return false;
        if (met && !add_staged(loader, load, err))
            return false;
    }
    rollup_events(loader->rollup, load->batch, loader->is_added, loader->calendar);
    return true;
}

static bool write_once(struct loader *loader, struct load *load, struct error *err)
{
    struct db *db = loader->db;

    rollup_lines(loader->rollup, load->batch);
    if (intent_wait(db, load->rollup, err) && db_begin(db, err) && load_begin(load, db, err) &&
        lock_contracts(loader, err) && add_events(loader, load, err) &&
        rows_copy_facts(db, loader->rollup, load->batch_id, err) &&
        merge_usage(db, loader->rollup, load->batch_id, err) &&
        rows_copy_daily(db, loader->rollup, load->batch_id, err) &&
        rows_copy_failures(db, loader->rollup, load->batch_id, err) && load_add_batch(load, db, err) &&
        load_add_extent(load, db, err) && rows_copy_sources(db, loader->rollup, load->batch_id, err) &&
        hours_copy(db, load->batch, load->batch_id, err) &&
        minutes_copy(db, load->batch, loader->is_added, load->batch_id, err) && load_add_refusals(load, db, err) &&
        load_settle(load, db, err) && load_count(load, db, err) && merge_totals(db, loader->rollup, err) &&
        load_add_sources(load, db, err) && load_link(load, db, err) && db_commit(db, err))
        return true;
    db_rollback(db);
    return false;
}

static bool is_worth_another_try(const struct error *err)
{
    return strcmp(err->sqlstate, "40P01") == 0 || strcmp(err->sqlstate, "40001") == 0;
}

/* Waits longer each time, and not as long as another loader that was hit by the same deadlock. */
static void pause_before(int attempt)
{
    struct timespec span = {.tv_nsec = (long)(timestamp_monotonic() % 50 + 1) * 1000000L * attempt};
    nanosleep(&span, NULL);
}

static void add_to_result(const struct load *load, struct ingest_result *result)
{
    const struct batch *batch = load->batch;
    struct ingest_totals *totals = &result->totals;

    totals->read += batch->event_count + batch->refusal_count;
    totals->added += load->added_count;
    totals->counted += load->counted;
    totals->not_counted += load->added_count - load->counted;
    totals->duplicate += batch->event_count - load->added_count;
    totals->quarantined += batch->refusal_count;
    totals->batches++;
    for (size_t i = 0; i < load->not_counted.count; i++)
        reasons_add(&result->not_counted, load->not_counted.list[i].name, load->not_counted.list[i].count);
    for (size_t i = 0; i < batch->refusal_count; i++)
        reasons_add(&result->quarantined, batch->refusals[i].reason, 1);
    snprintf(result->chain_head, sizeof(result->chain_head), "%s", load->chain_head);
}

bool loader_write(struct loader *loader, const struct batch *batch, struct ingest_result *result, struct error *err)
{
    if (batch->event_count + batch->refusal_count == 0)
        return true;
    for (int attempt = 1;; attempt++) {
        struct load load = {.batch = batch, .rollup = loader->rollup, .is_added = loader->is_added, .by = loader->by};
        if (ensure_partitions(loader, batch, err) && write_once(loader, &load, err)) {
            add_to_result(&load, result);
            return true;
        }
        if (attempt == ATTEMPTS || !is_worth_another_try(err))
            return false;
        log_detail("batch of %s from line %llu: another loader was in the way (%s), trying again", batch->file,
                   (unsigned long long)batch->first_line, err->sqlstate);
        pause_before(attempt);
    }
}

bool loader_was_added(const struct loader *loader, size_t ordinal)
{
    return loader->is_added[ordinal];
}

bool loader_finish(struct loader *loader, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(loader->db, &sql_ingest_summarise, NULL, &rows, err))
        return false;
    db_rows_free(rows);
    return true;
}
