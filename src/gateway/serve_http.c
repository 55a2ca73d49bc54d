/* SPDX-License-Identifier: MIT */
/* Requests in libmicrohttpd's threads: their bodies are put together, given to the loader, and answered. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/serve_parts.h"

#define THREADS      2
#define HEAD_MEMORY  ((size_t)64 * 1024) /* of a connection: its request's head, and what of a body comes at once */
#define DISCARD_MOST ((size_t)256 * 1024)

/* ---- a request's body ---- */

/* Counts what the body holds now; answers where all bodies hold too much. */
static void count_held(struct exchange *exchange)
{
    struct serve *serve = exchange->serve;
    size_t held = exchange->body != NULL ? body_held(exchange->body) : 0;

    held += exchange->request.events.count * (sizeof(struct body_event) + sizeof(struct ingest_feed_line));
    size_t before = atomic_fetch_add(&serve->waiting, held - exchange->held);
    size_t now = before + (held - exchange->held);
    exchange->held = held;
    if (now <= serve->options->max_waiting || exchange->status != 0)
        return;
    answer_problem(exchange, MHD_HTTP_TOO_MANY_REQUESTS,
                   "the bodies that wait have more than %zu bytes: nothing was taken in; send it again later",
                   serve->options->max_waiting);
}

static void drop_body(struct exchange *exchange)
{
    body_free(exchange->body);
    exchange->body = NULL;
    free(exchange->request.events.list);
    exchange->request.events = (struct body_events){0};
    count_held(exchange);
}

static void add_to_body(struct exchange *exchange, struct str sent)
{
    if (exchange->body == NULL)
        return;
    body_add(exchange->body, sent);
    count_held(exchange);
    if (exchange->status != 0)
        drop_body(exchange);
}

/* Gives its events to the loader; false: it is answered already. */
static bool give_events(struct exchange *exchange)
{
    struct body_fault fault;

    if (exchange->body == NULL)
        return false;
    if (!body_cut(exchange->body, exchange->form, SERVE_EVENTS_MAX, &exchange->request.events, &fault)) {
        answer_problem(exchange, fault.status, "%s", fault.text);
        return false;
    }
    count_held(exchange);
    if (exchange->status != 0)
        return false;
    exchange->request.contract = exchange->contract;
    exchange->request.owner = exchange;
    client_wait_not(exchange->client);
    MHD_suspend_connection(exchange->connection);
    serve_loader_give(exchange->serve->loader, &exchange->request);
    return true;
}

void serve_http_done(struct load_request *request)
{
    struct exchange *exchange = request->owner;
    MHD_resume_connection(exchange->connection);
}

void serve_http_looked(struct key_question *question)
{
    struct exchange *exchange = question->owner;
    MHD_resume_connection(exchange->connection);
}

/* ---- what the daemon calls ---- */

static struct exchange *begin(struct serve *serve, struct MHD_Connection *connection)
{
    struct exchange *exchange = mem_alloc(sizeof *exchange);
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    exchange->serve = serve;
    exchange->connection = connection;
    exchange->client = info->socket_context;
    atomic_fetch_add(&serve->under_way, 1);
    client_wait(exchange->client, CLIENT_BODY);
    return exchange;
}

static const char *header(const struct exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

/* Whether to hear a refused request to its end: a client that writes before it reads sees the answer then, and its
 * connection stays. Not where the end is unclear or far away, or where the client asks before it sends. */
static bool is_worth_reading(const struct exchange *exchange)
{
    const char *length = header(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
    int64_t bytes;

    if (exchange->status == MHD_HTTP_BAD_REQUEST || header(exchange, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL)
        return false;
    return length == NULL || (str_to_int64(str_of(length), 0, DISCARD_MOST, &bytes) &&
                              (bytes == 0 || header(exchange, MHD_HTTP_HEADER_EXPECT) == NULL));
}

/* The daemon has told the head, once or, where the exchange was asking for its key, twice. */
static enum MHD_Result end_head(struct exchange *exchange)
{
    if (exchange->is_asking || exchange->status == 0 || is_worth_reading(exchange))
        return MHD_YES;
    client_is_sending(exchange->client);
    return answer_send(exchange);
}

static enum MHD_Result end_body(struct exchange *exchange)
{
    if (exchange->was_given) {
        answer_load(exchange);
    } else {
        exchange->was_given = true;
        if (give_events(exchange))
            return MHD_YES;
    }
    return answer_send(exchange);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *sent, size_t *size, void **at)
{
    struct exchange *exchange = *at;

    if (exchange == NULL) {
        *at = exchange = begin(context, connection);
        route_begin(exchange, path, method, version);
        return end_head(exchange);
    }
    if (exchange->is_asking) {
        client_wait(exchange->client, CLIENT_BODY);
        route_go_on(exchange);
        return end_head(exchange);
    }
    if (*size > 0) {
        add_to_body(exchange, (struct str){sent, *size});
        *size = 0;
        return MHD_YES;
    }
    return end_body(exchange);
}

static void on_done(void *context, struct MHD_Connection *connection, void **at, enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *at;

    (void)context, (void)connection, (void)why;
    if (exchange == NULL)
        return;
    drop_body(exchange);
    client_wait(exchange->client, CLIENT_IDLE);
    atomic_fetch_sub(&exchange->serve->under_way, 1);
    buffer_free(&exchange->request.lines);
    free(exchange->contract);
    free(exchange->text);
    free(exchange);
    *at = NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **client,
                          enum MHD_ConnectionNotificationCode code)
{
    struct serve *serve = context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *client = client_enter(serve->clients,
                               MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
    else
        client_leave(*client);
}

/* The daemon's own messages are about clients that broke off. */
PRINTF_LIKE(2, 0) static void on_log(void *context, const char *format, va_list arguments)
{
    char text[300];

    (void)context;
    vsnprintf(text, sizeof text, format, arguments);
    text[strcspn(text, "\n")] = '\0';
    log_detail("HTTP: %s", text);
}

bool serve_http_start(struct serve *serve, struct error *err)
{
    bool is_tls = serve->tls.certificate != NULL;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem secure[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, serve->tls.certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, serve->tls.key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};

    serve->daemon = MHD_start_daemon(
        is_tls ? flags | MHD_USE_TLS : flags, 0, NULL, NULL, on_request, serve, MHD_OPTION_EXTERNAL_LOGGER, on_log,
        NULL, MHD_OPTION_LISTEN_SOCKET, serve->listener, MHD_OPTION_NOTIFY_COMPLETED, on_done, NULL,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, serve, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)serve->options->max_connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_MEMORY,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS, MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_ARRAY,
        is_tls ? secure : plain, MHD_OPTION_END);
    return serve->daemon != NULL || fail(err, EXIT_COMMAND, "HTTP can't be served: libmicrohttpd did not start%s",
                                         is_tls ? "; does it take the certificate and its key?" : "");
}
