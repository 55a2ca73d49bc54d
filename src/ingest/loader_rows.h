/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_LOADER_ROWS_H
#define HEADROOM_INGEST_LOADER_ROWS_H

/* The rows of a batch as COPY wants them: one function a table, the columns in the order of its statement. */

#include "ingest/rollup.h"

/* Copies events by a statement with the columns of ingest_copy_event.sql. */
MUST_CHECK bool rows_copy_events(struct db *db, const struct sql *sql, const struct event *const *events, size_t count,
                                 int64_t batch_id, struct error *err);
MUST_CHECK bool rows_copy_usage(struct db *db, const struct rollup *rollup, struct error *err);
MUST_CHECK bool rows_copy_facts(struct db *db, const struct rollup *rollup, int64_t batch_id, struct error *err);
MUST_CHECK bool rows_copy_daily(struct db *db, const struct rollup *rollup, int64_t batch_id, struct error *err);
MUST_CHECK bool rows_copy_failures(struct db *db, const struct rollup *rollup, int64_t batch_id, struct error *err);
MUST_CHECK bool rows_copy_sources(struct db *db, const struct rollup *rollup, int64_t batch_id, struct error *err);

#endif
