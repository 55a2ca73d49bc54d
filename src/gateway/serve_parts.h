/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SERVE_PARTS_H
#define HEADROOM_GATEWAY_SERVE_PARTS_H

/* What the sources of serve share: the server, a request on its way through it, and its answer. */

#include <microhttpd.h>
#include <stdatomic.h>

#include "gateway/serve_clients.h"
#include "gateway/serve_loader.h"
#include "gateway/tls.h"
#include "headroom/serve.h"

#define SERVE_EVENTS_MAX INGEST_FEED_LINES /* of one request */

struct serve {
    const struct serve_options *options;
    int listener;
    struct tls_pair tls; /* without --tls-cert: nothing */
    struct MHD_Daemon *daemon;
    struct serve_loader *loader;
    struct clients *clients;
    atomic_size_t waiting; /* bytes of bodies that are held */
    atomic_uint under_way; /* requests between their head and their answer's end */
    atomic_bool is_stopping;
};

struct exchange {
    struct serve *serve;
    struct MHD_Connection *connection;
    struct client *client;
    /* Its answer, once it has one: */
    int status; /* 0: none yet */
    char *text; /* owned */
    const char *type;
    const char *allow; /* of a 405 */
    bool later;        /* it is to come again: Retry-After */
    /* Its key, where it is not known: */
    struct key_question question;
    bool is_asking, has_asked;
    /* A body that is taken in: */
    enum body_form form;
    struct body *body;
    size_t held; /* of serve->waiting */
    bool was_given;
    char *contract; /* the only one that the key is for; NULL: any */
    struct load_request request;
};

/* ---- serve_answer.c: what an exchange is answered ---- */
#define MEDIA_JSON   "application/json"
#define MEDIA_SCHEMA "application/schema+json"
/* Problem details; keeps the first answer. */
void answer_problem(struct exchange *exchange, int status, const char *format, ...) PRINTF_LIKE(3, 4);
void answer_text(struct exchange *exchange, int status, const char *type, const char *text); /* copied */
/* By what became of its request. */
void answer_load(struct exchange *exchange);
/* Hands the answer to the daemon. */
enum MHD_Result answer_send(struct exchange *exchange);

/* ---- serve_http.c: the daemon ---- */
/* listener: it takes that over where it starts. */
MUST_CHECK bool serve_http_start(struct serve *serve, struct error *err);
/* As the loader's options have them: */
void serve_http_done(struct load_request *request);
void serve_http_looked(struct key_question *question);

/* ---- serve_route.c: what a head asks for ---- */
/* Answers it, or makes the exchange ready for a body of events; or it is asking for its key, and suspended. */
void route_begin(struct exchange *exchange, const char *target, const char *method, const char *version);
void route_go_on(struct exchange *exchange); /* after it was asking */

#endif
