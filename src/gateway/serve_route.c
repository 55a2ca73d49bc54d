/* SPDX-License-Identifier: MIT */
/* What a request's head asks for, and whether it may. */

#include <string.h>
#include <strings.h>

#include "gateway/http.h"
#include "gateway/serve_parts.h"

#define HTTP  "http://"
#define HTTPS "https://"

static void take_events(struct exchange *exchange);
static void tell_schema(struct exchange *exchange);
static void tell_health(struct exchange *exchange);
static void tell_readiness(struct exchange *exchange);

static const struct route {
    const char *path, *method;
    void (*take)(struct exchange *exchange);
} routes[] = {
    {"/v1/events", MHD_HTTP_METHOD_POST, take_events},
    {"/v1/schema", MHD_HTTP_METHOD_GET, tell_schema},
    {"/healthz", MHD_HTTP_METHOD_GET, tell_health},
    {"/readyz", MHD_HTTP_METHOD_GET, tell_readiness},
};

static void tell_schema(struct exchange *exchange)
{
    answer_text(exchange, MHD_HTTP_OK, MEDIA_SCHEMA, serve_schema());
}

static void tell_health(struct exchange *exchange)
{
    answer_text(exchange, MHD_HTTP_OK, MEDIA_JSON, "{\"status\":\"alive\"}");
}

static void tell_readiness(struct exchange *exchange)
{
    const char *why = serve_loader_why_not(exchange->serve->loader);

    if (why == NULL)
        answer_text(exchange, MHD_HTTP_OK, MEDIA_JSON, "{\"status\":\"ready\"}");
    else
        answer_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, "%s", why);
}

/* ---- POST /v1/events ---- */

static struct str header(const struct exchange *exchange, const char *name)
{
    return str_of(MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name));
}

#define BEARER "Bearer "

static bool find_bearer(const struct exchange *exchange, struct str *key)
{
    struct str given = header(exchange, MHD_HTTP_HEADER_AUTHORIZATION);

    if (given.size <= strlen(BEARER) || strncasecmp(given.data, BEARER, strlen(BEARER)) != 0)
        return false;
    *key = str_trim((struct str){given.data + strlen(BEARER), given.size - strlen(BEARER)});
    return true;
}

/* It may have been made just now. */
static void look_for_key(struct exchange *exchange)
{
    exchange->is_asking = exchange->has_asked = true;
    exchange->question.owner = exchange;
    client_wait_not(exchange->client);
    MHD_suspend_connection(exchange->connection);
    serve_loader_look_for_key(exchange->serve->loader, &exchange->question);
}

/* Also while the ledger is away: who is right then can't be known. */
static void check_ready(struct exchange *exchange)
{
    const char *why = serve_loader_why_not(exchange->serve->loader);

    if (why != NULL)
        answer_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, "%s: nothing was taken in; send it again", why);
}

static void check_key(struct exchange *exchange)
{
    struct str key;

    if (!find_bearer(exchange, &key)) {
        answer_problem(exchange, MHD_HTTP_UNAUTHORIZED,
                       "send an API key, as Authorization: Bearer hrk_…; 'headroom key add' makes one");
        return;
    }
    check_ready(exchange);
    if (exchange->status != 0 || serve_loader_knows_key(exchange->serve->loader, key, &exchange->contract))
        return;
    if (!exchange->has_asked)
        look_for_key(exchange);
    else
        answer_problem(exchange, MHD_HTTP_UNAUTHORIZED, "the API key is not known, or was revoked");
}

/* What is told of it, once the head is clear. */
static void check_length(struct exchange *exchange)
{
    size_t most = exchange->serve->options->max_body;
    struct str given = header(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
    uint64_t length = 0;

    if (given.data == NULL && header(exchange, MHD_HTTP_HEADER_TRANSFER_ENCODING).data == NULL)
        answer_problem(exchange, MHD_HTTP_LENGTH_REQUIRED, "the body has no Content-Length");
    else if (given.data != NULL && http_length(given, &length) && length > most)
        answer_problem(exchange, MHD_HTTP_CONTENT_TOO_LARGE,
                       "the body has %llu bytes, but at most %zu are taken; send the events in several requests",
                       (unsigned long long)length, most);
}

static void check_form(struct exchange *exchange)
{
    struct str type = header(exchange, MHD_HTTP_HEADER_CONTENT_TYPE);
    struct str coding = header(exchange, MHD_HTTP_HEADER_CONTENT_ENCODING);

    exchange->form = body_form_of(type);
    if (header(exchange, "ce-specversion").data != NULL && exchange->form == BODY_JSON)
        answer_problem(exchange, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                       "CloudEvents are taken in structured and batched mode, not in binary mode (ce-* headers)");
    else if (exchange->form == BODY_FORM_UNKNOWN)
        answer_problem(exchange, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                       "the Content-Type is none of %s, in UTF-8; it is '%.100s'", BODY_FORMS,
                       type.size > 0 && str_is_utf8(type) ? type.data : "");
    else if (!body_coding_is_known(coding))
        answer_problem(exchange, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "of Content-Encoding, gzip and identity are known");
    else
        exchange->body = body_new(exchange->serve->options->max_body, coding);
}

void route_go_on(struct exchange *exchange)
{
    exchange->is_asking = false;
    check_key(exchange);
    if (exchange->status == 0 && !exchange->is_asking)
        check_form(exchange);
}

static void take_events(struct exchange *exchange)
{
    check_length(exchange);
    if (exchange->status == 0)
        route_go_on(exchange);
}

/* ---- which one ---- */

/* What a head may hold once: of two, this server and one before it could each go by another. */
static const struct str singles[] = {
    {MHD_HTTP_HEADER_HOST, 4},
    {MHD_HTTP_HEADER_AUTHORIZATION, 13},
    {MHD_HTTP_HEADER_CONTENT_TYPE, 12},
    {MHD_HTTP_HEADER_CONTENT_ENCODING, 16},
};
struct head {
    size_t counts[ARRAY_LENGTH(singles)];
    size_t framings;           /* headers that say how long the body is */
    bool is_malformed, is_odd; /* odd: what one of these says means nothing */
};

static void note_framing(struct head *head, struct str name, const char *value)
{
    uint64_t length;
    bool is_length = http_is_name(name, STR(MHD_HTTP_HEADER_CONTENT_LENGTH));

    if (!is_length && !http_is_name(name, STR(MHD_HTTP_HEADER_TRANSFER_ENCODING)))
        return;
    head->framings++;
    head->is_odd = is_length ? !http_length(str_of(value), &length) : strcasecmp(value, "chunked") != 0;
}

static enum MHD_Result note_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct head *head = context;
    struct str named = str_of(name);

    (void)kind;
    for (size_t i = 0; i < ARRAY_LENGTH(singles); i++)
        head->counts[i] += http_is_name(named, singles[i]);
    head->is_malformed = head->is_malformed || !http_is_token(named);
    note_framing(head, named, value != NULL ? value : "");
    return MHD_YES;
}

/* Of every request, also of one whose body nobody wants: behind it the next one begins. A body whose end two servers
 * could see at different places is how requests are smuggled (RFC 9112, section 6.3). */
static void check_head(struct exchange *exchange, const char *version)
{
    struct head head = {0};

    (void)MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, note_header, &head);
    for (size_t i = 0; i < ARRAY_LENGTH(singles); i++)
        if (head.counts[i] > 1)
            answer_problem(exchange, MHD_HTTP_BAD_REQUEST, "the header %s stands there twice", singles[i].data);
    if (head.is_malformed)
        answer_problem(exchange, MHD_HTTP_BAD_REQUEST, "a header's name has a character that none may have");
    else if (head.framings > 1 || head.is_odd)
        answer_problem(exchange, MHD_HTTP_BAD_REQUEST,
                       "the body's length is not clear: send either one Content-Length or Transfer-Encoding: chunked");
    else if (head.counts[0] == 0 && strcmp(version, MHD_HTTP_VERSION_1_1) == 0)
        answer_problem(exchange, MHD_HTTP_BAD_REQUEST, "the header Host is missing");
}

/* A target may be a whole URI (RFC 9112, section 3.2.2). */
static const char *path_of(const char *target)
{
    bool is_uri = strncasecmp(target, HTTP, strlen(HTTP)) == 0 || strncasecmp(target, HTTPS, strlen(HTTPS)) == 0;
    const char *path = is_uri ? strchr(strstr(target, "//") + 2, '/') : target;

    return path != NULL ? path : "/";
}

static bool is_method(const struct route *route, const char *method)
{
    bool head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0 && strcmp(route->method, MHD_HTTP_METHOD_GET) == 0;
    return head || strcmp(method, route->method) == 0;
}

void route_begin(struct exchange *exchange, const char *target, const char *method, const char *version)
{
    const char *path = path_of(target);

    check_head(exchange, version);
    if (exchange->status != 0)
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(routes); i++) {
        const struct route *route = &routes[i];
        if (strcmp(path, route->path) != 0)
            continue;
        if (is_method(route, method)) {
            route->take(exchange);
            return;
        }
        exchange->allow = strcmp(route->method, MHD_HTTP_METHOD_GET) == 0 ? "GET, HEAD" : route->method;
        answer_problem(exchange, MHD_HTTP_METHOD_NOT_ALLOWED, "%s takes %s", path, exchange->allow);
        return;
    }
    answer_problem(exchange, MHD_HTTP_NOT_FOUND, "there are POST /v1/events, GET /v1/schema, /healthz and /readyz");
}
