/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_TAKER_H
#define HEADROOM_GATEWAY_TAKER_H

/* taker: entries and notes of one spool into PostgreSQL, over one connection. An entry that came before, or a note,
 * changes nothing: also where it would be another event now, as a loss of power took its outcome, or another contract
 * is the default. One thread at a time. */

#include "gateway/drain.h"
#include "headroom/ingest_feed.h"

#define TAKER_ENTRIES 2000 /* most of one call */

struct taker;
/* spool: its id. The options are borrowed. */
struct taker *taker_new(const char *spool, const struct drain_options *options);
void taker_free(struct taker *taker); /* NULL is fine */

/* Connects anew. EXIT_DATABASE where there is no database, or its schema is not the program's; EXIT_COMMAND where the
 * contract of the options is not there. */
MUST_CHECK bool taker_connect(struct taker *taker, const struct db_target *target, struct error *err);
void taker_disconnect(struct taker *taker);
bool taker_is_connected(const struct taker *taker);
/* Reads contracts and clock again; then who wanted to be told is told. */
MUST_CHECK bool taker_refresh(struct taker *taker, struct error *err);

/* On true they are durable. The result is added to; read: those that were not withdrawn. */
MUST_CHECK bool taker_take(struct taker *taker, const struct spool_entry *entries, size_t count,
                           struct ingest_result *result, struct error *err);
MUST_CHECK bool taker_take_notes(struct taker *taker, const struct spool_kept_note *notes, size_t count,
                                 struct error *err);
/* Says that nothing more will come from before until_us, and that nothing was missed since since_us, for each contract
 * that was met. */
MUST_CHECK bool taker_say_until(struct taker *taker, int64_t since_us, int64_t until_us, struct error *err);
/* Says that nothing up to the number, whose request was at time_us, is still in the spool: what has not come is lost,
 * and is said. */
MUST_CHECK bool taker_settle(struct taker *taker, uint64_t number, int64_t time_us, struct error *err);

#endif
