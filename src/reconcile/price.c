/* SPDX-License-Identifier: MIT */
/* What handles over the limit cost, as the database prices them. */

#include "headroom/pricing.h"

#include "reconcile/fetch.h"
#include "statements.h"

static struct price_answer answer_of(const struct db_rows *rows, struct arena *arena)
{
    return (struct price_answer){
        .limit = db_is_null(rows, 0, "unit_limit") ? RECONCILE_NO_LIMIT : db_int64(rows, 0, "unit_limit"),
        .handles = db_is_null(rows, 0, "handles") ? PRICE_NO_HANDLES : db_int64(rows, 0, "handles"),
        .units = db_int64(rows, 0, "units"),
        .charged = db_int64(rows, 0, "charged"),
        .charge = fetch_text(rows, 0, "charge", arena),
        .marginal = fetch_text(rows, 0, "marginal", arena),
        .fee = fetch_text(rows, 0, "fee", arena),
        .currency = fetch_text(rows, 0, "currency", arena),
    };
}

static bool fetch_answer(struct db *db, const char *const *values, struct arena *arena, struct price_answer *answer,
                         struct error *err)
{
    struct db_rows *rows = NULL;
    if (!db_query_one(db, &sql_price_answer, values, &rows, err))
        return false;
    *answer = answer_of(rows, arena);
    db_rows_free(rows);
    return true;
}

static bool fetch_price_lines(struct db *db, const char *const *values, struct arena *arena,
                              struct price_answer *answer, struct error *err)
{
    struct db_rows *rows = NULL;
    if (!db_query(db, &sql_price_lines, values, &rows, err))
        return false;
    answer->lines = fetch_charge_lines(rows, arena, &answer->line_count);
    db_rows_free(rows);
    return true;
}

bool price_answer(struct db *db, const struct reconcile_contract *contract, const char *month,
                  enum price_question question, int64_t number, struct arena *arena, struct price_answer *answer,
                  struct error *err)
{
    char id[FETCH_ID_SIZE], count[FETCH_ID_SIZE];
    const char *text = fetch_id(number, count);
    const char *const asked[] = {fetch_id(contract->id, id), month, question == PRICE_UNITS ? text : NULL,
                                 question == PRICE_HANDLES ? text : NULL};
    if (!fetch_answer(db, asked, arena, answer, err))
        return fail_within(err, "contract '%s', %.7s", contract->name, month);
    answer->contract = contract->name;
    answer->month = arena_copy(arena, (struct str){month, sizeof "2026-10" - 1}).data;
    return fetch_price_lines(db, (const char *const[]){id, month, fetch_id(answer->units, count)}, arena, answer, err);
}
