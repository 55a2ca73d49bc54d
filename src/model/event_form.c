/* SPDX-License-Identifier: MIT */
/* An event as bytes: its canonical form and digest, its meaning, the id made from that, and the order of its key. */

#include <stdlib.h>
#include <string.h>

#include "headroom/model.h"

#define NUMBER_MAX 20 /* digits of the longest 64-bit number, with its sign */
#define COLUMNS    21
#define STACK_FORM 2048 /* bytes; the form of nearly every event fits */

/* What PostgreSQL's COPY writes behind a backslash for a byte, 0 where it writes the byte itself. */
static const char escapes[256] = {
    ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['\v'] = 'v', ['\\'] = '\\',
};

static char *put_null(char *at)
{
    memcpy(at, "\\N\t", 3);
    return at + 3;
}

/* Each put writes one column and the tab behind it. */
static char *put_text(char *at, struct str text)
{
    if (text.data == NULL)
        return put_null(at);
    for (size_t i = 0; i < text.size; i++) {
        char escape = escapes[(unsigned char)text.data[i]];
        if (escape != 0)
            *at++ = '\\';
        *at++ = escape != 0 ? escape : text.data[i];
    }
    *at++ = '\t';
    return at;
}

static char *put_word(char *at, const char *word)
{
    return put_text(at, str_of(word));
}

static char *put_number(char *at, int64_t number)
{
    char digits[NUMBER_MAX];
    char *start = digits + sizeof(digits);
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        *--start = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        *--start = '-';

    size_t size = (size_t)(digits + sizeof(digits) - start);
    memcpy(at, start, size);
    at[size] = '\t';
    return at + size + 1;
}

static char *put_count(char *at, int64_t number)
{
    return number == EVENT_ABSENT ? put_null(at) : put_number(at, number);
}

/* All columns from the source on, but the position. */
static char *put_columns(char *at, const struct event *event)
{
    at = put_text(at, event->source);
    at = put_text(at, event->id);
    at = put_text(at, event->subject);
    at = put_word(at, via_name(event->via));
    at = put_word(at, class_name(event->class));
    at = put_count(at, event->status);
    at = put_count(at, event->tweet_count);
    at = put_word(at, endpoint_name(event->endpoint));
    at = put_word(at, outcome_name(event->outcome));
    at = put_count(at, event->rate_limit);
    at = put_count(at, event->rate_remaining);
    at = put_count(at, event->latency_ms);
    at = put_count(at, event->bytes);
    at = put_text(at, event->handle);
    at = put_text(at, event->app);
    at = put_text(at, event->label);
    at = put_text(at, event->failed);
    return put_text(at, event->metrics);
}

/* No form is longer: each byte of a text may need two, and no word or number is longer than NUMBER_MAX. */
static size_t form_ceiling(const struct event *event)
{
    size_t texts = event->contract.size + event->source.size + event->id.size + event->subject.size +
                   event->handle.size + event->app.size + event->label.size + event->failed.size + event->metrics.size;

    return 2 * texts + COLUMNS * (NUMBER_MAX + 1);
}

/* Writes a form into memory of its own size, digests it, and lets the memory go. */
static void digest_form(const struct event *event, char *(*put)(char *at, const struct event *event),
                        unsigned char out[DIGEST_SIZE])
{
    char stack[STACK_FORM];
    size_t ceiling = form_ceiling(event);
    char *heap = ceiling > sizeof(stack) ? mem_resize(NULL, ceiling) : NULL;
    char *form = heap != NULL ? heap : stack;
    size_t size = (size_t)(put(form, event) - form) - 1; /* without the last tab */

    digest_of(form, size, out);
    free(heap);
}

static char *put_meaning(char *at, const struct event *event)
{
    at = put_number(at, event->time_us);
    at = put_text(at, event->contract);
    return put_columns(at, event);
}

/* The contract goes in by its name: a meaning, and so an id made from it, is the same in every database. */
void event_meaning(const struct event *event, unsigned char out[DIGEST_SIZE])
{
    struct event plain = *event;
    char handle[HANDLE_MAX + 1];

    plain.id = (struct str){NULL, 0};
    if (plain.handle.data != NULL && handle_normalise(plain.handle, handle))
        plain.handle.data = handle;
    digest_form(&plain, put_meaning, out);
}

void event_name_id(struct event *event, const unsigned char meaning[DIGEST_SIZE], uint64_t repeat, struct arena *arena)
{
    unsigned char input[DIGEST_SIZE + sizeof(repeat)];
    unsigned char digest[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];

    if (event->id.data != NULL)
        return;
    memcpy(input, meaning, DIGEST_SIZE);
    for (size_t i = 0; i < sizeof(repeat); i++) /* big-endian, on every machine */
        input[DIGEST_SIZE + i] = (unsigned char)(repeat >> (8 * (sizeof(repeat) - 1 - i)));
    digest_of(input, sizeof(input), digest);
    digest_hex(digest, hex);
    event->id = arena_copy(arena, (struct str){hex, 32});
}

static char *put_sealed(char *at, const struct event *event)
{
    at = put_number(at, event->time_us);
    at = put_number(at, event->contract_id);
    at = put_columns(at, event);
    return put_number(at, (int64_t)event->position);
}

void event_seal(struct event *event)
{
    digest_form(event, put_sealed, event->digest);
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int event_compare_key(const struct event *a, const struct event *b)
{
    int order = compare_numbers(a->time_us, b->time_us);

    if (order == 0)
        order = compare_numbers(a->contract_id, b->contract_id);
    if (order == 0)
        order = str_compare(a->source, b->source);
    if (order == 0)
        order = str_compare(a->id, b->id);
    if (order == 0)
        order = str_compare(a->subject, b->subject);
    if (order == 0)
        order = compare_numbers(a->via, b->via);
    if (order == 0)
        order = compare_numbers(a->class, b->class);
    return order;
}
