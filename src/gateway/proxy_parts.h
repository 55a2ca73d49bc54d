/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_PROXY_PARTS_H
#define HEADROOM_GATEWAY_PROXY_PARTS_H

/*
 * What the files of the proxy share. Connections are accepted for the loops (proxy.c, proxy_accept.c), each of which
 * lives in its thread (proxy_life.c). An exchange is one request and its answer: it begins with the request line
 * (proxy_exchange.c), its head is looked at (proxy_head.c), it waits for gate and spool (proxy_pass.c), is sent on
 * (proxy_upstream.c), and its answer goes back (proxy_answer.c). proxy_loop.c waits for all of a loop's at once.
 */

#include "gateway/proxy.h"
#include "gateway/proxy_exchange.h"

#include <pthread.h>
#include <stdatomic.h>

#define PROXY_LOOK_US INT64_C(100000) /* between two looks around */

/* All of one thread; the other ones may touch what is said to be theirs. */
struct loop {
    struct proxy *proxy;
    const struct proxy_options *options; /* the proxy's, as the next two */
    struct proxy_rooms rooms;
    const char *via;
    pthread_t thread;
    bool started;
    int inbox, outbox; /* a pipe of accepted sockets; its end is that of new ones. outbox: the accepting thread's */
    _Atomic uint32_t connections; /* handed to it, and not closed */
    _Atomic int64_t turned_us;    /* its last turn, INT64_MAX once it has ended; any thread reads it */
    uint64_t cut;                 /* for who joins the thread */
    int wake_fd;                  /* eventfd that spool and gate write */
    struct spool_caller spooled;
    struct gate_caller gated;
    struct MHD_Daemon *daemon;
    CURLM *multi;
    struct upstream *idle;
    struct exchange *spare; /* for the next requests, linked by next */
    struct peer *peers;
    uint64_t told; /* of how many connections the daemon has told the beginning */
    struct exchange *exchanges, *touched;
    bool intends;                                   /* the spool was given intents and not woken yet */
    bool resumes;                                   /* a client's connection goes on with the daemon's next run */
    struct deadline_queue head, next, body, answer; /* of clients, see proxy_limits.h */
    struct deadline_queue silence;                  /* of the upstream */
    int epoll, daemon_fd;
    unsigned char *sockets; /* by fd: what libcurl waits for, and what epoll has, see proxy_loop.c */
    size_t sockets_size;
    int64_t curl_at_us;     /* when libcurl wants to be called; -1: not by time */
    int64_t now_us;         /* of this turn of the loop */
    bool stopping, closing; /* no new connections; no more waiting */
};

/* What the loops share; of the accepting thread where nothing else is said. */
struct proxy {
    struct proxy_options options;
    struct proxy_rooms rooms;
    struct loop *loops;
    uint32_t made;                   /* of the loops: the last one perhaps in part */
    char via[40];                    /* how it is called in Via: "headroom-" and the spool's first digits */
    CURLU *url;                      /* --upstream, taken apart once; read by all loops */
    struct curl_slist *connect_to;   /* --upstream-address */
    int wake_fd;                     /* eventfd: a loop has ended, or a connection where there were as many as may be */
    bool stopping;                   /* no new connections */
    int64_t accept_us;               /* none before, as the last one could not be taken; 0: at any time */
    int64_t accept_told_us;          /* when the log said so; 0: never */
    _Atomic uint32_t running;        /* loops; this and the following: any thread */
    _Atomic uint32_t connections;    /* of all loops */
    _Atomic uint32_t in_flight;      /* exchanges that have a place */
    _Atomic int64_t failure_told_us; /* when the log said why a request failed; 0: never */
};

/* ---- proxy_accept.c ---- */
/* Waits for connections, for room for more, or for the end: PROXY_LOOK_US at most. Hands on what has come. */
void accept_turn(struct proxy *proxy);
void accept_closed(struct loop *loop); /* of the loop's thread: one of its connections is no more */

/* ---- proxy_life.c ---- */
MUST_CHECK bool life_begin(struct loop *loop, struct proxy *proxy, struct error *err);
void life_join(struct loop *loop);       /* waits for its thread, once its outbox is closed */
void life_end(struct loop *loop);        /* the same, and what it had; but wake_fd, which spool and gate write */
void life_take_inbox(struct loop *loop); /* there are sockets in it, or its end */

/* ---- proxy_exchange.c: the front ---- */
MUST_CHECK bool exchange_serve(struct loop *loop, struct error *err); /* makes the daemon */
/* To be looked at before the loop waits again. */
void exchange_touch(struct exchange *exchange);
void exchange_settle_all(struct loop *loop);
void exchange_suspend(struct exchange *exchange);
void exchange_free_spare(struct loop *loop);

/* ---- proxy_head.c ---- */
struct refusal {
    int status;
    enum metrics_refusal kind;
    const char *why; /* for the client */
};
/* Looks at the request's head: what it says of itself, and what of it goes on. False: refused. */
MUST_CHECK bool head_read(struct exchange *exchange, const char *method, const char *version, struct refusal *refusal);

/* ---- proxy_pass.c: from the body's first bytes to the upstream ---- */
/* Takes what the window has room for; how many of the bytes that was. */
size_t pass_body(struct exchange *exchange, const char *bytes, size_t size);
void pass_body_end(struct exchange *exchange);
void pass_wake(struct loop *loop);      /* lets the spool write what it was given */
void pass_take_done(struct loop *loop); /* the tickets that gate and spool have given back */
/* The upstream is done with it, or will never get it: what was not sent is no event. */
void pass_end(struct exchange *exchange, enum record_end end);
/* The client is gone, or it is not to be waited for: what was not sent is not sent any more. */
void pass_give_up(struct exchange *exchange);

/* ---- proxy_upstream.c ---- */
MUST_CHECK bool upstream_start(struct loop *loop, struct error *err);
void upstream_stop(struct loop *loop);
void upstream_send(struct exchange *exchange);
void upstream_go_on(struct exchange *exchange); /* there is more of the body, or room for more of the answer */
void upstream_cancel(struct exchange *exchange);
void upstream_take_done(struct loop *loop);
void upstream_silent(void *context); /* the exchange, which has not moved for too long */

/* ---- proxy_answer.c ---- */
/* An answer of the gateway's own, in the form of the vendor's errors. origin: "refused", "gate" or "error". */
void answer_refuse(struct exchange *exchange, int status, const char *origin, const char *why);
/* A line of the upstream's head. False: it is none, or the head is too long. */
MUST_CHECK bool answer_line(struct exchange *exchange, struct str line);
void answer_make(struct exchange *exchange); /* once its head is whole */
MUST_CHECK enum MHD_Result answer_hand_over(struct exchange *exchange);

/* ---- proxy_tell.c ---- */
/* A line of the log for a request that is over; answered: its client got all. */
void tell_request(const struct exchange *exchange, bool answered);
void tell_not_sent(const struct exchange *exchange); /* and for one that has a number and never left */

/* ---- proxy_loop.c ---- */
MUST_CHECK bool loop_start(struct loop *loop, struct error *err);
void loop_stop(struct loop *loop);
void loop_turn(struct loop *loop, int64_t longest_us);
MUST_CHECK bool loop_watch_socket(struct loop *loop, CURL *easy); /* whose closing it must know */

#endif
