/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_CALENDAR_H
#define HEADROOM_INGEST_CALENDAR_H

/* The billing calendar of the contracts in a batch, fetched from headroom.calendar: which month and day an instant is.
 * The rule itself is in sql/routines; this only looks up. */

#include "headroom/db.h"
#include "headroom/model.h"

/* A day of a period. Months are days since 1970-01-01 of the month's first day. */
struct calendar_day {
    int64_t starts_us, ends_us; /* half-open */
    int32_t month;
    int16_t bit;
};

struct calendar;
struct calendar *calendar_new(void);
void calendar_free(struct calendar *calendar);  /* NULL is fine */
void calendar_clear(struct calendar *calendar); /* forgets all contracts */
/* Adds a contract's days, in order; takes days, which free() ends. */
void calendar_add(struct calendar *calendar, int64_t contract_id, struct calendar_day *days, size_t count);
/* Fetches the days of a contract that touch [from_us, to_us]. */
MUST_CHECK bool calendar_fetch(struct calendar *calendar, struct db *db, int64_t contract_id, int64_t from_us,
                               int64_t to_us, struct error *err);
/* The day of an instant; NULL: no terms cover it. */
const struct calendar_day *calendar_find(const struct calendar *calendar, int64_t contract_id, int64_t time_us);

#endif
