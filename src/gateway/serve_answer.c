/* SPDX-License-Identifier: MIT */
/* Answers: verdicts and problem details. */

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/serve_parts.h"

#define MEDIA_PROBLEM "application/problem+json"
#define RETRY_AFTER   "2" /* seconds */
#define DETAIL_SIZE   1200

static const struct problem {
    int status;
    const char *title;
} problems[] = {
    {MHD_HTTP_BAD_REQUEST, "Bad request"},
    {MHD_HTTP_UNAUTHORIZED, "No right API key"},
    {MHD_HTTP_FORBIDDEN, "Not for this API key"},
    {MHD_HTTP_NOT_FOUND, "No such resource"},
    {MHD_HTTP_METHOD_NOT_ALLOWED, "Method not allowed"},
    {MHD_HTTP_LENGTH_REQUIRED, "Length required"},
    {MHD_HTTP_CONTENT_TOO_LARGE, "Too large"},
    {MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "Unsupported media type"},
    {MHD_HTTP_UNPROCESSABLE_CONTENT, "No event could be read"},
    {MHD_HTTP_TOO_MANY_REQUESTS, "Too many requests"},
    {MHD_HTTP_INTERNAL_SERVER_ERROR, "Events could not be stored"},
    {MHD_HTTP_SERVICE_UNAVAILABLE, "Not available at present"},
};

static const char *title_of(int status)
{
    for (size_t i = 0; i < ARRAY_LENGTH(problems); i++) {
        if (problems[i].status == status)
            return problems[i].title;
    }
    return "Problem";
}

static void set_answer(struct exchange *exchange, int status, const char *type, char *text)
{
    exchange->status = status;
    exchange->type = type;
    exchange->text = text;
    exchange->later = status == MHD_HTTP_TOO_MANY_REQUESTS || status == MHD_HTTP_SERVICE_UNAVAILABLE;
}

void answer_text(struct exchange *exchange, int status, const char *type, const char *text)
{
    set_answer(exchange, status, type, mem_text(text));
}

static json_t *problem_of(int status, const char *detail)
{
    struct str text = str_of(detail);

    while (text.size > 0 && !str_is_utf8(text))
        text.size--;
    return json_pack("{s:s,s:s,s:i,s:o}", "type", "about:blank", "title", title_of(status), "status", status, "detail",
                     json_stringn(text.data, text.size));
}

void answer_problem(struct exchange *exchange, int status, const char *format, ...)
{
    char detail[DETAIL_SIZE];
    va_list arguments;

    if (exchange->status != 0)
        return;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    json_t *problem = problem_of(status, detail);
    set_answer(exchange, status, MEDIA_PROBLEM, json_dumps(problem, JSON_COMPACT));
    json_decref(problem);
}

/* ---- what became of a request ---- */

static char *counts_and_lines(const struct load_request *request)
{
    return mem_format("\"added\":%llu,\"duplicate\":%llu,\"rejected\":%llu,\"lines\":%s}",
                      (unsigned long long)request->added, (unsigned long long)request->duplicate,
                      (unsigned long long)request->rejected, request->lines.data);
}

static void answer_verdicts(struct exchange *exchange)
{
    char *counts = counts_and_lines(&exchange->request);
    set_answer(exchange, MHD_HTTP_ACCEPTED, MEDIA_JSON, mem_format("{%s", counts));
    free(counts);
}

/* Problem details with the verdicts as members of their own (RFC 9457, section 3.2). */
static void answer_all_rejected(struct exchange *exchange)
{
    answer_problem(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT,
                   "none of the request's events could be read; lines says why, and sending it again changes nothing");
    char *problem = exchange->text;
    char *counts = counts_and_lines(&exchange->request);
    problem[strlen(problem) - 1] = '\0';
    exchange->text = mem_format("%s,%s", problem, counts);
    free(counts);
    free(problem);
}

void answer_load(struct exchange *exchange)
{
    const struct load_request *request = &exchange->request;

    if (request->end == LOAD_FOREIGN)
        answer_problem(exchange, MHD_HTTP_FORBIDDEN, "%s; nothing was taken in", request->why);
    else if (request->end == LOAD_AWAY)
        answer_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, "%s: nothing was taken in; send it again", request->why);
    else if (request->end == LOAD_FAILED || request->lines.data == NULL)
        answer_problem(exchange, MHD_HTTP_INTERNAL_SERVER_ERROR,
                       "the events could not be stored; the server's log says why");
    else if (request->added + request->duplicate == 0)
        answer_all_rejected(exchange);
    else
        answer_verdicts(exchange);
}

/* ---- to the daemon ---- */

static void add_headers(const struct exchange *exchange, struct MHD_Response *response)
{
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, exchange->type);
    if (exchange->status == MHD_HTTP_UNAUTHORIZED)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer realm=\"headroom\"");
    if (exchange->status == MHD_HTTP_UNSUPPORTED_MEDIA_TYPE) {
        (void)MHD_add_response_header(response, "Accept-Post", BODY_FORMS);
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ACCEPT_ENCODING, "gzip, identity");
    }
    if (exchange->allow != NULL)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, exchange->allow);
    if (exchange->later)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, RETRY_AFTER);
    if (atomic_load(&exchange->serve->is_stopping))
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
}

enum MHD_Result answer_send(struct exchange *exchange)
{
    char *text = exchange->text;
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);

    if (response == NULL)
        return MHD_NO;
    exchange->text = NULL;
    add_headers(exchange, response);
    client_wait(exchange->client, CLIENT_BODY);
    enum MHD_Result result = MHD_queue_response(exchange->connection, (unsigned)exchange->status, response);
    MHD_destroy_response(response);
    return result;
}
