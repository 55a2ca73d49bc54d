/* SPDX-License-Identifier: MIT */
/* A loop's life in its thread: what it is made of, the connections that it is handed, and how it ends. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/proxy_parts.h"

#define SOCKETS    64               /* of the inbox, read at once */
#define TICKETS_US INT64_C(5000000) /* for what gate and spool still have, at the end */

/* ---- connections ---- */

static void add_client(struct loop *loop, int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof(address);
    uint64_t told = loop->told;

    if (getpeername(fd, (struct sockaddr *)&address, &size) != 0) {
        close(fd); /* it is gone already */
        accept_closed(loop);
        return;
    }
    if (MHD_add_connection(loop->daemon, fd, (struct sockaddr *)&address, size) != MHD_YES && loop->told == told)
        accept_closed(loop); /* the library, which has closed it, has told of it neither beginning nor end */
}

/* No new connections come: those that ask for nothing end, the others with their answer. */
static void take_no_more(struct loop *loop)
{
    struct peer *next;

    loop->stopping = true;
    (void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, loop->inbox, NULL); /* it stays readable */
    for (struct peer *peer = loop->peers; peer != NULL; peer = next) {
        next = peer->next;
        if (peer->exchange == NULL)
            shutdown(peer->fd, SHUT_RDWR);
    }
}

void life_take_inbox(struct loop *loop)
{
    int fds[SOCKETS];
    ssize_t size;

    while ((size = read(loop->inbox, fds, sizeof(fds))) > 0)
        for (size_t i = 0; i < (size_t)size / sizeof(*fds); i++)
            add_client(loop, fds[i]);
    if (size == 0)
        take_no_more(loop);
}

/* ---- the thread ---- */

/* Ends what is still under way: each gets its outcome, each client's connection is closed. */
static uint64_t cut_off(struct loop *loop)
{
    struct exchange *next;
    uint64_t cut = 0;
    int64_t end_us = loop->now_us + TICKETS_US;

    loop->closing = true;
    for (struct exchange *exchange = loop->exchanges; exchange != NULL; exchange = next) {
        next = exchange->next;
        cut += exchange->state != EXCHANGE_HEAD;
        if (exchange->peer != NULL)
            shutdown(exchange->peer->fd, SHUT_RDWR);
        if (exchange->state == EXCHANGE_HEAD)
            continue;
        pass_give_up(exchange);
        exchange_touch(exchange);
    }
    exchange_settle_all(loop);
    while ((loop->exchanges != NULL || loop->peers != NULL) && loop->now_us < end_us)
        loop_turn(loop, PROXY_LOOK_US);
    return cut;
}

static void *live(void *context)
{
    struct loop *loop = context;
    const uint64_t one = 1;

    while (!loop->stopping)
        loop_turn(loop, PROXY_LOOK_US);
    int64_t end_us = loop->now_us + loop->options->grace_us;
    while (loop->exchanges != NULL && loop->now_us < end_us)
        loop_turn(loop, PROXY_LOOK_US);
    loop->cut = cut_off(loop);
    atomic_store(&loop->turned_us, INT64_MAX); /* nobody waits for it while the others end */
    atomic_fetch_sub(&loop->proxy->running, 1);
    (void)!write(loop->proxy->wake_fd, &one, sizeof(one));
    return NULL;
}

static bool open_inbox(struct loop *loop, struct error *err)
{
    int ends[2];

    loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->wake_fd < 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(err, EXIT_COMMAND, "the gateway's loop can't be set up: %s", strerror(errno));
    loop->inbox = ends[0];
    loop->outbox = ends[1];
    loop->spooled.wake_fd = loop->gated.wake_fd = loop->wake_fd;
    return true;
}

bool life_begin(struct loop *loop, struct proxy *proxy, struct error *err)
{
    *loop = (struct loop){
        .proxy = proxy,
        .options = &proxy->options,
        .rooms = proxy->rooms,
        .via = proxy->via,
        .inbox = -1,
        .outbox = -1,
        .wake_fd = -1,
        .epoll = -1,
        .now_us = timestamp_monotonic(),
    };
    atomic_store(&loop->turned_us, loop->now_us);
    if (!open_inbox(loop, err) || !upstream_start(loop, err) || !exchange_serve(loop, err) || !loop_start(loop, err))
        return false;
    atomic_fetch_add(&proxy->running, 1);
    int code = pthread_create(&loop->thread, NULL, live, loop);
    loop->started = code == 0;
    if (!loop->started)
        atomic_fetch_sub(&proxy->running, 1);
    return loop->started || fail(err, EXIT_COMMAND, "the gateway's loop can't be started: %s", strerror(code));
}

void life_join(struct loop *loop)
{
    if (loop->started)
        pthread_join(loop->thread, NULL);
    loop->started = false;
}

void life_end(struct loop *loop)
{
    life_join(loop);
    if (loop->daemon != NULL)
        MHD_stop_daemon(loop->daemon);
    upstream_stop(loop);
    loop_stop(loop);
    exchange_free_spare(loop);
    if (loop->inbox >= 0)
        close(loop->inbox);
}
