/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_GATE_PARTS_H
#define HEADROOM_GATEWAY_GATE_PARTS_H

/* What the parts of the gate share: gate.c is the door, gate_asker.c asks PostgreSQL, gate_keeper.c keeps what is known
 * in memory up to date, gate_watch.c lets nobody wait for too long. */

#include <pthread.h>

#include "gateway/gate.h"
#include "gateway/gate_known.h"

#define GATE_PATIENCE_US  2000000 /* a request waits no longer for its answer */
#define GATE_AGAIN_US     1000000 /* until the database is tried again */
#define GATE_QUESTIONS    256     /* asked at once */
#define GATE_SUBJECT_SIZE 80
#define GATE_WAITING_MAX  20000
#define GATE_NOTED_MAX    50000 /* decisions without an answer that are remembered: about 10 MB */

struct gate_question {
    struct gate_question *prev, *next;
    struct gate_ticket *ticket; /* NULL: nobody waits for the answer */
    char *contract;             /* NULL: not known before the database is */
    char subject[GATE_SUBJECT_SIZE];
    int64_t time_us;
    int64_t until_us; /* of timestamp_monotonic */
    bool asked, given_up;
};

struct gate {
    struct gate_options options;
    char *contract; /* options.contract; owned */
    char *source;   /* of the events of the gateway's spool */
    struct db_target target;
    struct spool *spool;
    pthread_t threads[3];
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t work;  /* a question came, the contracts are known, or it is to stop */
    struct gate_known *known;
    struct gate_set *noted; /* decisions without an answer, each with its month, contract and subject */
    bool told;              /* the contracts are known */
    bool away;              /* the database can't be reached */
    bool stuck;             /* it did not answer within the patience, and is still awaited */
    bool stopping;
    unsigned running;                /* threads that have not ended */
    struct gate_question *questions; /* in the order in which they came; those that are asked first */
    size_t waiting;
};

/* The threads; each is given the gate. */
void *gate_asker_run(void *argument);
void *gate_keeper_run(void *argument);
void *gate_watch_run(void *argument);
void gate_end_thread(struct gate *gate); /* the last that each does, without the lock */

/* All that follows: with the lock held. */

struct gate_answer {
    const char *decision;   /* of headroom.gate_ask; NULL: the database did not answer */
    const char *unit_limit; /* text of a number; NULL: none, or not known */
    const char *unique_handles;
};
/* Ends a question: decides its ticket, notes what is to be noted, frees it. It must be in no list. */
void gate_decide(struct gate *gate, struct gate_question *question, const struct gate_answer *answer);
/* Decides a ticket while the database does not answer. */
void gate_decide_offline(struct gate *gate, struct gate_ticket *ticket, const char *contract, const char *subject,
                         int64_t time_us);
void gate_hand_back(struct gate_ticket *ticket);
/* Decides a question that is asked, as offline; the asker still frees it. */
void gate_give_up(struct gate *gate, struct gate_question *question);
void gate_sleep(struct gate *gate, int64_t until_us); /* of timestamp_monotonic, or until there is work */
/* Decides all questions that nobody has asked yet, as offline. */
void gate_flush(struct gate *gate);

#endif
