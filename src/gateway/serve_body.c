/* SPDX-License-Identifier: MIT */
/* Unpacks a body and cuts it into events. */

#include "gateway/serve_body.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yajl/yajl_parse.h>

#include "gateway/unpack.h"

struct body {
    struct buffer text;
    struct unpack *unpack;
    size_t ceiling, sent;
    bool too_large;
};

/* ---- what the head says of it ---- */

static bool is_word(struct str text, const char *word)
{
    return text.size == strlen(word) && strncasecmp(text.data, word, text.size) == 0;
}

/* Takes the part before the next `separator` off *rest, without blanks around it. */
static struct str take_part(struct str *rest, char separator)
{
    const char *end = rest->size > 0 ? memchr(rest->data, separator, rest->size) : NULL;
    struct str part = {rest->data, end != NULL ? (size_t)(end - rest->data) : rest->size};
    size_t taken = part.size + (end != NULL ? 1 : 0);

    *rest = (struct str){rest->data + taken, rest->size - taken};
    return str_trim(part);
}

static bool is_other_charset(struct str parameter)
{
    struct str name = take_part(&parameter, '=');

    if (!is_word(name, "charset"))
        return false;
    return !is_word(parameter, "utf-8") && !is_word(parameter, "\"utf-8\"");
}

enum body_form body_form_of(struct str content_type)
{
    static const struct {
        const char *name;
        enum body_form form;
    } forms[] = {
        {"application/json", BODY_JSON},
        {"application/x-ndjson", BODY_LINES},
        {"application/cloudevents+json", BODY_CLOUDEVENT},
        {"application/cloudevents-batch+json", BODY_CLOUDEVENTS},
    };
    struct str rest = content_type;
    struct str name = take_part(&rest, ';');

    while (rest.size > 0) {
        if (is_other_charset(take_part(&rest, ';')))
            return BODY_FORM_UNKNOWN;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
        if (is_word(name, forms[i].name))
            return forms[i].form;
    }
    return BODY_FORM_UNKNOWN;
}

bool body_coding_is_known(struct str coding)
{
    struct str name = str_trim(coding);
    return name.size == 0 || is_word(name, "identity") || is_word(name, "gzip") || is_word(name, "x-gzip");
}

/* ---- as it comes ---- */

static void take_unpacked(void *context, struct str bytes)
{
    struct body *body = context;

    if (!body->too_large && !buffer_add(&body->text, bytes.data, bytes.size))
        body->too_large = true;
}

struct body *body_new(size_t ceiling, struct str coding)
{
    struct body *body = mem_alloc(sizeof *body);

    body->ceiling = ceiling;
    buffer_init(&body->text, ceiling);
    body->unpack = unpack_new(SIZE_MAX, take_unpacked, body);
    if (coding.size > 0)
        unpack_coding(body->unpack, coding);
    return body;
}

void body_free(struct body *body)
{
    if (body == NULL)
        return;
    unpack_free(body->unpack);
    buffer_free(&body->text);
    free(body);
}

void body_add(struct body *body, struct str sent)
{
    body->sent += sent.size;
    body->too_large = body->too_large || body->sent > body->ceiling;
    if (!body->too_large)
        unpack_add(body->unpack, sent);
    if (body->too_large)
        buffer_free(&body->text);
}

size_t body_held(const struct body *body)
{
    return body->text.capacity;
}

/* ---- cutting it ---- */

struct cut {
    struct str text;
    size_t at; /* what of the text is done with */
    size_t most, room;
    struct body_events *events;
    struct body_fault *fault;
};

static bool refuse(struct body_fault *fault, int status, const char *format, ...) PRINTF_LIKE(3, 4);

static bool refuse(struct body_fault *fault, int status, const char *format, ...)
{
    va_list arguments;

    fault->status = status;
    va_start(arguments, format);
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    return false;
}

static bool add_event(struct cut *cut, size_t begin, size_t end, uint64_t number)
{
    struct body_events *events = cut->events;

    if (events->count == cut->most)
        return refuse(cut->fault, 413, "more than %zu events in one request; send them in several", cut->most);
    if (events->count == cut->room) {
        cut->room = cut->room > 0 ? 2 * cut->room : 16;
        events->list = mem_resize(events->list, cut->room * sizeof *events->list);
    }
    events->list[events->count++] = (struct body_event){{cut->text.data + begin, end - begin}, number};
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(struct cut *cut)
{
    while (cut->at < cut->text.size && is_blank(cut->text.data[cut->at]))
        cut->at++;
}

static bool cut_lines(struct cut *cut)
{
    for (uint64_t number = 1; cut->at < cut->text.size; number++) {
        const char *line = cut->text.data + cut->at;
        const char *feed = memchr(line, '\n', cut->text.size - cut->at);
        size_t begin = cut->at;
        size_t end = feed != NULL ? (size_t)(feed - cut->text.data) : cut->text.size;
        cut->at = feed != NULL ? end + 1 : end;
        while (begin < end && is_blank(cut->text.data[begin]))
            begin++;
        while (end > begin && is_blank(cut->text.data[end - 1]))
            end--;
        if (end > begin && !add_event(cut, begin, end, number))
            return false;
    }
    return true;
}

/* Where the document, which is sound, has a fault: its byte from 1. */
static bool check_json(struct cut *cut)
{
    yajl_handle yajl = yajl_alloc(NULL, NULL, NULL);
    yajl_status status = yajl_parse(yajl, (const unsigned char *)cut->text.data, cut->text.size);
    size_t consumed = yajl_get_bytes_consumed(yajl);

    if (status == yajl_status_ok) {
        status = yajl_complete_parse(yajl);
        consumed = cut->text.size;
    }
    yajl_free(yajl);
    return status == yajl_status_ok ||
           refuse(cut->fault, 400,
                  "the body is no JSON document: it breaks at byte %zu (several documents one a line are "
                  "application/x-ndjson)",
                  consumed);
}

static size_t string_end(struct str text, size_t at)
{
    for (at++; at < text.size && text.data[at] != '"'; at++)
        at += text.data[at] == '\\' ? 1 : 0;
    return at + 1;
}

/* Behind the value that begins at `at`; the document is sound. */
static size_t value_end(struct str text, size_t at)
{
    size_t nested = 0;

    do {
        char c = text.data[at];
        if (c == '"')
            at = string_end(text, at);
        else if (c == ',' && nested == 0)
            return at;
        else if ((c == '}' || c == ']') && nested == 0)
            return at;
        else {
            nested += c == '{' || c == '[' ? 1 : 0;
            nested -= c == '}' || c == ']' ? 1 : 0;
            at++;
        }
    } while (at < text.size);
    return at;
}

static bool cut_array(struct cut *cut)
{
    uint64_t number = 0;

    cut->at++;
    skip_blanks(cut);
    while (cut->at < cut->text.size && cut->text.data[cut->at] != ']') {
        size_t begin = cut->at;
        size_t end = cut->at = value_end(cut->text, begin);
        while (end > begin && is_blank(cut->text.data[end - 1]))
            end--;
        if (!add_event(cut, begin, end, ++number))
            return false;
        if (cut->at < cut->text.size && cut->text.data[cut->at] == ',')
            cut->at++;
        skip_blanks(cut);
    }
    return true;
}

/* An event is one line, wherever it is kept: in a sound document a line's end is a blank like others. */
static void join_lines(char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\n' || text[i] == '\r')
            text[i] = ' ';
    }
}

static bool cut_document(struct cut *cut, struct buffer *text, enum body_form form)
{
    skip_blanks(cut);
    char first = cut->at < cut->text.size ? cut->text.data[cut->at] : '\0';

    if (first != '\0' && !check_json(cut))
        return false;
    join_lines(text->data, text->size);
    if (first == '[' && form != BODY_CLOUDEVENT)
        return cut_array(cut);
    if (first == '{' && form != BODY_CLOUDEVENTS)
        return add_event(cut, cut->at, cut->text.size, 1);
    if (first == '\0')
        return true;
    return refuse(cut->fault, 400, "the body is JSON, but %s",
                  form == BODY_JSON         ? "neither an event nor an array of events"
                  : form == BODY_CLOUDEVENT ? "no CloudEvent: an array of them is application/cloudevents-batch+json"
                                            : "no array of CloudEvents: one alone is application/cloudevents+json");
}

static struct str without_bom(struct str text)
{
    if (text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0)
        return (struct str){text.data + 3, text.size - 3};
    return text;
}

bool body_cut(struct body *body, enum body_form form, size_t most, struct body_events *events, struct body_fault *fault)
{
    struct cut cut = {
        .text = without_bom((struct str){body->text.data, body->text.size}),
        .most = most,
        .events = events,
        .fault = fault,
    };

    *events = (struct body_events){0};
    *fault = (struct body_fault){0};
    if (body->too_large)
        return refuse(fault, 413,
                      "the body, or what is packed in it, is larger than %zu bytes; send the events in "
                      "several requests",
                      body->ceiling);
    if (!unpack_is_whole(body->unpack))
        return refuse(fault, 400, "the body is not whole gzip, as its Content-Encoding says");
    bool done = form == BODY_LINES ? cut_lines(&cut) : cut_document(&cut, &body->text, form);
    if (done && events->count == 0)
        done = refuse(fault, 400, "the body holds no event");
    if (done)
        return true;
    free(events->list);
    *events = (struct body_events){0};
    return false;
}
