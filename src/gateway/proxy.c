/* SPDX-License-Identifier: MIT */
/* A proxy's life: what it is made of, and how it ends. */

#include "gateway/proxy.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/proxy_parts.h"

#define LOOK_US    INT64_C(100000)  /* between two looks around */
#define TICKETS_US INT64_C(5000000) /* for what gate and spool still have, at the end */

bool proxy_new(struct proxy **out, const struct proxy_options *options, const struct proxy_rooms *rooms,
               struct error *err)
{
    struct proxy *proxy = mem_alloc(sizeof(*proxy));

    proxy->options = *options;
    proxy->rooms = *rooms;
    proxy->epoll = -1;
    proxy->now_us = timestamp_monotonic();
    snprintf(proxy->via, sizeof(proxy->via), "headroom-%.8s", spool_id(rooms->spool));
    *out = proxy;
    if (upstream_start(proxy, err) && exchange_listen(proxy, err) && loop_start(proxy, err))
        return true;
    proxy_free(proxy);
    *out = NULL;
    return false;
}

bool proxy_is_stopping(const struct proxy *proxy)
{
    return proxy->stopping;
}

/* From quiescing on the library leaves the listener alone: systemd may hold it for who comes next. */
void proxy_stop(struct proxy *proxy)
{
    struct peer *next;

    if (proxy->stopping)
        return;
    proxy->stopping = true;
    (void)MHD_quiesce_daemon(proxy->daemon);
    for (struct peer *peer = proxy->peers; peer != NULL; peer = next) {
        next = peer->next;
        if (peer->exchange == NULL)
            shutdown(peer->fd, SHUT_RDWR);
    }
}

static void look(struct proxy *proxy, int64_t *looked_us)
{
    if (proxy->options.look == NULL || proxy->now_us - *looked_us < LOOK_US)
        return;
    *looked_us = proxy->now_us;
    proxy->options.look(proxy->options.context);
}

/* Ends what is still under way: each gets its outcome, each client's connection is closed. */
static uint64_t cut_off(struct proxy *proxy)
{
    struct exchange *next;
    uint64_t cut = 0;
    int64_t end_us = proxy->now_us + TICKETS_US;

    proxy->closing = true;
    for (struct exchange *exchange = proxy->exchanges; exchange != NULL; exchange = next) {
        next = exchange->next;
        cut += exchange->state != EXCHANGE_HEAD;
        if (exchange->peer != NULL)
            shutdown(exchange->peer->fd, SHUT_RDWR);
        if (exchange->state == EXCHANGE_HEAD)
            continue;
        pass_give_up(exchange);
        exchange_touch(exchange);
    }
    exchange_settle_all(proxy);
    while ((proxy->exchanges != NULL || proxy->peers != NULL) && proxy->now_us < end_us)
        loop_turn(proxy, LOOK_US);
    return cut;
}

void proxy_run(struct proxy *proxy, uint64_t *cut)
{
    int64_t looked_us = 0;

    while (!proxy->stopping) {
        loop_turn(proxy, LOOK_US);
        look(proxy, &looked_us);
    }
    int64_t end_us = proxy->now_us + proxy->options.grace_us;
    for (looked_us = 0; proxy->exchanges != NULL && proxy->now_us < end_us; look(proxy, &looked_us))
        loop_turn(proxy, LOOK_US);
    *cut = cut_off(proxy);
}

void proxy_free(struct proxy *proxy)
{
    if (proxy == NULL)
        return;
    if (proxy->daemon != NULL) {
        (void)MHD_quiesce_daemon(proxy->daemon);
        MHD_stop_daemon(proxy->daemon);
    }
    upstream_stop(proxy);
    loop_stop(proxy);
    exchange_free_spare(proxy);
    free(proxy);
}
