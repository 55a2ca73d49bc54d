/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_PROXY_PARTS_H
#define HEADROOM_GATEWAY_PROXY_PARTS_H

/*
 * What the files of the proxy share. An exchange is one request and its answer: it begins with the request line
 * (proxy_exchange.c), its head is looked at (proxy_head.c), it waits for gate and spool (proxy_pass.c), is sent on
 * (proxy_upstream.c), and its answer goes back (proxy_answer.c). proxy_loop.c waits for all of them at once.
 */

#include "gateway/proxy.h"
#include "gateway/proxy_limits.h"
#include "gateway/proxy_window.h"

#include <curl/curl.h>
#include <microhttpd.h>

/* A client's connection. */
struct peer {
    struct peer *prev, *next;
    struct proxy *proxy;
    struct exchange *exchange; /* the one under way; NULL: none */
    struct deadline deadline;  /* of the client */
    int fd;
};

/* A transfer of libcurl's, used for one exchange after the other. */
struct upstream {
    struct upstream *next; /* in the list of the idle ones */
    struct exchange *exchange;
    CURL *easy;
    unsigned sends; /* of this exchange's request: libcurl must not repeat one by itself */
    char why[CURL_ERROR_SIZE];
};

enum exchange_state {
    EXCHANGE_HEAD,     /* the head is not whole yet */
    EXCHANGE_BODY,     /* the body comes in, until it is whole or fills the window */
    EXCHANGE_GATE,     /* the gate is asked */
    EXCHANGE_SPOOL,    /* the intent is being written */
    EXCHANGE_UPSTREAM, /* the upstream has it */
    EXCHANGE_OVER,     /* nothing more is sent to the upstream, nor comes from it */
};

struct exchange {
    struct exchange *prev, *next;  /* of all */
    struct exchange *next_touched; /* of those to look at before the loop waits again */
    bool touched;
    struct proxy *proxy;
    struct peer *peer;             /* NULL: the client is gone */
    struct MHD_Connection *client; /* NULL: not seen yet, or gone */
    enum exchange_state state;
    struct arena *arena; /* for what lives as long as the exchange */

    /* the request */
    const char *target_at; /* where the request line's target stood, for the check of the head */
    struct str method, target;
    struct record_of *record;
    struct curl_slist *headers;      /* for the upstream, in the arena */
    bool has_body, chunked, is_head; /* is_head: the method is HEAD */
    uint64_t length;                 /* of the body, where it is told */
    uint64_t body_seen;
    bool body_whole, body_unwanted; /* unwanted: the rest is taken and thrown away */
    struct window up;
    int64_t begun_us, left_us; /* its head came; it left for the upstream (0: never); clock that never jumps */
    int64_t ended_us;          /* the upstream was done with it */
    int64_t time_us;           /* of its event: its intent was queued, by the wall clock */

    /* between */
    struct gate_ticket gate;
    struct spool_ticket spool;
    bool asked;      /* one of the two has its ticket */
    uint64_t number; /* in the spool; 0: it has none */

    /* the upstream */
    struct upstream *upstream; /* NULL: none */
    struct deadline silence;   /* of the upstream */
    bool wants_body;           /* libcurl waits for more of the request's body */

    /* the answer */
    struct buffer lines; /* the upstream's head, line by line, each ended by a line feed */
    int status;
    int64_t answer_length; /* of its body, as the upstream tells it; -1: it does not */
    bool head_whole, answer_whole, broken;
    uint64_t answer_seen; /* bytes of the body */
    bool is_full;         /* libcurl waits for room in the window */
    struct window down;
    struct MHD_Response *response; /* made and not handed over yet */
    int answered;                  /* the status that the client gets; 0: not handed over yet */
    unsigned turns;                /* of the loop that it has waited for the answer */
    bool suspended;                /* the client's connection */
};

struct proxy {
    struct proxy_options options;
    struct proxy_rooms rooms;
    struct MHD_Daemon *daemon;
    CURLM *multi;
    struct curl_slist *connect_to; /* --upstream-address */
    struct upstream *idle;
    struct exchange *spare; /* for the next requests, linked by next */
    struct peer *peers;
    struct exchange *exchanges, *touched;
    uint32_t in_flight;                             /* exchanges */
    bool intends;                                   /* the spool was given intents and not woken yet */
    struct deadline_queue head, next, body, answer; /* of clients, see proxy_limits.h */
    struct deadline_queue silence;                  /* of the upstream */
    int epoll, daemon_fd;
    unsigned char *sockets; /* by fd: what libcurl waits for, and what epoll has, see proxy_loop.c */
    size_t sockets_size;
    int64_t curl_at_us;      /* when libcurl wants to be called; -1: not by time */
    int64_t now_us;          /* of this turn of the loop */
    int64_t failure_told_us; /* when the log said why a request failed; 0: never */
    char via[40];            /* how it is called in Via: "headroom-" and the spool's first digits */
    bool stopping, closing;  /* no new connections; no more waiting */
};

/* ---- proxy_exchange.c: the front ---- */
MUST_CHECK bool exchange_listen(struct proxy *proxy, struct error *err); /* makes the daemon */
/* To be looked at before the loop waits again. */
void exchange_touch(struct exchange *exchange);
void exchange_settle_all(struct proxy *proxy);
void exchange_suspend(struct exchange *exchange);
void exchange_free_spare(struct proxy *proxy);

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
void pass_wake(struct proxy *proxy);                           /* lets the spool write what it was given */
void pass_take_done(struct proxy *proxy);                      /* the tickets that gate and spool have given back */
void pass_end(struct exchange *exchange, enum record_end end); /* the upstream is done with it */
/* The client is gone, or it is not to be waited for: what was not sent is not sent any more. */
void pass_give_up(struct exchange *exchange);

/* ---- proxy_upstream.c ---- */
MUST_CHECK bool upstream_start(struct proxy *proxy, struct error *err);
void upstream_stop(struct proxy *proxy);
void upstream_send(struct exchange *exchange);
void upstream_go_on(struct exchange *exchange); /* there is more of the body, or room for more of the answer */
void upstream_cancel(struct exchange *exchange);
void upstream_take_done(struct proxy *proxy);
void upstream_silent(void *exchange); /* it has not moved for too long */

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

/* ---- proxy_loop.c ---- */
MUST_CHECK bool loop_start(struct proxy *proxy, struct error *err);
void loop_stop(struct proxy *proxy);
void loop_turn(struct proxy *proxy, int64_t longest_us);
MUST_CHECK bool loop_watch_socket(struct proxy *proxy, CURL *easy); /* whose closing it must know */

#endif
