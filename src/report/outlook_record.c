/* SPDX-License-Identifier: MIT */
/* Keeps what a forecast said. */

#include "headroom/outlook.h"
#include "statements.h"

#define REAL_SIZE 32

static const char *real_text(double value, char text[REAL_SIZE])
{
    snprintf(text, REAL_SIZE, "%.17g", value);
    return text;
}

bool outlook_record(struct db *db, const struct reconcile_contract *contract, const struct outlook *outlook,
                    const char *by, bool *is_new, struct error *err)
{
    const struct history *history = &outlook->history;
    const struct forecast *forecast = &outlook->forecast;
    bool limited = outlook->limit != RECONCILE_NO_LIMIT;
    char id[DB_NUMBER_SIZE], as_of[DB_NUMBER_SIZE], used[DB_NUMBER_SIZE], limit[DB_NUMBER_SIZE];
    char months[DB_NUMBER_SIZE], p10[REAL_SIZE], p50[REAL_SIZE], p90[REAL_SIZE], probability[REAL_SIZE];
    struct db_rows *rows = NULL;
    const char *const values[] = {
        db_number_text(contract->id, id),
        history->month,
        db_number_text(history->as_of, as_of),
        db_number_text(history->used, used),
        real_text(forecast_quantile(forecast, 0.1), p10),
        real_text(forecast_quantile(forecast, 0.5), p50),
        real_text(forecast_quantile(forecast, 0.9), p90),
        limited ? real_text(outlook->probability, probability) : NULL,
        limited ? db_number_text(outlook->limit, limit) : NULL,
        outlook->charge_mean,
        history->currency,
        db_number_text((int64_t)forecast->months, months),
        OUTLOOK_METHOD,
        by,
    };
    if (!db_query(db, &sql_forecast_record, values, &rows, err))
        return fail_within(err, "contract '%s', %s", contract->name, history->so_far.month);
    *is_new = db_rows_count(rows) > 0;
    db_rows_free(rows);
    return true;
}
