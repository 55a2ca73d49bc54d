/* SPDX-License-Identifier: MIT */
/* The loop: waits for the sockets of both libraries, for new ones, for gate and spool, and for time. */

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

static unsigned char *socket_of(struct loop *loop, int fd)
{
    size_t index = (size_t)fd;

    if (index >= loop->sockets_size) {
        size_t size = (index + 1) * 2;
        loop->sockets = mem_resize(loop->sockets, size);
        memset(loop->sockets + loop->sockets_size, 0, size - loop->sockets_size);
        loop->sockets_size = size;
    }
    return &loop->sockets[index];
}

static uint32_t events_of(unsigned char wants)
{
    return ((wants & WANTS_IN) != 0 ? (uint32_t)EPOLLIN : 0) | ((wants & WANTS_OUT) != 0 ? (uint32_t)EPOLLOUT : 0);
}

/* Tells epoll what is waited for. */
static void tell_epoll(struct loop *loop, int fd, unsigned char *socket)
{
    unsigned char wants = *socket & WANTS;
    struct epoll_event event = {.events = events_of(wants), .data.fd = fd};
    int how = wants == 0 ? EPOLL_CTL_DEL : (*socket & HAS) != 0 ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    if (epoll_ctl(loop->epoll, how, fd, &event) != 0 && errno == ENOENT && how == EPOLL_CTL_MOD)
        (void)epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event); /* the number is another socket's since */
    *socket = (unsigned char)((*socket & STAYS) | wants | (wants << 2));
}

static int told_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *unused)
{
    struct loop *loop = context;
    unsigned char *socket = socket_of(loop, fd);

    (void)easy, (void)unused;
    unsigned wants = what == CURL_POLL_REMOVE ? 0U : ((unsigned)what & WANTS); /* CURL_POLL_IN is 1, _OUT 2 */
    *socket = (unsigned char)((*socket & (HAS | STAYS)) | wants);
    bool differs = wants != (unsigned)(*socket & HAS) >> 2;
    if (differs && (wants != 0 || (*socket & STAYS) == 0))
        tell_epoll(loop, fd, socket);
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
    struct loop *loop = context;

    (void)multi;
    loop->curl_at_us = milliseconds < 0 ? -1 : loop->now_us + (int64_t)milliseconds * 1000;
    return 0;
}

bool loop_watch_socket(struct loop *loop, CURL *easy)
{
    return curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, opened_socket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, loop) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, loop) == CURLE_OK;
}

/* ---- one turn ---- */

static void sooner(int64_t *wait_us, int64_t other_us)
{
    if (other_us >= 0 && other_us < *wait_us)
        *wait_us = other_us;
}

static int64_t wait_of(struct loop *loop, int64_t longest_us)
{
    MHD_UNSIGNED_LONG_LONG milliseconds;
    int64_t wait_us = longest_us;

    if (loop->resumes)
        return 0; /* without a thread of its own the daemon tells neither its epoll nor by its time-out */
    if (MHD_get_timeout(loop->daemon, &milliseconds) == MHD_YES && milliseconds < (unsigned)INT32_MAX)
        sooner(&wait_us, (int64_t)milliseconds * 1000);
    if (loop->curl_at_us >= 0)
        sooner(&wait_us, loop->curl_at_us > loop->now_us ? loop->curl_at_us - loop->now_us : 0);
    sooner(&wait_us, deadline_next(&loop->head, loop->now_us));
    sooner(&wait_us, deadline_next(&loop->next, loop->now_us));
    sooner(&wait_us, deadline_next(&loop->body, loop->now_us));
    sooner(&wait_us, deadline_next(&loop->answer, loop->now_us));
    sooner(&wait_us, deadline_next(&loop->silence, loop->now_us));
    return wait_us;
}

static void run_socket(struct loop *loop, int fd, uint32_t events)
{
    unsigned char *socket = socket_of(loop, fd);
    int running;
    int what = ((events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) | ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
               ((events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);

    if ((*socket & WANTS) == 0)
        tell_epoll(loop, fd, socket);
    else
        (void)curl_multi_socket_action(loop->multi, fd, what, &running);
}

static void run_curl(struct loop *loop)
{
    int running;

    /* A call may ask for the next at once: what was asked of the gate and the spool in between comes first. */
    if (loop->curl_at_us >= 0 && loop->curl_at_us <= loop->now_us) {
        loop->curl_at_us = -1;
        (void)curl_multi_socket_action(loop->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    upstream_take_done(loop);
}

static void run_event(struct loop *loop, const struct epoll_event *event)
{
    uint64_t count;
    int fd = event->data.fd;

    if (fd == loop->inbox)
        life_take_inbox(loop);
    else if (fd == loop->wake_fd)
        (void)!read(fd, &count, sizeof(count)); /* only resets it */
    else if (fd != loop->daemon_fd)
        run_socket(loop, fd, event->events);
}

static void run_deadlines(struct loop *loop)
{
    deadline_look(&loop->head, loop->now_us);
    deadline_look(&loop->next, loop->now_us);
    deadline_look(&loop->body, loop->now_us);
    deadline_look(&loop->answer, loop->now_us);
    deadline_look(&loop->silence, loop->now_us);
}

void loop_turn(struct loop *loop, int64_t longest_us)
{
    struct epoll_event events[EVENTS];
    int64_t wait_us = wait_of(loop, longest_us);
    int count = epoll_wait(loop->epoll, events, EVENTS, (int)((wait_us + 999) / 1000));

    loop->now_us = timestamp_monotonic();
    atomic_store_explicit(&loop->turned_us, loop->now_us, memory_order_relaxed);
    for (int i = 0; i < count; i++)
        run_event(loop, &events[i]);
    run_deadlines(loop);
    run_curl(loop);
    exchange_settle_all(loop);
    loop->resumes = false;
    (void)MHD_run(loop->daemon);
    exchange_settle_all(loop);
    pass_wake(loop);
    pass_take_done(loop);
    pass_wake(loop);
    run_curl(loop);
    exchange_settle_all(loop);
}

static bool watch(struct loop *loop, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool loop_start(struct loop *loop, struct error *err)
{
    loop->curl_at_us = -1;
    loop->daemon_fd = MHD_get_daemon_info(loop->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (loop->epoll < 0 || !watch(loop, loop->daemon_fd) || !watch(loop, loop->wake_fd) || !watch(loop, loop->inbox) ||
        curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, told_socket) != CURLM_OK ||
        curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop) != CURLM_OK ||
        curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, told_time) != CURLM_OK ||
        curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop) != CURLM_OK)
        return fail(err, EXIT_COMMAND, "the gateway's loop can't be set up: %s", strerror(errno));
    return true;
}

void loop_stop(struct loop *loop)
{
    if (loop->epoll >= 0)
        close(loop->epoll);
    free(loop->sockets);
}
