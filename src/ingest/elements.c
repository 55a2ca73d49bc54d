/* SPDX-License-Identifier: MIT */
/* A walk over the brackets, strings and commas of a JSON document, byte by byte, that cuts out one array's elements. */
#include "ingest/elements.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define KEY_MAX 16 /* bytes of a key that are kept: the keys of a path are shorter */

/* What the next byte, that is no blank, has to be. */
enum step {
    STEP_VALUE,  /* a value, or the end of an array that is empty */
    STEP_INSIDE, /* more of a value, blanks too */
    STEP_BEHIND, /* a comma, or the end of the object or array */
    STEP_KEY,    /* a key, or the end of an object that is empty */
    STEP_NAME,   /* more of a key, blanks too */
    STEP_COLON,
};

struct elements {
    struct records *records;
    struct elements_options options;
    size_t path_size;
    uint64_t number; /* of the element found last */
    bool found;      /* an array was there */
    bool broken;

    /* where the walk is: at level 0 outside of a document, at 1 to path_size in the object whose key leads on, above in
     * the array */
    size_t level;
    enum step step;
    bool first; /* nothing came yet in this object or array */
    char key[KEY_MAX + 1];
    size_t key_size;

    /* the value that it is in: a string, a number or word, or objects and arrays within each other */
    bool scalar, in_string, escaped;
    uint64_t nested;

    /* the element that it is in */
    bool taking;
    uint64_t first_byte, size;
    struct buffer text; /* what of it came in chunks before */
};

struct elements *elements_new(struct records *records, const struct elements_options *options)
{
    struct elements *elements = mem_alloc(sizeof *elements);

    elements->records = records;
    elements->options = *options;
    while (options->path[elements->path_size] != NULL)
        elements->path_size++;
    buffer_init(&elements->text, options->size_max);
    return elements;
}

void elements_free(struct elements *elements)
{
    if (elements == NULL)
        return;
    buffer_free(&elements->text);
    free(elements);
}

/* ---- within a value: the bytes that are taken at once ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t walk_string(struct elements *elements, const char *bytes, size_t size)
{
    size_t at = 0;

    while (at < size && elements->in_string) {
        while (!elements->escaped && at < size && bytes[at] != '"' && bytes[at] != '\\')
            at++;
        if (at == size)
            break;
        elements->in_string = elements->escaped || bytes[at] != '"';
        elements->escaped = !elements->escaped && bytes[at] == '\\';
        at++;
    }
    return at;
}

static size_t walk_nested(struct elements *elements, const char *bytes, size_t size)
{
    size_t at = 0;

    while (at < size && elements->nested > 0) {
        if (elements->in_string) {
            at += walk_string(elements, bytes + at, size - at);
            continue;
        }
        char c = bytes[at++];
        if (c == '"')
            elements->in_string = true;
        else if (c == '{' || c == '[')
            elements->nested++;
        else if (c == '}' || c == ']')
            elements->nested--;
    }
    return at;
}

static size_t walk_scalar(struct elements *elements, const char *bytes, size_t size)
{
    size_t at = 0;

    while (at < size && !is_blank(bytes[at]) && strchr(",]}", bytes[at]) == NULL)
        at++;
    elements->scalar = at == size;
    return at;
}

static size_t walk_value(struct elements *elements, const char *bytes, size_t size)
{
    size_t walked;

    if (elements->nested > 0)
        walked = walk_nested(elements, bytes, size);
    else if (elements->in_string)
        walked = walk_string(elements, bytes, size);
    else
        walked = walk_scalar(elements, bytes, size);
    if (elements->nested == 0 && !elements->in_string && !elements->scalar)
        elements->step = STEP_BEHIND;
    return walked;
}

/* ---- between values: one byte, false when it can't stand there ---- */

static bool in_array(const struct elements *elements)
{
    return elements->level > elements->path_size;
}

static bool on_path(const struct elements *elements)
{
    return elements->level == 0 ||
           (!in_array(elements) && strcmp(elements->key, elements->options.path[elements->level - 1]) == 0);
}

static void enter(struct elements *elements)
{
    elements->level++;
    elements->first = true;
    elements->step = in_array(elements) ? STEP_VALUE : STEP_KEY;
    elements->found |= in_array(elements);
}

static bool leave(struct elements *elements)
{
    elements->level--;
    elements->step = elements->level > 0 ? STEP_BEHIND : STEP_VALUE;
    return true;
}

static bool take_value(struct elements *elements, char c)
{
    if (c == ']' && in_array(elements) && elements->first)
        return leave(elements);
    elements->first = false;
    if (on_path(elements) && c == (elements->level < elements->path_size ? '{' : '[')) {
        enter(elements);
        return true;
    }
    if (elements->level == 0 || strchr("{[\"-0123456789tfn", c) == NULL)
        return false;

    elements->taking = in_array(elements);
    elements->nested = c == '{' || c == '[';
    elements->in_string = c == '"';
    elements->scalar = elements->nested == 0 && !elements->in_string;
    elements->step = STEP_INSIDE;
    return true;
}

static bool take_behind(struct elements *elements, char c)
{
    if (c == (in_array(elements) ? ']' : '}'))
        return leave(elements);
    if (c != ',')
        return false;
    elements->step = in_array(elements) ? STEP_VALUE : STEP_KEY;
    return true;
}

static bool take_key(struct elements *elements, char c)
{
    if (c == '}' && elements->first)
        return leave(elements);
    if (c != '"')
        return false;
    elements->first = false;
    elements->key_size = 0;
    elements->in_string = true;
    elements->step = STEP_NAME;
    return true;
}

/* A key that is too long, or has escapes, is none of a path. */
static bool take_name(struct elements *elements, char c)
{
    (void)walk_string(elements, &c, 1);
    if (!elements->in_string) {
        elements->key[elements->key_size] = '\0';
        elements->step = STEP_COLON;
    } else if (elements->key_size < KEY_MAX) {
        elements->key[elements->key_size++] = c;
    }
    return true;
}

static bool take_colon(struct elements *elements, char c)
{
    if (c != ':')
        return false;
    elements->step = STEP_VALUE;
    return true;
}

static bool take_byte(struct elements *elements, char c)
{
    switch (elements->step) {
    case STEP_VALUE:
        return take_value(elements, c);
    case STEP_BEHIND:
        return take_behind(elements, c);
    case STEP_KEY:
        return take_key(elements, c);
    case STEP_NAME:
        return take_name(elements, c);
    default:
        return take_colon(elements, c);
    }
}

/* ---- elements ---- */

static const char *expected(const struct elements *elements)
{
    switch (elements->step) {
    case STEP_VALUE:
        return elements->level == 0 ? (elements->path_size == 0 ? "a [" : "a {") : "a value";
    case STEP_BEHIND:
        return in_array(elements) ? "a comma or ]" : "a comma or }";
    case STEP_KEY:
        return "a key in quotes";
    default:
        return "a colon";
    }
}

static enum read_result refuse_byte(struct elements *elements, uint64_t byte, struct error *err)
{
    const char *name = input_name(records_input(elements->records));

    elements->broken = true;
    if (elements->level == 0 && elements->found)
        fail(err, EXIT_COMMAND, "%s: something else than %s follows at byte %" PRIu64, name, elements->options.document,
             byte + 1);
    else
        fail(err, EXIT_COMMAND, "%s: is not %s: at byte %" PRIu64 ", behind element %" PRIu64 ", %s is expected", name,
             elements->options.document, byte + 1, elements->number, expected(elements));
    return READ_FAILED;
}

static enum read_result end(struct elements *elements, uint64_t byte, struct error *err)
{
    const char *name = input_name(records_input(elements->records));

    if (elements->level == 0 && elements->found)
        return READ_END;
    elements->broken = true;
    if (elements->level > 0)
        fail(err, EXIT_COMMAND,
             "%s: breaks off at byte %" PRIu64 ", behind element %" PRIu64 ": it is cut off or still being written; %s",
             name, byte, elements->number,
             elements->options.when_cut != NULL ? elements->options.when_cut
                                                : "take it in again when it is whole, which adds the rest");
    else
        fail(err, EXIT_COMMAND, "%s: is not %s: it has no array of elements", name, elements->options.document);
    return READ_FAILED;
}

/* Adds a piece to the element's text; of an element that gets too long only the start is of use. */
static void keep(struct elements *elements, struct str piece)
{
    elements->size += piece.size;

    size_t wanted = elements->size > elements->options.size_max ? RECORD_RAW_MAX : elements->options.size_max;
    size_t room = wanted > elements->text.size ? wanted - elements->text.size : 0;
    (void)!buffer_add(&elements->text, piece.data, piece.size < room ? piece.size : room);
}

/* The element ends with this piece, its only one as a rule: then it is lent out where it lies. */
static enum read_result give(struct elements *elements, struct str piece, struct record *record)
{
    struct str text = piece;

    if (elements->size > 0) {
        keep(elements, piece);
        text = (struct str){elements->text.data, elements->text.size};
    } else {
        elements->size = piece.size;
    }
    elements->taking = false;
    record->readable = true;
    record->line = ++elements->number;
    record->first_byte = elements->first_byte;
    record->end_byte = elements->first_byte + elements->size;
    record->raw = text;
    record->raw_size = elements->size;
    if (elements->size <= elements->options.size_max)
        return READ_RECORD;
    record->raw.size = text.size < RECORD_RAW_MAX ? text.size : RECORD_RAW_MAX;
    return record_reject(record, FIELD_UNKNOWN, "line_too_long",
                         "the element has %" PRIu64 " bytes; at most %zu are taken", elements->size,
                         elements->options.size_max);
}

static void begin(struct elements *elements, uint64_t byte)
{
    elements->first_byte = byte;
    elements->size = 0;
    buffer_clear(&elements->text);
}

/* Walks over the bytes up to the end of an element or of the bytes; *at is how far it came. */
static enum read_result walk(struct elements *elements, struct str bytes, uint64_t offset, size_t *at, size_t *from,
                             struct error *err)
{
    while (*at < bytes.size) {
        if (elements->step == STEP_INSIDE) {
            *at += walk_value(elements, bytes.data + *at, bytes.size - *at);
            if (elements->step != STEP_INSIDE && elements->taking)
                return READ_RECORD;
            continue;
        }
        if (!is_blank(bytes.data[*at]) || elements->step == STEP_NAME) {
            if (!take_byte(elements, bytes.data[*at]))
                return refuse_byte(elements, offset + *at, err);
            if (elements->taking) {
                *from = *at;
                begin(elements, offset + *at);
            }
        }
        ++*at;
    }
    return READ_END;
}

enum read_result elements_next(struct elements *elements, struct record *record, struct error *err)
{
    struct str bytes;
    uint64_t offset;

    while (!elements->broken) {
        if (!records_bytes(elements->records, &bytes, &offset, err))
            return READ_FAILED;
        if (bytes.size == 0)
            return end(elements, offset, err);

        size_t at = 0, from = 0;
        enum read_result result = walk(elements, bytes, offset, &at, &from, err);
        if (result == READ_FAILED)
            return READ_FAILED;
        records_consume(elements->records, at);
        struct str piece = {bytes.data + from, at - from};
        if (result == READ_RECORD)
            return give(elements, piece, record);
        if (elements->taking)
            keep(elements, piece);
    }
    fail(err, EXIT_COMMAND, "%s: reading has failed before", input_name(records_input(elements->records)));
    return READ_FAILED;
}
