/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_PROXY_EXCHANGE_H
#define HEADROOM_GATEWAY_PROXY_EXCHANGE_H

/* exchange: a request and its answer, with the two connections that it uses. All are of one loop. */

#include "gateway/gate.h"
#include "gateway/proxy_limits.h"
#include "gateway/proxy_window.h"
#include "gateway/recorder.h"
#include "gateway/spool.h"

#include <curl/curl.h>
#include <microhttpd.h>

struct loop;

/* A client's connection. */
struct peer {
    struct peer *prev, *next;
    struct loop *loop;
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
    bool placed; /* it counts among those in flight */
    struct loop *loop;
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
    int64_t begun_us, left_us; /* its head came; its first byte may have left for the upstream (0: none can have); by
                                * the clock that never jumps */
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

#endif
