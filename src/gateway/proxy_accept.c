/* SPDX-License-Identifier: MIT */
/* Accepting: each connection goes to the loop that has the fewest, so that all have about as many. */

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/proxy_parts.h"

#define AT_ONCE  64                /* connections, before it looks around */
#define PAUSE_US PROXY_LOOK_US     /* when the system has no room for one more */
#define TELL_US  INT64_C(10000000) /* between two lines that say so */

static struct loop *idlest(struct proxy *proxy)
{
    struct loop *found = &proxy->loops[0];

    for (struct loop *loop = found; loop < proxy->loops + proxy->options.loops; loop++)
        if (atomic_load(&loop->connections) < atomic_load(&found->connections))
            found = loop;
    return found;
}

/* A loop's inbox has room for thousands: when it is full, the loop does not turn. */
static void hand_on(struct proxy *proxy, int fd)
{
    struct loop *loop = idlest(proxy);

    atomic_fetch_add(&proxy->connections, 1);
    atomic_fetch_add(&loop->connections, 1);
    if (write(loop->outbox, &fd, sizeof(fd)) == (ssize_t)sizeof(fd))
        return;
    close(fd);
    accept_closed(loop);
}

void accept_closed(struct loop *loop)
{
    const uint64_t one = 1;

    atomic_fetch_sub(&loop->connections, 1);
    if (atomic_fetch_sub(&loop->proxy->connections, 1) == loop->options->max_connections)
        (void)!write(loop->proxy->wake_fd, &one, sizeof(one));
}

static bool has_room(const struct proxy *proxy)
{
    return atomic_load(&proxy->connections) < proxy->options.max_connections;
}

/* The system lacks files or memory for it: it stays where it is until then. */
static void pause_accepting(struct proxy *proxy, int code, int64_t now_us)
{
    proxy->accept_us = now_us + PAUSE_US;
    if (proxy->accept_told_us != 0 && now_us - proxy->accept_told_us < TELL_US)
        return;
    proxy->accept_told_us = now_us;
    log_warning("no connection more than %u can be taken now: %s", atomic_load(&proxy->connections), strerror(code));
}

/* Of a connection that was given up before it was taken the system tells in many ways (see accept(2)). */
static bool is_lack(int code)
{
    return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
}

static void accept_some(struct proxy *proxy)
{
    for (int i = 0; i < AT_ONCE && has_room(proxy); i++) {
        int fd = accept4(proxy->options.listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0)
            hand_on(proxy, fd);
        else if (is_lack(errno))
            pause_accepting(proxy, errno, timestamp_monotonic());
        if (fd < 0)
            return;
    }
}

void accept_turn(struct proxy *proxy)
{
    bool takes = has_room(proxy) && timestamp_monotonic() >= proxy->accept_us;
    struct pollfd events[] = {
        {.fd = proxy->options.stop_fd, .events = POLLIN},
        {.fd = proxy->wake_fd, .events = POLLIN},
        {.fd = takes ? proxy->options.listener : -1, .events = POLLIN},
    };
    uint64_t count;

    if (poll(events, ARRAY_LENGTH(events), PROXY_LOOK_US / 1000) <= 0)
        return;
    if (events[1].revents != 0)
        (void)!read(proxy->wake_fd, &count, sizeof(count)); /* only resets it */
    if (events[0].revents != 0)
        proxy_stop(proxy);
    else if (events[2].revents != 0)
        accept_some(proxy);
}
