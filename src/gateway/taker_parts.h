/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_TAKER_PARTS_H
#define HEADROOM_GATEWAY_TAKER_PARTS_H

/* Private to taker, and to its test. */

#include "gateway/taker.h"

struct taker {
    const struct drain_options *options;
    char *spool, *source;
    struct ingest_feed *feed; /* NULL: not connected */
    struct ingest_feed_line *lines;
    struct spool_entry *fresh; /* those of a call that were sent, and did not come before */
    struct buffer text;
    char **contracts; /* for which it is said up to when all has come */
    size_t contract_count;
};

/* Adds the line of an entry: source, id, then the members of intent and outcome. False: it does not fit. */
bool taker_merge(struct buffer *text, const char *source, const struct spool_entry *entry);

#endif
