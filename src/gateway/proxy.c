/* SPDX-License-Identifier: MIT */
/* A proxy's life: its loops, and how they end. */

#include "gateway/proxy.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gateway/proxy_parts.h"

/* ---- its beginning ---- */

static bool start(struct proxy *proxy, struct error *err)
{
    const struct proxy_options *options = &proxy->options;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fail(err, EXIT_COMMAND, "libcurl (%s) can't be used", curl_version());
    proxy->url = curl_url();
    if (proxy->url == NULL || curl_url_set(proxy->url, CURLUPART_URL, options->upstream, 0) != CURLUE_OK)
        return fail(err, EXIT_COMMAND, "libcurl (%s) can't read --upstream %s", curl_version(), options->upstream);
    if (options->upstream_address != NULL) {
        char *to = mem_format("::%s", options->upstream_address);
        proxy->connect_to = curl_slist_append(NULL, to);
        free(to);
    }
    proxy->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (proxy->wake_fd < 0)
        return fail(err, EXIT_COMMAND, "the gateway's loops can't be set up: %s", strerror(errno));
    proxy->loops = mem_alloc(options->loops * sizeof(*proxy->loops));
    for (uint32_t i = 0; i < options->loops; i++) {
        proxy->made++;
        if (!life_begin(&proxy->loops[i], proxy, err))
            return false;
    }
    return true;
}

bool proxy_new(struct proxy **out, const struct proxy_options *options, const struct proxy_rooms *rooms,
               struct error *err)
{
    struct proxy *proxy = mem_alloc(sizeof(*proxy));

    proxy->options = *options;
    proxy->rooms = *rooms;
    proxy->wake_fd = -1;
    snprintf(proxy->via, sizeof(proxy->via), "headroom-%.8s", spool_id(rooms->spool));
    *out = proxy;
    if (start(proxy, err))
        return true;
    proxy_end(proxy);
    proxy_free(proxy);
    *out = NULL;
    return false;
}

/* ---- while it serves ---- */

bool proxy_is_stopping(const struct proxy *proxy)
{
    return proxy->stopping;
}

int64_t proxy_turned(const struct proxy *proxy)
{
    int64_t turned_us = timestamp_monotonic();

    for (uint32_t i = 0; i < proxy->made; i++) {
        int64_t one_us = atomic_load_explicit(&proxy->loops[i].turned_us, memory_order_relaxed);
        turned_us = one_us < turned_us ? one_us : turned_us;
    }
    return turned_us;
}

/* The listener is left alone: systemd may hold it for who comes next. */
void proxy_stop(struct proxy *proxy)
{
    proxy->stopping = true;
    for (uint32_t i = 0; i < proxy->made; i++) {
        if (proxy->loops[i].outbox >= 0)
            close(proxy->loops[i].outbox);
        proxy->loops[i].outbox = -1;
    }
}

static void look(const struct proxy *proxy, int64_t *looked_us)
{
    int64_t now_us = timestamp_monotonic();

    if (proxy->options.look == NULL || now_us - *looked_us < PROXY_LOOK_US)
        return;
    *looked_us = now_us;
    proxy->options.look(proxy->options.context);
}

void proxy_run(struct proxy *proxy, uint64_t *cut)
{
    int64_t looked_us = 0;

    while (!proxy->stopping) {
        accept_turn(proxy);
        look(proxy, &looked_us);
    }
    struct pollfd woken = {.fd = proxy->wake_fd, .events = POLLIN};
    uint64_t count;
    for (looked_us = 0; atomic_load(&proxy->running) > 0; look(proxy, &looked_us))
        if (poll(&woken, 1, PROXY_LOOK_US / 1000) > 0)
            (void)!read(proxy->wake_fd, &count, sizeof(count));
    *cut = 0;
    for (uint32_t i = 0; i < proxy->made; i++) {
        life_join(&proxy->loops[i]);
        *cut += proxy->loops[i].cut;
    }
}

/* ---- its end ---- */

void proxy_end(struct proxy *proxy)
{
    if (proxy == NULL)
        return;
    proxy_stop(proxy);
    for (uint32_t i = 0; i < proxy->made; i++)
        life_end(&proxy->loops[i]);
}

void proxy_free(struct proxy *proxy)
{
    if (proxy == NULL)
        return;
    for (uint32_t i = 0; i < proxy->made; i++)
        if (proxy->loops[i].wake_fd >= 0)
            close(proxy->loops[i].wake_fd);
    if (proxy->wake_fd >= 0)
        close(proxy->wake_fd);
    curl_slist_free_all(proxy->connect_to);
    curl_url_cleanup(proxy->url);
    curl_global_cleanup();
    free(proxy->loops);
    free(proxy);
}
