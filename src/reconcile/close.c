/* SPDX-License-Identifier: MIT */
/* Closing a month: the checklist, then owners, statement and seal in one transaction that holds the contract and the
 * chain; and the way back. */

#include "headroom/close.h"

#include <stdlib.h>
#include <string.h>

#include "headroom/hold.h"
#include "headroom/reconcile.h"
#include "reconcile/fetch.h"
#include "statements.h"

/* ---- the checklist ---- */

static char *add_escaped(char *at, const char *text)
{
    *at++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            *at++ = '\\';
        *at++ = *text;
    }
    *at++ = '"';
    return at;
}

/* A text[] as text. */
static char *source_array(const struct close_without *without)
{
    size_t size = sizeof "{}";

    for (size_t i = 0; i < without->count; i++)
        size += 2 * strlen(without->sources[i]) + sizeof ",\"\"";
    char *array = mem_alloc(size);
    char *at = array;
    *at++ = '{';
    for (size_t i = 0; i < without->count; i++) {
        if (i > 0)
            *at++ = ',';
        at = add_escaped(at, without->sources[i]);
    }
    *at = '}';
    return array;
}

static void take_checks(const struct db_rows *rows, struct arena *arena, struct close_checklist *checklist)
{
    *checklist = (struct close_checklist){.count = db_rows_count(rows)};
    checklist->items = arena_alloc(arena, (checklist->count + 1) * sizeof *checklist->items);
    checklist->forcible = true;
    for (size_t i = 0; i < checklist->count; i++) {
        struct close_check *check = &checklist->items[i];
        *check = (struct close_check){
            .name = fetch_text(rows, i, "name", arena),
            .blocks = db_bool(rows, i, "blocks"),
            .may_be_forced = db_bool(rows, i, "may_be_forced"),
            .state = fetch_text(rows, i, "state", arena),
            .words = fetch_text(rows, i, "words", arena),
        };
        if (strcmp(check->state, "fail") != 0)
            continue;
        checklist->blocked = true;
        checklist->closed_already |= strcmp(check->name, "it is not closed") == 0;
        checklist->forcible = checklist->forcible && check->may_be_forced;
    }
}

bool close_check(struct db *db, const struct reconcile_contract *contract, const char *month,
                 const struct close_without *without, struct arena *arena, struct close_checklist *checklist,
                 struct error *err)
{
    char id[FETCH_ID_SIZE];
    char *sources = source_array(without);
    struct db_rows *rows = NULL;
    bool done = db_query(db, &sql_close_checklist, (const char *const[]){fetch_id(contract->id, id), month, sources},
                         &rows, err);

    free(sources);
    if (!done) {
        if (strcmp(err->sqlstate, "HR001") == 0)
            err->code = EXIT_USAGE;
        return fail_within(err, "contract '%s', %.7s", contract->name, month);
    }
    take_checks(rows, arena, checklist);
    db_rows_free(rows);
    return true;
}

/* ---- the owners' digest ---- */

static bool add_owner(struct str line, void *context, struct error *err)
{
    struct digest *digest = context;

    (void)err;
    digest_add(digest, line.data, line.size);
    digest_add(digest, "\n", 1);
    return true;
}

bool close_digest_owners(struct db *db, int64_t seal_id, unsigned char out[DIGEST_SIZE], struct error *err)
{
    char id[FETCH_ID_SIZE];
    struct digest *digest = digest_new();
    bool done = db_run(db, &sql_close_choose_seal, (const char *const[]){fetch_id(seal_id, id)}, err) &&
                db_copy_out(db, &sql_close_owners, add_owner, digest, err);

    if (done)
        digest_peek(digest, out);
    digest_free(digest);
    return done;
}

/* ---- closing ---- */

/* One close under way, behind the lock. */
struct closing {
    struct db *db;
    const struct close_request *request;
    struct arena *arena;
    struct close_result *result;
    char contract[FETCH_ID_SIZE];
};

static bool hold_contract(struct reconcile_hold **hold, struct db *db, const struct reconcile_contract *contract,
                          const char *by, const char *purpose, struct error *err)
{
    char *contracts = mem_format("{%lld}", (long long)contract->id);
    bool done = reconcile_hold(hold, db, contracts, by, purpose, err);

    free(contracts);
    return done;
}

static bool query_text(const struct closing *closing, const struct sql *sql, const char *const *params,
                       const char *column, const char **text, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(closing->db, sql, params, &rows, err))
        return false;
    *text = fetch_text(rows, 0, column, closing->arena);
    db_rows_free(rows);
    return true;
}

/* Facts of other contracts' loads can change whose a handle is: from here on nothing more is taken in. */
static bool add_owners(const struct closing *closing, const char **seal_id, char digest_text[DIGEST_HEX_SIZE],
                       struct error *err)
{
    const char *const params[] = {closing->contract, closing->request->month};
    const char *head = NULL;
    unsigned char digest[DIGEST_SIZE];

    if (!query_text(closing, &sql_chain_lock, NULL, "seq", &head, err) ||
        !query_text(closing, &sql_close_add_owners, params, "seal_id", seal_id, err) ||
        !close_digest_owners(closing->db, strtoll(*seal_id, NULL, 10), digest, err))
        return false;
    digest_hex(digest, digest_text);
    return true;
}

static bool seal(const struct closing *closing, struct error *err)
{
    const struct close_request *request = closing->request;
    const struct close_result *result = closing->result;
    const char *seal_id = NULL;
    char digest[DIGEST_HEX_SIZE];
    char *statement = NULL, *checklist = NULL;
    bool done = false;

    if (!add_owners(closing, &seal_id, digest, err))
        return false;
    statement = request->statement(closing->db, request->contract, request->month, closing->arena, err);
    if (statement == NULL)
        return false;
    checklist = request->record(&result->checklist, request);
    const char *const params[] = {
        seal_id,
        closing->contract,
        request->month,
        digest,
        statement,
        checklist,
        result->checklist.blocked ? request->reason : NULL,
        request->by,
    };
    done = query_text(closing, &sql_close_add_seal, params, "chain_head", &closing->result->chain_head, err);
    free(statement);
    free(checklist);
    return done;
}

static bool close_held(const struct closing *closing, struct error *err)
{
    const struct close_request *request = closing->request;
    struct close_result *result = closing->result;
    const struct close_checklist *checklist = &result->checklist;

    if (!close_check(closing->db, request->contract, request->month, &request->without, closing->arena,
                     &result->checklist, err))
        return false;
    if (checklist->blocked && !(request->force && checklist->forcible))
        return true;
    if (!seal(closing, err))
        return fail_within(err, "contract '%s', %.7s", request->contract->name, request->month);
    result->closed = true;
    return true;
}

bool close_month(struct db *db, const struct close_request *request, struct arena *arena, struct close_result *result,
                 struct error *err)
{
    struct closing closing = {db, request, arena, result, ""};
    struct reconcile_hold *hold = NULL;

    *result = (struct close_result){0};
    fetch_id(request->contract->id, closing.contract);
    /* What can be counted before loaders are kept out need not be counted while they are. */
    reconcile_keep(db, request->contract, request->month);
    if (!hold_contract(&hold, db, request->contract, request->by, "closing a month", err))
        return false;
    bool done = close_held(&closing, err);
    if (!done || !result->closed) {
        reconcile_hold_rollback(hold);
        return done;
    }
    if (reconcile_hold_commit(hold, err))
        return true;
    result->closed = false;
    return false;
}

/* ---- opening again ---- */

static bool reopen_held(const struct closing *reopening, const char *reason, const char **chain_head, struct error *err)
{
    const struct close_request *request = reopening->request;
    const char *const params[] = {reopening->contract, request->month, reason, request->by};
    const char *carriers = NULL;

    if (!query_text(reopening, &sql_close_carriers, params, "months", &carriers, err))
        return false;
    if (carriers != NULL)
        return fail(err, EXIT_COMMAND,
                    "contract '%s': %.7s stays closed, since the close of %s carries an adjustment of it; reopen that "
                    "first, the latest month before the others",
                    request->contract->name, request->month, carriers);
    if (!query_text(reopening, &sql_close_reopen, params, "chain_head", chain_head, err))
        return false;
    return *chain_head != NULL ||
           fail(err, EXIT_COMMAND, "contract '%s': %.7s is not closed, so there is nothing to open again",
                request->contract->name, request->month);
}

bool close_reopen(struct db *db, const struct reconcile_contract *contract, const char *month, const char *reason,
                  const char *by, struct arena *arena, const char **chain_head, struct error *err)
{
    const struct close_request request = {.contract = contract, .month = month, .by = by};
    struct closing reopening = {db, &request, arena, NULL, ""};
    struct reconcile_hold *hold = NULL;

    fetch_id(contract->id, reopening.contract);
    if (!hold_contract(&hold, db, contract, by, "opening a month again", err))
        return false;
    if (!reopen_held(&reopening, reason, chain_head, err)) {
        reconcile_hold_rollback(hold);
        return false;
    }
    return reconcile_hold_commit(hold, err);
}
