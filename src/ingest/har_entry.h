/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_HAR_ENTRY_H
#define HEADROOM_INGEST_HAR_ENTRY_H

/* har_entry: one entry of a HAR: what it is, and what of it are values of a record. */

#include "headroom/engagement.h"
#include "ingest/reader.h"

enum har_target {
    HAR_ENGAGEMENT, /* a request to the Engagement API */
    HAR_OTHER,      /* another one */
    HAR_UNKNOWN,    /* the entry breaks before it says */
};
/* What the entry's text, or as much of it as is there, asks. Reads no further than it must. */
enum har_target har_entry_target(struct str text, struct arena *arena, enum endpoint *endpoint);

/* Makes the values of the record of an entry to the Engagement API; they borrow from entry and arena. Rejects it when
 * it doesn't tell what was asked, or who was used: missing_url, missing_user, bad_authorization. */
void har_entry_read(const json_t *entry, enum endpoint endpoint, struct arena *arena, struct record *record);

/* The entry without what may be a secret: when, method, URL without its query, status, duration; as JSON in arena. */
struct str har_entry_summary(const json_t *entry, struct arena *arena);

#endif
