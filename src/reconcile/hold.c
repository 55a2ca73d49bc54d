/* SPDX-License-Identifier: MIT */
/* Exclusive access to contracts. Shared holders of a lock that overlap would never let an exclusive one in, so the
 * intent goes before the lock, in a transaction of its own. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/hold.h"
#include "statements.h"

struct reconcile_hold {
    struct db *db;
    char *intents; /* bigint[] as text; NULL: none committed */
    sigset_t signals_before;
};

static void hold_back_signals(struct reconcile_hold *hold)
{
    sigset_t held;

    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &held, &hold->signals_before);
}

static bool intend(struct reconcile_hold *hold, const char *contracts, const char *who, const char *purpose,
                   struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(hold->db, &sql_contract_intend, (const char *const[]){contracts, who, purpose}, &rows, err))
        return false;
    hold->intents = mem_text(db_text(rows, 0, "intents"));
    db_rows_free(rows);
    return true;
}

static bool run_query(struct db *db, const struct sql *sql, const char *const *params, struct error *err)
{
    struct db_rows *rows = NULL;
    bool done = db_query(db, sql, params, &rows, err);

    db_rows_free(rows);
    return done;
}

static bool still_held(const char *patience, struct error *err)
{
    return fail(err, EXIT_COMMAND,
                "a contract is still held by a load after %s of waiting; nothing was changed; run the same again when "
                "the load has ended",
                patience);
}

static bool lock(struct reconcile_hold *hold, const char *contracts, struct error *err)
{
    struct db_rows *patience = NULL;

    if (!db_begin(hold->db, err) || !db_query_one(hold->db, &sql_contract_lock_patience, NULL, &patience, err))
        return false;
    bool done = run_query(hold->db, &sql_contract_lock_exclusively, (const char *const[]){contracts}, err);
    if (!done && strcmp(err->sqlstate, "55P03") == 0)
        (void)still_held(db_text(patience, 0, "patience"), err);
    db_rows_free(patience);
    return done;
}

static void end(struct reconcile_hold *hold)
{
    pthread_sigmask(SIG_SETMASK, &hold->signals_before, NULL);
    free(hold->intents);
    free(hold);
}

/* Whether somebody wants it to end: a signal is there that was held back, and is not ignored. */
static bool is_interrupted(const struct reconcile_hold *hold)
{
    static const int ends[] = {SIGINT, SIGTERM};
    sigset_t pending;

    sigpending(&pending);
    for (size_t i = 0; i < ARRAY_LENGTH(ends); i++) {
        struct sigaction action;
        sigaction(ends[i], NULL, &action);
        if (sigismember(&pending, ends[i]) == 1 && sigismember(&hold->signals_before, ends[i]) == 0 &&
            action.sa_handler != SIG_IGN)
            return true;
    }
    return false;
}

/* Says it here, since the signal ends the program as soon as it is let through. */
static bool interrupted(struct reconcile_hold *hold, struct error *err)
{
    log_warning("interrupted: nothing was changed");
    reconcile_hold_rollback(hold);
    return fail(err, EXIT_COMMAND, "interrupted; run the same again");
}

bool reconcile_hold(struct reconcile_hold **out, struct db *db, const char *contracts, const char *who,
                    const char *purpose, struct error *err)
{
    struct reconcile_hold *hold = mem_alloc(sizeof *hold);

    hold->db = db;
    hold_back_signals(hold);
    if (!intend(hold, contracts, who, purpose, err) || !lock(hold, contracts, err)) {
        reconcile_hold_rollback(hold);
        return false;
    }
    if (is_interrupted(hold))
        return interrupted(hold, err);
    *out = hold;
    return true;
}

static bool forget(struct reconcile_hold *hold, struct error *err)
{
    return db_run(hold->db, &sql_contract_forget_intents, (const char *const[]){hold->intents}, err);
}

bool reconcile_hold_commit(struct reconcile_hold *hold, struct error *err)
{
    if (is_interrupted(hold))
        return interrupted(hold, err);
    if (!forget(hold, err) || !db_commit(hold->db, err)) {
        reconcile_hold_rollback(hold);
        return false;
    }
    end(hold);
    return true;
}

void reconcile_hold_rollback(struct reconcile_hold *hold)
{
    struct error err;

    if (hold == NULL)
        return;
    db_rollback(hold->db);
    if (hold->intents != NULL && !forget(hold, &err))
        log_warning("loads may wait for up to ten minutes: what announced this change could not be taken back: %s",
                    err.text);
    end(hold);
}
