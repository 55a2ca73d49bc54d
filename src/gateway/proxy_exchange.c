/* SPDX-License-Identifier: MIT */
/* The front: what libmicrohttpd says of clients and their requests, and when each goes on. */

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <utlist.h>

#include "gateway/proxy_parts.h"

#define ANSWER_HEAD_MAX ((size_t)8 * 1024) /* of the upstream */
/* Turns of the loop that an exchange waits for its answer before its connection is suspended, which takes it out of the
 * daemon's epoll and later back in: where many requests are under way the answer is there by then. */
#define LINGER 6

/* ---- exchanges ---- */

static struct exchange *exchange_new(struct loop *loop)
{
    struct exchange *exchange = loop->spare;

    if (exchange != NULL)
        loop->spare = exchange->next;
    else {
        exchange = mem_alloc(sizeof(*exchange));
        exchange->arena = arena_new();
        buffer_init(&exchange->lines, ANSWER_HEAD_MAX);
    }
    exchange->next = NULL;
    exchange->loop = loop;
    exchange->silence.owner = exchange;
    exchange->begun_us = loop->now_us;
    DL_APPEND(loop->exchanges, exchange);
    metrics_in_flight(loop->rooms.metrics, 1);
    return exchange;
}

/* Goes to the spare ones, with its memory: most exchanges are alike. */
static void exchange_end(struct exchange *exchange)
{
    struct loop *loop = exchange->loop;
    struct exchange spare = {
        .arena = exchange->arena, .lines = exchange->lines, .up = exchange->up, .down = exchange->down};

    deadline_clear(&exchange->silence);
    record_free(exchange->record);
    if (exchange->response != NULL)
        MHD_destroy_response(exchange->response);
    DL_DELETE(loop->exchanges, exchange);
    if (exchange->placed)
        atomic_fetch_sub(&loop->proxy->in_flight, 1);
    metrics_in_flight(loop->rooms.metrics, -1);
    arena_reset(spare.arena);
    buffer_clear(&spare.lines);
    if (spare.up.capacity + spare.down.capacity > PROXY_WINDOW_MIN) { /* an unusual one */
        window_free(&spare.up);
        window_free(&spare.down);
    }
    window_clear(&spare.up);
    window_clear(&spare.down);
    *exchange = spare;
    exchange->next = loop->spare;
    loop->spare = exchange;
}

void exchange_free_spare(struct loop *loop)
{
    while (loop->spare != NULL) {
        struct exchange *exchange = loop->spare;
        loop->spare = exchange->next;
        arena_free(exchange->arena);
        buffer_free(&exchange->lines);
        window_free(&exchange->up);
        window_free(&exchange->down);
        free(exchange);
    }
}

void exchange_touch(struct exchange *exchange)
{
    if (exchange->touched)
        return;
    exchange->touched = true;
    exchange->next_touched = exchange->loop->touched;
    exchange->loop->touched = exchange;
}

void exchange_suspend(struct exchange *exchange)
{
    exchange->suspended = true;
    MHD_suspend_connection(exchange->client);
}

/* Whether the client's connection has something to do: a body to give, a head or a part of the answer to take. */
static bool can_go_on(const struct exchange *exchange)
{
    if (!exchange->body_whole)
        return exchange->body_unwanted || exchange->up.size < exchange->loop->options->body_window;
    if (exchange->answered == 0)
        return exchange->response != NULL;
    return exchange->down.size > 0 || exchange->answer_whole || exchange->broken;
}

static void settle(struct exchange *exchange)
{
    if (exchange->client == NULL) {
        if (exchange->state == EXCHANGE_OVER && !exchange->asked)
            exchange_end(exchange);
        else if (exchange->state == EXCHANGE_UPSTREAM)
            upstream_go_on(exchange);
        return;
    }
    if (exchange->head_whole && exchange->response == NULL && exchange->answered == 0)
        answer_make(exchange);
    if (exchange->state == EXCHANGE_UPSTREAM)
        upstream_go_on(exchange);
    if (exchange->suspended && (can_go_on(exchange) || exchange->loop->closing)) {
        exchange->suspended = false;
        exchange->loop->resumes = true;
        MHD_resume_connection(exchange->client);
    }
}

void exchange_settle_all(struct loop *loop)
{
    while (loop->touched != NULL) {
        struct exchange *exchange = loop->touched;
        loop->touched = exchange->next_touched;
        exchange->touched = false;
        settle(exchange);
    }
}

/* ---- what the daemon says ---- */

/* One that has come this far without a head: its deadline ends it. */
static void end_peer(void *owner)
{
    struct peer *peer = owner;

    metrics_refused(peer->loop->rooms.metrics, REFUSAL_SLOW);
    shutdown(peer->fd, SHUT_RDWR);
}

/* Nothing was asked of it: no refusal. */
static void end_idle(void *owner)
{
    shutdown(((struct peer *)owner)->fd, SHUT_RDWR);
}

static void end_slow_reader(void *owner)
{
    struct peer *peer = owner;

    metrics_client_gone(peer->loop->rooms.metrics);
    shutdown(peer->fd, SHUT_RDWR);
}

static void told_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                            enum MHD_ConnectionNotificationCode what)
{
    struct loop *loop = context;
    struct peer *peer = *socket_context;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        loop->told++;
        peer = mem_alloc(sizeof(*peer));
        peer->loop = loop;
        peer->deadline.owner = peer;
        peer->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        DL_APPEND(loop->peers, peer);
        deadline_set(&peer->deadline, &loop->head, loop->now_us);
        *socket_context = peer;
    } else if (peer != NULL) {
        deadline_clear(&peer->deadline);
        DL_DELETE(loop->peers, peer);
        free(peer);
        *socket_context = NULL;
        accept_closed(loop);
    }
    metrics_connections(loop->rooms.metrics, what == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1);
}

/* The request line, with the target as it was sent. */
static void *told_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct exchange *exchange = exchange_new(context);

    exchange->peer = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    exchange->peer->exchange = exchange;
    exchange->target_at = target;
    exchange->target = arena_copy(exchange->arena, str_of(target));
    return exchange;
}

/* More than may be under way can't have a place at once; which of those that come together gets the last is chance. */
static bool take_place(struct exchange *exchange)
{
    struct proxy *proxy = exchange->loop->proxy;

    exchange->placed = atomic_fetch_add(&proxy->in_flight, 1) < proxy->options.max_in_flight;
    if (!exchange->placed)
        atomic_fetch_sub(&proxy->in_flight, 1);
    return exchange->placed;
}

static bool begin(struct exchange *exchange, const char *method, const char *version)
{
    struct loop *loop = exchange->loop;
    struct refusal refusal;

    if (!head_read(exchange, method, version, &refusal)) {
        metrics_refused(loop->rooms.metrics, refusal.kind);
        answer_refuse(exchange, refusal.status, "refused", refusal.why);
        return false;
    }
    if (!take_place(exchange)) {
        metrics_refused(loop->rooms.metrics, REFUSAL_BUSY);
        answer_refuse(exchange, 503, "refused", "the gateway has as many requests under way as it takes; try again");
        return false;
    }
    exchange->state = EXCHANGE_BODY;
    deadline_set(&exchange->peer->deadline, &loop->body, loop->now_us);
    return true;
}

static enum MHD_Result hand_over(struct exchange *exchange)
{
    deadline_set(&exchange->peer->deadline, &exchange->loop->answer, exchange->loop->now_us);
    return answer_hand_over(exchange);
}

/* libmicrohttpd calls it with the head, with each piece of the body, and at its end; there again after each wait. An
 * answer can be handed over at the first and at the last alone. */
static enum MHD_Result told_request(void *context, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version, const char *bytes, size_t *size,
                                    void **request)
{
    struct exchange *exchange = *request;
    struct loop *loop = context;

    (void)url;
    if (loop->closing)
        return MHD_NO;
    if (exchange->client == NULL) {
        exchange->client = connection;
        return begin(exchange, method, version) ? MHD_YES : hand_over(exchange);
    }
    if (*size > 0) {
        *size -= pass_body(exchange, bytes, *size);
        if (*size > 0)
            exchange_suspend(exchange);
        return MHD_YES;
    }
    if (!exchange->body_whole) {
        deadline_clear(&exchange->peer->deadline);
        pass_body_end(exchange);
    }
    if (exchange->response != NULL)
        return hand_over(exchange);
    if (exchange->turns++ >= LINGER)
        exchange_suspend(exchange);
    return MHD_YES;
}

/* The client has its answer, or is gone. What the upstream already does, it may end: its outcome is worth knowing. What
 * still lacks a part of its body can't come to an end. */
static void told_end(void *context, struct MHD_Connection *connection, void **request,
                     enum MHD_RequestTerminationCode how)
{
    struct exchange *exchange = *request;
    struct loop *loop = context;

    (void)connection;
    if (exchange == NULL)
        return;
    *request = NULL;
    struct peer *peer = exchange->peer;
    peer->exchange = NULL;
    deadline_set(&peer->deadline, &loop->next, loop->now_us);
    if (loop->stopping)
        shutdown(peer->fd, SHUT_RDWR);
    exchange->peer = NULL;
    exchange->client = NULL;
    if (log_says(LOG_DETAIL))
        tell_request(exchange, how == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    if (how == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        metrics_request(loop->rooms.metrics, exchange->record != NULL ? record_endpoint(exchange->record) : NULL,
                        exchange->answered, loop->now_us - exchange->begun_us);
    else if (exchange->state != EXCHANGE_HEAD)
        metrics_client_gone(loop->rooms.metrics);
    if (exchange->state == EXCHANGE_HEAD)
        exchange->state = EXCHANGE_OVER;
    else if (!exchange->body_whole || exchange->state == EXCHANGE_GATE)
        pass_give_up(exchange);
    window_clear(&exchange->down);
    exchange_touch(exchange);
}

PRINTF_LIKE(2, 0) static void told_fault(void *context, const char *format, va_list arguments)
{
    char text[400];

    (void)context;
    vsnprintf(text, sizeof(text), format, arguments);
    text[strcspn(text, "\r\n")] = '\0';
    log_detail("a client's connection: %s", text);
}

/* ---- the daemon ---- */

/* For the head of a request and that of its answer, which lie in one pool. The library wipes all of it after each
 * request, so more than is needed costs time. */
static size_t pool_size(const struct proxy_options *options)
{
    return options->max_header + ANSWER_HEAD_MAX + (size_t)8 * 1024;
}

bool exchange_serve(struct loop *loop, struct error *err)
{
    const struct proxy_options *options = loop->options;
    const struct tls_pair *tls = options->tls;
    unsigned flags = MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                     MHD_USE_SUPPRESS_DATE_NO_CLOCK;
    struct MHD_OptionItem secure[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, tls != NULL ? tls->certificate : NULL},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, tls != NULL ? tls->key : NULL},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};

    loop->head = (struct deadline_queue){.span_us = options->header_us, .passed = end_peer};
    loop->next = (struct deadline_queue){.span_us = options->idle_us + options->header_us, .passed = end_idle};
    loop->body = (struct deadline_queue){.span_us = options->body_us, .passed = end_peer};
    loop->answer = (struct deadline_queue){.span_us = options->idle_us, .passed = end_slow_reader};
    /* clang-format off: one option a line */
    loop->daemon = MHD_start_daemon(
        flags | (tls != NULL ? MHD_USE_TLS : 0), 0, NULL, NULL, told_request, loop, MHD_OPTION_EXTERNAL_LOGGER,
        told_fault, NULL, MHD_OPTION_URI_LOG_CALLBACK, told_target, loop, MHD_OPTION_NOTIFY_COMPLETED, told_end, loop,
        MHD_OPTION_NOTIFY_CONNECTION, told_connection, loop, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)options->max_connections, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)((options->idle_us + 999999) / 1000000), MHD_OPTION_CONNECTION_MEMORY_LIMIT, pool_size(options),
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, tls != NULL ? secure : plain, MHD_OPTION_END);
    /* clang-format on */
    return loop->daemon != NULL || fail(err, EXIT_COMMAND, "the gateway can't serve: libmicrohttpd does not start%s",
                                        tls != NULL ? "; is the certificate's chain whole and in order?" : "");
}
