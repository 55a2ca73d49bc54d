/* SPDX-License-Identifier: MIT */
/* Ends what an import or a look-up taught: a change of its batch, and a link of the chain. */

#include <string.h>

#include "headroom/identities.h"
#include "headroom/model.h"
#include "statements.h"

#define REASON_SIZE_MAX 1000 /* bytes */

static bool check_words(const char *batch_id, const char *reason, struct error *err)
{
    const char *fault = given_text_fault(str_of(reason), REASON_SIZE_MAX);
    int64_t number;

    if (!str_to_int64(str_of(batch_id), 1, INT64_MAX, &number))
        return fail(err, EXIT_USAGE, "'%s' is no number of a batch; 'headroom identities list' shows them", batch_id);
    if (str_trim(str_of(reason)).size == 0)
        fault = "is empty";
    return fault == NULL || fail(err, EXIT_USAGE, "--reason %s; say in a few words why, for the record", fault);
}

static bool check_batch(const struct db_rows *rows, const char *batch_id, struct error *err)
{
    if (db_is_null(rows, 0, "batch_id"))
        return fail(err, EXIT_USAGE, "there is no batch %s; 'headroom identities list' shows the imports", batch_id);
    if (strcmp(db_text(rows, 0, "kind"), "identities") != 0)
        return fail(err, EXIT_USAGE,
                    "batch %s holds events, not identities; 'headroom batch void %s --reason …' takes it out of the "
                    "counts, with what it taught",
                    batch_id, batch_id);
    if (db_text(rows, 0, "action") != NULL)
        return fail(
            err, EXIT_COMMAND,
            "batch %s was withdrawn already, by %s on %s (%s); 'headroom batch restore %s --reason …' brings it "
            "back",
            batch_id, db_text(rows, 0, "changed_by"), db_text(rows, 0, "changed_on"), db_text(rows, 0, "reason"),
            batch_id);
    return true;
}

static bool find_batch(struct db *db, const char *batch_id, struct error *err)
{
    struct db_rows *rows = NULL;
    char number[64];
    bool fine;

    if (!db_query_one(db, &sql_chain_lock, NULL, &rows, err))
        return fail_within(err, "the chain");
    db_rows_free(rows);
    snprintf(number, sizeof number, "{%s}", batch_id);
    if (!db_query_one(db, &sql_batch_named, (const char *const[]){number, number}, &rows, err))
        return false;
    fine = check_batch(rows, batch_id, err);
    db_rows_free(rows);
    return fine;
}

/* Adds the change and its link. */
static bool add_change(struct db *db, const char *const params[4], char chain_head[DIGEST_HEX_SIZE], struct error *err)
{
    struct db_rows *change = NULL;
    struct db_rows *link = NULL;
    char changes[32];
    bool done = false;

    if (!db_query_one(db, &sql_batch_add_change, params, &change, err))
        return false;
    snprintf(changes, sizeof changes, "{%s}", db_text(change, 0, "change_id"));
    if (db_query_one(db, &sql_batch_link_changes, (const char *const[]){changes}, &link, err)) {
        snprintf(chain_head, DIGEST_HEX_SIZE, "%s", db_text(link, 0, "chain_head"));
        db_rows_free(link);
        done = true;
    }
    db_rows_free(change);
    return done;
}

bool ingest_withdraw_identities(const struct db_target *target, const char *batch_id, const char *reason,
                                const char *by, char chain_head[DIGEST_HEX_SIZE], struct error *err)
{
    const char *const params[] = {batch_id, "withdraw", reason, by};
    struct db *db = NULL;
    bool done = check_words(batch_id, reason, err) && db_open(&db, target, DB_WRITER, err) && db_begin(db, err) &&
                find_batch(db, batch_id, err) && add_change(db, params, chain_head, err) && db_commit(db, err);

    db_close(db);
    return done;
}
