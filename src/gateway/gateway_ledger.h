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
    struct figures *figures;   /* are read */
    const char *contract;      /* --contract; NULL: none */
    bool known;                /* it is in the ledger; then it is not asked for again */
    atomic_bool refuses;       /* the ledger was read, and has no such contract */
};
/* For the drain, which calls it in its thread; context: the struct above. */
void gateway_ledger_told(void *context, struct db *db);
bool gateway_ledger_refuses(const struct gateway_ledger *ledger);

#endif
