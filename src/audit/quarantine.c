/* SPDX-License-Identifier: MIT */
/* Fetches the lines in quarantine. */

#include <stdlib.h>

#include "headroom/audit.h"
#include "headroom/encode.h"
#include "statements.h"

enum parameter {
    CONTRACT,
    BY_FILE,
    REASON,
    FIRST_BATCH,
    LAST_BATCH,
    SETTLED,
    PER_REASON,
    PARAMETERS
};
struct parameters {
    const char *values[PARAMETERS];
    char first[DB_NUMBER_SIZE], last[DB_NUMBER_SIZE], per_reason[DB_NUMBER_SIZE];
};

static void fill_parameters(struct parameters *parameters, const struct audit_quarantine_filter *filter)
{
    bool any_batch = filter->batches.last == 0;

    parameters->values[CONTRACT] = filter->contract;
    parameters->values[BY_FILE] = filter->file;
    parameters->values[REASON] = filter->reason;
    parameters->values[FIRST_BATCH] = any_batch ? NULL : db_number_text(filter->batches.first, parameters->first);
    parameters->values[LAST_BATCH] = any_batch ? NULL : db_number_text(filter->batches.last, parameters->last);
    parameters->values[SETTLED] = filter->settled ? "true" : "false";
    parameters->values[PER_REASON] =
        filter->per_reason == 0 ? NULL : db_number_text(filter->per_reason, parameters->per_reason);
}

/* Who gets the lines, and where the bytes of one are put. */
struct taker {
    audit_line_fn *take;
    void *context;
    struct arena *arena;
};

static bool take_line(const struct db_rows *rows, void *context, struct error *err)
{
    const struct taker *taker = context;
    struct str raw = str_of(db_text(rows, 0, "raw"));

    arena_reset(taker->arena);
    char *bytes = arena_alloc(taker->arena, raw.size / 2 + 1);
    if (!bytes_from_hex(raw, bytes))
        return fail(err, EXIT_COMMAND, "the database gave bytes that are no hex digits");
    const struct audit_line line = {
        .id = db_text(rows, 0, "quarantine_id"),
        .batch = db_text(rows, 0, "batch"),
        .file = db_text(rows, 0, "file"),
        .line = db_text(rows, 0, "line"),
        .reason = db_text(rows, 0, "reason"),
        .field = db_text(rows, 0, "field"),
        .message = db_text(rows, 0, "message"),
        .raw = {bytes, raw.size / 2},
        .raw_size = db_int64(rows, 0, "raw_size"),
        .loaded_at = db_int64(rows, 0, "loaded_at"),
        .settled_by = db_text(rows, 0, "settled_by"),
    };
    return taker->take(&line, taker->context, err);
}

bool audit_each_line(struct db *db, const struct audit_quarantine_filter *filter, audit_line_fn *take, void *context,
                     struct error *err)
{
    struct parameters parameters;
    struct taker taker = {take, context, arena_new()};

    fill_parameters(&parameters, filter);
    bool done = db_each(db, &sql_quarantine_lines, parameters.values, take_line, &taker, err);
    arena_free(taker.arena);
    return done;
}

bool audit_reasons(struct db *db, const struct audit_quarantine_filter *filter, struct arena *arena,
                   struct audit_reason **reasons, size_t *count, struct error *err)
{
    struct parameters parameters;
    struct db_rows *rows = NULL;

    fill_parameters(&parameters, filter);
    if (!db_query(db, &sql_quarantine_reasons, parameters.values, &rows, err))
        return false;
    *count = db_rows_count(rows);
    *reasons = arena_alloc(arena, (*count + 1) * sizeof **reasons);
    for (size_t i = 0; i < *count; i++) {
        (*reasons)[i] = (struct audit_reason){
            .reason = arena_copy(arena, str_of(db_text(rows, i, "reason"))).data,
            .lines = db_int64(rows, i, "lines"),
            .settled = db_int64(rows, i, "settled"),
            .files = db_int64(rows, i, "files"),
            .first_at = db_int64(rows, i, "first_at"),
            .last_at = db_int64(rows, i, "last_at"),
        };
    }
    db_rows_free(rows);
    return true;
}
