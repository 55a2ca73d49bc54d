/* SPDX-License-Identifier: MIT */
/* The rows of a batch that are one statement each. */

#include "ingest/loader_batch.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/loader.h"
#include "statements.h"
#include "headroom/encode.h"

static const char program[] = "headroom " HEADROOM_VERSION;

#define BYTEA_SIZE(size) (2 + 2 * (size) + 1)

/* As a parameter of type bytea. */
static void bytea_of(const void *bytes, size_t size, char *out)
{
    out[0] = '\\';
    out[1] = 'x';
    bytes_to_hex(bytes, size, out + 2);
}

bool load_begin(struct load *load, struct db *db, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(db, &sql_ingest_begin_batch, NULL, &rows, err))
        return false;
    load->batch_id = db_int64(rows, 0, "batch_id");
    snprintf(load->batch_text, sizeof(load->batch_text), "%lld", (long long)load->batch_id);
    snprintf(load->loaded_at, sizeof(load->loaded_at), "%s", db_text(rows, 0, "loaded_at"));
    db_rows_free(rows);
    return true;
}

/* ---- its row ---- */

static void digest_events(const struct load *load, struct digest *digest, char out[BYTEA_SIZE(DIGEST_SIZE)])
{
    unsigned char bytes[DIGEST_SIZE];

    digest_reset(digest);
    for (size_t i = 0; i < load->batch->event_count; i++) {
        if (load->is_added[i])
            digest_add(digest, load->batch->events[i].digest, DIGEST_SIZE);
    }
    digest_peek(digest, bytes);
    bytea_of(bytes, DIGEST_SIZE, out);
}

static void digest_facts(const struct load *load, struct digest *digest, char out[BYTEA_SIZE(DIGEST_SIZE)])
{
    unsigned char bytes[DIGEST_SIZE];
    char line[96];

    digest_reset(digest);
    for (size_t i = 0; i < load->rollup->fact_count; i++) {
        const struct fact_row *fact = &load->rollup->facts[i];
        int size = snprintf(line, sizeof(line), "%s\t%lld\t%lld\n", fact->subject, (long long)fact->user_id,
                            (long long)fact->first_us);
        digest_add(digest, line, (size_t)size);
    }
    digest_peek(digest, bytes);
    bytea_of(bytes, DIGEST_SIZE, out);
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

bool load_add_batch(struct load *load, struct db *db, struct error *err)
{
    const struct batch *batch = load->batch;
    const uint64_t numbers[NUMBERS] = {
        [FIRST_LINE] = batch->first_line,
        [LAST_LINE] = batch->last_line,
        [FIRST_BYTE] = batch->first_byte,
        [END_BYTE] = batch->end_byte,
        [READ] = batch->event_count + batch->refusal_count,
        [ADDED] = load->added_count,
        [DUPLICATE] = batch->event_count - load->added_count,
        [QUARANTINED] = batch->refusal_count,
    };
    char texts[NUMBERS][24];
    char events[BYTEA_SIZE(DIGEST_SIZE)];
    char facts[BYTEA_SIZE(DIGEST_SIZE)];
    struct digest *digest = digest_new();

    for (int i = 0; i < NUMBERS; i++)
        snprintf(texts[i], sizeof(texts[i]), "%llu", (unsigned long long)numbers[i]);
    digest_events(load, digest, events);
    digest_facts(load, digest, facts);
    digest_free(digest);
    const char *params[] = {
        load->batch_text,
        batch->file,
        batch->format,
        texts[FIRST_LINE],
        texts[LAST_LINE],
        texts[FIRST_BYTE],
        texts[END_BYTE],
        texts[READ],
        texts[ADDED],
        texts[DUPLICATE],
        texts[QUARANTINED],
        events,
        facts,
        load->loaded_at,
        load->by,
        program,
    };
    return db_run(db, &sql_ingest_add_batch, params, err);
}

/* ---- its place in the file ---- */

static bool add_place(const struct load *load, const char *header, struct db *db, struct error *err)
{
    const struct extent *extent = &load->batch->extent;
    char device[24], inode[24], open_byte[24], next_line[24];
    char first[BYTEA_SIZE(DIGEST_SIZE)], end[BYTEA_SIZE(DIGEST_SIZE)], open[BYTEA_SIZE(DIGEST_SIZE)];

    snprintf(device, sizeof(device), "%lld", (long long)extent->key->device);
    snprintf(inode, sizeof(inode), "%lld", (long long)extent->key->inode);
    snprintf(open_byte, sizeof(open_byte), "%llu", (unsigned long long)extent->open_byte);
    snprintf(next_line, sizeof(next_line), "%llu", (unsigned long long)extent->next_line);
    bytea_of(extent->first_digest, DIGEST_SIZE, first);
    bytea_of(extent->end_digest, DIGEST_SIZE, end);
    bytea_of(extent->open_digest, DIGEST_SIZE, open);
    const char *params[] = {load->batch_text,
                            extent->key->scope,
                            device,
                            inode,
                            first,
                            end,
                            extent->open ? open_byte : NULL,
                            extent->open ? open : NULL,
                            next_line,
                            extent->nameless ? "true" : "false",
                            header};
    return db_run(db, &sql_ingest_add_file, params, err);
}

bool load_add_extent(const struct load *load, struct db *db, struct error *err)
{
    const struct extent *extent = &load->batch->extent;
    char *header =
        extent->header.data == NULL ? NULL : mem_format("%.*s", (int)extent->header.size, extent->header.data);
    const char *reading[] = {load->batch_text, load->batch->scope, header};
    bool done =
        extent->key != NULL ? add_place(load, header, db, err) : db_run(db, &sql_ingest_add_reading, reading, err);

    free(header);
    return done;
}

/* ---- the quarantine ---- */

static bool add_quarantined(const struct load *load, const struct refusal *refusal, struct db *db, struct error *err)
{
    char place[BYTEA_SIZE(DIGEST_SIZE)];
    char raw[BYTEA_SIZE(REFUSAL_RAW_MAX)];
    char line[24];
    char size[24];

    bytea_of(refusal->place, DIGEST_SIZE, place);
    bytea_of(refusal->raw.data, refusal->raw.size, raw);
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
    return db_run(db, &sql_ingest_add_quarantined, params, err);
}

bool load_add_refusals(const struct load *load, struct db *db, struct error *err)
{
    for (size_t i = 0; i < load->batch->refusal_count; i++) {
        if (!add_quarantined(load, &load->batch->refusals[i], db, err))
            return fail_within(err, "the quarantine");
    }
    return true;
}

/* ---- its counts and its link ---- */

bool load_settle(const struct load *load, struct db *db, struct error *err)
{
    const char *params[] = {load->batch->settled, load->batch_text, load->loaded_at};

    return load->batch->settled == NULL || db_run(db, &sql_ingest_settle, params, err);
}

bool load_count(struct load *load, struct db *db, struct error *err)
{
    const char *params[] = {load->batch_text};
    struct db_rows *rows = NULL;

    if (!db_query(db, &sql_ingest_batch_counts, params, &rows, err))
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

bool load_add_sources(const struct load *load, struct db *db, struct error *err)
{
    const char *params[] = {load->batch_text};
    struct db_rows *rows = NULL;

    if (load->rollup->source_count == 0)
        return true;
    if (!db_query_one(db, &sql_ingest_add_batch_sources, params, &rows, err))
        return false;
    db_rows_free(rows);
    return true;
}

bool load_link(struct load *load, struct db *db, struct error *err)
{
    const char *params[] = {load->batch_text, load->loaded_at};
    struct db_rows *rows = NULL;

    if (!db_query_one(db, &sql_ingest_link_batch, params, &rows, err))
        return fail_within(err, "the chain");
    snprintf(load->chain_head, sizeof(load->chain_head), "%s", db_text(rows, 0, "chain_head"));
    db_rows_free(rows);
    return true;
}
