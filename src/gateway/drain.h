/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_DRAIN_H
#define HEADROOM_GATEWAY_DRAIN_H

/*
 * drain: takes a spool into PostgreSQL, in a thread of its own, batch by batch through the loader, each entry once:
 * its identity decides that. What the ledger refuses by itself is set aside, and the rest goes on; such a request is
 * said as one that never came, until it does. While the database is away, older or newer than the program, it waits
 * and tries again.
 */

#include "headroom/db.h"
#include "gateway/spool.h"

struct drain_options {
    const char *contract; /* of entries that name none; may be NULL */
    const char *by;       /* who */
    int64_t again_us;     /* between two tries of what the ledger refused */
    int64_t interval_us;  /* between two batches; the first of a quiet time goes at once */
    /* Whether the spool belongs into the database: asked in its thread when it has connected, before anything is
     * written there. False: the spool waits, and the error says why. NULL: it does. */
    bool (*fits)(void *context, struct db *db, struct error *err);
    void (*told)(void *context, struct db *db); /* called in its thread after it has connected and every minute: for who
                                                   needs the contracts' apps, the token key …; NULL: nobody */
    void *context;
};
struct drain;
MUST_CHECK bool drain_start(struct drain **drain, struct spool *spool, const struct db_target *target,
                            const struct drain_options *options, struct error *err);
/* Takes in what is there, for at most wait_us, then ends. *left: entries that are still only in the spool. */
void drain_stop(struct drain *drain, int64_t wait_us, uint64_t *left);

struct drain_state {
    bool connected;
    int64_t last_us;   /* when it last brought the database up to the spool; 0: never */
    uint64_t drained;  /* entries since it was started */
    char problem[700]; /* why it waits, for a person; "": it does not */
    /* What the ledger refuses by itself, while it takes the rest. It stays in the spool, and is tried again. */
    uint64_t aside; /* entries and notes */
    int64_t aside_us;
    char aside_why[300]; /* of one of them, for a person */
};
void drain_look(struct drain *drain, struct drain_state *state);

#endif
