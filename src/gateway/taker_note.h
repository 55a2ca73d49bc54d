/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_TAKER_NOTE_H
#define HEADROOM_GATEWAY_TAKER_NOTE_H

/* Notes of a spool into the tables that keep them. */

#include "gateway/spool.h"
#include "headroom/db.h"

/* Keeps a note once. One that is not understood is said and left out: it would be no better the next time. */
MUST_CHECK bool taker_take_note(struct db *db, const char *spool, const struct spool_kept_note *note,
                                struct error *err);

#endif
