/* SPDX-License-Identifier: MIT */
/* Waiting for those who want a contract for themselves. */

#include "ingest/intent.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "ingest/interrupt.h"
#include "statements.h"

#define PAUSE_MS   100
#define PATIENCE   (INT64_C(600) * 1000000) /* microseconds */
#define TEXT_BYTES ((size_t)1 << 20)

static bool list_contracts(const struct rollup *rollup, struct buffer *ids, struct error *err)
{
    bool fits = true;

    for (size_t i = 0; i < rollup->span_count && fits; i++)
        fits = buffer_format(ids, "%s%" PRId64, i > 0 ? "," : "{", rollup->spans[i].contract_id);
    return (fits && buffer_add(ids, "}", 1)) || fail(err, EXIT_COMMAND, "a batch of too many contracts");
}

static bool is_wanted(struct db *db, const char *contracts, bool told, bool *wanted, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(db, &sql_ingest_intent, (const char *const[]){contracts}, &rows, err))
        return false;
    *wanted = db_rows_count(rows) > 0;
    if (*wanted && !told)
        log_note("waiting: %s has contract '%s' for himself (%s)", db_text(rows, 0, "wanted_by"),
                 db_text(rows, 0, "name"), db_text(rows, 0, "wanted_for"));
    db_rows_free(rows);
    return true;
}

bool intent_wait(struct db *db, const struct rollup *rollup, struct error *err)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    const int64_t until = timestamp_monotonic() + PATIENCE;
    struct buffer contracts;
    bool wanted = rollup->span_count > 0;
    bool told = false;
    bool done = true;

    buffer_init(&contracts, TEXT_BYTES);
    if (wanted)
        done = list_contracts(rollup, &contracts, err);
    while (done && wanted && timestamp_monotonic() < until) {
        done = is_wanted(db, contracts.data, told, &wanted, err);
        told = true;
        if (done && wanted && atomic_load(interrupt_flag()))
            done = fail(err, EXIT_COMMAND, "interrupted while it waited for a contract");
        if (done && wanted)
            nanosleep(&pause, NULL);
    }
    buffer_free(&contracts);
    return done;
}
