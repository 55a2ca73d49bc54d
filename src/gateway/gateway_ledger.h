/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_LEDGER_H
#define HEADROOM_GATEWAY_LEDGER_H

/* What a gateway learns from the ledger, whenever that is there: the contracts and their consumer keys. */

#include "headroom/db.h"

#include <stdatomic.h>

#include "gateway/figures.h"
#include "gateway/recorder.h"

struct gateway_ledger {
    struct recorder *recorder; /* is told the keys */
    const struct db_target *target;
    const char *folder;      /* of the spool */
    struct figures *figures; /* are read */
    const char *contract;    /* --contract; NULL: none */
    bool known;              /* it is in the ledger; then it is not asked for again */
    atomic_bool refuses;     /* the ledger was read, and has no such contract */
};
/* For the drain, which calls both in its thread; context: the struct above. The ledger fits when its key for digests is
 * the recorder's: a gateway that was started while it was away had but the copy. */
MUST_CHECK bool gateway_ledger_fits(void *context, struct db *db, struct error *err);
void gateway_ledger_told(void *context, struct db *db);
bool gateway_ledger_refuses(const struct gateway_ledger *ledger);

#endif
