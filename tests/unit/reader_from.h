/* SPDX-License-Identifier: MIT */
/* For the tests of the readers: inputs of bytes in memory, random numbers that can be repeated, records as text. */
#ifndef READER_FROM_H
#define READER_FROM_H

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "ingest/input.h"
#include "ingest/reader.h"

/* Memory that lasts until the test ends or resets it. */
static inline struct arena *lasting_arena(void)
{
    static struct arena *arena;

    if (arena == NULL)
        arena = arena_new();
    return arena;
}

static inline char *lasting_alloc(size_t size)
{
    return arena_alloc(lasting_arena(), size);
}

/* A regular file with these bytes, read from its start; closed by whoever reads it. */
static inline int file_of(struct str content)
{
    int fd = memfd_create("content", 0);

    cr_assert_geq(fd, 0);
    for (size_t done = 0; done < content.size;) {
        ssize_t count = write(fd, content.data + done, content.size - done);
        cr_assert_gt(count, 0);
        done += (size_t)count;
    }
    cr_assert_eq(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

/* limit 0: none. */
static inline struct input *input_from(struct str content, size_t limit)
{
    struct input *input = input_of(file_of(content), "log");

    if (limit > 0)
        input_limit(input, limit);
    return input;
}

/* One gzip member. */
static inline struct str gzip_of(struct str content)
{
    z_stream zlib = {0};

    cr_assert_eq(deflateInit2(&zlib, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t bound = deflateBound(&zlib, content.size);
    char *data = lasting_alloc(bound);
    zlib.next_in = (Bytef *)(uintptr_t)content.data;
    zlib.avail_in = (uInt)content.size;
    zlib.next_out = (unsigned char *)data;
    zlib.avail_out = (uInt)bound;
    cr_assert_eq(deflate(&zlib, Z_FINISH), Z_STREAM_END);
    deflateEnd(&zlib);
    return (struct str){data, zlib.total_out};
}

static inline uint32_t random_next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static inline size_t random_below(uint32_t *state, size_t limit)
{
    return random_next(state) % limit;
}

/* Random bytes, each one of `alphabet`. */
static inline struct str random_text(uint32_t *state, size_t size, struct str alphabet)
{
    char *data = lasting_alloc(size + 1);

    for (size_t i = 0; i < size; i++)
        data[i] = alphabet.data[random_below(state, alphabet.size)];
    return (struct str){data, size};
}

/* "3 time=… handle=…" for a readable record (its line, then its values), "3 !bad_json" for another. */
static inline void record_to_text(const struct record *record, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "%" PRIu64, record->line);

    if (!record->readable)
        snprintf(out + used, size - used, " !%s", record->why.reason);
    for (int i = 0; record->readable && i < FIELD_COUNT && used < size; i++) {
        const struct value *value = &record->values[i];
        const char *name = field_name((enum field)i);
        char *json;
        switch (value->kind) {
        case VALUE_ABSENT:
            break;
        case VALUE_TEXT:
            used +=
                (size_t)snprintf(out + used, size - used, " %s=%.*s", name, (int)value->text.size, value->text.data);
            break;
        case VALUE_INTEGER:
            used += (size_t)snprintf(out + used, size - used, " %s=#%" PRId64, name, value->integer);
            break;
        case VALUE_REAL:
            used += (size_t)snprintf(out + used, size - used, " %s=#%.17g", name, value->real);
            break;
        case VALUE_JSON:
            json = json_dumps(value->json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
            used += (size_t)snprintf(out + used, size - used, " %s=%s", name, json);
            free(json);
            break;
        }
    }
}

#define ALL_MAX ((size_t)1 << 20)

/* All records of the content, each ended by "|", then "END" or the error's text; "REFUSED text" when it is refused. */
static inline char *read_all(struct str content, const char *format, size_t limit)
{
    struct reader *reader = NULL;
    struct record record;
    struct error err = {0};
    char *all = lasting_alloc(ALL_MAX), one[4096];

    if (!reader_open_input(&reader, input_from(content, limit), format, &err)) {
        snprintf(all, ALL_MAX, "REFUSED %s", err.text);
        return all;
    }
    enum read_result result;
    size_t used = 0;
    while ((result = reader_next(reader, &record, &err)) == READ_RECORD) {
        record_to_text(&record, one, sizeof one);
        used += (size_t)snprintf(all + used, ALL_MAX - used, "%s|", one);
    }
    snprintf(all + used, ALL_MAX - used, "%s", result == READ_END ? "END" : err.text);
    reader_close(reader);
    return all;
}

#endif
