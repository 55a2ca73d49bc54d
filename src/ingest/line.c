/* SPDX-License-Identifier: MIT */
/* One line of a file, found again by its number: is the content what was taken in, and does the line mean the event? */

#include <stdlib.h>
#include <string.h>

#include "headroom/ingest.h"
#include "ingest/input.h"
#include "ingest/mapping.h"
#include "ingest/reader.h"
#include "ingest/repeat.h"
#include "ingest/zone.h"

#define CHUNK_SIZE ((size_t)256 * 1024)
#define RAW_SHOWN  ((size_t)4096)

/* What the options were that the file was taken in with. */
struct scope {
    json_t *json;
    struct mapping *mapping;
    struct zone *zone;
};

static bool scope_open(struct scope *scope, struct db *db, const char *text, struct error *err)
{
    scope->json = text == NULL ? json_object() : json_loads(text, 0, NULL);
    const char *map = json_string_value(json_object_get(scope->json, "map"));
    const char *zone = json_string_value(json_object_get(scope->json, "zone"));

    return mapping_parse(&scope->mapping, map != NULL ? map : "", err) &&
           (zone == NULL || zone_fetch(&scope->zone, db, zone, err));
}

static void scope_close(struct scope *scope)
{
    mapping_free(scope->mapping);
    zone_free(scope->zone);
    json_decref(scope->json);
}

/* ---- the content ---- */

static bool digest_content(const struct ingest_line_wanted *wanted, struct ingest_line *line, struct error *err)
{
    struct input *input = NULL;
    struct digest *digest;
    char *chunk;
    bool done = true;

    if (!input_open(&input, wanted->path, err))
        return false;
    digest = digest_new();
    chunk = mem_alloc(CHUNK_SIZE);
    while (done && line->content_bytes < wanted->end_byte) {
        uint64_t left = wanted->end_byte - line->content_bytes;
        size_t got = 0;
        done = input_read(input, chunk, left < CHUNK_SIZE ? (size_t)left : CHUNK_SIZE, &got, err);
        if (got == 0)
            break;
        digest_add(digest, chunk, got);
        line->content_bytes += got;
    }
    unsigned char bytes[DIGEST_SIZE];
    digest_peek(digest, bytes);
    digest_hex(bytes, line->content_digest);
    digest_free(digest);
    free(chunk);
    input_close(input);
    return done;
}

/* ---- the line ---- */

/* Masked, and without bytes that a terminal would act on. The caller frees it. */
static char *shown(struct str raw, struct arena *arena)
{
    struct str masked = mask_secrets(arena, raw);
    bool is_text = str_is_utf8(masked);
    size_t size = masked.size < RAW_SHOWN ? masked.size : RAW_SHOWN;
    char *text = mem_alloc(size + 1);

    memcpy(text, masked.data, size);
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 0x20 || byte == 0x7f || (byte > 0x7f && !is_text))
            text[i] = '.';
    }
    while (is_text && size < masked.size && size > 0 && ((unsigned char)masked.data[size] & 0xC0) == 0x80)
        size--; /* not within a character */
    text[size] = '\0';
    return text;
}

/* An id that was made from the line's meaning depends on how many equal lines came before it: one of these must do. */
static void name_event(struct event *event, const char *id, struct arena *arena)
{
    unsigned char meaning[DIGEST_SIZE];

    if (event->id.data != NULL)
        return;
    event_meaning(event, meaning);
    for (uint64_t repeat = 0; repeat <= REPEAT_WINDOW; repeat++) {
        event->id = (struct str){NULL, 0};
        event_name_id(event, meaning, repeat, arena);
        if (str_equal(event->id, str_of(id)))
            return;
    }
}

static bool make_event(const struct ingest_line_wanted *wanted, const struct scope *scope, struct record *record,
                       struct arena *arena, struct event *event, struct rejection *why)
{
    if (!record->readable) {
        *why = record->why;
        return false;
    }
    if (scope->zone != NULL && !zone_apply(scope->zone, &record->values[FIELD_TIME], arena, why))
        return false;
    if (!event_read(event, record->values, arena, timestamp_now(), why))
        return false;
    if (event->contract.data == NULL)
        event->contract = str_of(wanted->contract);
    if (event->source.data == NULL)
        event->source = str_of(wanted->source);
    event->contract_id = str_equal(event->contract, str_of(wanted->contract)) ? wanted->contract_id : 0;
    event->position = record->line;
    name_event(event, wanted->id, arena);
    return true;
}

static void take_record(const struct ingest_line_wanted *wanted, const struct scope *scope, struct record *record,
                        struct ingest_line *line)
{
    struct arena *arena = arena_new();
    struct event event = {0};
    struct rejection why;

    line->found = true;
    line->raw = shown(record->raw, arena);
    if (make_event(wanted, scope, record, arena, &event, &why)) {
        event_seal(&event);
        digest_hex(event.digest, line->event_digest);
    } else {
        line->why = mem_text(why.text);
    }
    arena_free(arena);
}

static bool find_record(const struct ingest_line_wanted *wanted, const struct scope *scope, struct ingest_line *line,
                        struct error *err)
{
    struct input *input = NULL;
    struct reader *reader = NULL;
    struct record record = {.line = 0};
    enum read_result result = READ_END;

    if (!input_open(&input, wanted->path, err) ||
        !reader_open_mapped(&reader, input, wanted->format, scope->mapping, err))
        return false;
    do
        result = reader_next(reader, &record, err);
    while (result == READ_RECORD && record.line < wanted->line);
    if (result == READ_RECORD && record.line == wanted->line)
        take_record(wanted, scope, &record, line);
    reader_close(reader);
    return result != READ_FAILED;
}

bool ingest_find_line(struct db *db, const struct ingest_line_wanted *wanted, struct ingest_line *line,
                      struct error *err)
{
    struct scope scope = {0};

    *line = (struct ingest_line){0};
    bool done = scope_open(&scope, db, wanted->scope, err) && digest_content(wanted, line, err);
    /* What can't be read in the format of that time is another file; the content's digest says that already. */
    if (done && !find_record(wanted, &scope, line, err))
        line->why = mem_text(err->text);
    scope_close(&scope);
    return done;
}

void ingest_line_free(struct ingest_line *line)
{
    free(line->raw);
    free(line->why);
    *line = (struct ingest_line){0};
}
