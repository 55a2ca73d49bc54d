/* SPDX-License-Identifier: MIT */
/* JSON lines: each line is an object, its known keys are the fields. */
#include "ingest/reader_json.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/members.h"

#define LEADS_FURTHER (FIELD_COUNT + 1) /* a key under whose object mapped names are found */

struct reader_json {
    struct records *records;
    struct columns *columns;
    struct members *members;
};

static bool recognise_json(const struct sample *sample)
{
    return sample->json == JSON_LINES;
}

static int field_of(void *context, struct str key, bool inner)
{
    const struct mapping *mapping = columns_mapping(context);

    (void)inner;
    if (mapping != NULL && mapping_leads_through(mapping, key))
        return LEADS_FURTHER;
    return (int)columns_note(context, key, COLUMNS_UNKNOWN_MAX);
}

static bool open_json(void **state, struct records *records, struct columns *columns, struct error *err)
{
    struct reader_json *json = mem_alloc(sizeof *json);

    (void)err;
    json->records = records;
    json->columns = columns;
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

/* What stands for a field below a key. False: the record is rejected. */
static bool take_found(struct reader_json *json, enum field field, struct str name, json_t *found,
                       struct record *record)
{
    struct value value = value_of_json(found);

    columns_note(json->columns, name, COLUMNS_UNKNOWN_MAX);
    if (value.kind == VALUE_ABSENT)
        return true;
    if (record->values[field].kind != VALUE_ABSENT) {
        record_reject(record, field, "two_fields", "%s is given by two keys of the same path; one is taken",
                      field_name(field));
        return false;
    }
    record->values[field] = value;
    return true;
}

/* Takes what mapped names lead to below a key, which may be one itself. False: the record is rejected. */
static bool take_below(struct reader_json *json, const struct member *member, struct record *record)
{
    const struct mapping *mapping = columns_mapping(json->columns);
    enum field whole = mapping_find(mapping, member->key);
    struct value value;
    struct str name;

    if (whole != FIELD_UNKNOWN)
        columns_note(json->columns, member->key, COLUMNS_UNKNOWN_MAX);
    if (whole != FIELD_UNKNOWN && !members_take(json->members, member, whole, record))
        return false;
    if (!members_value(json->members, member, &value, record))
        return false;
    for (int field = 0; value.kind == VALUE_JSON && field < FIELD_COUNT; field++) {
        json_t *found = mapping_dig(mapping, (enum field)field, member->key, value.json, &name);
        if (found != NULL && !take_found(json, (enum field)field, name, found, record))
            return false;
    }
    return true;
}

static bool take_member(struct reader_json *json, const struct member *member, struct record *record)
{
    if (member->meaning == LEADS_FURTHER)
        return take_below(json, member, record);
    return member->meaning == FIELD_UNKNOWN || members_take(json->members, member, (enum field)member->meaning, record);
}

static void take_json(void *state, struct record *record)
{
    struct reader_json *json = state;
    const struct member *list;

    if (!record->readable || !record_check_text(record))
        return;

    memset(record->values, 0, sizeof record->values);
    if (!members_read(json->members, record->raw, record))
        return;
    size_t count = members_list(json->members, &list);
    for (size_t i = 0; i < count; i++) {
        if (!take_member(json, &list[i], record))
            return;
    }
}

static enum read_result next_json(void *state, struct record *record, struct error *err)
{
    struct reader_json *json = state;
    enum read_result result = records_line(json->records, record, err);

    if (result == READ_RECORD)
        take_json(json, record);
    return result;
}

const struct reader_format reader_json = {
    .name = "json",
    .summary = "JSON lines: one object a line, with our names or mapped ones",
    .is_mappable = true,
    .recognise = recognise_json,
    .open = open_json,
    .next = next_json,
    .take = take_json,
    .close = close_json,
};
