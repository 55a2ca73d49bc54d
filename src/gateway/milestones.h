/* SPDX-License-Identifier: MIT */
/* By which requests it shows that all before them have come: once nothing older than one waits, the numbers up to it
 * are in the ledger or never will be. */

#ifndef GATEWAY_MILESTONES_H
#define GATEWAY_MILESTONES_H

#include "gateway/taker.h"

struct milestone {
    uint64_t number; /* of the spool; 0: none */
    int64_t time_us;
};

/* Zeroed: none was passed. */
struct milestones {
    struct milestone newest, next; /* of what was drained; the one that is waited for */
};

void milestones_pass(struct milestones *milestones, struct milestone last); /* it was drained */
/* Settles the numbers (see taker_settle) up to each milestone that lies before until_us, up to which all has come. */
MUST_CHECK bool milestones_settle(struct milestones *milestones, struct taker *taker, int64_t until_us,
                                  struct error *err);

#endif
