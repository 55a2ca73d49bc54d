/* SPDX-License-Identifier: MIT */
/* The back: a request as libcurl sends it, its answer as libcurl gives it, and what becomes of it. */

#include <stdlib.h>
#include <string.h>

#include "gateway/proxy_parts.h"

#define BUFFER_SIZE      8192L             /* of an answer in transfer; PROXY_WINDOW_MIN is no less */
#define UPLOAD_SIZE      16384L            /* of a body in transfer; the least that libcurl takes */
#define FAILURE_PAUSE_US INT64_C(10000000) /* between two lines that say why a request failed */
#define CONNECTION_AGE   50L /* seconds that an idle connection is used again after: servers close them after 60 */

/* ---- what libcurl calls ---- */

static void moved(struct exchange *exchange)
{
    deadline_set(&exchange->silence, &exchange->loop->silence, exchange->loop->now_us);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
static size_t take_line(char *bytes, size_t one, size_t size, void *context)
{
    struct exchange *exchange = ((struct upstream *)context)->exchange;
    bool was_whole = exchange->head_whole;
    curl_off_t length = -1;

    moved(exchange);
    if (!answer_line(exchange, (struct str){bytes, one * size}))
        return 0;
    if (exchange->head_whole && !was_whole &&
        curl_easy_getinfo(exchange->upstream->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length) == CURLE_OK)
        exchange->answer_length = length;
    return one * size;
}

static size_t take_body(char *bytes, size_t one, size_t size, void *context)
{
    struct exchange *exchange = ((struct upstream *)context)->exchange;
    size_t window = exchange->loop->options->body_window;

    size *= one;
    moved(exchange);
    if (exchange->client == NULL) {
        /* Nobody waits for it, and of more than this the record learns nothing. */
        if (exchange->answer_seen > RECORDER_BODY_MAX)
            return 0;
    } else if (exchange->down.size > 0 && exchange->down.size + size > window) {
        exchange->is_full = true;
        deadline_clear(&exchange->silence); /* it is the client that is waited for */
        return CURL_WRITEFUNC_PAUSE;
    } else {
        window_add(&exchange->down, bytes, size);
        exchange_touch(exchange);
    }
    exchange->answer_seen += size;
    record_answer_body(exchange->record, (struct str){bytes, size});
    return size;
}

static size_t give_body(char *bytes, size_t one, size_t size, void *context)
{
    struct exchange *exchange = ((struct upstream *)context)->exchange;
    size_t given = window_take(&exchange->up, bytes, one * size);

    moved(exchange);
    exchange->wants_body = given == 0 && !exchange->body_whole;
    if (exchange->wants_body) {
        deadline_clear(&exchange->silence); /* it is the client that is waited for */
        return CURL_READFUNC_PAUSE;
    }
    if (given > 0)
        exchange_touch(exchange);
    return given;
}

/* The connection stands, TLS too, and what leaves next is the request: before this it can't have arrived. On a
 * connection that turns out to be dead libcurl would send it once more, though it may have arrived already. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
static int about_to_send(void *context, char *to, char *from, int to_port, int from_port)
{
    struct upstream *upstream = context;

    (void)to, (void)from, (void)to_port, (void)from_port;
    if (upstream->sends == 0)
        upstream->exchange->left_us = timestamp_monotonic();
    return upstream->sends++ == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/* ---- a transfer ---- */

static bool set_up_way(const struct loop *loop, CURL *easy)
{
    const struct proxy_options *options = loop->options;

    return curl_easy_setopt(easy, CURLOPT_CURLU, loop->proxy->url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOPROXY, "*") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           (options->upstream_ca == NULL || curl_easy_setopt(easy, CURLOPT_CAINFO, options->upstream_ca) == CURLE_OK) &&
           (loop->proxy->connect_to == NULL ||
            curl_easy_setopt(easy, CURLOPT_CONNECT_TO, loop->proxy->connect_to) == CURLE_OK) &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(options->connect_us / 1000)) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, CONNECTION_AGE) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, BUFFER_SIZE) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_SIZE) == CURLE_OK;
}

static bool set_up_calls(struct upstream *upstream)
{
    CURL *easy = upstream->easy;

    return curl_easy_setopt(easy, CURLOPT_PRIVATE, upstream) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, upstream->why) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_line) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, upstream) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, upstream) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READDATA, upstream) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, about_to_send) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQDATA, upstream) == CURLE_OK;
}

static void upstream_free(struct upstream *upstream)
{
    curl_easy_cleanup(upstream->easy);
    free(upstream);
}

/* One that is idle, else a new one; NULL: libcurl has none. */
static struct upstream *acquire(struct loop *loop)
{
    struct upstream *upstream = loop->idle;

    if (upstream != NULL) {
        loop->idle = upstream->next;
        return upstream;
    }
    upstream = mem_alloc(sizeof(*upstream));
    upstream->easy = curl_easy_init();
    if (upstream->easy != NULL && set_up_way(loop, upstream->easy) && set_up_calls(upstream) &&
        loop_watch_socket(loop, upstream->easy))
        return upstream;
    upstream_free(upstream);
    return NULL;
}

static void release(struct exchange *exchange)
{
    struct upstream *upstream = exchange->upstream;

    deadline_clear(&exchange->silence);
    exchange->upstream = NULL;
    if (upstream == NULL)
        return;
    curl_multi_remove_handle(exchange->loop->multi, upstream->easy);
    upstream->exchange = NULL;
    upstream->next = exchange->loop->idle;
    exchange->loop->idle = upstream;
}

/* libcurl's kinds of request, of which only the body matters: the method is the client's. */
static bool set_kind(const struct exchange *exchange, CURL *easy)
{
    if (exchange->is_head)
        return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
    return curl_easy_setopt(easy, exchange->has_body ? CURLOPT_POST : CURLOPT_HTTPGET, 1L) == CURLE_OK;
}

/* A body that is there whole leaves with the head, in one piece; else libcurl asks for it. It takes what has a body for
 * a POST, so the kind comes last. */
static bool set_request(const struct exchange *exchange, CURL *easy)
{
    const struct window *up = &exchange->up;
    bool given = exchange->has_body && exchange->body_whole;
    curl_off_t length = exchange->chunked ? -1 : (curl_off_t)exchange->length;
    const char *body = up->size > 0 ? up->data + up->start : "";

    if (given)
        length = (curl_off_t)up->size;
    return curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, length) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, given ? body : NULL) == CURLE_OK && set_kind(exchange, easy) &&
           curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, exchange->method.data) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, exchange->target.data) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers) == CURLE_OK;
}

/* ---- its end ---- */

static bool is_time_out(CURLcode code)
{
    return code == CURLE_OPERATION_TIMEDOUT;
}

/* Why, once in a while; how many there were is told by the watch. */
static void tell_failure(struct loop *loop, const char *why)
{
    _Atomic int64_t *told_us = &loop->proxy->failure_told_us;
    int64_t before_us = atomic_load(told_us);

    if ((before_us == 0 || loop->now_us - before_us >= FAILURE_PAUSE_US) &&
        atomic_compare_exchange_strong(told_us, &before_us, loop->now_us))
        log_warning("a request to %s failed: %s", loop->options->upstream_name, why);
    else
        log_detail("a request to %s failed: %s", loop->options->upstream_name, why);
}

static enum metrics_upstream kind_of(const struct exchange *exchange, bool timed_out)
{
    if (exchange->left_us == 0)
        return UPSTREAM_UNREACHABLE;
    if (exchange->head_whole)
        return UPSTREAM_BROKEN;
    return timed_out ? UPSTREAM_TIMEOUT : UPSTREAM_CLOSED;
}

static void failed(struct exchange *exchange, bool timed_out, const char *why)
{
    struct loop *loop = exchange->loop;

    metrics_upstream_failed(loop->rooms.metrics, kind_of(exchange, timed_out));
    tell_failure(loop, why);
    if (exchange->head_whole) {
        exchange->broken = true;
    } else if (exchange->client != NULL && exchange->response == NULL) {
        char *text = mem_format("the gateway %s %s: %s", exchange->left_us > 0 ? "got no answer from" : "cannot reach",
                                loop->options->upstream_name, why);
        answer_refuse(exchange, timed_out ? MHD_HTTP_GATEWAY_TIMEOUT : MHD_HTTP_BAD_GATEWAY, "error", text);
        free(text);
    }
    pass_end(exchange, exchange->head_whole ? RECORD_BROKEN : RECORD_NO_ANSWER);
}

static void ended(struct exchange *exchange, CURLcode code)
{
    char why[CURL_ERROR_SIZE];
    bool repeated = code == CURLE_ABORTED_BY_CALLBACK;

    snprintf(why, sizeof(why), "%s",
             repeated                             ? "it closed the connection before it answered"
             : exchange->upstream->why[0] != '\0' ? exchange->upstream->why
                                                  : curl_easy_strerror(code));
    release(exchange);
    if (code != CURLE_OK || !exchange->head_whole) {
        failed(exchange, is_time_out(code), why);
        return;
    }
    exchange->answer_whole = true;
    pass_end(exchange, RECORD_WHOLE);
}

void upstream_take_done(struct loop *loop)
{
    const CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(loop->multi, &left)) != NULL) {
        char *upstream = NULL;
        CURLcode code = message->data.result;
        if (message->msg == CURLMSG_DONE &&
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &upstream) == CURLE_OK)
            ended(((struct upstream *)(void *)upstream)->exchange, code);
    }
}

void upstream_silent(void *context)
{
    struct exchange *exchange = context;

    release(exchange);
    failed(exchange, true, "it was silent for too long");
}

/* ---- what the other files ask for ---- */

void upstream_send(struct exchange *exchange)
{
    struct loop *loop = exchange->loop;
    struct upstream *upstream = acquire(loop);

    exchange->state = EXCHANGE_UPSTREAM;
    exchange->answer_length = -1;
    exchange->upstream = upstream;
    moved(exchange);
    if (upstream != NULL) {
        upstream->exchange = exchange;
        upstream->sends = 0;
        upstream->why[0] = '\0';
        if (set_request(exchange, upstream->easy) && curl_multi_add_handle(loop->multi, upstream->easy) == CURLM_OK)
            return;
    }
    release(exchange);
    failed(exchange, false, "the gateway's libcurl can't send it");
}

void upstream_go_on(struct exchange *exchange)
{
    size_t window = exchange->loop->options->body_window;
    bool more = exchange->wants_body && (exchange->up.size > 0 || exchange->body_whole);
    bool room = exchange->is_full && (exchange->client == NULL || exchange->down.size + PROXY_WINDOW_MIN <= window);

    if (!more && !room)
        return;
    exchange->wants_body = exchange->wants_body && !more;
    exchange->is_full = exchange->is_full && !room;
    moved(exchange);
    curl_easy_pause(exchange->upstream->easy, CURLPAUSE_CONT);
}

void upstream_cancel(struct exchange *exchange)
{
    release(exchange);
    exchange->broken = exchange->head_whole;
}

bool upstream_start(struct loop *loop, struct error *err)
{
    const struct proxy_options *options = loop->options;

    loop->silence = (struct deadline_queue){.span_us = options->upstream_us, .passed = upstream_silent};
    loop->multi = curl_multi_init();
    struct upstream *first = NULL;
    if (loop->multi != NULL &&
        curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, (long)options->max_in_flight) == CURLM_OK)
        first = acquire(loop);
    if (first == NULL)
        return fail(err, EXIT_COMMAND, "libcurl (%s) can't be used: it lacks what the gateway needs", curl_version());
    loop->idle = first;
    return true;
}

void upstream_stop(struct loop *loop)
{
    while (loop->idle != NULL) {
        struct upstream *upstream = loop->idle;
        loop->idle = upstream->next;
        upstream_free(upstream);
    }
    if (loop->multi != NULL)
        curl_multi_cleanup(loop->multi);
}
