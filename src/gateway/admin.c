/* SPDX-License-Identifier: MIT */
/* The admin address: a small server with a thread of its own. */

#include "gateway/admin.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/admin_parts.h"
#include "gateway/metrics_text.h"

#define CONNECTIONS 32U                       /* at once */
#define SECONDS     10U                       /* a client's silence */
#define POOL        ((size_t)8 * 1024)        /* bytes of a connection, its request's head among them */
#define ANSWER_MAX  ((size_t)4 * 1024 * 1024) /* room for the figures of 10,000 contracts */

struct admin {
    struct admin_rooms rooms;
    struct MHD_Daemon *daemon;
};

/* ---- the answers ---- */

static const char *type_of(bool json)
{
    return json ? "application/json" : "text/plain; charset=utf-8";
}

static bool wants_json(struct MHD_Connection *client)
{
    const char *accept = MHD_lookup_connection_value(client, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);
    return accept != NULL && strstr(accept, "application/json") != NULL;
}

/* Takes the text. */
static enum MHD_Result reply(struct MHD_Connection *client, unsigned status, const char *type, struct buffer *text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(text->size, text->size > 0 ? text->data : NULL, MHD_RESPMEM_MUST_COPY);

    buffer_free(text);
    if (response == NULL)
        return MHD_NO;
    enum MHD_Result queued = MHD_NO;
    if (MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES &&
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store") == MHD_YES &&
        (status != MHD_HTTP_METHOD_NOT_ALLOWED ||
         MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD") == MHD_YES))
        queued = MHD_queue_response(client, status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result reply_words(struct MHD_Connection *client, unsigned status, const char *words)
{
    struct buffer text;

    buffer_init(&text, ANSWER_MAX);
    (void)!buffer_format(&text, "%s\n", words);
    return reply(client, status, type_of(false), &text);
}

static enum MHD_Result reply_state(struct MHD_Connection *client, const struct admin_look *look,
                                   bool (*write)(const struct admin_look *, bool, struct buffer *, bool *))
{
    bool json = wants_json(client), good = false;
    struct buffer text;

    buffer_init(&text, ANSWER_MAX);
    bool fits = write(look, json, &text, &good);
    return reply(client, fits && good ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, type_of(json), &text);
}

static enum MHD_Result healthz(struct MHD_Connection *client, const struct admin_look *look)
{
    return reply_state(client, look, admin_healthz);
}

static enum MHD_Result readyz(struct MHD_Connection *client, const struct admin_look *look)
{
    return reply_state(client, look, admin_readyz);
}

static enum MHD_Result metrics(struct MHD_Connection *client, const struct admin_look *look)
{
    struct buffer text;

    buffer_init(&text, ANSWER_MAX);
    if (admin_metrics(look, &text))
        return reply(client, MHD_HTTP_OK, METRICS_TYPE, &text);
    buffer_free(&text);
    return reply_words(client, MHD_HTTP_INTERNAL_SERVER_ERROR, "the metrics are too many for one answer");
}

/* ---- requests ---- */

static const struct {
    const char *path;
    enum MHD_Result (*answer)(struct MHD_Connection *client, const struct admin_look *look);
} paths[] = {{"/healthz", healthz}, {"/readyz", readyz}, {"/metrics", metrics}};

static enum MHD_Result answer(const struct admin *admin, struct MHD_Connection *client, const char *path,
                              const char *method)
{
    struct admin_look look = {.rooms = &admin->rooms, .now_us = timestamp_now()};
    size_t i = 0;

    while (i < ARRAY_LENGTH(paths) && strcmp(paths[i].path, path) != 0)
        i++;
    if (i == ARRAY_LENGTH(paths))
        return reply_words(client, MHD_HTTP_NOT_FOUND, "there are: /healthz, /readyz, /metrics");
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return reply_words(client, MHD_HTTP_METHOD_NOT_ALLOWED, "there is only to look at: GET or HEAD");
    watch_read(admin->rooms.watch, &look.state);
    return paths[i].answer(client, &look);
}

/* The library calls it with the head, with each piece of a body, and at its end: a body is thrown away. */
static enum MHD_Result told_request(void *context, struct MHD_Connection *client, const char *path, const char *method,
                                    const char *version, const char *body, size_t *size, void **begun)
{
    (void)version, (void)body;
    if (*begun == NULL || *size > 0) {
        *begun = context;
        *size = 0;
        return MHD_YES;
    }
    return answer(context, client, path, method);
}

/* ---- its life ---- */

PRINTF_LIKE(2, 0) static void told_fault(void *context, const char *format, va_list arguments)
{
    char text[300];

    (void)context;
    vsnprintf(text, sizeof(text), format, arguments);
    log_detail("the admin address: %s", text);
}

bool admin_start(struct admin **out, int listener, const struct admin_rooms *rooms, struct error *err)
{
    struct admin *admin = mem_alloc(sizeof(*admin));

    admin->rooms = *rooms;
    admin->daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG, 0, NULL, NULL, told_request,
                         admin, MHD_OPTION_EXTERNAL_LOGGER, told_fault, NULL, MHD_OPTION_LISTEN_SOCKET, listener,
                         MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, SECONDS,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (admin->daemon == NULL) {
        free(admin);
        return fail(err, EXIT_COMMAND, "the admin address can't be served: libmicrohttpd (%s) does not start",
                    MHD_get_version());
    }
    *out = admin;
    return true;
}

void admin_stop(struct admin *admin)
{
    if (admin == NULL)
        return;
    (void)MHD_quiesce_daemon(admin->daemon); /* or it would close the listener */
    MHD_stop_daemon(admin->daemon);
    free(admin);
}
