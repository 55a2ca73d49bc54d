/* SPDX-License-Identifier: MIT */
/* CloudEvents (JSON Event Format 1.0.2, sections 2 to 4): the attributes say when and who, data holds our other fields
 * (rules.md 9). Attributes that are not named here are extensions, which are ignored. */
#include "ingest/reader_cloudevents.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/elements.h"
#include "ingest/members.h"
#include "headroom/encode.h"

#define TYPE "com.x.engagement.request"

/* What a member means: an attribute, or below FIELD_COUNT a field. */
enum attribute {
    ATTRIBUTE_SPECVERSION = FIELD_COUNT + 1,
    ATTRIBUTE_TYPE,
    ATTRIBUTE_ID,
    ATTRIBUTE_SOURCE,
    ATTRIBUTE_TIME,
    ATTRIBUTE_SUBJECT,
    ATTRIBUTE_DATA,
    ATTRIBUTE_DATA_BASE64,
    ATTRIBUTE_END,
};
#define ATTRIBUTES (ATTRIBUTE_END - ATTRIBUTE_SPECVERSION)

static const char *const attribute_names[ATTRIBUTES] = {"specversion", "type",    "id",   "source",
                                                        "time",        "subject", "data", "data_base64"};

/* What data must not say otherwise. */
static const struct {
    enum attribute attribute;
    enum field field;
    const char *missing; /* the reason */
} needed[] = {
    {ATTRIBUTE_ID, FIELD_ID, "missing_id"},
    {ATTRIBUTE_SOURCE, FIELD_SOURCE, "missing_source"},
    {ATTRIBUTE_TIME, FIELD_TIME, "missing_time"},
};

struct cloudevents {
    struct records *records;
    struct elements *elements; /* NULL: one event a line */
    struct columns *columns;
    struct members *members; /* of an event */
    struct members *decoded; /* of its data_base64 */
    struct arena *arena;     /* what that decodes to */
    const struct member *given[ATTRIBUTES];
};

static bool recognise_cloudevents(const struct sample *sample)
{
    return sample->json == JSON_CLOUDEVENTS || sample->json == JSON_CLOUDEVENTS_ARRAY;
}

static int meaning_of(void *context, struct str key, bool inner)
{
    struct cloudevents *events = context;

    if (inner)
        return (int)columns_note(events->columns, key, COLUMNS_UNKNOWN_MAX);
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        if (str_equal(key, str_of(attribute_names[i])))
            return ATTRIBUTE_SPECVERSION + (int)i;
    }
    return FIELD_UNKNOWN;
}

static int meaning_of_decoded(void *context, struct str key, bool inner)
{
    (void)inner;
    return meaning_of(context, key, true);
}

/* ---- one event ---- */

static const struct value *value_of(const struct cloudevents *events, enum attribute attribute)
{
    static const struct value absent = {.kind = VALUE_ABSENT};
    const struct member *member = events->given[attribute - ATTRIBUTE_SPECVERSION];

    return member != NULL ? &member->value : &absent;
}

static bool is_text(const struct value *value, struct str text)
{
    return value->kind == VALUE_TEXT && str_equal(value->text, text);
}

/* "1.0", and what may come without breaking it. */
static bool is_version_1(const struct value *value)
{
    int64_t minor;

    return value->kind == VALUE_TEXT && value->text.size > 2 && memcmp(value->text.data, "1.", 2) == 0 &&
           str_to_int64((struct str){value->text.data + 2, value->text.size - 2}, 0, INT64_MAX, &minor);
}

/* False: the record is rejected, as below. */
static bool check_envelope(const struct cloudevents *events, struct record *record)
{
    if (!is_version_1(value_of(events, ATTRIBUTE_SPECVERSION)))
        record_reject(record, FIELD_UNKNOWN, "bad_specversion",
                      "specversion is absent or not 1.x: CloudEvents 1.0 are taken");
    else if (!is_text(value_of(events, ATTRIBUTE_TYPE), STR(TYPE)))
        record_reject(record, FIELD_UNKNOWN, "other_type", "type is absent or another than " TYPE);
    for (size_t i = 0; record->readable && i < ARRAY_LENGTH(needed); i++) {
        if (value_of(events, needed[i].attribute)->kind == VALUE_ABSENT)
            record_reject(record, needed[i].field, needed[i].missing, "%s is absent: a CloudEvent needs it",
                          field_name(needed[i].field));
    }
    return record->readable;
}

static bool reject_data(struct record *record, const char *name, const char *why)
{
    record_reject(record, FIELD_UNKNOWN, "bad_data", "%s %s; an object with our other fields is taken", name, why);
    return false;
}

static bool take_fields(struct members *members, bool inner, struct record *record)
{
    const struct member *list;
    size_t count = members_list(members, &list);

    for (size_t i = 0; i < count; i++) {
        if (list[i].inner == inner && list[i].meaning < FIELD_COUNT &&
            !members_take(members, &list[i], (enum field)list[i].meaning, record))
            return false;
    }
    return true;
}

static bool take_base64(struct cloudevents *events, const struct value *value, struct record *record)
{
    struct str text;

    if (events->given[ATTRIBUTE_DATA - ATTRIBUTE_SPECVERSION] != NULL)
        return reject_data(record, "data", "comes with data_base64: one of them is taken");
    if (value->kind != VALUE_TEXT || !base64_decode(value->text, events->arena, &text))
        return reject_data(record, "data_base64", "is no base64");
    if (!str_is_utf8(text))
        return reject_data(record, "data_base64", "is no UTF-8 text");
    return members_read(events->decoded, text, record) && take_fields(events->decoded, false, record);
}

/* An object under data was opened, so any value that is there is something else. */
static bool take_data(struct cloudevents *events, struct record *record)
{
    const struct value *base64 = value_of(events, ATTRIBUTE_DATA_BASE64);

    if (base64->kind != VALUE_ABSENT)
        return take_base64(events, base64, record);
    if (value_of(events, ATTRIBUTE_DATA)->kind != VALUE_ABSENT)
        return reject_data(record, "data", "is no object");
    return take_fields(events->members, true, record);
}

/* ---- what an attribute and data both say ---- */

static bool is_same(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == VALUE_TEXT)
        return str_equal(a->text, b->text);
    return a->kind == VALUE_INTEGER && a->integer == b->integer;
}

static bool user_of(const struct value *value, int64_t *user)
{
    *user = value->integer;
    return value->kind == VALUE_INTEGER || (value->kind == VALUE_TEXT && str_to_int64(value->text, 0, INT64_MAX, user));
}

static bool is_same_user(const struct value *a, const struct value *b)
{
    int64_t x, y;

    return user_of(a, &x) && user_of(b, &y) && x == y;
}

static bool is_same_handle(const struct value *a, const struct value *b)
{
    char x[HANDLE_MAX + 1], y[HANDLE_MAX + 1];

    return a->kind == VALUE_TEXT && b->kind == VALUE_TEXT && handle_normalise(a->text, x) &&
           handle_normalise(b->text, y) && strcmp(x, y) == 0;
}

/* Puts the attribute over what data says of the field, which must be the same. */
static bool put_over(struct record *record, enum field field, const struct value *attribute, const char *name)
{
    const struct value *data = &record->values[field];
    bool same;

    if (field == FIELD_USER_ID)
        same = is_same_user(data, attribute);
    else if (field == FIELD_HANDLE)
        same = is_same_handle(data, attribute);
    else
        same = is_same(data, attribute);
    if (data->kind != VALUE_ABSENT && !same) {
        record_reject(record, field, "contradiction", "%s of data is another than the attribute %s says",
                      field_name(field), name);
        return false;
    }
    record->values[field] = *attribute;
    return true;
}

/* Of digits only it is the user id, else the handle. */
static bool is_user_id(const struct value *value)
{
    if (value->kind != VALUE_TEXT)
        return value->kind == VALUE_INTEGER;
    for (size_t i = 0; i < value->text.size; i++) {
        if (value->text.data[i] < '0' || value->text.data[i] > '9')
            return false;
    }
    return true;
}

static bool take_attribute(struct cloudevents *events, enum attribute attribute, enum field field,
                           struct record *record)
{
    const struct member *member = events->given[attribute - ATTRIBUTE_SPECVERSION];
    struct value value;

    if (member == NULL || member->value.kind == VALUE_ABSENT)
        return true;
    if (!members_value(events->members, member, &value, record))
        return false;
    if (attribute == ATTRIBUTE_SUBJECT)
        field = is_user_id(&value) ? FIELD_USER_ID : FIELD_HANDLE;
    return put_over(record, field, &value, attribute_names[attribute - ATTRIBUTE_SPECVERSION]);
}

static void take_cloudevent(void *state, struct record *record)
{
    struct cloudevents *events = state;
    const struct member *list;

    if (arena_used(events->arena) > 0)
        arena_reset(events->arena);
    if (!record->readable || !record_check_text(record))
        return;

    memset(record->values, 0, sizeof record->values);
    memset(events->given, 0, sizeof events->given);
    if (!members_read(events->members, record->raw, record))
        return;
    size_t count = members_list(events->members, &list);
    for (size_t i = 0; i < count; i++) {
        if (!list[i].inner && list[i].meaning >= ATTRIBUTE_SPECVERSION)
            events->given[list[i].meaning - ATTRIBUTE_SPECVERSION] = &list[i];
    }
    bool sound = check_envelope(events, record) && take_data(events, record) &&
                 take_attribute(events, ATTRIBUTE_SUBJECT, FIELD_UNKNOWN, record);
    for (size_t i = 0; sound && i < ARRAY_LENGTH(needed); i++)
        sound = take_attribute(events, needed[i].attribute, needed[i].field, record);
}

/* ---- the format ---- */

static void close_cloudevents(void *state)
{
    struct cloudevents *events = state;

    if (events == NULL)
        return;
    elements_free(events->elements);
    members_free(events->members);
    members_free(events->decoded);
    arena_free(events->arena);
    free(events);
}

static struct cloudevents *open_state(struct records *records, struct columns *columns, const char *what)
{
    struct cloudevents *events = mem_alloc(sizeof *events);

    events->records = records;
    events->columns = columns;
    events->arena = arena_new();
    events->members =
        members_new(&(struct members_options){.what = what, .inner = "data", .meaning = meaning_of, .context = events});
    events->decoded =
        members_new(&(struct members_options){.what = "data_base64", .meaning = meaning_of_decoded, .context = events});
    for (size_t i = 0; i < ARRAY_LENGTH(needed); i++)
        columns_add(columns, field_name(needed[i].field), needed[i].field);
    columns_add(columns, "subject", FIELD_USER_ID);
    return events;
}

static bool open_lines(void **state, struct records *records, struct columns *columns, struct error *err)
{
    (void)err;
    *state = open_state(records, columns, "the line");
    return true;
}

static bool open_elements(void **state, struct records *records, struct columns *columns, struct error *err)
{
    static const char *const path[] = {NULL};
    struct cloudevents *events = open_state(records, columns, "the element");

    (void)err;
    events->elements = elements_new(records, &(struct elements_options){
                                                 .path = path,
                                                 .document = "a JSON array of CloudEvents",
                                                 .size_max = RECORD_MAX,
                                             });
    *state = events;
    return true;
}

static enum read_result next_cloudevent(void *state, struct record *record, struct error *err)
{
    struct cloudevents *events = state;
    enum read_result result = events->elements != NULL ? elements_next(events->elements, record, err)
                                                       : records_line(events->records, record, err);

    if (result == READ_RECORD)
        take_cloudevent(events, record);
    return result;
}

static const struct reader_format reader_cloudevents_array = {
    .name = "cloudevents",
    .whole_document = true,
    .recognise = recognise_cloudevents,
    .open = open_elements,
    .next = next_cloudevent,
    .close = close_cloudevents,
};

const struct reader_format reader_cloudevents = {
    .name = "cloudevents",
    .summary = "CloudEvents 1.0 of type " TYPE ", one a line or a JSON array of them",
    .as_array = &reader_cloudevents_array,
    .recognise = recognise_cloudevents,
    .open = open_lines,
    .next = next_cloudevent,
    .take = take_cloudevent,
    .close = close_cloudevents,
};
