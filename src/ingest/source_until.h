/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_SOURCE_UNTIL_H
#define HEADROOM_INGEST_SOURCE_UNTIL_H

/* "Nothing more until T": what a follower says of the sources in its files when it has read them to their ends; and how
 * far an event endpoint has listened. */

#include "headroom/db.h"
#include "ingest/batch.h"

#define SOURCE_UNTIL_LAG_US INT64_C(60000000) /* a request is logged when it ends: it may have begun a minute before */

struct source_until; /* of one reader */
/* operand: the name or pattern that it follows. */
struct source_until *source_until_new(const char *operand);
/* Of an event endpoint: its host and its address. Knows the sources that it spoke for before. */
MUST_CHECK bool source_until_new_listener(struct source_until **until, const char *address, struct db *db,
                                          struct error *err);
void source_until_free(struct source_until *until); /* NULL is fine */
/* Notes the sources of a batch, and those that an earlier run took in of a file. */
void source_until_note_batch(struct source_until *until, const struct batch *batch);
MUST_CHECK bool source_until_note_file(struct source_until *until, struct db *db, const struct file_key *key,
                                       struct error *err);
/* Says for all of them that nothing more will come from before until_us (exclusive; of the database's clock). */
MUST_CHECK bool source_until_say(const struct source_until *until, struct db *db, int64_t until_us, struct error *err);
/* Says for all of them that an event endpoint has listened without a break from since_us to until_us (exclusive; of the
 * database's clock). */
MUST_CHECK bool source_until_say_listened(const struct source_until *until, struct db *db, int64_t since_us,
                                          int64_t until_us, struct error *err);

#endif
