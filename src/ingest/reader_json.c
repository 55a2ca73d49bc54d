/* SPDX-License-Identifier: MIT */
/* JSON lines: each line is an object, its known keys are the fields. */
#include "ingest/reader_json.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/members.h"

struct reader_json {
    struct records *records;
    struct members *members;
};

static bool recognise_json(const struct sample *sample)
{
    return sample->json == JSON_LINES;
}

static int field_of(void *context, struct str key, bool inner)
{
    (void)inner;
    return (int)columns_note(context, key, COLUMNS_UNKNOWN_MAX);
}

static bool open_json(void **state, struct records *records, struct columns *columns, struct error *err)
{
    struct reader_json *json = mem_alloc(sizeof *json);

    (void)err;
    json->records = records;
    json->members = members_new(&(struct members_options){
        .what = "the line",
        .meaning = field_of,
        .context = columns,
    });
    *state = json;
    return true;
}

static void close_json(void *state)
{
    struct reader_json *json = state;

    if (json == NULL)
        return;
    members_free(json->members);
    free(json);
}

static void take_line(struct reader_json *json, struct record *record)
{
    const struct member *list;

    memset(record->values, 0, sizeof record->values);
    if (!members_read(json->members, record->raw, record))
        return;
    size_t count = members_list(json->members, &list);
    for (size_t i = 0; i < count; i++) {
        if (list[i].meaning != FIELD_UNKNOWN &&
            !members_take(json->members, &list[i], (enum field)list[i].meaning, record))
            return;
    }
}

static enum read_result next_json(void *state, struct record *record, struct error *err)
{
    struct reader_json *json = state;
    enum read_result result = records_line(json->records, record, err);

    if (result == READ_RECORD && record->readable && record_check_text(record))
        take_line(json, record);
    return result;
}

const struct reader_format reader_json = {
    .name = "json",
    .summary = "JSON lines: one object a line, with our names or mapped ones",
    .is_mappable = true,
    .recognise = recognise_json,
    .open = open_json,
    .next = next_json,
    .close = close_json,
};
