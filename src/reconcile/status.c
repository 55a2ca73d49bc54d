/* SPDX-License-Identifier: MIT */
/* The status of a billing month, and the head of the chain, as the database states them. */

#include "headroom/reconcile.h"
#include "reconcile/fetch.h"
#include "statements.h"

static struct reconcile_status status_of(const struct db_rows *rows, struct arena *arena)
{
    struct reconcile_status status = {
        .contract = fetch_text(rows, 0, "contract", arena),
        .month = fetch_text(rows, 0, "month", arena),
        .period_start = fetch_time(rows, 0, "period_start"),
        .period_end = fetch_time(rows, 0, "period_end"),
        .time_zone = fetch_text(rows, 0, "time_zone", arena),
        .state = fetch_text(rows, 0, "state", arena),
        .rule = fetch_text(rows, 0, "rule", arena),
        .unique_handles = db_int64(rows, 0, "unique_handles"),
        .provisional = db_int64(rows, 0, "provisional"),
        .limit = db_is_null(rows, 0, "unit_limit") ? RECONCILE_NO_LIMIT : db_int64(rows, 0, "unit_limit"),
        .headroom = db_int64(rows, 0, "headroom"),
        .overage = db_int64(rows, 0, "overage"),
        .charge = fetch_text(rows, 0, "charge", arena),
        .currency = fetch_text(rows, 0, "currency", arena),
        .requests = db_int64(rows, 0, "requests"),
        .counted_requests = db_int64(rows, 0, "counted_requests"),
        .as_of = fetch_time(rows, 0, "as_of"),
        .data_until = fetch_time(rows, 0, "data_until"),
        .completeness = fetch_text(rows, 0, "completeness", arena),
        .completeness_words = fetch_text(rows, 0, "completeness_words", arena),
        .silent = fetch_text(rows, 0, "silent", arena),
        .low_days = fetch_text(rows, 0, "low_days", arena),
        .low_days_words = fetch_text(rows, 0, "low_days_words", arena),
        .low_day_count = db_int64(rows, 0, "low_day_count"),
        .spread = fetch_text(rows, 0, "spread", arena),
    };
    status.due = status.charge;
    return status;
}

static bool fetch_status(struct db *db, const struct sql *sql, const struct reconcile_contract *contract,
                         const char *month, struct arena *arena, struct reconcile_status *status, struct error *err)
{
    char id[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    const char *const values[] = {fetch_id(contract->id, id), month};
    if (!db_query_one(db, sql, values, &rows, err))
        return fail_within(err, "contract '%s', %.7s", contract->name, month);
    *status = status_of(rows, arena);
    db_rows_free(rows);
    return true;
}

static bool fetch_adjustments(struct db *db, const struct reconcile_contract *contract, const char *month,
                              struct arena *arena, struct reconcile_status *status, struct error *err)
{
    char id[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    const char *const values[] = {fetch_id(contract->id, id), month, status->charge, status->currency};
    if (!db_query(db, &sql_status_adjustments, values, &rows, err))
        return fail_within(err, "contract '%s', %.7s", contract->name, month);
    status->adjustment_count = db_rows_count(rows);
    status->adjustments = arena_alloc(arena, (status->adjustment_count + 1) * sizeof *status->adjustments);
    for (size_t i = 0; i < status->adjustment_count; i++)
        status->adjustments[i] = (struct reconcile_adjustment){
            .month = fetch_text(rows, i, "month", arena),
            .unique_handles = db_int64(rows, i, "unique_handles"),
            .amount = fetch_text(rows, i, "amount", arena),
            .currency = fetch_text(rows, i, "currency", arena),
        };
    if (status->adjustment_count > 0)
        status->due = fetch_text(rows, 0, "due", arena);
    db_rows_free(rows);
    return true;
}

bool reconcile_status(struct db *db, const struct reconcile_contract *contract, const char *month, struct arena *arena,
                      struct reconcile_status *status, struct error *err)
{
    return fetch_status(db, &sql_status_month, contract, month, arena, status, err) &&
           fetch_adjustments(db, contract, month, arena, status, err);
}

bool reconcile_status_today(struct db *db, const struct reconcile_contract *contract, const char *month,
                            struct arena *arena, struct reconcile_status *status, struct error *err)
{
    return fetch_status(db, &sql_status_today, contract, month, arena, status, err);
}

void reconcile_keep(struct db *db, const struct reconcile_contract *contract, const char *month)
{
    struct error err;
    char id[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    const char *const values[] = {fetch_id(contract->id, id), month};
    if (!db_query(db, &sql_reconcile_keep, values, &rows, &err))
        log_detail("contract '%s', %.7s: nothing is kept of the month: %s", contract->name, month, err.text);
    db_rows_free(rows);
}

bool reconcile_chain_head(struct db *db, struct arena *arena, struct reconcile_chain_head *head, struct error *err)
{
    struct db_rows *rows = NULL;
    if (!db_query_one(db, &sql_chain_head, NULL, &rows, err))
        return false;
    head->length = db_int64(rows, 0, "seq");
    head->digest = fetch_text(rows, 0, "digest", arena);
    db_rows_free(rows);
    return true;
}
