/* SPDX-License-Identifier: MIT */
/* Opens the ledger and finds the contracts and billing months that a command is asked for. */

#include "cli/selection.h"

#include <string.h>

#include "headroom/history.h"

static bool find_contracts(struct selection *selection, const char *name, enum selection_scope scope,
                           struct reconcile_contracts *contracts, struct error *err)
{
    if (scope != SELECTION_ONE)
        return reconcile_find_contracts(selection->db, name, selection->arena, contracts, err);
    contracts->items = arena_alloc(selection->arena, sizeof *contracts->items);
    contracts->count = 1;
    return reconcile_find_contract(selection->db, name, selection->arena, contracts->items, err);
}

/* Which contracts have no such month: worth a note where others have it. */
static void note_left_out(const struct reconcile_contract *contract, const char *month)
{
    struct error why;
    (void)reconcile_no_month(contract, month, &why);
    log_note("%s", why.text);
}

static bool find_months(struct selection *selection, const struct reconcile_contracts *contracts, const char *wanted,
                        struct error *err)
{
    selection->items = arena_alloc(selection->arena, contracts->count * sizeof *selection->items);
    for (size_t i = 0; i < contracts->count; i++) {
        struct selected *item = &selection->items[selection->count];
        bool exists;
        item->contract = contracts->items[i];
        if (!reconcile_look_up_month(selection->db, &item->contract, wanted, item->month, &exists, err))
            return false;
        selection->count += exists;
        if (exists)
            continue;
        if (contracts->count == 1)
            return reconcile_no_month(&item->contract, item->month, err);
        note_left_out(&item->contract, item->month);
    }
    return selection->count > 0 || fail(err, EXIT_COMMAND, "no contract has the billing month that was asked for");
}

static bool find_all_months(struct selection *selection, const struct reconcile_contracts *contracts, struct error *err)
{
    struct reconcile_months *months = arena_alloc(selection->arena, contracts->count * sizeof *months);
    size_t total = 0;
    for (size_t i = 0; i < contracts->count; i++) {
        if (!reconcile_all_months(selection->db, &contracts->items[i], selection->arena, &months[i], err))
            return false;
        total += months[i].count;
    }
    selection->items = arena_alloc(selection->arena, (total + 1) * sizeof *selection->items);
    for (size_t i = 0; i < contracts->count; i++) {
        for (size_t j = 0; j < months[i].count; j++) {
            struct selected *item = &selection->items[selection->count++];
            item->contract = contracts->items[i];
            memcpy(item->month, months[i].items[j], sizeof item->month);
        }
    }
    return true;
}

bool selection_open(struct selection *selection, const struct invocation *invocation, enum selection_scope scope,
                    struct error *err)
{
    char wanted[RECONCILE_MONTH_SIZE];
    struct reconcile_contracts contracts;
    const char *name = argument_option(invocation->arguments, "contract");
    const char *month = argument_option(invocation->arguments, "month");
    *selection = (struct selection){.arena = arena_new()};
    if (!reconcile_read_month(month, RECONCILE_OPEN_MONTH, wanted, err) ||
        !cli_open(invocation, DB_READER, &selection->db, err) || !db_begin_snapshot(selection->db, err) ||
        !find_contracts(selection, name, scope, &contracts, err))
        return false;
    if (scope == SELECTION_ALL_MONTHS && month == NULL)
        return find_all_months(selection, &contracts, err);
    return find_months(selection, &contracts, wanted, err);
}

bool selection_keep(struct selection *selection, struct error *err)
{
    db_rollback(selection->db);
    for (size_t i = 0; i < selection->count; i++)
        reconcile_keep(selection->db, &selection->items[i].contract, selection->items[i].month);
    return db_begin_snapshot(selection->db, err);
}

/* Those before it are among what it needs. */
static bool is_newest(const struct selection *selection, size_t i)
{
    return i + 1 == selection->count || selection->items[i + 1].contract.id != selection->items[i].contract.id;
}

bool selection_keep_history(struct selection *selection, size_t newest, struct error *err)
{
    db_rollback(selection->db);
    for (size_t i = 0; i < selection->count; i++)
        if (is_newest(selection, i))
            history_keep(selection->db, &selection->items[i].contract, selection->items[i].month, newest);
    return db_begin_snapshot(selection->db, err);
}

void selection_close(struct selection *selection)
{
    db_close(selection->db);
    arena_free(selection->arena);
    *selection = (struct selection){0};
}

bool selection_contract(struct db *db, const char *name, char out[SELECTION_ID_SIZE], const char **id,
                        struct error *err)
{
    struct reconcile_contract contract;
    struct arena *arena;
    bool found;

    *id = NULL;
    if (name == NULL)
        return true;
    arena = arena_new();
    found = reconcile_find_contract(db, name, arena, &contract, err);
    if (found) {
        snprintf(out, SELECTION_ID_SIZE, "%lld", (long long)contract.id);
        *id = out;
    }
    arena_free(arena);
    return found;
}
