/* SPDX-License-Identifier: MIT */
/* The entries of a HAR: those to the Engagement API become records, the others are counted and left out. */
#include "ingest/reader_har.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/elements.h"
#include "ingest/har_entry.h"

#define ENTRY_MAX ((size_t)16 << 20) /* answers are in it */

struct reader_har {
    struct elements *elements;
    struct arena *arena; /* of the entry given last, as */
    json_t *entry;
    uint64_t skipped;
};

static bool recognise_har(const struct sample *sample)
{
    return sample->json == JSON_HAR;
}

static bool open_har(void **state, struct records *records, struct columns *columns, struct error *err)
{
    static const char *const path[] = {"log", "entries", NULL};
    static const struct {
        const char *name;
        enum field field;
    } used[] = {
        {"startedDateTime", FIELD_TIME},
        {"time", FIELD_LATENCY_MS},
        {"request.url", FIELD_ENDPOINT},
        {"request.headers", FIELD_USER_ID},
        {"request.postData", FIELD_TWEET_COUNT},
        {"response.status", FIELD_STATUS},
        {"response.headers", FIELD_RATE_REMAINING},
        {"response.content", FIELD_OUTCOME},
        {"response.bodySize", FIELD_BYTES},
    };
    struct reader_har *har = mem_alloc(sizeof *har);

    (void)err;
    har->arena = arena_new();
    har->elements =
        elements_new(records, &(struct elements_options){.path = path, .document = "a HAR", .size_max = ENTRY_MAX});
    for (size_t i = 0; i < ARRAY_LENGTH(used); i++)
        columns_add(columns, used[i].name, used[i].field);
    *state = har;
    return true;
}

static void clear_entry(struct reader_har *har)
{
    json_decref(har->entry);
    har->entry = NULL;
    if (arena_used(har->arena) > 0)
        arena_reset(har->arena);
}

static void close_har(void *state)
{
    struct reader_har *har = state;

    if (har == NULL)
        return;
    clear_entry(har);
    elements_free(har->elements);
    arena_free(har->arena);
    free(har);
}

/* Whether the entry is a record; of one that breaks it can't be told, so it is. */
static bool take_entry(struct reader_har *har, struct record *record)
{
    enum endpoint endpoint = ENDPOINT_ABSENT;
    struct str text = record->raw;
    json_error_t found;

    if (har_entry_target(text, har->arena, &endpoint) == HAR_OTHER)
        return false;
    bool sound = record->readable && record_check_text(record);
    record->raw = STR("(an entry that can't be read is not shown: its headers and bodies may hold secrets)");
    if (!sound)
        return true;
    har->entry = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &found);
    if (har->entry == NULL) {
        reject_json(record, FIELD_UNKNOWN, "the entry", &found);
        return true;
    }
    record->raw = har_entry_summary(har->entry, har->arena);
    har_entry_read(har->entry, endpoint, har->arena, record);
    return true;
}

static enum read_result next_har(void *state, struct record *record, struct error *err)
{
    struct reader_har *har = state;
    enum read_result result;

    for (;;) {
        clear_entry(har);
        result = elements_next(har->elements, record, err);
        if (result != READ_RECORD || take_entry(har, record))
            return result;
        har->skipped++;
    }
}

static uint64_t skipped_of_har(const void *state)
{
    const struct reader_har *har = state;

    return har->skipped;
}

const struct reader_format reader_har = {
    .name = "har",
    .summary = "HAR 1.2 as browsers, mitmproxy and Charles save it; only requests to the Engagement API are taken",
    .whole_document = true,
    .recognise = recognise_har,
    .open = open_har,
    .next = next_har,
    .close = close_har,
    .skipped = skipped_of_har,
};
