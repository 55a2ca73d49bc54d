/* SPDX-License-Identifier: MIT */
/* Days of each contract as a sorted array, searched by halves. */

#include "ingest/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "statements.h"

struct contract_days {
    int64_t contract_id;
    struct calendar_day *days;
    size_t count;
};

struct calendar {
    struct contract_days *contracts;
    size_t count;
};

struct calendar *calendar_new(void)
{
    return mem_alloc(sizeof(struct calendar));
}

void calendar_clear(struct calendar *calendar)
{
    for (size_t i = 0; i < calendar->count; i++)
        free(calendar->contracts[i].days);
    calendar->count = 0;
}

void calendar_free(struct calendar *calendar)
{
    if (calendar == NULL)
        return;
    calendar_clear(calendar);
    free(calendar->contracts);
    free(calendar);
}

void calendar_add(struct calendar *calendar, int64_t contract_id, struct calendar_day *days, size_t count)
{
    calendar->contracts = mem_resize(calendar->contracts, (calendar->count + 1) * sizeof(*calendar->contracts));
    calendar->contracts[calendar->count++] = (struct contract_days){contract_id, days, count};
}

bool calendar_fetch(struct calendar *calendar, struct db *db, int64_t contract_id, int64_t from_us, int64_t to_us,
                    struct error *err)
{
    char texts[3][24];
    const char *params[] = {texts[0], texts[1], texts[2]};
    struct db_rows *rows = NULL;

    snprintf(texts[0], sizeof(texts[0]), "%lld", (long long)contract_id);
    snprintf(texts[1], sizeof(texts[1]), "%lld", (long long)from_us);
    snprintf(texts[2], sizeof(texts[2]), "%lld", (long long)to_us);
    if (!db_query(db, &sql_ingest_calendar, params, &rows, err))
        return false;

    size_t count = db_rows_count(rows);
    struct calendar_day *days = mem_alloc((count + 1) * sizeof(*days));
    for (size_t row = 0; row < count; row++) {
        days[row] = (struct calendar_day){
            .starts_us = db_int64(rows, row, "starts_us"),
            .ends_us = db_int64(rows, row, "ends_us"),
            .month = (int32_t)db_int64(rows, row, "month_days"),
            .bit = (int16_t)db_int64(rows, row, "bit"),
        };
    }
    calendar_add(calendar, contract_id, days, count);
    db_rows_free(rows);
    return true;
}

static const struct contract_days *find_contract(const struct calendar *calendar, int64_t contract_id)
{
    for (size_t i = 0; i < calendar->count; i++) {
        if (calendar->contracts[i].contract_id == contract_id)
            return &calendar->contracts[i];
    }
    return NULL;
}

const struct calendar_day *calendar_find(const struct calendar *calendar, int64_t contract_id, int64_t time_us)
{
    const struct contract_days *contract = find_contract(calendar, contract_id);
    size_t low = 0;
    size_t high = contract == NULL ? 0 : contract->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct calendar_day *day = &contract->days[middle];
        if (time_us < day->starts_us)
            high = middle;
        else if (time_us >= day->ends_us)
            low = middle + 1;
        else
            return day;
    }
    return NULL;
}
