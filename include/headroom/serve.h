/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_SERVE_H
#define HEADROOM_SERVE_H

/*
 * serve: the event endpoint. Applications send events over HTTP and are told of each what became of it, once it is
 * durable: POST /v1/events. Also GET /v1/schema, /healthz and /readyz. Refusals are problem details (RFC 9457).
 */

#include "headroom/db.h"

struct serve_options {
    const char *listen;            /* HOST:PORT, [v6]:PORT, :PORT, or "systemd" */
    const char *certificate, *key; /* files in PEM form; NULL: plain HTTP */
    bool behind_proxy;             /* plain HTTP beyond this machine: somebody else ends TLS */
    const char *by;                /* who */
    uint32_t max_connections;      /* of clients */
    size_t max_body;               /* bytes of a body, as sent and unpacked */
    size_t max_waiting;            /* bytes of all bodies that are held at once */
    int64_t header_us;             /* a client's time for its first request's head */
    int64_t body_us;               /* for a body, and again to take the answer */
    int64_t idle_us;               /* from one answer to the next request's head */
    int64_t grace_us;              /* for requests under way when it ends */
};
#define SERVE_WAITING_MIN ((size_t)64 * 1024) /* of max_waiting, and max_body is not above it */
/* Serves until SIGINT or SIGTERM; then takes no new connections and lets requests under way end. The database may be
 * away, and come and go. EXIT_USAGE for an address beyond loopback without TLS or behind_proxy; EXIT_COMMAND where the
 * address can't be listened on, or certificate and key are not right. */
MUST_CHECK bool serve_run(const struct serve_options *options, const struct db_target *target, struct error *err);

/* The JSON Schema (2020-12) of an event. */
const char *serve_schema(void);

#endif
