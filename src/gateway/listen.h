/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_LISTEN_H
#define HEADROOM_GATEWAY_LISTEN_H

/* listen: addresses that a server listens on, and what systemd and a service tell each other. */

#include "headroom/base.h"

#include <sys/socket.h>

#define LISTEN_SYSTEMD "systemd" /* the address that stands for the socket that systemd passes on */

struct listen_address {
    char host[256]; /* "": every address of this machine; without brackets */
    char port[6];
};
/* HOST:PORT, [v6]:PORT or :PORT. what: "--listen", for the error (EXIT_USAGE). */
MUST_CHECK bool listen_parse(const char *what, const char *text, struct listen_address *address, struct error *err);
/* Opens the address, or takes the one socket that systemd has passed on (LISTEN_FDS). Non-blocking, SO_REUSEADDR.
 * EXIT_USAGE for a text that is no address, EXIT_COMMAND where it can't be listened on. */
MUST_CHECK bool listen_open(const char *what, const char *text, int *listener, struct error *err);
#define LISTEN_SHOWN_SIZE 300
const char *listen_shown(int listener, char shown[LISTEN_SHOWN_SIZE]); /* "127.0.0.1:8443", for a person */
bool listen_is_loopback(int listener);
/* Whether who connects to one of the host's addresses comes to the listener. A host that can't be resolved does not. */
bool listen_is_own(int listener, const char *host, const char *port);

/* Tells systemd how the service is ("READY=1", "STOPPING=1"), where NOTIFY_SOCKET names its ear; see sd_notify(3). */
void listen_tell_systemd(const char *state);

#endif
