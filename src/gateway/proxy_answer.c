/* SPDX-License-Identifier: MIT */
/* What goes back to the client: the upstream's answer as it is, or one of the gateway's own. */

#include <stdlib.h>
#include <string.h>

#include "gateway/http.h"
#include "gateway/proxy_parts.h"

#define BLOCK       ((size_t)16 * 1024) /* that the library asks for at once */
#define RETRY_AFTER "1"                 /* seconds */

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    /* The library adds no empty value; what is left of a blank, on the way, is nothing. */
    if (MHD_add_response_header(response, name, value[0] != '\0' ? value : " ") != MHD_YES)
        log_warning("an answer's header can't be passed on: %s", name);
}

/* ---- the gateway's own ---- */

void answer_refuse(struct exchange *exchange, int status, const char *origin, const char *why)
{
    char date[HTTP_DATE_SIZE];
    char *text = http_errors(why);

    if (exchange->response != NULL)
        MHD_destroy_response(exchange->response);
    exchange->response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    exchange->status = status;
    add_header(exchange->response, "Date", http_date(timestamp_now(), date));
    add_header(exchange->response, "Content-Type", "application/json");
    add_header(exchange->response, "X-Headroom-Gateway", origin);
    if (status == 503)
        add_header(exchange->response, "Retry-After", RETRY_AFTER);
}

/* ---- the upstream's head ---- */

/* The status of "HTTP/1.1 200 OK". */
static int status_of(struct str line)
{
    const char *blank = memchr(line.data, ' ', line.size);
    int64_t status = 0;

    if (blank == NULL || (size_t)(line.data + line.size - blank) < 4 ||
        !str_to_int64((struct str){blank + 1, 3}, 100, 999, &status))
        return 0;
    return (int)status;
}

static struct str without_end(struct str line)
{
    while (line.size > 0 && (line.data[line.size - 1] == '\n' || line.data[line.size - 1] == '\r'))
        line.size--;
    return line;
}

static struct field_of {
    struct str name, value;
} cut(struct str line)
{
    const char *colon = memchr(line.data, ':', line.size);
    size_t size = colon != NULL ? (size_t)(colon - line.data) : line.size;
    struct str rest = {line.data + size + (colon != NULL), line.size - size - (colon != NULL)};

    return (struct field_of){{line.data, size}, str_trim(rest)};
}

/* A folded line goes on as one (RFC 9112 section 5.2). */
static bool keep_line(struct buffer *lines, struct str line)
{
    bool folded = lines->size > 0 && (line.data[0] == ' ' || line.data[0] == '\t');

    if (folded) {
        line = str_trim(line);
        lines->data[lines->size - 1] = ' ';
    }
    return buffer_add(lines, line.data, line.size) && buffer_add(lines, "\n", 1);
}

static bool next_field(struct str *rest, struct field_of *field)
{
    if (rest->size == 0)
        return false;
    const char *end = memchr(rest->data, '\n', rest->size);
    *field = cut((struct str){rest->data, (size_t)(end - rest->data)});
    *rest = (struct str){end + 1, rest->size - (size_t)(end + 1 - rest->data)};
    return true;
}

/* The fields, without the status line. */
static struct str fields_of(const struct exchange *exchange)
{
    struct str rest = {exchange->lines.data, exchange->lines.size};
    struct field_of status_line;

    (void)next_field(&rest, &status_line);
    return rest;
}

static void head_is_whole(struct exchange *exchange)
{
    struct str rest = fields_of(exchange);
    struct field_of field;

    exchange->head_whole = true;
    record_status(exchange->record, exchange->status);
    while (next_field(&rest, &field))
        record_answer_header(exchange->record, field.name, field.value);
    exchange_touch(exchange);
}

bool answer_line(struct exchange *exchange, struct str line)
{
    if (exchange->head_whole) /* trailers: the client was promised none */
        return true;
    line = without_end(line);
    if (line.size > 5 && memcmp(line.data, "HTTP/", 5) == 0) {
        buffer_clear(&exchange->lines);
        exchange->status = status_of(line);
        return exchange->status != 0 && keep_line(&exchange->lines, line);
    }
    if (line.size > 0)
        return keep_line(&exchange->lines, line);
    if (exchange->status >= 200) /* before: an interim answer, which ends here */
        head_is_whole(exchange);
    return true;
}

/* ---- the upstream's answer ---- */

static ssize_t read_body(void *context, uint64_t position, char *bytes, size_t max)
{
    struct exchange *exchange = context;
    size_t size = window_take(&exchange->down, bytes, max);

    (void)position;
    if (size > 0) {
        deadline_set(&exchange->peer->deadline, &exchange->loop->answer, exchange->loop->now_us);
        if (exchange->is_full)
            exchange_touch(exchange);
        return (ssize_t)size;
    }
    if (exchange->broken || exchange->loop->closing)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (exchange->answer_whole)
        return MHD_CONTENT_READER_END_OF_STREAM;
    exchange_suspend(exchange);
    return 0;
}

/* What is there whole leaves with its head, in one piece; the rest as it comes. An answer without a body has the length
 * that it tells all the same. */
static struct MHD_Response *response_of(struct exchange *exchange)
{
    bool bodiless = exchange->is_head || exchange->status == MHD_HTTP_NOT_MODIFIED;
    uint64_t length = exchange->answer_length >= 0 ? (uint64_t)exchange->answer_length : MHD_SIZE_UNKNOWN;

    if (exchange->answer_whole && !bodiless)
        return MHD_create_response_from_buffer(exchange->down.size, exchange->down.data + exchange->down.start,
                                               MHD_RESPMEM_PERSISTENT);
    return MHD_create_response_from_callback(length, BLOCK, read_body, exchange, NULL);
}

/* Whether a field is there, as far as `fields` goes; fields is then what follows it. */
static bool find_field(struct str *fields, struct str name, struct str *value)
{
    struct field_of field;

    while (next_field(fields, &field))
        if (http_is_name(field.name, name)) {
            *value = field.value;
            return true;
        }
    return false;
}

/* connections: the fields from behind the first Connection on; first: its value. */
static bool is_dropped(struct str connections, struct str first, struct str name)
{
    if (http_is_hop_by_hop(name) || http_is_name(name, STR("Content-Length")))
        return true;
    for (bool found = first.data != NULL; found; found = find_field(&connections, STR("Connection"), &first))
        if (http_list_holds(first, name))
            return true;
    return false;
}

void answer_make(struct exchange *exchange)
{
    struct str rest = fields_of(exchange), connections = rest, first = {NULL, 0};
    bool old = strncmp(exchange->lines.data, "HTTP/1.0", 8) == 0;
    bool dated = false;
    char date[HTTP_DATE_SIZE], via[sizeof(exchange->loop->proxy->via) + 8];
    struct field_of field;

    exchange->response = response_of(exchange);
    (void)find_field(&connections, STR("Connection"), &first);
    while (next_field(&rest, &field)) {
        dated |= http_is_name(field.name, STR("Date"));
        if (!is_dropped(connections, first, field.name))
            add_header(exchange->response, arena_copy(exchange->arena, field.name).data,
                       arena_copy(exchange->arena, field.value).data);
    }
    if (!dated)
        add_header(exchange->response, "Date", http_date(timestamp_now(), date));
    snprintf(via, sizeof(via), "%s %s", old ? "1.0" : "1.1", exchange->loop->via);
    add_header(exchange->response, "Via", via);
}

enum MHD_Result answer_hand_over(struct exchange *exchange)
{
    struct MHD_Response *response = exchange->response;

    if (exchange->loop->stopping)
        add_header(response, "Connection", "close");
    enum MHD_Result queued = MHD_queue_response(exchange->client, (unsigned)exchange->status, response);
    MHD_destroy_response(response);
    exchange->response = NULL;
    exchange->answered = exchange->status;
    return queued;
}
