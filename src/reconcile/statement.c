/* SPDX-License-Identifier: MIT */
/* The statement of a billing month: counts by rule and reason, the charge line by line, and the checks. */

#include "headroom/reconcile.h"
#include "reconcile/fetch.h"
#include "statements.h"

/* Everything that a part of the statement is fetched with. */
struct source {
    struct db *db;
    const char *const *values; /* contract id, month */
    struct arena *arena;
};

static bool fetch_not_counted(const struct source *source, struct reconcile_statement *statement, struct error *err)
{
    struct db_rows *rows = NULL;
    if (!db_query(source->db, &sql_reconcile_not_counted, source->values, &rows, err))
        return false;
    size_t count = db_rows_count(rows);
    statement->not_counted_count = count;
    statement->not_counted = arena_alloc(source->arena, (count + 1) * sizeof *statement->not_counted);
    for (size_t i = 0; i < count; i++)
        statement->not_counted[i] = (struct reconcile_reason){
            .reason = fetch_text(rows, i, "reason", source->arena),
            .requests = db_int64(rows, i, "requests"),
        };
    db_rows_free(rows);
    return true;
}

static bool fetch_spread(const struct source *source, struct reconcile_statement *statement, struct error *err)
{
    struct db_rows *rows = NULL;
    if (!db_query(source->db, &sql_reconcile_spread, source->values, &rows, err))
        return false;
    size_t count = db_rows_count(rows);
    statement->spread_count = count;
    statement->spread = arena_alloc(source->arena, (count + 1) * sizeof *statement->spread);
    for (size_t i = 0; i < count; i++)
        statement->spread[i] = (struct reconcile_rule){
            .rule = fetch_text(rows, i, "rule", source->arena),
            .unique_handles = db_int64(rows, i, "unique_handles"),
            .charge = fetch_text(rows, i, "charge", source->arena),
        };
    db_rows_free(rows);
    return true;
}

static bool fetch_lines(const struct source *source, struct reconcile_statement *statement, struct error *err)
{
    struct db_rows *rows = NULL;
    if (!db_query(source->db, &sql_reconcile_lines, source->values, &rows, err))
        return false;
    statement->lines = fetch_charge_lines(rows, source->arena, &statement->line_count);
    db_rows_free(rows);
    return true;
}

/* Puts the checks that sql gives behind those that the statement has. */
static bool fetch_checks(const struct source *source, const struct sql *sql, struct reconcile_statement *statement,
                         struct error *err)
{
    struct db_rows *rows = NULL;
    if (!db_query(source->db, sql, source->values, &rows, err))
        return false;
    size_t before = statement->check_count;
    statement->check_count += db_rows_count(rows);
    struct reconcile_check *checks =
        arena_alloc(source->arena, (statement->check_count + 1) * sizeof *statement->checks);
    if (before > 0)
        memcpy(checks, statement->checks, before * sizeof *checks);
    for (size_t i = before; i < statement->check_count; i++)
        checks[i] = (struct reconcile_check){
            .name = fetch_text(rows, i - before, "name", source->arena),
            .expected = fetch_text(rows, i - before, "expected", source->arena),
            .found = fetch_text(rows, i - before, "found", source->arena),
            .state = fetch_text(rows, i - before, "state", source->arena),
        };
    statement->checks = checks;
    db_rows_free(rows);
    return true;
}

bool reconcile_statement(struct db *db, const struct reconcile_contract *contract, const char *month,
                         struct arena *arena, struct reconcile_statement *statement, struct error *err)
{
    char id[FETCH_ID_SIZE];
    const char *const values[] = {fetch_id(contract->id, id), month};
    const struct source source = {db, values, arena};
    *statement = (struct reconcile_statement){0};
    bool done = reconcile_status(db, contract, month, arena, &statement->status, err) &&
                fetch_not_counted(&source, statement, err) && fetch_spread(&source, statement, err) &&
                fetch_lines(&source, statement, err) && fetch_checks(&source, &sql_reconcile_checks, statement, err);
    return done;
}

bool reconcile_recount(struct db *db, const struct reconcile_contract *contract, const char *month, struct arena *arena,
                       struct reconcile_statement *statement, struct error *err)
{
    char id[FETCH_ID_SIZE];
    const char *const values[] = {fetch_id(contract->id, id), month};
    const struct source source = {db, values, arena};
    return fetch_checks(&source, &sql_reconcile_recount, statement, err);
}
