/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_PARTINGS_H
#define HEADROOM_GATEWAY_PARTINGS_H

/*
 * partings: connections whose client was answered before it had sent all. Were they closed at once, what it goes on
 * sending would meet a reset, and the answer could be lost with it (RFC 9112, section 9.6): so what comes is thrown
 * away until the client ends, or its time is over. One thread at a time.
 */

#include "headroom/base.h"

struct partings;
struct partings *partings_new(void);
void partings_free(struct partings *partings); /* closes what is left; NULL is fine */
/* Before the owner closes the socket: keeps the connection, half closed; not where there are many already. */
void partings_add(struct partings *partings, int socket, int64_t now_us);
/* Throws away what has come, and closes what is over. Whether any is left, to look at soon. */
bool partings_look(struct partings *partings, int64_t now_us);

#endif
