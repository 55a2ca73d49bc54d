/* SPDX-License-Identifier: MIT */
/* The statement of a billing month: counts by rule and reason, the charge line by line, and the checks. */

#include "headroom/reconcile.h"
#include "reconcile/fetch.h"
#include "statements.h"

/* What the statement's parts are fetched from and into. */
struct source {
    struct db *db;
    const char *contract, *month;
    struct arena *arena;
};

/* Numbers as parameters. */
struct number {
    char text[FETCH_ID_SIZE];
};

static const char *number(struct number *number, int64_t value)
{
    return fetch_id(value, number->text);
}

/* Makes one item of a row. */
typedef void fill_item(void *item, const struct db_rows *rows, size_t row, struct arena *arena);

struct kind {
    const struct sql *sql;
    fill_item *fill;
    size_t size; /* of an item */
};

/* The count items that are there already, and behind them one of each row; NULL when the query failed. */
static void *fetch_items(const struct source *source, const struct kind *kind, const char *const *values,
                         const void *items, size_t *count, struct error *err)
{
    struct db_rows *rows = NULL;
    if (!db_query(source->db, kind->sql, values, &rows, err))
        return NULL;
    size_t before = *count;
    *count += db_rows_count(rows);
    char *all = arena_alloc(source->arena, (*count + 1) * kind->size);
    if (before > 0)
        memcpy(all, items, before * kind->size);
    for (size_t i = before; i < *count; i++)
        kind->fill(all + i * kind->size, rows, i - before, source->arena);
    db_rows_free(rows);
    return all;
}

static void fill_reason(void *item, const struct db_rows *rows, size_t row, struct arena *arena)
{
    *(struct reconcile_reason *)item = (struct reconcile_reason){
        .reason = fetch_text(rows, row, "reason", arena),
        .requests = db_int64(rows, row, "requests"),
    };
}

static void fill_rule(void *item, const struct db_rows *rows, size_t row, struct arena *arena)
{
    *(struct reconcile_rule *)item = (struct reconcile_rule){
        .rule = fetch_text(rows, row, "rule", arena),
        .unique_handles = db_int64(rows, row, "unique_handles"),
        .difference = db_int64(rows, row, "difference"),
        .charge = fetch_text(rows, row, "charge", arena),
        .charge_difference = fetch_text(rows, row, "charge_difference", arena),
    };
}

static void fill_side(void *item, const struct db_rows *rows, size_t row, struct arena *arena)
{
    *(struct reconcile_side *)item = (struct reconcile_side){
        .side = fetch_text(rows, row, "side", arena),
        .at = fetch_time(rows, row, "at"),
        .leave = db_int64(rows, row, "leave"),
        .come = db_int64(rows, row, "come"),
        .leave_charge = fetch_text(rows, row, "leave_charge", arena),
        .come_charge = fetch_text(rows, row, "come_charge", arena),
    };
}

static void fill_check(void *item, const struct db_rows *rows, size_t row, struct arena *arena)
{
    *(struct reconcile_check *)item = (struct reconcile_check){
        .name = fetch_text(rows, row, "name", arena),
        .expected = fetch_text(rows, row, "expected", arena),
        .found = fetch_text(rows, row, "found", arena),
        .state = fetch_text(rows, row, "state", arena),
    };
}

static void fill_difference(void *item, const struct db_rows *rows, size_t row, struct arena *arena)
{
    *(struct reconcile_difference *)item = (struct reconcile_difference){
        .owner = fetch_text(rows, row, "owner", arena),
        .maintained = fetch_text(rows, row, "maintained", arena),
        .recounted = fetch_text(rows, row, "recounted", arena),
        .total = db_int64(rows, row, "total"),
    };
}

static void fill_pair(void *item, const struct db_rows *rows, size_t row, struct arena *arena)
{
    *(struct reconcile_pair *)item = (struct reconcile_pair){
        .source = fetch_text(rows, row, "source", arena),
        .id = fetch_text(rows, row, "event_id", arena),
        .earlier = {fetch_time(rows, row, "earlier_at"), fetch_text(rows, row, "earlier_subject", arena),
                    fetch_text(rows, row, "earlier_class", arena), db_int64(rows, row, "earlier_batch")},
        .later = {fetch_time(rows, row, "later_at"), fetch_text(rows, row, "later_subject", arena),
                  fetch_text(rows, row, "later_class", arena), db_int64(rows, row, "later_batch")},
        .resolved = db_bool(rows, row, "resolved"),
    };
}

static const struct kind reasons = {&sql_reconcile_not_counted, fill_reason, sizeof(struct reconcile_reason)};
static const struct kind rules = {&sql_reconcile_spread, fill_rule, sizeof(struct reconcile_rule)};
static const struct kind sides = {&sql_reconcile_boundary, fill_side, sizeof(struct reconcile_side)};
static const struct kind totals = {&sql_reconcile_totals, fill_check, sizeof(struct reconcile_check)};
static const struct kind recounts = {&sql_reconcile_recount, fill_check, sizeof(struct reconcile_check)};
static const struct kind kept = {&sql_reconcile_recount_kept, fill_check, sizeof(struct reconcile_check)};
static const struct kind pair_checks = {&sql_reconcile_pair_checks, fill_check, sizeof(struct reconcile_check)};
static const struct kind differing = {&sql_reconcile_differences, fill_difference, sizeof(struct reconcile_difference)};
static const struct kind pairs = {&sql_reconcile_pairs, fill_pair, sizeof(struct reconcile_pair)};

/* Fetches items of a kind into a list of the statement, behind those that it has. */
#define FETCH(source, list, kind, values, err)                                                                         \
    (((list).items = fetch_items(source, kind, values, (list).items, &(list).count, err)) != NULL)

static bool fetch_lines(const struct source *source, struct reconcile_statement *statement, struct error *err)
{
    struct db_rows *rows = NULL;
    struct number overage;
    const char *const values[] = {source->contract, source->month, number(&overage, statement->status.overage)};
    if (!db_query(source->db, &sql_reconcile_lines, values, &rows, err))
        return false;
    statement->lines.items = fetch_charge_lines(rows, source->arena, &statement->lines.count);
    db_rows_free(rows);
    return true;
}

static bool fetch_app_only(const struct source *source, struct reconcile_statement *statement, struct error *err)
{
    struct db_rows *rows = NULL;
    const char *const values[] = {source->contract, source->month};
    if (!db_query_one(source->db, &sql_reconcile_app_only, values, &rows, err))
        return false;
    statement->app_only_requests = db_int64(rows, 0, "requests");
    statement->app_only_at_most = db_int64(rows, 0, "at_most");
    db_rows_free(rows);
    return true;
}

static bool fetch_totals(const struct source *source, struct reconcile_statement *statement, struct error *err)
{
    const struct reconcile_status *status = &statement->status;
    struct number requests, counted, provisional, low;
    const char *const values[] = {source->contract,
                                  source->month,
                                  number(&requests, status->requests),
                                  number(&counted, status->counted_requests),
                                  number(&provisional, status->provisional),
                                  number(&low, status->low_day_count)};
    return FETCH(source, statement->checks, &totals, values, err);
}

/* What the status found is handed on, so that the owners are counted once. */
static bool fetch_parts(const struct source *source, struct reconcile_statement *statement, struct error *err)
{
    const struct reconcile_status *status = &statement->status;
    struct number handles;
    const char *const month[] = {source->contract, source->month};
    const char *const spread[] = {source->contract, source->month, status->spread};
    const char *const counted[] = {source->contract, source->month, number(&handles, status->unique_handles)};
    return FETCH(source, statement->not_counted, &reasons, month, err) &&
           FETCH(source, statement->spread, &rules, spread, err) &&
           FETCH(source, statement->boundary, &sides, counted, err) && fetch_lines(source, statement, err) &&
           fetch_app_only(source, statement, err) && fetch_totals(source, statement, err);
}

bool reconcile_statement(struct db *db, const struct reconcile_contract *contract, const char *month,
                         struct arena *arena, struct reconcile_statement *statement, struct error *err)
{
    struct number id;
    const struct source source = {db, number(&id, contract->id), month, arena};
    *statement = (struct reconcile_statement){0};
    if (!reconcile_status(db, contract, month, arena, &statement->status, err))
        return false;
    statement->today = statement->status;
    if (strcmp(statement->status.state, "closed") == 0 &&
        !reconcile_status_today(db, contract, month, arena, &statement->today, err))
        return false;
    return fetch_parts(&source, statement, err);
}

static bool has_failed(const struct reconcile_statement *statement, size_t first)
{
    for (size_t i = first; i < statement->checks.count; i++) {
        if (strcmp(statement->checks.items[i].state, "fail") == 0)
            return true;
    }
    return false;
}

bool reconcile_recount(struct db *db, const struct reconcile_contract *contract, const char *month, struct arena *arena,
                       struct reconcile_statement *statement, struct error *err)
{
    struct number id;
    const struct source source = {db, number(&id, contract->id), month, arena};
    const char *const values[] = {source.contract, month, statement->today.spread};
    size_t first = statement->checks.count;
    statement->recounted = true;
    if (!FETCH(&source, statement->checks, &recounts, values, err))
        return false;
    if (has_failed(statement, first) && !FETCH(&source, statement->differences, &differing, values, err))
        return false;
    return FETCH(&source, statement->checks, &kept, values, err);
}

bool reconcile_pairs(struct db *db, const struct reconcile_contract *contract, const char *month, struct arena *arena,
                     struct reconcile_statement *statement, struct error *err)
{
    struct number id;
    const struct source source = {db, number(&id, contract->id), month, arena};
    const char *const values[] = {source.contract, month};
    statement->paired = true;
    return FETCH(&source, statement->checks, &pair_checks, values, err) &&
           FETCH(&source, statement->pairs, &pairs, values, err);
}
