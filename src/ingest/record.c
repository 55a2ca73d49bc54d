/* SPDX-License-Identifier: MIT */
/* A window that slides over an input: lines are found in it and lent out, never copied. */
#include "ingest/record.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)256 << 10) /* read at once: stays in the processor's cache, large for the digest */
#define LINE_MAX   (RECORD_MAX + 2)    /* with CR and LF */

struct records {
    struct input *input;
    struct digest *digest;
    struct digest *long_begin; /* where the current record begins, when it is over-long; the window lost it */
    uint64_t long_byte;        /* that place, when is_long */
    uint64_t offset;           /* in the content, of data[0] */
    uint64_t line;             /* number of the line at `begin` */
    uint64_t end_line;         /* number of the line at `end` */
    size_t begin, end;         /* the current record, with its line end */
    size_t first_size;         /* of the current record's first line, with its line end */
    size_t digested;           /* all before it is in the digest */
    size_t size;               /* bytes in data */
    bool opened;               /* the BOM was looked for */
    bool is_long;              /* the current record is over-long */
    bool ended;                /* the input is used up */
    char data[LINE_MAX + 1 + CHUNK_SIZE];
};

struct records *records_new(struct input *input)
{
    struct records *records = mem_alloc(sizeof *records);

    records->input = input;
    records->digest = digest_new();
    records->long_begin = digest_new();
    records->end_line = 1;
    return records;
}

void records_free(struct records *records)
{
    if (records == NULL)
        return;
    input_close(records->input);
    digest_free(records->digest);
    digest_free(records->long_begin);
    free(records);
}

const struct input *records_input(const struct records *records)
{
    return records->input;
}

static void digest_to(struct records *records, size_t end)
{
    if (end > records->digested)
        digest_add(records->digest, records->data + records->digested, end - records->digested);
    records->digested = end > records->digested ? end : records->digested;
}

uint64_t records_place(struct records *records, unsigned char out[DIGEST_SIZE])
{
    digest_to(records, records->end);
    digest_peek(records->digest, out);
    return records->offset + records->end;
}

void records_begin_place(struct records *records, unsigned char out[DIGEST_SIZE])
{
    if (!records->is_long)
        digest_to(records, records->begin);
    digest_peek(records->is_long ? records->long_begin : records->digest, out);
}

uint64_t records_next_line(const struct records *records)
{
    return records->end_line;
}

bool records_seek(struct records *records, const struct place *place, struct error *err)
{
    if (!input_seek(records->input, place->byte, err))
        return false;
    digest_copy(records->digest, place->digest);
    records->offset = place->byte;
    records->begin = records->end = records->digested = records->size = 0;
    records->line = records->end_line = place->line;
    records->opened = place->byte > 0;
    records->ended = false;
    records->is_long = false;
    return true;
}

bool records_unread(struct records *records, struct error *err)
{
    const struct place place = {records->long_byte, records->line, records->long_begin};

    if (records->is_long)
        return records_seek(records, &place, err);
    records->end = records->begin;
    records->end_line = records->line;
    records->ended = false;
    input_look_again(records->input);
    return true;
}

/* Reads a chunk behind what is there. */
static bool read_chunk(struct records *records, struct error *err)
{
    size_t got = 0;

    if (!input_read(records->input, records->data + records->size, CHUNK_SIZE, &got, err))
        return false;
    records->size += got;
    records->ended = got == 0;
    return true;
}

/* Forgets what lies before the current record, then reads a chunk. Indexes move, sizes within the record don't. */
static bool slide(struct records *records, struct error *err)
{
    size_t gone = records->begin;

    digest_to(records, gone);
    if (gone > 0)
        memmove(records->data, records->data + gone, records->size - gone);
    records->offset += gone;
    records->digested -= gone;
    records->begin -= gone;
    records->end -= gone;
    records->size -= gone;
    return read_chunk(records, err);
}

static void skip_bom(struct records *records)
{
    if (records->size >= 3 && memcmp(records->data, "\xEF\xBB\xBF", 3) == 0)
        records->end = 3;
    records->opened = true;
}

bool records_head(struct records *records, size_t wanted, struct str *head, struct error *err)
{
    while (!records->ended && records->size < wanted + 3) {
        if (!read_chunk(records, err))
            return false;
    }
    if (!records->opened)
        skip_bom(records);
    *head = (struct str){records->data + records->end, records->size - records->end};
    return true;
}

enum line_end {
    LINE_WHOLE, /* also the last one of the content, with or without a newline */
    LINE_LONG,  /* more than LINE_MAX bytes of the record are in the window */
    LINE_BROKEN,
};

/* Finds the line end of the current record, looking from its byte `seen` on; *size is the record's size with it. */
static enum line_end find_line_end(struct records *records, size_t seen, size_t *size, struct error *err)
{
    for (;;) {
        size_t have = records->size - records->begin;
        const char *start = records->data + records->begin;
        const char *newline = memchr(start + seen, '\n', have - seen);

        *size = newline != NULL ? (size_t)(newline - start) + 1 : have;
        if (*size > LINE_MAX)
            return LINE_LONG;
        if (newline != NULL || records->ended)
            return LINE_WHOLE;
        seen = have;
        if (!slide(records, err))
            return LINE_BROKEN;
    }
}

/* Without the line end, which is LF or CRLF; a CR that ends the content is half of one. */
static size_t text_size(const char *line, size_t size)
{
    if (size > 0 && line[size - 1] == '\n')
        size--;
    if (size > 0 && line[size - 1] == '\r')
        size--;
    return size;
}

static bool is_blank(const char *line, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
            return false;
    }
    return true;
}

/* Reads to the end of an over-long line, keeping its first bytes in place and dropping what follows them. The window
 * then has a hole that only this function knows of, so the digest is brought up to date here, also on failure. */
static bool drop_long(struct records *records, struct error *err)
{
    size_t kept = records->begin + RECORD_RAW_MAX;
    size_t seen = kept;
    uint64_t dropped = 0;
    const char *newline;
    bool whole = true;

    while ((newline = memchr(records->data + seen, '\n', records->size - seen)) == NULL && !records->ended && whole) {
        digest_to(records, records->size);
        dropped += records->size - kept;
        records->size = records->digested = seen = kept;
        whole = read_chunk(records, err);
    }
    records->end = newline != NULL ? (size_t)(newline - records->data) + 1 : records->size;
    digest_to(records, records->end);
    records->offset += dropped;
    return whole;
}

static enum read_result skip_long(struct records *records, struct record *record, struct error *err)
{
    record->first_byte = records->offset + records->begin;
    digest_to(records, records->begin);
    digest_copy(records->long_begin, records->digest);
    records->long_byte = record->first_byte;
    records->is_long = true;
    if (!drop_long(records, err))
        return READ_FAILED;
    records->end_line = records->line + 1;
    record->end_byte = records->offset + records->end;
    record->line = records->line;
    record->raw = (struct str){records->data + records->begin, RECORD_RAW_MAX};
    record->open = records->data[records->end - 1] != '\n';
    record->raw_size = record->end_byte - record->first_byte - (record->open ? 0 : 1);
    return record_reject_long(record);
}

/* Says in the record what the window holds between begin and end. */
static void describe(const struct records *records, struct record *record)
{
    const char *start = records->data + records->begin;

    record->raw = (struct str){start, text_size(start, records->end - records->begin)};
    record->raw_size = record->raw.size;
    record->line = records->line;
    record->first_byte = records->offset + records->begin;
    record->end_byte = records->offset + records->end;
    record->open = start[records->end - records->begin - 1] != '\n';
}

/* Blanks that end the content may be the beginning of a line: they are not taken for one. */
static enum read_result leave_line(struct records *records)
{
    records->end = records->begin;
    records->end_line = records->line;
    return READ_END;
}

enum read_result records_line(struct records *records, struct record *record, struct error *err)
{
    struct str head;
    size_t size = 0;

    if (!records->opened && !records_head(records, 0, &head, err))
        return READ_FAILED;
    record->readable = true;
    for (;;) {
        records->begin = records->end;
        records->line = records->end_line;
        records->is_long = false;

        enum line_end found = find_line_end(records, 0, &size, err);
        if (found == LINE_BROKEN)
            return READ_FAILED;
        if (size == 0)
            return READ_END;
        if (found == LINE_LONG || text_size(records->data + records->begin, size) > RECORD_MAX)
            return skip_long(records, record, err);

        records->end = records->begin + size;
        records->first_size = size;
        records->end_line = records->line + 1;
        describe(records, record);
        if (!is_blank(record->raw.data, record->raw.size))
            return READ_RECORD;
        if (record->open)
            return leave_line(records);
    }
}

enum read_result records_extend(struct records *records, struct record *record, struct error *err)
{
    size_t before = records->end - records->begin;
    size_t size = 0;
    enum line_end found = find_line_end(records, before, &size, err);

    if (found == LINE_BROKEN)
        return READ_FAILED;

    bool fits = found == LINE_WHOLE && size > before && text_size(records->data + records->begin, size) <= RECORD_MAX;
    if (fits) {
        records->end = records->begin + size;
        records->end_line++;
    }
    describe(records, record);
    record->open |= found == LINE_WHOLE && size == before;
    return fits ? READ_RECORD : READ_END;
}

void records_first_line(struct records *records, struct record *record)
{
    records->end = records->begin + records->first_size;
    records->end_line = records->line + 1;
    describe(records, record);
}

bool records_bytes(struct records *records, struct str *bytes, uint64_t *offset, struct error *err)
{
    struct str head;

    if (!records->opened && !records_head(records, 0, &head, err))
        return false;
    records->begin = records->end;
    if (records->end == records->size && !records->ended && !slide(records, err))
        return false;
    *bytes = (struct str){records->data + records->end, records->size - records->end};
    *offset = records->offset + records->end;
    return true;
}

void records_consume(struct records *records, size_t size)
{
    records->end += size;
}

enum read_result record_reject_long(struct record *record)
{
    return record_reject(record, FIELD_UNKNOWN, "line_too_long",
                         "the line has %" PRIu64 " bytes; at most %zu are taken", record->raw_size, RECORD_MAX);
}

bool record_check_text(struct record *record)
{
    const char *nul;

    if (str_is_utf8(record->raw))
        return true;
    nul = memchr(record->raw.data, '\0', record->raw.size);
    if (nul != NULL)
        record_reject(record, FIELD_UNKNOWN, "nul_byte", "byte %td of the record is NUL; text has none",
                      nul - record->raw.data + 1);
    else
        record_reject(record, FIELD_UNKNOWN, "bad_utf8", "the record is not valid UTF-8; only UTF-8 text is taken");
    return false;
}

enum read_result record_reject(struct record *record, enum field field, const char *reason, const char *format, ...)
{
    va_list arguments;

    record->readable = false;
    record->why.field = field;
    record->why.reason = reason;
    va_start(arguments, format);
    vsnprintf(record->why.text, sizeof record->why.text, format, arguments);
    va_end(arguments);
    memset(record->values, 0, sizeof record->values);
    return READ_RECORD;
}
