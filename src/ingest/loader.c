/* SPDX-License-Identifier: MIT */
/*
 * One batch, one transaction. The order of locks is the same for every loader: contracts by id, events in the order of
 * their unique key, facts, usage by its key, the chain's head last with only the commit behind it.
 */

#include "ingest/loader.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ingest/calendar.h"
#include "ingest/hours.h"
#include "ingest/loader_rows.h"
#include "ingest/rollup.h"
#include "statements.h"

#define ATTEMPTS   5
#define MONTHS_MAX 4096 /* partitions known to be there; far more than the years since 2006 have months */

static const char program[] = "headroom " HEADROOM_VERSION;

struct loader {
    struct db *db;
    const char *by;
    struct calendar *calendar;
    struct rollup *rollup;
    struct digest *digest;
    size_t added_count;
    bool *is_added;         /* by ordinal */
    bool expect_duplicates; /* the batch before this one met some, so this one is likely to */
    bool known_months[MONTHS_MAX];
};

/* What the transaction under way has so far. */
struct load {
    const struct batch *batch;
    int64_t batch_id;
    char batch_text[24]; /* batch_id as a parameter */
    char loaded_at[64];
    unsigned char events_digest[DIGEST_SIZE];
    unsigned char facts_digest[DIGEST_SIZE];
    char chain_head[DIGEST_HEX_SIZE];
    struct ingest_reasons not_counted;
    uint64_t counted;
};

bool loader_new(struct loader **out, struct db *db, const char *by, struct error *err)
{
    struct loader *loader = mem_alloc(sizeof(*loader));

    loader->db = db;
    loader->by = by;
    loader->calendar = calendar_new();
    loader->rollup = rollup_new();
    loader->digest = digest_new();
    loader->is_added = mem_alloc(BATCH_EVENTS * sizeof(bool));
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
    digest_free(loader->digest);
    free(loader->is_added);
    free(loader);
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

static bool begin_batch(struct loader *loader, struct load *load, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(loader->db, &sql_ingest_begin_batch, NULL, &rows, err))
        return false;
    load->batch_id = db_int64(rows, 0, "batch_id");
    snprintf(load->batch_text, sizeof(load->batch_text), "%lld", (long long)load->batch_id);
    snprintf(load->loaded_at, sizeof(load->loaded_at), "%s", db_text(rows, 0, "loaded_at"));
    db_rows_free(rows);
    return true;
}

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
        loader->added_count = batch->distinct_count;
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
    loader->added_count = db_rows_count(rows);
    loader->expect_duplicates = loader->added_count < batch->distinct_count;
    db_rows_free(rows);
    return true;
}

static bool add_events(struct loader *loader, struct load *load, struct error *err)
{
    bool met = loader->expect_duplicates;

    loader->added_count = 0;
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

static bool merge_usage(struct loader *loader, const struct load *load, struct error *err)
{
    const char *params[] = {load->batch_text};

    if (loader->rollup->usage_count == 0)
        return true;
    return rows_copy_usage(loader->db, loader->rollup, err) && db_run(loader->db, &sql_ingest_merge_usage, params, err);
}

static void hex_bytes(const void *bytes, size_t size, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *in = bytes;

    *out++ = '\\';
    *out++ = 'x';
    for (size_t i = 0; i < size; i++) {
        *out++ = digits[in[i] >> 4];
        *out++ = digits[in[i] & 15];
    }
    *out = '\0';
}

static bool add_quarantined(struct loader *loader, const struct load *load, const struct refusal *refusal,
                            struct error *err)
{
    char place[2 + DIGEST_HEX_SIZE];
    char raw[2 + 2 * REFUSAL_RAW_MAX + 1];
    char line[24];
    char size[24];

    hex_bytes(refusal->place, DIGEST_SIZE, place);
    hex_bytes(refusal->raw.data, refusal->raw.size, raw);
    snprintf(line, sizeof(line), "%llu", (unsigned long long)refusal->line);
    snprintf(size, sizeof(size), "%llu", (unsigned long long)refusal->raw_size);
    const char *params[] = {load->batch_text,
                            place,
                            load->batch->file,
                            line,
                            refusal->reason,
                            refusal->field,
                            refusal->text.data,
                            raw,
                            size};
    return db_run(loader->db, &sql_ingest_add_quarantined, params, err);
}

static bool add_refusals(struct loader *loader, const struct load *load, struct error *err)
{
    for (size_t i = 0; i < load->batch->refusal_count; i++) {
        if (!add_quarantined(loader, load, &load->batch->refusals[i], err))
            return fail_within(err, "the quarantine");
    }
    return true;
}

/* ---- the batch's own row and its link ---- */

static void digest_batch(struct loader *loader, struct load *load)
{
    char line[96];

    digest_reset(loader->digest);
    for (size_t i = 0; i < load->batch->event_count; i++) {
        if (loader->is_added[i])
            digest_add(loader->digest, load->batch->events[i].digest, DIGEST_SIZE);
    }
    digest_peek(loader->digest, load->events_digest);

    digest_reset(loader->digest);
    for (size_t i = 0; i < loader->rollup->fact_count; i++) {
        const struct fact_row *fact = &loader->rollup->facts[i];
        int size = snprintf(line, sizeof(line), "%s\t%lld\t%lld\n", fact->subject, (long long)fact->user_id,
                            (long long)fact->first_us);
        digest_add(loader->digest, line, (size_t)size);
    }
    digest_peek(loader->digest, load->facts_digest);
}

enum number {
    FIRST_LINE,
    LAST_LINE,
    FIRST_BYTE,
    END_BYTE,
    READ,
    ADDED,
    DUPLICATE,
    QUARANTINED,
    NUMBERS
};

static bool add_batch(struct loader *loader, struct load *load, struct error *err)
{
    const struct batch *batch = load->batch;
    uint64_t numbers[NUMBERS] = {
        [FIRST_LINE] = batch->first_line,
        [LAST_LINE] = batch->last_line,
        [FIRST_BYTE] = batch->first_byte,
        [END_BYTE] = batch->end_byte,
        [READ] = batch->event_count + batch->refusal_count,
        [ADDED] = loader->added_count,
        [DUPLICATE] = batch->event_count - loader->added_count,
        [QUARANTINED] = batch->refusal_count,
    };
    char texts[NUMBERS][24];
    char events_hex[2 + DIGEST_HEX_SIZE];
    char facts_hex[2 + DIGEST_HEX_SIZE];

    for (int i = 0; i < NUMBERS; i++)
        snprintf(texts[i], sizeof(texts[i]), "%llu", (unsigned long long)numbers[i]);
    digest_batch(loader, load);
    hex_bytes(load->events_digest, DIGEST_SIZE, events_hex);
    hex_bytes(load->facts_digest, DIGEST_SIZE, facts_hex);
    const char *params[] = {
        load->batch_text, batch->file,     batch->format, texts[FIRST_LINE], texts[LAST_LINE],   texts[FIRST_BYTE],
        texts[END_BYTE],  texts[READ],     texts[ADDED],  texts[DUPLICATE],  texts[QUARANTINED], events_hex,
        facts_hex,        load->loaded_at, loader->by,    program,
    };
    return db_run(loader->db, &sql_ingest_add_batch, params, err);
}

static bool count_added(struct loader *loader, struct load *load, struct error *err)
{
    const char *params[] = {load->batch_text};
    struct db_rows *rows = NULL;

    if (!db_query(loader->db, &sql_ingest_batch_counts, params, &rows, err))
        return false;
    for (size_t row = 0; row < db_rows_count(rows); row++) {
        const char *reason = db_text(rows, row, "reason");
        uint64_t requests = (uint64_t)db_int64(rows, row, "requests");
        if (reason == NULL)
            load->counted += requests;
        else
            reasons_add(&load->not_counted, reason, requests);
    }
    db_rows_free(rows);
    return true;
}

static bool link_batch(struct loader *loader, struct load *load, struct error *err)
{
    const char *params[] = {load->batch_text, load->loaded_at};
    struct db_rows *rows = NULL;

    if (!db_query_one(loader->db, &sql_ingest_link_batch, params, &rows, err))
        return fail_within(err, "the chain");
    snprintf(load->chain_head, sizeof(load->chain_head), "%s", db_text(rows, 0, "chain_head"));
    db_rows_free(rows);
    return true;
}

static bool write_once(struct loader *loader, struct load *load, struct error *err)
{
    struct db *db = loader->db;

    rollup_lines(loader->rollup, load->batch);
    if (db_begin(db, err) && begin_batch(loader, load, err) && lock_contracts(loader, err) &&
        add_events(loader, load, err) && rows_copy_facts(db, loader->rollup, load->batch_id, err) &&
        merge_usage(loader, load, err) && rows_copy_daily(db, loader->rollup, load->batch_id, err) &&
        add_batch(loader, load, err) && rows_copy_sources(db, loader->rollup, load->batch_id, err) &&
        hours_copy(db, load->batch, load->batch_id, err) && add_refusals(loader, load, err) &&
        count_added(loader, load, err) && link_batch(loader, load, err) && db_commit(db, err))
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

static void add_to_result(const struct loader *loader, const struct load *load, struct ingest_result *result)
{
    const struct batch *batch = load->batch;
    struct ingest_totals *totals = &result->totals;

    totals->read += batch->event_count + batch->refusal_count;
    totals->added += loader->added_count;
    totals->counted += load->counted;
    totals->not_counted += loader->added_count - load->counted;
    totals->duplicate += batch->event_count - loader->added_count;
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
        struct load load = {.batch = batch};
        if (ensure_partitions(loader, batch, err) && write_once(loader, &load, err)) {
            add_to_result(loader, &load, result);
            return true;
        }
        if (attempt == ATTEMPTS || !is_worth_another_try(err))
            return false;
        log_detail("batch of %s from line %llu: another loader was in the way (%s), trying again", batch->file,
                   (unsigned long long)batch->first_line, err->sqlstate);
        pause_before(attempt);
    }
}

bool loader_finish(struct loader *loader, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(loader->db, &sql_ingest_summarise, NULL, &rows, err))
        return false;
    db_rows_free(rows);
    return true;
}
