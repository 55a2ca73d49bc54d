/* SPDX-License-Identifier: MIT */
/* JSON lines: each line is an object, its known keys are the fields. */
#include "ingest/reader_json.h"

#include <stdlib.h>
#include <string.h>

#define KEY_MAX    24 /* a longer one is no known field: it is looked up each time */
#define PLACES_MAX 40 /* keys of a line that are remembered; those after them are looked up each time */

struct reader_json {
    struct records *records;
    struct columns *columns;
    json_t *line; /* the object of the record that was given last, which its values are borrowed from */
    /* The keys of the line before, by place: the lines of one log have the same keys in the same order, so most keys
     * are known by one comparison. */
    struct {
        char text[KEY_MAX];
        size_t size;
        enum field field;
    } before[PLACES_MAX];
};

static bool recognise_json(struct str first_line)
{
    return first_line.size > 0 && first_line.data[0] == '{';
}

static bool open_json(void **state, struct records *records, struct columns *columns, struct error *err)
{
    struct reader_json *json = mem_alloc(sizeof *json);

    (void)err;
    json->records = records;
    json->columns = columns;
    *state = json;
    return true;
}

static void clear_line(struct reader_json *json)
{
    json_decref(json->line);
    json->line = NULL;
}

static void close_json(void *state)
{
    struct reader_json *json = state;

    if (json == NULL)
        return;
    clear_line(json);
    free(json);
}

static enum field find_field(struct reader_json *json, size_t place, struct str key)
{
    if (place >= PLACES_MAX || key.size > KEY_MAX || key.size == 0)
        return columns_note(json->columns, key, COLUMNS_UNKNOWN_MAX);
    if (json->before[place].size == key.size && memcmp(json->before[place].text, key.data, key.size) == 0)
        return json->before[place].field;

    enum field field = columns_note(json->columns, key, COLUMNS_UNKNOWN_MAX);
    memcpy(json->before[place].text, key.data, key.size);
    json->before[place].size = key.size;
    json->before[place].field = field;
    return field;
}

/* False: the record was rejected. */
static bool take_member(struct reader_json *json, size_t place, struct str key, struct value value,
                        struct record *record)
{
    enum field field = find_field(json, place, key);

    if (field == FIELD_UNKNOWN || value.kind == VALUE_ABSENT)
        return true;
    if (record->values[field].kind != VALUE_ABSENT) {
        record_reject(record, field, "two_fields", "%s is given by two keys (its name and an alias); one is taken",
                      field_name(field));
        return false;
    }
    record->values[field] = value;
    return true;
}

static void take_line(struct reader_json *json, struct record *record)
{
    json_error_t found;
    const char *key;
    size_t key_size, place = 0;
    json_t *member;

    json->line = json_loadb(record->raw.data, record->raw.size, JSON_REJECT_DUPLICATES, &found);
    if (json->line == NULL) {
        reject_json(record, FIELD_UNKNOWN, &found);
        return;
    }
    if (!json_is_object(json->line)) {
        record_reject(record, FIELD_UNKNOWN, "bad_json", "the line is a JSON array; an object is taken");
        return;
    }
    json_object_keylen_foreach(json->line, key, key_size, member)
    {
        if (!take_member(json, place++, (struct str){key, key_size}, value_of_json(member), record))
            return;
    }
}

static enum read_result next_json(void *state, struct record *record, struct error *err)
{
    struct reader_json *json = state;

    clear_line(json);
    enum read_result result = records_line(json->records, record, err);
    if (result != READ_RECORD || !record->readable || !record_check_text(record))
        return result;

    memset(record->values, 0, sizeof record->values);
    take_line(json, record);
    return READ_RECORD;
}

const struct reader_format reader_json = {
    .name = "json",
    .recognise = recognise_json,
    .open = open_json,
    .next = next_json,
    .close = close_json,
};
