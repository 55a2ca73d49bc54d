/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_INTENT_H
#define HEADROOM_INGEST_INTENT_H

/* Loaders share a contract's lock and overlap: whoever wants it alone would wait for ever. So they let him pass. */

#include "headroom/db.h"
#include "ingest/rollup.h"

/* Waits while somebody has said that he wants one of the batch's contracts for himself; no longer than ten minutes,
 * when he must be gone. Before the transaction: who waits holds nothing. A signal (interrupt.h) ends the waiting as a
 * failure. */
MUST_CHECK bool intent_wait(struct db *db, const struct rollup *rollup, struct error *err);

#endif
