/* SPDX-License-Identifier: MIT */
/* What a forecast rests on, as the database states it. */

#include "headroom/history.h"

#include <stdlib.h>
#include <string.h>

#include "reconcile/fetch.h"
#include "statements.h"

/* "3,0,12": the first of these numbers into the values, the rest 0. */
static const int64_t *numbers_of(const char *list, int count, struct arena *arena)
{
    int64_t *numbers = arena_alloc(arena, (size_t)count * sizeof *numbers);
    memset(numbers, 0, (size_t)count * sizeof *numbers);
    for (int i = 0; list != NULL && i < count; i++) {
        numbers[i] = strtoll(list, NULL, 10);
        list = strchr(list, ',');
        list += list != NULL;
    }
    return numbers;
}

static struct history_month month_of(const struct db_rows *rows, size_t row, struct arena *arena)
{
    struct history_month month = {
        .month = fetch_text(rows, row, "month", arena),
        .days = (int)db_int64(rows, row, "days"),
        .first_weekday = (int)db_int64(rows, row, "first_weekday"),
        .left_out = fetch_text(rows, row, "left_out", arena),
    };
    month.new_handles = numbers_of(db_text(rows, row, "new_handles"), month.days, arena);
    month.seen = numbers_of(db_text(rows, row, "seen"), month.days, arena);
    return month;
}

static const char *present(const struct history_wanted *wanted, char text[FETCH_ID_SIZE])
{
    return wanted->now != 0 ? fetch_id(wanted->now, text) : NULL;
}

bool history_fetch_months(struct db *db, const struct reconcile_contract *contract, const char *month,
                          const struct history_wanted *wanted, struct arena *arena, struct history *history,
                          struct error *err)
{
    char id[FETCH_ID_SIZE], newest[FETCH_ID_SIZE], now[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    const char *const values[] = {fetch_id(contract->id, id), month, fetch_id((int64_t)wanted->newest, newest),
                                  present(wanted, now)};
    if (!db_query(db, &sql_history_months, values, &rows, err))
        return fail_within(err, "contract '%s'", contract->name);
    history->month_count = db_rows_count(rows);
    history->months = arena_alloc(arena, (history->month_count + 1) * sizeof *history->months);
    for (size_t i = 0; i < history->month_count; i++)
        history->months[i] = month_of(rows, i, arena);
    db_rows_free(rows);
    return true;
}

static bool check_time(const struct db_rows *rows, const struct reconcile_contract *contract, const char *month,
                       struct error *err)
{
    char start[TIMESTAMP_SIZE];
    if (db_bool(rows, 0, "early"))
        return fail(err, EXIT_USAGE,
                    "--as-of lies before the billing month %.7s of contract '%s', which begins at %s; choose a later "
                    "time, or another --month",
                    month, contract->name, timestamp_format(db_int64(rows, 0, "period_start"), start));
    if (db_bool(rows, 0, "late"))
        return fail(err, EXIT_USAGE,
                    "--as-of lies in the future: what has not happened can't be counted; choose an earlier time");
    return true;
}

static void fill(struct history *history, const struct db_rows *rows, const char *month, struct arena *arena)
{
    *history = (struct history){
        .contract = fetch_text(rows, 0, "contract", arena),
        .month = arena_copy(arena, str_of(month)).data,
        .state = fetch_text(rows, 0, "state", arena),
        .broke_off = db_bool(rows, 0, "broke_off"),
        .period_start = fetch_time(rows, 0, "period_start"),
        .period_end = fetch_time(rows, 0, "period_end"),
        .is_ahead = db_bool(rows, 0, "is_ahead"),
        .as_of = fetch_time(rows, 0, "as_of"),
        .data_until = fetch_time(rows, 0, "data_until"),
        .limit = db_is_null(rows, 0, "unit_limit") ? RECONCILE_NO_LIMIT : db_int64(rows, 0, "unit_limit"),
        .currency = fetch_text(rows, 0, "currency", arena),
        .used = db_int64(rows, 0, "used"),
        .known = db_int64(rows, 0, "known"),
        .known_until = fetch_time(rows, 0, "known_until"),
        .heard_until = fetch_time(rows, 0, "heard_until"),
        .heard_elapsed = strtod(db_text(rows, 0, "heard_elapsed"), NULL),
        .first_day = (int32_t)db_int64(rows, 0, "first_day"),
        .elapsed = strtod(db_text(rows, 0, "elapsed"), NULL),
        .so_far = {.days = (int)db_int64(rows, 0, "days"), .first_weekday = (int)db_int64(rows, 0, "first_weekday")},
    };
    history->so_far.month = fetch_text(rows, 0, "month", arena);
}

/* What a closed month was sealed with is not what is counted today. */
static const char *counted_in(const struct reconcile_status *status, char text[FETCH_ID_SIZE])
{
    bool is_counted = status != NULL && strcmp(status->state, "closed") != 0;
    return is_counted ? fetch_id(status->unique_handles, text) : NULL;
}

bool history_fetch(struct db *db, const struct reconcile_contract *contract, const char *month,
                   const struct history_wanted *wanted, struct arena *arena, struct history *history, struct error *err)
{
    char id[FETCH_ID_SIZE], as_of[FETCH_ID_SIZE], counted[FETCH_ID_SIZE], now[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    const char *const values[] = {
        fetch_id(contract->id, id),
        month,
        wanted->as_of != HISTORY_NO_TIME ? fetch_id(wanted->as_of, as_of) : NULL,
        counted_in(wanted->status, counted),
        present(wanted, now),
    };
    if (!db_query_one(db, &sql_history_so_far, values, &rows, err))
        return fail_within(err, "contract '%s', %.7s", contract->name, month);
    bool fits = check_time(rows, contract, month, err);
    if (fits)
        fill(history, rows, month, arena);
    db_rows_free(rows);
    return fits && history_fetch_months(db, contract, month, wanted, arena, history, err);
}

bool history_fetch_days(struct db *db, const struct reconcile_contract *contract, struct history *history,
                        struct arena *arena, struct error *err)
{
    char id[FETCH_ID_SIZE], time[FETCH_ID_SIZE], first_day[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    const char *const values[] = {fetch_id(contract->id, id), history->month, fetch_id(history->known_until, time),
                                  fetch_id(history->first_day, first_day)};
    if (!db_query_one(db, &sql_history_days, values, &rows, err))
        return fail_within(err, "contract '%s', %.7s", contract->name, history->month);
    history->so_far.new_handles = numbers_of(db_text(rows, 0, "new_handles"), history->so_far.days, arena);
    history->so_far.seen = numbers_of(db_text(rows, 0, "seen"), history->so_far.days, arena);
    db_rows_free(rows);
    return true;
}

void history_keep(struct db *db, const struct reconcile_contract *contract, const char *month, size_t newest)
{
    struct error err;
    char id[FETCH_ID_SIZE], wanted[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    const char *const values[] = {fetch_id(contract->id, id), month, fetch_id((int64_t)newest, wanted)};
    if (!db_query(db, &sql_history_keep, values, &rows, &err))
        log_detail("contract '%s': nothing is kept of the months before %.7s: %s", contract->name, month, err.text);
    db_rows_free(rows);
}

bool history_charges(struct db *db, const struct reconcile_contract *contract, const char *month,
                     const int64_t *handles, size_t count, size_t averaged, int64_t limit, const char *unit_price,
                     struct arena *arena, struct history_price *price, struct error *err)
{
    char id[FETCH_ID_SIZE], other[FETCH_ID_SIZE], of_first[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    const char *const values[] = {
        fetch_id(contract->id, id),
        month,
        db_array_text(arena, handles, count),
        limit != HISTORY_LIMIT_OF_TERMS ? fetch_id(limit, other) : NULL,
        unit_price,
        fetch_id((int64_t)averaged, of_first),
    };
    if (!db_query(db, &sql_history_charges, values, &rows, err))
        return fail_within(err, "contract '%s', %.7s", contract->name, month);
    const char **amounts = arena_alloc(arena, (db_rows_count(rows) + 1) * sizeof *amounts);
    for (size_t i = 0; i < db_rows_count(rows); i++)
        amounts[i] = fetch_text(rows, i, "amount", arena);
    price->amount = amounts;
    price->mean = fetch_text(rows, 0, "mean", arena);
    db_rows_free(rows);
    return true;
}

bool history_charges_more(struct db *db, const struct reconcile_contract *contract, const char *month,
                          const int64_t *few, const int64_t *more, size_t count, int64_t limit, const char *unit_price,
                          struct arena *arena, struct history_difference *price, struct error *err)
{
    char id[FETCH_ID_SIZE], other[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    const char *const values[] = {fetch_id(contract->id, id),
                                  month,
                                  db_array_text(arena, few, count),
                                  db_array_text(arena, more, count),
                                  limit != HISTORY_LIMIT_OF_TERMS ? fetch_id(limit, other) : NULL,
                                  unit_price};
    if (!db_query_one(db, &sql_history_charges_more, values, &rows, err))
        return fail_within(err, "contract '%s', %.7s", contract->name, month);
    *price = (struct history_difference){
        .few = fetch_text(rows, 0, "few", arena),
        .more = fetch_text(rows, 0, "more", arena),
        .difference = fetch_text(rows, 0, "difference", arena),
    };
    db_rows_free(rows);
    return true;
}
