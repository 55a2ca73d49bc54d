/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_SELECTION_H
#define HEADROOM_CLI_SELECTION_H

/* What --contract and --month choose, for the commands that answer for contracts and billing months. */

#include "cli/command.h"
#include "headroom/reconcile.h"

#define OPTION_CONTRACT_OF_ALL                                                                                         \
    {                                                                                                                  \
        "contract", 0, "NAME", "only this contract; default: all"                                                      \
    }
#define OPTION_MONTH                                                                                                   \
    {                                                                                                                  \
        "month", 0, "2026-10|this|last", "the billing month; default: the open month of now"                           \
    }

struct selected {
    struct reconcile_contract contract;
    char month[RECONCILE_MONTH_SIZE];
};

/* An open database in one snapshot, and the billing months that are meant. */
struct selection {
    struct db *db;
    struct arena *arena;
    struct selected *items; /* at least one */
    size_t count;
};

enum selection_scope {
    SELECTION_ALL,        /* without --contract: all contracts */
    SELECTION_ONE,        /* without --contract: the only one there is */
    SELECTION_ALL_MONTHS, /* as SELECTION_ALL, and without --month all months that have a statement */
};

/* A contract without such a month is left out with a note, and an error when it is the only one asked for. */
MUST_CHECK bool selection_open(struct selection *selection, const struct invocation *invocation,
                               enum selection_scope scope, struct error *err);
/* Has the months' figures kept that take going through all their subjects, and looks at the database in a new snapshot.
 * Before anything of the months was read. */
MUST_CHECK bool selection_keep(struct selection *selection, struct error *err);
/* Only the contract's id, as a parameter; NULL for a name of NULL. */
#define SELECTION_ID_SIZE 24
MUST_CHECK bool selection_contract(struct db *db, const char *name, char out[SELECTION_ID_SIZE], const char **id,
                                   struct error *err);
/* The same for the months before each contract's newest one, so many of those that count as history. */
MUST_CHECK bool selection_keep_history(struct selection *selection, size_t newest, struct error *err);
void selection_close(struct selection *selection); /* also after a failed open */

#endif
