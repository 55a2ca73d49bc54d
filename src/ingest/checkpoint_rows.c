/* SPDX-License-Identifier: MIT */
/* What the database knows of a file. */

#include <stdlib.h>

#include "ingest/checkpoint.h"
#include "statements.h"

static bool take_digest(const struct db_rows *rows, size_t row, const char *column, unsigned char out[DIGEST_SIZE])
{
    const char *hex = db_text(rows, row, column);
    return hex != NULL && digest_from_hex(hex, out);
}

/* False: a digest in the database is none. Whoever wrote it there, such a batch proves nothing. */
static bool take_row(struct checkpoint_row *out, const struct db_rows *rows, size_t row)
{
    *out = (struct checkpoint_row){
        .batch_id = db_int64(rows, row, "batch_id"),
        .first_byte = (uint64_t)db_int64(rows, row, "first_byte"),
        .end_byte = (uint64_t)db_int64(rows, row, "end_byte"),
        .open = !db_is_null(rows, row, "open_byte"),
        .open_byte = (uint64_t)db_int64(rows, row, "open_byte"),
        .next_line = (uint64_t)db_int64(rows, row, "next_line"),
        .read = (uint64_t)db_int64(rows, row, "read"),
        .quarantined = (uint64_t)db_int64(rows, row, "quarantined"),
        .nameless = db_bool(rows, row, "nameless"),
        .voided = db_bool(rows, row, "voided"),
    };
    snprintf(out->loaded_at, sizeof(out->loaded_at), "%s", db_text(rows, row, "loaded_at"));
    return take_digest(rows, row, "first_digest", out->first_digest) &&
           take_digest(rows, row, "end_digest", out->end_digest) &&
           (!out->open || take_digest(rows, row, "open_digest", out->open_digest));
}

struct file_params {
    char device[24], inode[24];
};

static void file_params(struct file_params *params, const struct file_key *key)
{
    snprintf(params->device, sizeof(params->device), "%lld", (long long)key->device);
    snprintf(params->inode, sizeof(params->inode), "%lld", (long long)key->inode);
}

bool checkpoint_fetch(struct checkpoint_rows *out, struct db *db, const struct file_key *key, struct error *err)
{
    struct file_params file;
    struct db_rows *rows = NULL;

    *out = (struct checkpoint_rows){0};
    file_params(&file, key);
    const char *params[] = {file.device, file.inode, key->scope};
    if (!db_query(db, &sql_ingest_checkpoints, params, &rows, err))
        return false;
    out->list = mem_alloc((db_rows_count(rows) + 1) * sizeof(*out->list));
    for (size_t row = 0; row < db_rows_count(rows); row++)
        out->count += take_row(&out->list[out->count], rows, row) ? 1 : 0;
    db_rows_free(rows);
    return true;
}

void checkpoint_rows_free(struct checkpoint_rows *rows)
{
    free(rows->list);
    *rows = (struct checkpoint_rows){0};
}

bool checkpoint_count_unsettled(struct checkpoint *checkpoint, struct db *db, const struct file_key *key,
                                struct error *err)
{
    struct file_params file;
    struct db_rows *rows = NULL;

    if (checkpoint->quarantined_ends.size == 0)
        return true;
    file_params(&file, key);
    char *ends = mem_format("%s}", checkpoint->quarantined_ends.data);
    const char *params[] = {file.device, file.inode, ends};
    bool done = db_query_one(db, &sql_ingest_unsettled, params, &rows, err);
    free(ends);
    if (!done)
        return false;
    checkpoint->unsettled = (uint64_t)db_int64(rows, 0, "lines");
    db_rows_free(rows);
    return true;
}

bool checkpoint_fetch_unsettled(struct unsettled **lines, size_t *count, struct db *db, const struct file_key *key,
                                uint64_t from_line, struct error *err)
{
    struct file_params file;
    struct db_rows *rows = NULL;
    char line[24];

    file_params(&file, key);
    snprintf(line, sizeof(line), "%llu", (unsigned long long)from_line);
    const char *params[] = {file.device, file.inode, line};
    if (!db_query(db, &sql_ingest_unsettled_lines, params, &rows, err))
        return false;
    *lines = mem_alloc((db_rows_count(rows) + 1) * sizeof(**lines));
    *count = 0;
    for (size_t row = 0; row < db_rows_count(rows); row++) {
        struct unsettled *entry = &(*lines)[*count];
        entry->line = (uint64_t)db_int64(rows, row, "line");
        entry->quarantine_id = db_int64(rows, row, "quarantine_id");
        *count += take_digest(rows, row, "place", entry->place) ? 1 : 0;
    }
    db_rows_free(rows);
    return true;
}
