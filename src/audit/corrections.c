/* SPDX-License-Identifier: MIT */
/* Voiding and restoring: a change is added, the months it touches are counted again, and the chain holds it. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/audit.h"
#include "headroom/hold.h"
#include "headroom/reconcile.h"
#include "statements.h"

/* The change under way. */
struct correction {
    struct db *db;
    const struct audit_change *change;
    struct arena *arena;
    struct audit_change_result *result;
    const char *batches;    /* bigint[] as text */
    struct db_rows *months; /* what batch_months gave */
};

/* ---- which batches ---- */

static bool refuse_missing(const struct db_rows *rows, size_t row, struct error *err)
{
    const char *first = db_text(rows, row, "first_id");
    const char *last = db_text(rows, row, "last_id");

    if (strcmp(first, last) == 0)
        return fail(err, EXIT_USAGE, "there is no batch %s; `headroom batch list` shows them", first);
    return fail(err, EXIT_USAGE, "there is no batch from %s to %s; `headroom batch list` shows them", first, last);
}

static bool refuse_voided(const struct db_rows *rows, size_t row, struct error *err)
{
    return fail(err, EXIT_COMMAND, "batch %s is voided already, by %s on %s: %s; nothing was changed",
                db_text(rows, row, "batch_id"), db_text(rows, row, "changed_by"), db_text(rows, row, "changed_on"),
                db_text(rows, row, "reason"));
}

static bool check_void(const struct db_rows *rows, size_t row, struct error *err)
{
    const char *batch = db_text(rows, row, "batch_id");

    if (strcmp(db_text(rows, row, "kind"), "identities") == 0)
        return fail(err, EXIT_COMMAND,
                    "batch %s is an import of identities; `headroom identities withdraw %s` takes it back; nothing was "
                    "changed",
                    batch, batch);
    return db_is_null(rows, row, "action") || refuse_voided(rows, row, err);
}

static bool check_restore(const struct db_rows *rows, size_t row, struct error *err)
{
    return !db_is_null(rows, row, "action") ||
           fail(err, EXIT_COMMAND, "batch %s is not voided, so there is nothing to restore; nothing was changed",
                db_text(rows, row, "batch_id"));
}

static bool check_batch(const struct correction *correction, const struct db_rows *rows, size_t row, struct error *err)
{
    if (db_is_null(rows, row, "batch_id"))
        return refuse_missing(rows, row, err);
    return correction->change->action == AUDIT_VOID ? check_void(rows, row, err) : check_restore(rows, row, err);
}

/* Ranges may overlap; the rows come in the order of batches. */
static bool take_batches(struct correction *correction, const struct db_rows *rows, struct error *err)
{
    struct audit_change_result *result = correction->result;
    size_t count = db_rows_count(rows);

    result->batches = arena_alloc(correction->arena, (count + 1) * sizeof *result->batches);
    result->batch_count = 0;
    for (size_t row = 0; row < count; row++) {
        int64_t batch = db_int64(rows, row, "batch_id");
        if (!check_batch(correction, rows, row, err))
            return false;
        if (result->batch_count == 0 || result->batches[result->batch_count - 1] != batch)
            result->batches[result->batch_count++] = batch;
    }
    correction->batches = db_array_text(correction->arena, result->batches, result->batch_count);
    return true;
}

static bool find_batches(struct correction *correction, struct error *err)
{
    const struct audit_change *change = correction->change;
    int64_t *first = arena_alloc(correction->arena, (change->range_count + 1) * sizeof *first);
    int64_t *last = arena_alloc(correction->arena, (change->range_count + 1) * sizeof *last);
    struct db_rows *rows = NULL;

    for (size_t i = 0; i < change->range_count; i++) {
        first[i] = change->ranges[i].first;
        last[i] = change->ranges[i].last;
    }
    const char *const params[] = {db_array_text(correction->arena, first, change->range_count),
                                  db_array_text(correction->arena, last, change->range_count)};
    if (!db_query(correction->db, &sql_batch_named, params, &rows, err))
        return false;
    bool done = take_batches(correction, rows, err);
    db_rows_free(rows);
    return done;
}

bool audit_check_range(struct db *db, const struct audit_range *range, struct error *err)
{
    char first[32];
    char last[32];
    const char *const params[] = {first, last};
    struct db_rows *rows = NULL;

    snprintf(first, sizeof first, "{%" PRId64 "}", range->first);
    snprintf(last, sizeof last, "{%" PRId64 "}", range->last);
    if (!db_query(db, &sql_batch_named, params, &rows, err))
        return false;
    bool done = !db_is_null(rows, 0, "batch_id") || refuse_missing(rows, 0, err);
    db_rows_free(rows);
    return done;
}

/* ---- the months, before and after ---- */

static bool find_months(struct correction *correction, struct error *err)
{
    struct audit_change_result *result = correction->result;

    if (!db_query(correction->db, &sql_batch_months, (const char *const[]){correction->batches}, &correction->months,
                  err))
        return false;
    result->month_count = db_rows_count(correction->months);
    result->months = arena_alloc(correction->arena, (result->month_count + 1) * sizeof *result->months);
    return true;
}

static bool fetch_status(const struct correction *correction, size_t row, struct reconcile_status *status,
                         struct error *err)
{
    const struct reconcile_contract contract = {.id = db_int64(correction->months, row, "contract_id"),
                                                .name = db_text(correction->months, row, "name")};

    return reconcile_status_today(correction->db, &contract, db_text(correction->months, row, "month"),
                                  correction->arena, status, err);
}

static bool note_before(struct correction *correction, struct error *err)
{
    for (size_t row = 0; row < correction->result->month_count; row++) {
        struct reconcile_status status;
        if (!fetch_status(correction, row, &status, err))
            return false;
        correction->result->months[row] = (struct audit_changed_month){
            .contract = status.contract,
            .month = status.month,
            .handles_before = status.unique_handles,
            .charge_before = status.charge,
            .currency = status.currency,
        };
    }
    return true;
}

static bool note_after(struct correction *correction, struct error *err)
{
    for (size_t row = 0; row < correction->result->month_count; row++) {
        struct reconcile_status status;
        if (!fetch_status(correction, row, &status, err))
            return false;
        correction->result->months[row].handles_after = status.unique_handles;
        correction->result->months[row].charge_after = status.charge;
    }
    return true;
}

static bool rebuild_usage(struct correction *correction, struct error *err)
{
    for (size_t row = 0; row < correction->result->month_count; row++) {
        const char *const params[] = {db_text(correction->months, row, "contract_id"),
                                      db_text(correction->months, row, "month")};
        struct db_rows *rows = NULL;
        if (!db_bool(correction->months, row, "has_events"))
            continue;
        if (!db_query(correction->db, &sql_batch_rebuild_usage, params, &rows, err))
            return fail_within(err, "contract '%s', %.7s", db_text(correction->months, row, "name"), params[1]);
        db_rows_free(rows);
    }
    return true;
}

static bool rebuild_sources(struct correction *correction, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(correction->db, &sql_batch_rebuild_sources, (const char *const[]){correction->batches}, &rows,
                      err))
        return fail_within(err, "what sources brought");
    db_rows_free(rows);
    return true;
}

/* ---- the change itself ---- */

static bool add_changes(struct correction *correction, int64_t *changes, struct error *err)
{
    static const char *const actions[] = {[AUDIT_VOID] = "void", [AUDIT_RESTORE] = "restore"};
    const struct audit_change *change = correction->change;

    for (size_t i = 0; i < correction->result->batch_count; i++) {
        char batch[DB_NUMBER_SIZE];
        const char *const params[] = {db_number_text(correction->result->batches[i], batch), actions[change->action],
                                      change->reason, change->by};
        struct db_rows *rows = NULL;
        if (!db_query_one(correction->db, &sql_batch_add_change, params, &rows, err))
            return false;
        changes[i] = db_int64(rows, 0, "change_id");
        db_rows_free(rows);
    }
    return true;
}

static bool link_changes(struct correction *correction, const int64_t *changes, struct error *err)
{
    const char *const params[] = {db_array_text(correction->arena, changes, correction->result->batch_count)};
    struct db_rows *rows = NULL;

    if (!db_query(correction->db, &sql_batch_link_changes, params, &rows, err))
        return fail_within(err, "the chain");
    const char *head = db_text(rows, db_rows_count(rows) - 1, "chain_head");
    correction->result->chain_head = arena_copy(correction->arena, str_of(head)).data;
    db_rows_free(rows);
    return true;
}

/* Behind the lock: the batches are looked at again, since somebody may have changed them meanwhile. */
static bool change_all(struct correction *correction, struct error *err)
{
    if (!find_batches(correction, err))
        return false;
    int64_t *changes = arena_alloc(correction->arena, (correction->result->batch_count + 1) * sizeof *changes);
    return find_months(correction, err) && note_before(correction, err) && add_changes(correction, changes, err) &&
           rebuild_usage(correction, err) && rebuild_sources(correction, err) && note_after(correction, err) &&
           (correction->change->dry_run || link_changes(correction, changes, err));
}

static bool find_contracts(struct correction *correction, const char **contracts, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(correction->db, &sql_batch_contracts, (const char *const[]){correction->batches}, &rows, err))
        return false;
    *contracts = arena_copy(correction->arena, str_of(db_text(rows, 0, "contracts"))).data;
    db_rows_free(rows);
    return true;
}

bool audit_change_batches(const struct db_target *target, const struct audit_change *change, struct arena *arena,
                          struct audit_change_result *result, struct error *err)
{
    static const char *const purposes[] = {[AUDIT_VOID] = "voiding batches", [AUDIT_RESTORE] = "restoring batches"};
    struct correction correction = {.change = change, .arena = arena, .result = result};
    struct reconcile_hold *hold = NULL;
    const char *contracts = NULL;
    bool done = false;

    *result = (struct audit_change_result){0};
    if (!db_open(&correction.db, target, DB_WRITER, err) || !find_batches(&correction, err) ||
        !find_contracts(&correction, &contracts, err) ||
        !reconcile_hold(&hold, correction.db, contracts, change->by, purposes[change->action], err))
        goto out;
    done = change_all(&correction, err);
    if (done && !change->dry_run) {
        done = reconcile_hold_commit(hold, err);
        hold = NULL;
    }
out:
    reconcile_hold_rollback(hold);
    db_rows_free(correction.months);
    db_close(correction.db);
    return done;
}
