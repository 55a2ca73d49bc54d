/* SPDX-License-Identifier: MIT */
/* Which contract and which billing month are meant. */

#include <string.h>

#include "headroom/model.h"
#include "headroom/reconcile.h"
#include "reconcile/fetch.h"
#include "statements.h"

static bool all_contracts(struct db *db, struct arena *arena, struct reconcile_contracts *found, struct error *err)
{
    struct db_rows *rows = NULL;
    if (!db_query(db, &sql_contract_names, NULL, &rows, err))
        return false;
    found->count = db_rows_count(rows);
    found->items = arena_alloc(arena, (found->count + 1) * sizeof *found->items);
    for (size_t i = 0; i < found->count; i++) {
        found->items[i].id = db_int64(rows, i, "contract_id");
        found->items[i].name = fetch_text(rows, i, "name", arena);
    }
    db_rows_free(rows);
    return true;
}

/* "acme, beta and 3 more": a message has room for some. */
static void list_names(const struct reconcile_contracts *contracts, struct buffer *names)
{
    size_t shown = contracts->count > 12 ? 10 : contracts->count;
    bool fits = true;
    for (size_t i = 0; i < shown && fits; i++)
        fits = buffer_format(names, "%s%s", i > 0 ? ", " : "", contracts->items[i].name);
    if (fits && shown < contracts->count)
        fits = buffer_format(names, " and %zu more", contracts->count - shown);
    (void)fits;
}

static bool unknown_contract(const struct reconcile_contracts *contracts, const char *name, struct error *err)
{
    struct buffer names;
    buffer_init(&names, 900);
    list_names(contracts, &names);
    (void)fail(err, EXIT_USAGE, "there is no contract '%s'; there are: %s", name, names.data);
    buffer_free(&names);
    return false;
}

bool reconcile_find_contracts(struct db *db, const char *name, struct arena *arena, struct reconcile_contracts *found,
                              struct error *err)
{
    if (!all_contracts(db, arena, found, err))
        return false;
    if (found->count == 0)
        return fail(err, EXIT_COMMAND,
                    "there is no contract yet; add one: headroom contract add NAME --limit N "
                    "--price 2.50 --currency USD");
    if (name == NULL)
        return true;
    for (size_t i = 0; i < found->count; i++) {
        if (strcmp(found->items[i].name, name) == 0) {
            found->items += i;
            found->count = 1;
            return true;
        }
    }
    return unknown_contract(found, name, err);
}

bool reconcile_find_contract(struct db *db, const char *name, struct arena *arena, struct reconcile_contract *found,
                             struct error *err)
{
    struct reconcile_contracts contracts;
    if (!reconcile_find_contracts(db, name, arena, &contracts, err))
        return false;
    *found = contracts.items[0];
    if (contracts.count == 1)
        return true;
    struct buffer names;
    buffer_init(&names, 900);
    list_names(&contracts, &names);
    (void)fail(err, EXIT_USAGE, "which contract? There are several: %s; name one with --contract", names.data);
    buffer_free(&names);
    return false;
}

bool reconcile_read_month(const char *option, enum reconcile_month_default otherwise, char month[RECONCILE_MONTH_SIZE],
                          struct error *err)
{
    if (option == NULL)
        option = otherwise == RECONCILE_LAST_MONTH ? "last" : "this";
    if (strcmp(option, "this") == 0 || strcmp(option, "last") == 0) {
        memcpy(month, option, sizeof "this");
        return true;
    }
    if (month_parse(str_of(option), month))
        return true;
    return fail(err, EXIT_USAGE, "'%s' is no month; write it as 2026-10, or as this or last", option);
}

bool reconcile_look_up_month(struct db *db, const struct reconcile_contract *contract, const char *wanted,
                             char month[RECONCILE_MONTH_SIZE], bool *exists, struct error *err)
{
    char id[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    if (!db_query_one(db, &sql_reconcile_month, (const char *const[]){fetch_id(contract->id, id), wanted}, &rows, err))
        return false;
    const char *found = db_text(rows, 0, "month");
    snprintf(month, RECONCILE_MONTH_SIZE, "%s", found != NULL ? found : "");
    *exists = db_bool(rows, 0, "has_period");
    db_rows_free(rows);
    return true;
}

bool reconcile_all_months(struct db *db, const struct reconcile_contract *contract, struct arena *arena,
                          struct reconcile_months *months, struct error *err)
{
    char id[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    if (!db_query(db, &sql_reconcile_months, (const char *const[]){fetch_id(contract->id, id)}, &rows, err))
        return false;
    months->count = db_rows_count(rows);
    months->items = arena_alloc(arena, (months->count + 1) * sizeof *months->items);
    for (size_t i = 0; i < months->count; i++)
        snprintf(months->items[i], sizeof months->items[i], "%s", db_text(rows, i, "month"));
    db_rows_free(rows);
    return true;
}

bool reconcile_no_month(const struct reconcile_contract *contract, const char *month, struct error *err)
{
    if (month[0] == '\0')
        return fail(err, EXIT_COMMAND, "no billing month of contract '%s' is over yet", contract->name);
    return fail(err, EXIT_COMMAND,
                "contract '%s' has no billing month %.7s: it lies before the first term or after the end; "
                "'headroom contract show %s' lists the terms",
                contract->name, month, contract->name);
}

bool reconcile_find_month(struct db *db, const struct reconcile_contract *contract, const char *wanted,
                          char month[RECONCILE_MONTH_SIZE], struct error *err)
{
    bool exists = false;
    if (!reconcile_look_up_month(db, contract, wanted, month, &exists, err))
        return false;
    return exists || reconcile_no_month(contract, month, err);
}
