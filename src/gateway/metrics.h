/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_METRICS_H
#define HEADROOM_GATEWAY_METRICS_H

/* metrics: what the gateway has done since it was started, in numbers. Any thread may count; the admin address
 * reads. */

#include "headroom/base.h"

struct metrics;
struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics); /* NULL is fine */

/* A request that was answered. endpoint: "totals" …, NULL: another path; status: what the client got; latency: from its
 * head to its answer's end. */
void metrics_request(struct metrics *metrics, const char *endpoint, int status, int64_t latency_us);
void metrics_upstream_took(struct metrics *metrics, int64_t upstream_us); /* the time that the vendor took for one */
enum metrics_refusal {
    REFUSAL_MALFORMED,  /* 400: framing or header that is ambiguous or broken */
    REFUSAL_TOO_LARGE,  /* 413, 431 */
    REFUSAL_SLOW,       /* cut off: a client that does not come to an end */
    REFUSAL_SPOOL_FULL, /* 503 */
    REFUSAL_GATE,       /* 403 */
    REFUSAL_BUSY,       /* 503: too many requests in flight */
    REFUSALS
};
void metrics_refused(struct metrics *metrics, enum metrics_refusal refusal);
enum metrics_upstream {
    UPSTREAM_UNREACHABLE, /* 502, or 504 where connecting took too long: nothing was sent */
    UPSTREAM_TIMEOUT,     /* 504 */
    UPSTREAM_CLOSED,      /* 502: it was sent, and the connection ended before an answer's head */
    UPSTREAM_BROKEN,      /* the answer broke off */
    UPSTREAM_FAILURES
};
void metrics_upstream_failed(struct metrics *metrics, enum metrics_upstream failure);
/* One that is in the spool never left for the upstream. */
void metrics_not_sent(struct metrics *metrics);
void metrics_client_gone(struct metrics *metrics); /* it left before its answer's end */
void metrics_connections(struct metrics *metrics, int change);
void metrics_in_flight(struct metrics *metrics, int change);

/* How often a trouble of a request has been, by index below METRICS_TROUBLES: the refusals, then the upstream's
 * failures. Returns its word. */
#define METRICS_TROUBLES ((size_t)REFUSALS + (size_t)UPSTREAM_FAILURES)
const char *metrics_trouble(const struct metrics *metrics, size_t index, uint64_t *count);

/* Adds them in Prometheus' text format 0.0.4. */
MUST_CHECK bool metrics_write(const struct metrics *metrics, struct buffer *text);

#endif
