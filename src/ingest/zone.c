/* SPDX-License-Identifier: MIT */
/* Some sixty offsets in order, searched by halves. */

#include "ingest/zone.h"

#include <stdlib.h>
#include <string.h>

#include "statements.h"

#define DAY_US       INT64_C(86400000000) /* no clock is further from UTC */
#define SHOWN_DIGITS 26                   /* of a time in a message: as far as its microseconds */

struct zone {
    char *name;
    struct zone_offset *offsets;
    size_t count;
};

struct zone *zone_new(const char *name, const struct zone_offset *offsets, size_t count)
{
    struct zone *zone = mem_alloc(sizeof(*zone));

    zone->name = mem_text(name);
    zone->offsets = mem_alloc(count * sizeof(*offsets));
    memcpy(zone->offsets, offsets, count * sizeof(*offsets));
    zone->count = count;
    return zone;
}

void zone_free(struct zone *zone)
{
    if (zone == NULL)
        return;
    free(zone->name);
    free(zone->offsets);
    free(zone);
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

bool zone_fetch(struct zone **zone, struct db *db, const char *name, struct error *err)
{
    const char *params[] = {name};
    struct db_rows *rows = NULL;

    if (!db_query(db, &sql_ingest_zone, params, &rows, err)) {
        if (strcmp(err->sqlstate, "HR001") == 0)
            err->code = EXIT_USAGE;
        return fail_within(err, "--assume-zone");
    }
    size_t count = db_rows_count(rows);
    struct zone_offset *offsets = mem_alloc(count * sizeof(*offsets));
    for (size_t row = 0; row < count; row++)
        offsets[row] = (struct zone_offset){db_int64(rows, row, "starts_us"), db_int64(rows, row, "ahead_us")};
    *zone = zone_new(name, offsets, count);
    free(offsets);
    db_rows_free(rows);
    return true;
}

/* The last offset that starts at or before an instant; the first one where none does. */
static size_t offset_at(const struct zone *zone, int64_t us)
{
    size_t low = 0;
    size_t high = zone->count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->offsets[middle].starts_us <= us)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The instant at which the zone's clock shows local_us (as if it were UTC): the earlier one where it does so twice.
 * False: it never does, because the clock was put forward over it. Only the offsets of the day before to the day after
 * can show it. */
static bool find_instant(const struct zone *zone, int64_t local_us, int64_t *us)
{
    size_t last = offset_at(zone, local_us + DAY_US);

    for (size_t i = offset_at(zone, local_us - DAY_US); i <= last; i++) {
        int64_t instant = local_us - zone->offsets[i].ahead_us;
        if (offset_at(zone, instant) == i) {
            *us = instant;
            return true;
        }
    }
    return false;
}

bool zone_apply(const struct zone *zone, struct value *time, struct arena *arena, struct rejection *why)
{
    int64_t local_us = 0;
    int64_t us = 0;
    char text[TIMESTAMP_SIZE];

    if (time->kind != VALUE_TEXT || !timestamp_parse_local(time->text, &local_us))
        return true;
    if (!find_instant(zone, local_us, &us)) {
        why->field = FIELD_TIME;
        why->reason = "bad_time";
        snprintf(why->text, sizeof(why->text),
                 "time is \"%.*s\": the clock of %s was put forward over it, so it is no time there; write it with its "
                 "zone",
                 (int)(time->text.size < SHOWN_DIGITS ? time->text.size : SHOWN_DIGITS), time->text.data, zone->name);
        return false;
    }
    time->text = arena_copy(arena, str_of(timestamp_format(us, text)));
    return true;
}
