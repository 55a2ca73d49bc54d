/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SERVE_LOADER_H
#define HEADROOM_GATEWAY_SERVE_LOADER_H

/*
 * loader: takes what HTTP threads give it into PostgreSQL, in a thread of its own: all requests that wait go as one
 * batch (group commit), and each is answered once its events are durable. While the database is away, older or newer
 * than the program, requests are told so at once, and it tries again. What a client is told is a sentence for whoever
 * sends events; where the database is and what it said stands in the log.
 */

#include "headroom/keys.h"
#include "gateway/serve_body.h"
#include "headroom/ingest_feed.h"

enum load_end {
    LOAD_DONE,    /* durable; each event has its verdict */
    LOAD_FOREIGN, /* an event names another contract than the one that the request is for; nothing was written */
    LOAD_AWAY,    /* the database is; nothing was written */
    LOAD_FAILED,  /* it refused these events; nothing was written, and the log says why */
};
struct load_request {
    struct load_request *next; /* the loader's; this and the next one */
    int64_t given_us;          /* of timestamp_since_boot */
    struct body_events events; /* of these, until it is done */
    const char *contract;      /* the only one that it is for; NULL: any */
    void *owner;               /* the giver's */
    /* What became of it: */
    enum load_end end;
    uint64_t added, duplicate, rejected;
    struct buffer lines; /* [{"line","verdict","pointer","reason","detail"}], as JSON text; freed by the giver */
    char why[300];       /* LOAD_FOREIGN, LOAD_AWAY: for a person */
};

/* Whether a key that is not known is a new one. */
struct key_question {
    struct key_question *next; /* the loader's */
    void *owner;               /* the giver's */
};

struct serve_loader;
struct serve_loader_options {
    const char *by;     /* who */
    const char *listen; /* where: stands for the endpoint in what it says of how far it has listened */
    /* Give back what was given, from the loader's thread or, where the database is away, from within the call that gave
     * it. */
    void (*done)(struct load_request *request);
    void (*looked)(struct key_question *question);
};
MUST_CHECK bool serve_loader_start(struct serve_loader **loader, const struct db_target *target,
                                   const struct serve_loader_options *options, struct error *err);
/* Ends its thread: what waits still is given back, LOAD_AWAY, as is all that comes after. NULL is fine. */
void serve_loader_stop(struct serve_loader *loader);
void serve_loader_free(struct serve_loader *loader); /* that was stopped; NULL is fine */

/* Any thread may: */
void serve_loader_give(struct serve_loader *loader, struct load_request *request);
/* Why it can't take requests in, for a client (static); NULL: it can. */
const char *serve_loader_why_not(struct serve_loader *loader);
bool serve_loader_knows_key(struct serve_loader *loader, struct str text, char **contract);
/* Looks at the ledger's keys again, at most once a second for all who ask, and gives the question back then: ask again
 * whether it knows the key. */
void serve_loader_look_for_key(struct serve_loader *loader, struct key_question *question);

#endif
