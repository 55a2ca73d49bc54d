/* SPDX-License-Identifier: MIT */
/* Names the voided batches whose events come again. */

#include "ingest/voided.h"

#include "statements.h"

static bool is_told(const struct voided_told *told, int64_t batch)
{
    for (size_t i = 0; i < told->count; i++) {
        if (told->batches[i] == batch)
            return true;
    }
    return told->count == VOIDED_TOLD;
}

static void tell(const struct db_rows *rows, size_t row, const char *file)
{
    const char *batch = db_text(rows, row, "batch_id");

    log_warning("%s: lines repeat events of batch %s, which was voided by %s on %s: they are duplicates and do not "
                "count; `headroom batch restore %s` counts them again",
                file, batch, db_text(rows, row, "changed_by"), db_text(rows, row, "changed_on"), batch);
}

bool voided_tell(struct db *db, struct voided_told *told, const char *file, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(db, &sql_ingest_voided_repeats, NULL, &rows, err))
        return false;
    pthread_mutex_lock(&told->mutex);
    for (size_t row = 0; row < db_rows_count(rows); row++) {
        int64_t batch = db_int64(rows, row, "batch_id");
        if (is_told(told, batch))
            continue;
        tell(rows, row, file);
        told->batches[told->count++] = batch;
    }
    pthread_mutex_unlock(&told->mutex);
    db_rows_free(rows);
    return true;
}
