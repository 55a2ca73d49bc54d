/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SERVE_LOADER_H
#define HEADROOM_GATEWAY_SERVE_LOADER_H

/*
 * loader: takes what HTTP threads give it into PostgreSQL, in a thread of its own: all requests that wait go as one
 * batch (group commit), and each is answered once its events are durable. While the database is away, older or newer
 * than the program, requests are told so at once, and it tries again.
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
    struct load_request *next; /* the loader's */
    struct body_events events; /* of these, until it is done */
    const char *contract;      /* the only one that it is for; NULL: any */
    void *owner;               /* the giver's */
    /* What became of it: */
    enum load_end end;
    uint64_t added, duplicate, rejected;
    struct buffer lines; /* [{"line","verdict","pointer","reason","detail"}], as JSON text; freed by the giver */
    char why[300];       /* LOAD_FOREIGN, LOAD_AWAY: for a person */
};

struct serve_loader;
struct serve_loader_options {
    const char *by; /* who */
    /* Gives a request back, from the loader's thread or, where the database is away, from within serve_loader_give. */
    void (*done)(struct load_request *request);
};
MUST_CHECK bool serve_loader_start(struct serve_loader **loader, const struct db_target *target,
                                   const struct serve_loader_options *options, struct error *err);
/* Ends its thread: what waits still is given back, LOAD_AWAY, as is all that comes after. NULL is fine. */
void serve_loader_stop(struct serve_loader *loader);
void serve_loader_free(struct serve_loader *loader); /* that was stopped; NULL is fine */

/* Any thread may: */
void serve_loader_give(struct serve_loader *loader, struct load_request *request);
/* Whether it can take requests in; if not, why, for a person. */
#define SERVE_LOADER_WHY 1200
bool serve_loader_is_ready(struct serve_loader *loader, char why[SERVE_LOADER_WHY]);
enum key_verdict serve_loader_ask_key(struct serve_loader *loader, struct str text, char **contract);

#endif
