/* SPDX-License-Identifier: MIT */
/* The loop: waits for the sockets of both libraries, for gate and spool, for the end, and for time. */

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "gateway/proxy_parts.h"

#define EVENTS 128

/* What libcurl waits for on a socket, and what epoll was told. After each answer libcurl takes its socket out and, with
 * the next request, puts it in again: epoll is told of that only when something comes that nobody waits for. */
enum {
    WANTS_IN = 1,
    WANTS_OUT = 2,
    HAS_IN = 4,
    HAS_OUT = 8,
    STAYS = 16, /* a connection: its closing is told; of other sockets libcurl's taking out is the last word */
    WANTS = WANTS_IN | WANTS_OUT,
    HAS = HAS_IN | HAS_OUT,
};

static unsigned char *socket_of(struct proxy *proxy, int fd)
{
    size_t index = (size_t)fd;

    if (index >= proxy->sockets_size) {
        size_t size = (index + 1) * 2;
        proxy->sockets = mem_resize(proxy->sockets, size);
        memset(proxy->sockets + proxy->sockets_size, 0, size - proxy->sockets_size);
        proxy->sockets_size = size;
    }
    return &proxy->sockets[index];
}

static uint32_t events_of(unsigned char wants)
{
    return ((wants & WANTS_IN) != 0 ? (uint32_t)EPOLLIN : 0) | ((wants & WANTS_OUT) != 0 ? (uint32_t)EPOLLOUT : 0);
}

/* Tells epoll what is waited for. */
static void tell_epoll(struct proxy *proxy, int fd, unsigned char *socket)
{
    unsigned char wants = *socket & WANTS;
    struct epoll_event event = {.events = events_of(wants), .data.fd = fd};
    int how = wants == 0 ? EPOLL_CTL_DEL : (*socket & HAS) != 0 ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    if (epoll_ctl(proxy->epoll, how, fd, &event) != 0 && errno == ENOENT && how == EPOLL_CTL_MOD)
        (void)epoll_ctl(proxy->epoll, EPOLL_CTL_ADD, fd, &event); /* the number is another socket's since */
    *socket = (unsigned char)((*socket & STAYS) | wants | (wants << 2));
}

static int told_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *unused)
{
    struct proxy *proxy = context;
    unsigned char *socket = socket_of(proxy, fd);

    (void)easy, (void)unused;
    unsigned wants = what == CURL_POLL_REMOVE ? 0U : ((unsigned)what & WANTS); /* CURL_POLL_IN is 1, _OUT 2 */
    *socket = (unsigned char)((*socket & (HAS | STAYS)) | wants);
    bool differs = wants != (unsigned)(*socket & HAS) >> 2;
    if (differs && (wants != 0 || (*socket & STAYS) == 0))
        tell_epoll(proxy, fd, socket);
    return 0;
}

static int opened_socket(void *context, curl_socket_t fd, curlsocktype purpose)
{
    (void)purpose;
    *socket_of(context, fd) = STAYS;
    return CURL_SOCKOPT_OK;
}

/* A socket that is closed leaves epoll by itself. */
static int close_socket(void *context, curl_socket_t fd)
{
    *socket_of(context, fd) = 0;
    return close(fd);
}

static int told_time(CURLM *multi, long milliseconds, void *context)
{
    struct proxy *proxy = context;

    (void)multi;
    proxy->curl_at_us = milliseconds < 0 ? -1 : proxy->now_us + (int64_t)milliseconds * 1000;
    return 0;
}

bool loop_watch_socket(struct proxy *proxy, CURL *easy)
{
    return curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, opened_socket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, proxy) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, proxy) == CURLE_OK;
}

/* ---- one turn ---- */

static void sooner(int64_t *wait_us, int64_t other_us)
{
    if (other_us >= 0 && other_us < *wait_us)
        *wait_us = other_us;
}

static int64_t wait_of(struct proxy *proxy, int64_t longest_us)
{
    MHD_UNSIGNED_LONG_LONG milliseconds;
    int64_t wait_us = longest_us;

    if (MHD_get_timeout(proxy->daemon, &milliseconds) == MHD_YES && milliseconds < (unsigned)INT32_MAX)
        sooner(&wait_us, (int64_t)milliseconds * 1000);
    if (proxy->curl_at_us >= 0)
        sooner(&wait_us, proxy->curl_at_us > proxy->now_us ? proxy->curl_at_us - proxy->now_us : 0);
    sooner(&wait_us, deadline_next(&proxy->head, proxy->now_us));
    sooner(&wait_us, deadline_next(&proxy->next, proxy->now_us));
    sooner(&wait_us, deadline_next(&proxy->body, proxy->now_us));
    sooner(&wait_us, deadline_next(&proxy->answer, proxy->now_us));
    sooner(&wait_us, deadline_next(&proxy->silence, proxy->now_us));
    return wait_us;
}

static void run_socket(struct proxy *proxy, int fd, uint32_t events)
{
    unsigned char *socket = socket_of(proxy, fd);
    int running;
    int what = ((events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) | ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
               ((events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);

    if ((*socket & WANTS) == 0)
        tell_epoll(proxy, fd, socket);
    else
        (void)curl_multi_socket_action(proxy->multi, fd, what, &running);
}

static void run_curl(struct proxy *proxy)
{
    int running;

    /* A call may ask for the next at once: what was asked of the gate and the spool in between comes first. */
    if (proxy->curl_at_us >= 0 && proxy->curl_at_us <= proxy->now_us) {
        proxy->curl_at_us = -1;
        (void)curl_multi_socket_action(proxy->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    upstream_take_done(proxy);
}

static void run_event(struct proxy *proxy, const struct epoll_event *event)
{
    uint64_t count;
    int fd = event->data.fd;

    if (fd == proxy->options.stop_fd) {
        (void)epoll_ctl(proxy->epoll, EPOLL_CTL_DEL, fd, NULL); /* it stays readable */
        proxy_stop(proxy);
    } else if (fd == proxy->options.wake_fd)
        (void)!read(fd, &count, sizeof(count)); /* only resets it */
    else if (fd != proxy->daemon_fd)
        run_socket(proxy, fd, event->events);
}

static void run_deadlines(struct proxy *proxy)
{
    deadline_look(&proxy->head, proxy->now_us);
    deadline_look(&proxy->next, proxy->now_us);
    deadline_look(&proxy->body, proxy->now_us);
    deadline_look(&proxy->answer, proxy->now_us);
    deadline_look(&proxy->silence, proxy->now_us);
}

void loop_turn(struct proxy *proxy, int64_t longest_us)
{
    struct epoll_event events[EVENTS];
    int64_t wait_us = wait_of(proxy, longest_us);
    int count = epoll_wait(proxy->epoll, events, EVENTS, (int)((wait_us + 999) / 1000));

    proxy->now_us = timestamp_monotonic();
    for (int i = 0; i < count; i++)
        run_event(proxy, &events[i]);
    run_deadlines(proxy);
    run_curl(proxy);
    exchange_settle_all(proxy);
    (void)MHD_run(proxy->daemon);
    exchange_settle_all(proxy);
    pass_wake(proxy);
    pass_take_done(proxy);
    pass_wake(proxy);
    run_curl(proxy);
    exchange_settle_all(proxy);
}

static bool watch(struct proxy *proxy, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return fd < 0 || epoll_ctl(proxy->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool loop_start(struct proxy *proxy, struct error *err)
{
    proxy->curl_at_us = -1;
    proxy->daemon_fd = MHD_get_daemon_info(proxy->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    proxy->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (proxy->epoll < 0 || !watch(proxy, proxy->daemon_fd) || !watch(proxy, proxy->options.wake_fd) ||
        !watch(proxy, proxy->options.stop_fd) ||
        curl_multi_setopt(proxy->multi, CURLMOPT_SOCKETFUNCTION, told_socket) != CURLM_OK ||
        curl_multi_setopt(proxy->multi, CURLMOPT_SOCKETDATA, proxy) != CURLM_OK ||
        curl_multi_setopt(proxy->multi, CURLMOPT_TIMERFUNCTION, told_time) != CURLM_OK ||
        curl_multi_setopt(proxy->multi, CURLMOPT_TIMERDATA, proxy) != CURLM_OK)
        return fail(err, EXIT_COMMAND, "the gateway's loop can't be set up: %s", strerror(errno));
    return true;
}

void loop_stop(struct proxy *proxy)
{
    if (proxy->epoll >= 0)
        close(proxy->epoll);
    free(proxy->sockets);
}
