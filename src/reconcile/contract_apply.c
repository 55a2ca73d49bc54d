/* SPDX-License-Identifier: MIT */
/* Carries changes of contracts out, all or none, and says what becomes of their months. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/contracts.h"
#include "headroom/hold.h"
#include "headroom/reconcile.h"
#include "reconcile/fetch.h"
#include "statements.h"

struct applying {
    struct db *db;
    struct db *before; /* sees everything as it was until the commit */
    const struct contract_plan *plan;
    struct arena *arena;
};

/* ---- reading ---- */

bool contract_fetch_currencies(struct db *db, struct arena *arena, struct contract_currencies *currencies,
                               struct error *err)
{
    struct db_rows *rows = NULL;
    if (!db_query(db, &sql_contract_currencies, NULL, &rows, err))
        return false;
    currencies->count = db_rows_count(rows);
    currencies->items = arena_alloc(arena, (currencies->count + 1) * sizeof *currencies->items);
    for (size_t i = 0; i < currencies->count; i++)
        currencies->items[i] = (struct contract_currency){.code = fetch_text(rows, i, "code", arena),
                                                          .digits = (int)db_int64(rows, i, "digits")};
    db_rows_free(rows);
    return true;
}

bool contract_parse(struct str text, const char *source, json_t **documents, struct error *err)
{
    json_error_t why;
    json_t *given = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &why);

    if (given == NULL)
        return fail(err, EXIT_USAGE, "%s, line %d, column %d: this is no JSON: %s", source, why.line, why.column,
                    why.text);
    if (!json_is_array(given)) {
        *documents = json_array();
        return json_array_append_new(*documents, given) == 0;
    }
    *documents = given;
    return true;
}

bool contract_fetch(struct db *db, int64_t contract_id, json_t **document, struct error *err)
{
    char id[FETCH_ID_SIZE];
    json_error_t why;
    struct db_rows *rows = NULL;

    if (!db_query_one(db, &sql_contract_show, (const char *const[]){fetch_id(contract_id, id)}, &rows, err))
        return false;
    *document = json_loads(db_text(rows, 0, "document"), 0, &why);
    db_rows_free(rows);
    return *document != NULL || fail(err, EXIT_COMMAND, "the database gave JSON that cannot be read: %s", why.text);
}

/* ---- one change ---- */

/* Whoever made the new document started from that one. */
static bool check_before(const struct applying *applying, const struct contract_change *change, struct error *err)
{
    json_t *document = NULL;

    if (change->contract_id == 0)
        return true;
    if (!contract_fetch(applying->db, change->contract_id, &document, err))
        return false;
    bool same = json_equal(document, change->before);
    json_decref(document);
    return same || fail(err, EXIT_COMMAND,
                        "contract '%s' was changed by somebody else meanwhile; nothing was changed; look at it and run "
                        "the same again",
                        json_string_value(json_object_get(change->document, "name")));
}

static bool check_zones(const struct applying *applying, const struct contract_change *change, struct error *err)
{
    const json_t *terms = json_object_get(change->document, "terms");
    const char *known = "";

    for (size_t i = 0; i < json_array_size(terms); i++) {
        const char *zone = json_string_value(json_object_get(json_array_get(terms, i), "time_zone"));
        struct db_rows *rows = NULL;
        if (strcmp(zone, known) == 0)
            continue;
        if (!db_query_one(applying->db, &sql_contract_check_zone, (const char *const[]){zone}, &rows, err)) {
            err->code = strcmp(err->sqlstate, "HR001") == 0 ? EXIT_USAGE : err->code;
            bool above = i == 0 && json_is_string(json_object_get(change->given, "time_zone"));
            return above ? fail_within(err, "%s/time_zone", change->at)
                         : fail_within(err, "%s/terms/%zu/time_zone", change->at, i);
        }
        db_rows_free(rows);
        known = zone;
    }
    return true;
}

static bool fetch_figures(struct db *db, int64_t contract_id, const char *months, struct db_rows **rows,
                          struct error *err)
{
    char id[FETCH_ID_SIZE];
    return db_query(db, &sql_contract_figures, (const char *const[]){fetch_id(contract_id, id), months}, rows, err);
}

static int64_t fetch_limit(const struct db_rows *rows, size_t row)
{
    return db_is_null(rows, row, "unit_limit") ? RECONCILE_NO_LIMIT : db_int64(rows, row, "unit_limit");
}

static void take_months(struct contract_result *result, struct arena *arena, const struct db_rows *before,
                        const struct db_rows *after)
{
    result->month_count = db_rows_count(after);
    result->months = arena_alloc(arena, (result->month_count + 1) * sizeof *result->months);
    for (size_t i = 0; i < result->month_count; i++)
        result->months[i] = (struct contract_month){
            .month = fetch_text(after, i, "month", arena),
            .is_closed = db_bool(before, i, "closed"),
            .limit_before = fetch_limit(before, i),
            .limit_after = fetch_limit(after, i),
            .handles_before = db_int64(before, i, "unique_handles"),
            .handles_after = db_int64(after, i, "unique_handles"),
            .charge_before = fetch_text(before, i, "charge", arena),
            .charge_after = fetch_text(after, i, "charge", arena),
            .currency_before = fetch_text(before, i, "currency", arena),
            .currency_after = fetch_text(after, i, "currency", arena),
        };
}

static bool note_months(const struct applying *applying, const struct contract_change *change, const char *months,
                        struct contract_result *result, struct error *err)
{
    struct db_rows *before = NULL;
    struct db_rows *after = NULL;

    if (change->contract_id == 0)
        return true;
    bool done = fetch_figures(applying->before, change->contract_id, months, &before, err) &&
                fetch_figures(applying->db, change->contract_id, months, &after, err);
    if (done)
        take_months(result, applying->arena, before, after);
    db_rows_free(before);
    db_rows_free(after);
    return done;
}

/* A refusal names the place in the document, which may stand in an array. */
static bool refused(const struct contract_change *change, struct error *err)
{
    struct error first = *err;

    if (strcmp(err->sqlstate, "HR001") != 0)
        return false;
    err->code = EXIT_USAGE;
    if (change->at[0] != '\0')
        snprintf(err->text, sizeof err->text, "%s%s%.1000s", change->at, first.text[0] == '/' ? "" : ": ", first.text);
    return false;
}

static bool apply_one(const struct applying *applying, const struct contract_change *change,
                      struct contract_result *result, struct error *err)
{
    char id[FETCH_ID_SIZE];
    char *text = json_dumps(change->document, JSON_COMPACT);
    const char *const params[] = {change->contract_id != 0 ? fetch_id(change->contract_id, id) : NULL,
                                  applying->plan->action, text, applying->plan->reason, applying->plan->by};
    struct db_rows *rows = NULL;
    bool done = false;

    *result = (struct contract_result){.name = json_string_value(json_object_get(change->document, "name"))};
    if (!check_before(applying, change, err) || !check_zones(applying, change, err))
        goto out;
    if (!db_query_one(applying->db, &sql_contract_apply, params, &rows, err)) {
        done = refused(change, err);
        goto out;
    }
    result->version = db_int64(rows, 0, "version");
    done = note_months(applying, change, db_text(rows, 0, "months"), result, err);
out:
    db_rows_free(rows);
    free(text);
    return done;
}

/* ---- all of them ---- */

/* The contracts that are there already, as a bigint[]. */
static const char *contract_ids(const struct applying *applying)
{
    const struct contract_plan *plan = applying->plan;
    size_t size = 3 + plan->count * FETCH_ID_SIZE;
    char *ids = arena_alloc(applying->arena, size);
    size_t used = 0;

    for (size_t i = 0; i < plan->count; i++) {
        if (plan->changes[i].contract_id != 0)
            used += (size_t)snprintf(ids + used, size - used, "%c%" PRId64, used == 0 ? '{' : ',',
                                     plan->changes[i].contract_id);
    }
    snprintf(ids + used, size - used, used == 0 ? "{}" : "}");
    return ids;
}

bool contract_apply(const struct db_target *target, const struct contract_plan *plan, struct arena *arena,
                    struct contract_result *results, struct error *err)
{
    struct applying applying = {.plan = plan, .arena = arena};
    struct reconcile_hold *hold = NULL;
    bool done = db_open(&applying.db, target, DB_WRITER, err) && db_open(&applying.before, target, DB_READER, err) &&
                reconcile_hold(&hold, applying.db, contract_ids(&applying), plan->by, "a change of its terms", err);

    for (size_t i = 0; done && i < plan->count; i++)
        done = apply_one(&applying, &plan->changes[i], &results[i], err);
    if (done && !plan->dry_run) {
        done = reconcile_hold_commit(hold, err);
        hold = NULL;
    }
    reconcile_hold_rollback(hold);
    db_close(applying.before);
    db_close(applying.db);
    return done;
}
