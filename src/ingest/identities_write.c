/* SPDX-License-Identifier: MIT */
/* An import of identities, from the list to the rows of its batch. */

#include <stdlib.h>

#include "ingest/identities.h"
#include "statements.h"

#define STAGED_COLUMNS 6

static const char program[] = "headroom " HEADROOM_VERSION;

/* ---- staged ---- */

static void put_day(struct db_copy *copy, int32_t day)
{
    if (day == IDENTITY_NO_DAY)
        db_copy_null(copy);
    else
        db_copy_date(copy, day);
}

static void put_identity(struct db_copy *copy, const struct identity *identity)
{
    db_copy_row(copy);
    db_copy_text(copy, str_of(identity->subject));
    db_copy_int64(copy, identity->user_id);
    db_copy_int64(copy, (int64_t)identity->line);
    if (identity_is_claim(identity))
        db_copy_null(copy);
    else
        db_copy_time(copy, identity->together_us);
    put_day(copy, identity->from);
    put_day(copy, identity->until);
}

bool identities_stage(struct db *db, const struct identities *identities, struct error *err)
{
    struct db_copy *copy = NULL;

    if (!db_run(db, &sql_identities_stage, NULL, err) ||
        !db_copy_start(db, &sql_identities_copy_staged, STAGED_COLUMNS, &copy, err))
        return false;
    for (size_t i = 0; i < identities->count; i++)
        put_identity(copy, &identities->list[i]);
    return db_copy_finish(copy, err);
}

/* ---- from there to its rows ---- */

bool identities_count_known(struct db *db, struct identities_written *written, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(db, &sql_identities_known, NULL, &rows, err))
        return false;
    written->known_facts = db_int64(rows, 0, "facts");
    written->known_claims = db_int64(rows, 0, "claims");
    db_rows_free(rows);
    return true;
}

enum number {
    FIRST_LINE,
    LAST_LINE,
    FIRST_BYTE,
    END_BYTE,
    ADDED,
    DUPLICATE,
    NUMBERS
};

static bool add_batch(struct db *db, const struct identities *identities, struct identities_written *written,
                      struct error *err)
{
    const uint64_t numbers[NUMBERS] = {
        [FIRST_LINE] = identities->first_line, [LAST_LINE] = identities->last_line,
        [FIRST_BYTE] = identities->first_byte, [END_BYTE] = identities->end_byte,
        [ADDED] = identities->count,           [DUPLICATE] = identities->repeated,
    };
    char texts[NUMBERS][24];
    char digest[DIGEST_HEX_SIZE];
    struct db_rows *rows = NULL;

    for (int i = 0; i < NUMBERS; i++)
        snprintf(texts[i], sizeof texts[i], "%llu", (unsigned long long)numbers[i]);
    digest_hex(identities->digest, digest);
    const char *params[] = {
        identities->file, identities->format, texts[FIRST_LINE], texts[LAST_LINE], texts[FIRST_BYTE],
        texts[END_BYTE],  texts[ADDED],       texts[DUPLICATE],  digest,           identities->by,
        program,
    };
    if (!db_query_one(db, &sql_identities_add_batch, params, &rows, err))
        return false;
    written->batch_id = db_int64(rows, 0, "batch_id");
    db_rows_free(rows);
    return true;
}

bool identities_add(struct db *db, int64_t batch_id, struct error *err)
{
    char batch[24];
    const char *params[] = {batch};

    snprintf(batch, sizeof batch, "%lld", (long long)batch_id);
    return db_run(db, &sql_identities_add_facts, params, err) && db_run(db, &sql_identities_add_claims, params, err);
}

static bool link_batch(struct db *db, struct identities_written *written, struct error *err)
{
    char batch[24];
    const char *params[] = {batch};
    struct db_rows *rows = NULL;

    snprintf(batch, sizeof batch, "%lld", (long long)written->batch_id);
    if (!db_query_one(db, &sql_identities_link_batch, params, &rows, err))
        return fail_within(err, "the chain");
    snprintf(written->chain_head, sizeof written->chain_head, "%s", db_text(rows, 0, "chain_head"));
    db_rows_free(rows);
    return true;
}

bool identities_write(struct db *db, const struct identities *identities, struct identities_written *written,
                      struct error *err)
{
    *written = (struct identities_written){0};
    if (db_begin(db, err) && identities_stage(db, identities, err) && identities_count_known(db, written, err) &&
        add_batch(db, identities, written, err) && identities_add(db, written->batch_id, err) &&
        link_batch(db, written, err) && db_commit(db, err))
        return true;
    db_rollback(db);
    return false;
}
