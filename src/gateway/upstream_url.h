/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_UPSTREAM_URL_H
#define HEADROOM_GATEWAY_UPSTREAM_URL_H

/* upstream_url: the URL of whom requests go on to. */

#include "headroom/base.h"

struct upstream_url {
    char host[256], port[6]; /* where to connect: --upstream-address, else the URL's */
    char name[256];          /* the URL's host */
    bool plain;              /* http: to this machine alone, as tokens pass */
};
/* Reads --upstream and --upstream-address (may be NULL). EXIT_USAGE. */
MUST_CHECK bool upstream_url_read(const char *url, const char *address, struct upstream_url *upstream,
                                  struct error *err);

#endif
