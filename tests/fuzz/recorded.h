/* SPDX-License-Identifier: MIT */
/* For the fuzz targets of the recorder: a record's two texts joined, as the drain does it, must be an event. */
#ifndef FUZZ_RECORDED_H
#define FUZZ_RECORDED_H

#include "gateway/recorder.h"

#include "reader.h"

/* Takes the line at the start of *text off it. */
static inline struct str take_line(struct str *text)
{
    const char *end = text->size > 0 ? memchr(text->data, '\n', text->size) : NULL;
    size_t size = end != NULL ? (size_t)(end - text->data) : text->size;
    struct str line = {text->data, size};

    size += end != NULL ? 1 : 0;
    *text = (struct str){text->data + size, text->size - size};
    return line;
}

/* In two pieces, so that a boundary is met. */
static inline void pass(void (*add)(struct record_of *record, struct str bytes), struct record_of *record,
                        struct str body)
{
    size_t half = body.size / 2;

    add(record, (struct str){body.data, half});
    add(record, (struct str){body.data + half, body.size - half});
}

static inline void require_event(struct record_of *record)
{
    struct str intent = record_intent(record, NOW), outcome = record_outcome(record, RECORD_WHOLE, 1500);
    char *line = mem_format("%.*s,%s\n", (int)intent.size - 1, intent.data, outcome.data + 1);
    struct arena *arena = arena_new();
    struct reader *reader = NULL;
    struct record got;
    struct event event;
    struct rejection why;
    struct error err;

    require(reader_open_input(&reader, input_from((const uint8_t *)line, strlen(line)), "json", &err));
    require(reader_next(reader, &got, &err) == READ_RECORD && got.readable);
    require(event_read(&event, got.values, arena, NOW, &why));
    require(str_equal(event.subject, str_of(record_subject(record))));
    reader_close(reader);
    arena_free(arena);
    free(line);
}

#endif
