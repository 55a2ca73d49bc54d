/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_GATE_H
#define HEADROOM_GATEWAY_GATE_H

/*
 * gate: whether a request of a handle may pass when the month's unique handles are at the limit. Who is counted already
 * is known in memory; a new handle is asked for in PostgreSQL, under a lock of the contract's gate, by a thread of the
 * gate's own, so that two requests can't both take the last place, also through two gateways. A pass counts until the
 * request's event does, or has come and does not; see sql/routines/84_gate.sql.
 */

#include "headroom/db.h"
#include "gateway/spool.h"

enum gate_mode {
    GATE_OFF,
    GATE_OBSERVE, /* all pass; what would have been refused is noted */
    GATE_ENFORCE,
};
struct gate_options {
    enum gate_mode mode;
    int64_t at;           /* --gate-at: unique handles at which it closes; -1: the contract's limit */
    bool refuse_offline;  /* --gate-offline refuse */
    const char *contract; /* of requests that name none; may be NULL */
};
struct gate;
/* spool: for the notes; borrowed. The database may be away. With GATE_OFF there is no gate: NULL. */
MUST_CHECK bool gate_start(struct gate **gate, const struct gate_options *options, const struct db_target *target,
                           struct spool *spool, struct error *err);
/* Decides what is still asked for as offline, so take those afterwards no more. It takes some 3 s where the database
 * does not answer; spool and callers may go afterwards. NULL is fine. */
void gate_stop(struct gate *gate);

enum gate_verdict {
    GATE_PASS,
    GATE_REFUSE,
};
struct gate_ticket;
/* One who gets tickets back, as a loop of the proxy. It must live until the gate is stopped. */
struct gate_caller {
    int wake_fd;              /* eventfd: written when gate_take_done has something for it */
    struct gate_ticket *done; /* the gate's */
};
struct gate_ticket {
    struct gate_caller *caller;
    struct gate_ticket *next; /* in the list of gate_take_done */
    enum gate_verdict verdict;
    int64_t time_us; /* what was decided holds for an event of this time, and of its month: gate_holds */
    char why[240];   /* of a refusal, for the client */
    void *owner;     /* the caller's */
};
/* True: decided at once, in the ticket. False: asked for, and given back by gate_take_done within two seconds; without
 * an answer by then the rule for offline decides. contract may be NULL. A subject that is app-only always passes, and a
 * gate of NULL lets all pass. time_us: the event's. */
bool gate_ask(struct gate *gate, struct gate_ticket *ticket, const char *contract, const char *subject,
              int64_t time_us);
/* Whether what was decided holds for an event at another time, too: not across the month's end. */
bool gate_holds(struct gate *gate, const struct gate_ticket *ticket, const char *contract, int64_t time_us);
struct gate_ticket *gate_take_done(struct gate *gate, struct gate_caller *caller); /* those that are back */

#endif
