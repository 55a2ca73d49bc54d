/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_ADMIN_PARTS_H
#define HEADROOM_GATEWAY_ADMIN_PARTS_H

/* What the files of the admin address share: each answer is made from one look at everything. */

#include "gateway/admin.h"

struct admin_look {
    const struct admin_rooms *rooms;
    struct watch_state state;
    int64_t now_us;
};

/* ---- admin_ready.c ---- */
/* Adds the answer; *good: it is 200. False: it does not fit. */
MUST_CHECK bool admin_healthz(const struct admin_look *look, bool json, struct buffer *text, bool *good);
MUST_CHECK bool admin_readyz(const struct admin_look *look, bool json, struct buffer *text, bool *good);

/* ---- admin_metrics.c ---- */
MUST_CHECK bool admin_metrics(const struct admin_look *look, struct buffer *text);

#endif
