/* SPDX-License-Identifier: MIT */
/* What a fuzz target of a format is: any bytes as a log of that format, through reader, event and masking. What must
 * hold is asserted; the sanitizers look after the rest. */
#ifndef FUZZ_READER_H
#define FUZZ_READER_H

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/input.h"
#include "ingest/reader.h"
#include "model/mask.h"

#define NOW INT64_C(1800000000000000) /* 2027-01-15T08:00:00Z */

static inline void require(bool holds)
{
    if (!holds)
        abort();
}

static inline struct input *input_from(const uint8_t *bytes, size_t size)
{
    int fd = memfd_create("log", MFD_CLOEXEC);

    require(fd >= 0 && write(fd, bytes, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
    return input_of(fd, "log");
}

static inline void take_record(const struct record *record, struct arena *arena)
{
    struct event event;
    struct rejection why = {0};

    require(record->end_byte >= record->first_byte && record->line > 0);
    if (record->readable && event_read(&event, record->values, arena, NOW, &why)) {
        unsigned char meaning[DIGEST_SIZE];
        event.contract = STR("c");
        event.source = event.source.data != NULL ? event.source : STR("s");
        event_meaning(&event, meaning);
        event_name_id(&event, meaning, 0, arena);
        event_seal(&event);
        require(event.time_us >= TIMESTAMP_MIN && event.subject.size > 0 && event.subject.size <= SUBJECT_MAX);
        require(!mask_refuses(event.id) && !mask_refuses(event.label) && !mask_refuses(event.source));
        return;
    }
    struct str masked = mask_secrets(arena, record->raw);
    require(!mask_needed(masked));
    require(record->readable ? why.text[0] != '\0' : record->why.text[0] != '\0');
}

static inline int fuzz_reader(const char *format, const uint8_t *bytes, size_t size)
{
    struct reader *reader = NULL;
    struct record record;
    struct error err;
    struct arena *arena = arena_new();
    unsigned char place[DIGEST_SIZE];
    uint64_t end = 0;

    if (reader_open_input(&reader, input_from(bytes, size), format, &err)) {
        while (reader_next(reader, &record, &err) == READ_RECORD) {
            require(record.first_byte >= end);
            end = record.end_byte;
            take_record(&record, arena);
            arena_reset(arena);
        }
        reader_place(reader, place);
        reader_close(reader);
    }
    arena_free(arena);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
