/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_ADMIN_H
#define HEADROOM_GATEWAY_ADMIN_H

/*
 * admin: an address of the gateway's own, beside that of the clients, for those who look after it. A thread of its own
 * answers there, so that it says how things are also when the gateway's loop does not turn.
 *   /healthz  200 while the process and its loops live, else 503
 *   /readyz   200 while requests are taken and recorded, else 503; what is wrong is said in both cases
 *   /metrics  for Prometheus
 * The first two answer as lines of text, or as JSON where Accept names application/json.
 */

#include "gateway/figures.h"
#include "gateway/metrics.h"
#include "gateway/watch.h"

/* What it tells of; borrowed. */
struct admin_rooms {
    struct watch *watch;
    const struct metrics *metrics;
    struct figures *figures;
    const char *spool_id;
    uint64_t spool_limit;         /* bytes */
    bool forward_on_full;         /* --on-full forward: a full spool refuses nobody */
    int64_t certificate_until_us; /* when the certificate for clients ends; 0: there is none */
};
struct admin;
/* listener: non-blocking; stays the caller's. */
MUST_CHECK bool admin_start(struct admin **admin, int listener, const struct admin_rooms *rooms, struct error *err);
void admin_stop(struct admin *admin); /* NULL is fine */

#endif
