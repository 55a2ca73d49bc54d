/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SERVE_CLIENTS_H
#define HEADROOM_GATEWAY_SERVE_CLIENTS_H

/*
 * clients: connections that may not take for ever. Each kind of waiting for a client has its span; whoever passes it is
 * cut off, by a thread of its own. Any thread may call what follows.
 */

#include "headroom/base.h"

enum client_waits {
    CLIENT_HEAD, /* for its first request's head */
    CLIENT_BODY, /* for a request's body, or until it has taken its answer */
    CLIENT_IDLE, /* for its next request's head */
    CLIENT_WAITS,
};
struct clients;
struct client;
MUST_CHECK bool clients_start(struct clients **clients, const int64_t span_us[CLIENT_WAITS], struct error *err);
void clients_stop(struct clients *clients); /* all have left; NULL is fine */
/* A connection came: it waits for a head. */
struct client *client_enter(struct clients *clients, int socket);
/* Before its socket is closed. */
void client_leave(struct client *client);
/* It is answered and closed without having been heard to the end: the rest is thrown away then, so that it sees its
 * answer. */
void client_is_sending(struct client *client);
void client_wait(struct client *client, enum client_waits waits);
void client_wait_not(struct client *client); /* it is for the server to come forward */

#endif
