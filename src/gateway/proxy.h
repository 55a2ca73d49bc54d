/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_PROXY_H
#define HEADROOM_GATEWAY_PROXY_H

/*
 * proxy: takes requests from clients and sends them on to the vendor as they are, each once, after the spool has its
 * intent. The caller's thread accepts connections and hands each to the loop that has the fewest. A loop, in a thread
 * of its own, has its connections to itself, of libmicrohttpd in front and of libcurl behind. What it knows of a
 * request's meaning, it asks the recorder.
 */

#include "gateway/gate.h"
#include "gateway/metrics.h"
#include "gateway/recorder.h"
#include "gateway/spool.h"
#include "gateway/tls.h"

#define PROXY_WINDOW_MIN ((size_t)16 * 1024) /* of a body that passes: what libcurl gives at once */

struct proxy_options {
    int listener;               /* non-blocking; stays the caller's */
    const struct tls_pair *tls; /* NULL: plain HTTP */
    const char *upstream;       /* "https://data-api.twitter.com" */
    const char *upstream_address;
    const char *upstream_ca;     /* may be NULL, as the one before */
    const char *upstream_name;   /* of the URL's host, for messages */
    bool forward_on_full;        /* --on-full forward */
    uint32_t loops;              /* 1 or more; what follows holds for all of them together */
    uint32_t max_connections;    /* of clients */
    uint32_t max_in_flight;      /* requests between their head and their answer's end */
    size_t max_header, max_body; /* bytes */
    size_t body_window;          /* bytes of a body kept at most, each way */
    int64_t header_us, body_us;  /* a client's time for the head, and for the body after it */
    int64_t idle_us;             /* a client's between two requests, and between two reads of an answer */
    int64_t connect_us;          /* the upstream's time to accept a connection, TLS included */
    int64_t upstream_us;         /* its longest silence while it is asked */
    int64_t grace_us;            /* for requests under way when it ends */
    int stop_fd;                 /* readable: end; borrowed */
    void (*look)(void *context); /* called about every 100 ms in the caller's thread; may be NULL */
    void *context;
};
/* What it works with; borrowed. gate: NULL where it is off. */
struct proxy_rooms {
    struct spool *spool;
    struct gate *gate;
    struct recorder *recorder;
    struct metrics *metrics;
};
struct proxy;
/* Its loops wait for connections then. */
MUST_CHECK bool proxy_new(struct proxy **proxy, const struct proxy_options *options, const struct proxy_rooms *rooms,
                          struct error *err);
/* Serves until stop_fd is readable; then takes no new connections, and waits for the requests under way, grace_us at
 * most. *cut: requests that were ended before their answer. */
void proxy_run(struct proxy *proxy, uint64_t *cut);
void proxy_stop(struct proxy *proxy); /* the same as stop_fd, from the thread of proxy_run */
bool proxy_is_stopping(const struct proxy *proxy);
/* When the slowest of the loops that have not ended turned last, else now; monotonic clock. */
int64_t proxy_turned(const struct proxy *proxy);
/* Ends the loops; spool and gate may still give tickets back. NULL is fine, as below. */
void proxy_end(struct proxy *proxy);
void proxy_free(struct proxy *proxy); /* once it has ended, and spool and gate are closed */

#endif
