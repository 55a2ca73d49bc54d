/* SPDX-License-Identifier: MIT */
/* What a gateway learns from the ledger. */

#include "gateway/gateway_ledger.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/token_key.h"
#include "statements.h"

static bool tell_apps(struct gateway_ledger *ledger, struct db *db, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(db, &sql_ingest_apps, NULL, &rows, err))
        return false;
    size_t count = db_rows_count(rows);
    struct recorder_app *apps = mem_alloc((count + 1) * sizeof(*apps));
    for (size_t i = 0; i < count; i++)
        apps[i] = (struct recorder_app){db_text(rows, i, "app_key"), db_text(rows, i, "name")};
    recorder_tell_apps(ledger->recorder, apps, count);
    free(apps);
    db_rows_free(rows);
    return true;
}

static bool look_for_contract(struct gateway_ledger *ledger, struct db *db, struct error *err)
{
    struct db_rows *rows = NULL;

    if (ledger->contract == NULL || ledger->known)
        return true;
    if (!db_query(db, &sql_contract_names, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < db_rows_count(rows) && !ledger->known; i++)
        ledger->known = strcmp(db_text(rows, i, "name"), ledger->contract) == 0;
    db_rows_free(rows);
    atomic_store(&ledger->refuses, !ledger->known);
    return true;
}

bool gateway_ledger_fits(void *context, struct db *db, struct error *err)
{
    const struct gateway_ledger *ledger = context;
    unsigned char key[RECORDER_KEY_SIZE];
    bool fits = token_key_read(db, key, err) &&
                (recorder_has_key(ledger->recorder, key) || token_key_differs(ledger->target, ledger->folder, err));

    explicit_bzero(key, sizeof(key));
    return fits;
}

void gateway_ledger_told(void *context, struct db *db)
{
    struct gateway_ledger *ledger = context;
    struct error err;

    if (!tell_apps(ledger, db, &err) || !look_for_contract(ledger, db, &err) ||
        !figures_read(ledger->figures, db, &err))
        log_warning("the contracts can't be read, so what was known before stands: %s", err.text);
}

bool gateway_ledger_refuses(const struct gateway_ledger *ledger)
{
    return atomic_load(&ledger->refuses);
}
