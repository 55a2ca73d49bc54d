/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_ZONE_H
#define HEADROOM_INGEST_ZONE_H

/* The zone of times that are written without one (--assume-zone). Its offsets are those of the database's zone data, so
 * that the billing calendar and the events follow the same clock. */

#include "headroom/db.h"
#include "headroom/model.h"

struct zone;

/* From an instant on, how far the zone's clock is ahead of UTC; microseconds. */
struct zone_offset {
    int64_t starts_us;
    int64_t ahead_us;
};
/* A zone of its offsets, in order, at least one; copies them. */
struct zone *zone_new(const char *name, const struct zone_offset *offsets, size_t count);
/* EXIT_USAGE for a name that is no zone, with a hint. */
MUST_CHECK bool zone_fetch(struct zone **zone, struct db *db, const char *name, struct error *err);
void zone_free(struct zone *zone); /* NULL is fine */
const char *zone_name(const struct zone *zone);

/* Gives a time that is a text without a zone its zone: it becomes a text in UTC, in arena. Any other value stays, and
 * event_read judges it. False: the zone's clock never showed it; *why is filled, with reason bad_time. */
MUST_CHECK bool zone_apply(const struct zone *zone, struct value *time, struct arena *arena, struct rejection *why);

#endif
