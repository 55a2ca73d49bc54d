/* SPDX-License-Identifier: MIT */
/* Reads away what clients still send. */

#include "gateway/partings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST       100 /* at once */
#define SPAN_US    INT64_C(30000000)
#define MOST_BYTES ((size_t)16 * 1024 * 1024) /* of a client at a look, so that none holds up the others */

struct partings {
    struct {
        int socket;
        int64_t until_us;
    } list[MOST];
    size_t count;
};

struct partings *partings_new(void)
{
    return mem_alloc(sizeof(struct partings));
}

void partings_free(struct partings *partings)
{
    if (partings == NULL)
        return;
    for (size_t i = 0; i < partings->count; i++)
        close(partings->list[i].socket);
    free(partings);
}

void partings_add(struct partings *partings, int socket, int64_t now_us)
{
    int kept = partings->count < MOST ? fcntl(socket, F_DUPFD_CLOEXEC, 0) : -1;

    if (kept < 0)
        return;
    (void)shutdown(kept, SHUT_WR);
    partings->list[partings->count].socket = kept;
    partings->list[partings->count++].until_us = now_us + SPAN_US;
}

/* Whether the client has ended, or broken off. Of TCP, MSG_TRUNC throws away what it would copy. */
static bool has_ended(int socket)
{
    ssize_t got = recv(socket, NULL, MOST_BYTES, MSG_DONTWAIT | MSG_TRUNC);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

bool partings_look(struct partings *partings, int64_t now_us)
{
    for (size_t i = partings->count; i-- > 0;) {
        if (now_us < partings->list[i].until_us && !has_ended(partings->list[i].socket))
            continue;
        close(partings->list[i].socket);
        partings->list[i] = partings->list[--partings->count];
    }
    return partings->count > 0;
}
