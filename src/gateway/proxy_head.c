/* SPDX-License-Identifier: MIT */
/* A request's head: whether it can be understood in one way only, and what of it goes on to the upstream. */

#include <string.h>

#include "gateway/http.h"
#include "gateway/proxy_parts.h"

#define LINE_END ((size_t)2) /* CR LF */

struct head_field {
    struct str name, value;
};
struct head {
    struct exchange *exchange;
    struct head_field *fields;
    size_t count;
    /* what matters of it; absent where there is none */
    struct str host, length, encoding, expect, authorization, label;
    size_t hosts, lengths, encodings, authorizations;
};

static bool refuse(struct refusal *refusal, int status, const char *why)
{
    *refusal = (struct refusal){status, status == 400 ? REFUSAL_MALFORMED : REFUSAL_TOO_LARGE, why};
    return false;
}

static enum MHD_Result keep_field(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                  const char *value, size_t value_size)
{
    struct head *head = context;

    (void)kind;
    head->fields[head->count++] =
        (struct head_field){{name, name_size}, {value != NULL ? value : "", value != NULL ? value_size : 0}};
    return MHD_YES;
}

static bool is_blank(const char *from, const char *to)
{
    for (; from < to; from++)
        if (*from != ' ' && *from != '\t')
            return false;
    return true;
}

/*
 * The library's parser cuts the head where it lies, and puts NULs at the ends: a folded line, a NUL within a value or a
 * bare line feed can't be seen in what it gives, but in where that lies. So: the request line's three parts follow each
 * other at one byte's distance, each field's value its name after blanks alone, each name the end of the line before,
 * and the head's size is what that comes to.
 */
static bool is_as_sent(const struct head *head, const char *method, const char *version, size_t size)
{
    const struct exchange *exchange = head->exchange;
    const char *at = method + strlen(method) + 1;

    if (exchange->target_at != at || version != at + exchange->target.size + 1)
        return false;
    at = version + strlen(version) + LINE_END;
    for (size_t i = 0; i < head->count; i++) {
        const struct head_field *field = &head->fields[i];
        const char *colon = field->name.data + field->name.size;
        if (field->name.data != at || field->value.data <= colon || field->value.data >= method + size ||
            !is_blank(colon + 1, field->value.data))
            return false;
        at = field->value.data + field->value.size + LINE_END;
    }
    return at + LINE_END == method + size;
}

static bool check_fields(const struct head *head, struct refusal *refusal)
{
    for (size_t i = 0; i < head->count; i++) {
        if (!http_is_token(head->fields[i].name))
            return refuse(refusal, 400, "a header's name is no name: letters, digits and hyphens, then the colon");
        if (!http_is_value(head->fields[i].value))
            return refuse(refusal, 400, "a header's value holds control characters");
    }
    return true;
}

static void sort_fields(struct head *head)
{
    const struct {
        struct str name;
        struct str *value;
        size_t *count;
    } known[] = {
        {STR("Host"), &head->host, &head->hosts},
        {STR("Content-Length"), &head->length, &head->lengths},
        {STR("Transfer-Encoding"), &head->encoding, &head->encodings},
        {STR("Authorization"), &head->authorization, &head->authorizations},
        {STR("Expect"), &head->expect, NULL},
    };

    for (size_t i = 0; i < head->count; i++) {
        const struct head_field *field = &head->fields[i];
        for (size_t k = 0; k < ARRAY_LENGTH(known); k++)
            if (http_is_name(field->name, known[k].name)) {
                *known[k].value = field->value;
                if (known[k].count != NULL)
                    ++*known[k].count;
            }
        if (recorder_is_label(head->exchange->loop->rooms.recorder, field->name))
            head->label = field->value;
    }
}

static bool is_dropped(const struct head *head, struct str name)
{
    for (size_t i = 0; i < head->count; i++)
        if (http_is_name(head->fields[i].name, STR("Connection")) && http_list_holds(head->fields[i].value, name))
            return true;
    return false;
}

/* One body, of one length, for one host, for one user: whoever reads the request must come to the same. */
static bool check_framing(const struct head *head, struct refusal *refusal)
{
    struct exchange *exchange = head->exchange;

    if (head->hosts != 1 || head->host.size == 0)
        return refuse(refusal, 400, head->hosts > 1 ? "there are several Host headers" : "there is no Host header");
    if (head->lengths > 1)
        return refuse(refusal, 400, "there are several Content-Length headers");
    if (head->encodings > 1 || (head->encodings == 1 && !http_is_name(head->encoding, STR("chunked"))))
        return refuse(refusal, 400, "Transfer-Encoding is not 'chunked' alone");
    if (head->lengths > 0 && head->encodings > 0)
        return refuse(refusal, 400, "there are both Content-Length and Transfer-Encoding");
    if (head->lengths == 1 && !http_length(head->length, &exchange->length))
        return refuse(refusal, 400, "Content-Length is no number");
    if (head->authorizations > 1)
        return refuse(refusal, 400, "there are several Authorization headers");
    if (is_dropped(head, STR("Host")) || is_dropped(head, STR("Content-Length")) ||
        is_dropped(head, STR("Authorization")))
        return refuse(refusal, 400, "Connection names a header that belongs to the request");
    exchange->chunked = head->encodings == 1;
    exchange->has_body = head->lengths == 1 || exchange->chunked;
    return true;
}

static bool check_request(const struct head *head, struct refusal *refusal)
{
    const struct exchange *exchange = head->exchange;

    if (!http_is_token(exchange->method) || str_equal(exchange->method, STR("CONNECT")))
        return refuse(refusal, 400, "the method is none that goes through");
    if (!http_is_target(exchange->target))
        return refuse(refusal, 400, "the request's target holds blanks or control characters");
    if (exchange->is_head && exchange->has_body && (exchange->chunked || exchange->length > 0))
        return refuse(refusal, 400, "a HEAD request has no body");
    if (head->expect.data != NULL && !http_is_name(head->expect, STR("100-continue")))
        return refuse(refusal, 417, "the gateway meets no expectation other than 100-continue");
    if (exchange->length > exchange->loop->options->max_body)
        return refuse(refusal, 413, "the body is longer than the gateway takes (--max-body)");
    return true;
}

/* A request that has been here already would come for ever. */
static bool check_way(const struct head *head, struct refusal *refusal)
{
    const char *own = head->exchange->loop->via;

    for (size_t i = 0; i < head->count; i++)
        if (http_is_name(head->fields[i].name, STR("Via")) &&
            memmem(head->fields[i].value.data, head->fields[i].value.size, own, strlen(own)) != NULL)
            return refuse(refusal, 508, "the gateway's upstream leads back to the gateway (--upstream-address)");
    return true;
}

/* ---- what goes on ---- */

static struct curl_slist **add_line(struct exchange *exchange, struct curl_slist **end, struct str name,
                                    const char *between, struct str value)
{
    size_t gap = strlen(between);
    struct curl_slist *line = arena_alloc(exchange->arena, sizeof(*line));
    char *at = arena_alloc(exchange->arena, name.size + gap + value.size + 1);

    *line = (struct curl_slist){.data = at};
    memcpy(at, name.data, name.size);
    memcpy(at + name.size, between, gap);
    if (value.size > 0)
        memcpy(at + name.size + gap, value.data, value.size);
    at[name.size + gap + value.size] = '\0';
    *end = line;
    return &line->next;
}

static bool has_field(const struct head *head, struct str name)
{
    for (size_t i = 0; i < head->count; i++)
        if (http_is_name(head->fields[i].name, name))
            return true;
    return false;
}

static bool goes_on(const struct head *head, struct str name)
{
    if (http_is_name(name, STR("Transfer-Encoding")))
        return true; /* it is "chunked", and tells libcurl to send so */
    return !http_is_hop_by_hop(name) && !http_is_name(name, STR("Expect")) &&
           !recorder_is_label(head->exchange->loop->rooms.recorder, name) && !is_dropped(head, name);
}

/* libcurl has headers of its own: "Name:" takes one away. Host stands where the client has put it only when its own is
 * taken away first. "Name;" is a header without a value. */
static void list_headers(struct head *head, const char *version)
{
    static const struct str own[] = {{"Accept", 6}, {"Content-Type", 12}, {"Expect", 6}};
    struct exchange *exchange = head->exchange;
    struct curl_slist **end = add_line(exchange, &exchange->headers, STR("Host"), ":", STR(""));

    for (size_t i = 0; i < ARRAY_LENGTH(own); i++)
        if (!has_field(head, own[i]) || http_is_name(own[i], STR("Expect")))
            end = add_line(exchange, end, own[i], ":", STR(""));
    for (size_t i = 0; i < head->count; i++) {
        const struct head_field *field = &head->fields[i];
        if (goes_on(head, field->name))
            end = add_line(exchange, end, field->name, field->value.size > 0 ? ": " : ";", field->value);
    }
    (void)add_line(exchange, end, STR("Via"), strcmp(version, MHD_HTTP_VERSION_1_0) == 0 ? ": 1.0 " : ": 1.1 ",
                   str_of(exchange->loop->via));
}

static void begin_record(struct head *head)
{
    struct exchange *exchange = head->exchange;

    exchange->record = record_begin(exchange->loop->rooms.recorder, exchange->arena, exchange->method, exchange->target,
                                    head->authorization, head->label);
    for (size_t i = 0; i < head->count; i++)
        record_request_header(exchange->record, head->fields[i].name, head->fields[i].value);
}

bool head_read(struct exchange *exchange, const char *method, const char *version, struct refusal *refusal)
{
    struct head head = {.exchange = exchange};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->client, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    int count = MHD_get_connection_values_n(exchange->client, MHD_HEADER_KIND, NULL, NULL);

    exchange->method = arena_copy(exchange->arena, str_of(method));
    exchange->is_head = str_equal(exchange->method, STR("HEAD"));
    head.fields = arena_alloc(exchange->arena, ((size_t)(count > 0 ? count : 0) + 1) * sizeof(*head.fields));
    (void)MHD_get_connection_values_n(exchange->client, MHD_HEADER_KIND, keep_field, &head);
    if (info == NULL || info->header_size > exchange->loop->options->max_header)
        return refuse(refusal, 431, "the head is longer than the gateway takes (--max-header)");
    if (!is_as_sent(&head, method, version, info->header_size))
        return refuse(refusal, 400, "the head has folded lines, lines not ended by CR LF, or NUL characters");
    sort_fields(&head);
    if (!check_fields(&head, refusal) || !check_framing(&head, refusal) || !check_request(&head, refusal) ||
        !check_way(&head, refusal))
        return false;
    list_headers(&head, version);
    begin_record(&head);
    return true;
}
