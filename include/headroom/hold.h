/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_HOLD_H
#define HEADROOM_HOLD_H

/* Who needs exact figures of contracts, or changes what many batches made, keeps loaders of them out for a while. */

#include "headroom/db.h"

struct reconcile_hold;
/* Commits an intent, which loaders look for, then begins a transaction that holds the contracts exclusively. contracts:
 * ids as a bigint[] in text; who and purpose are for whoever waits. Until the end SIGINT and SIGTERM are held back, so
 * that no intent is left behind; one that came by the commit rolls back instead, and ends the program then. A loader
 * that stays for the session's lock_timeout (or a minute) is EXIT_COMMAND. */
MUST_CHECK bool reconcile_hold(struct reconcile_hold **hold, struct db *db, const char *contracts, const char *who,
                               const char *purpose, struct error *err);
/* Commits the transaction and lets loaders in; frees hold in every case. */
MUST_CHECK bool reconcile_hold_commit(struct reconcile_hold *hold, struct error *err);
void reconcile_hold_rollback(struct reconcile_hold *hold); /* the same without the commit; NULL is fine */

#endif
