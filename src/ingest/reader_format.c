/* SPDX-License-Identifier: MIT */
/* What formats share: the columns met so far, and JSON values as values of a record. */
#include "ingest/reader_format.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 64

struct columns {
    struct arena *arena;
    struct column *list;
    struct str *names; /* as written: list has them cut and masked */
    size_t count, unknown, capacity;
    const struct mapping *mapping; /* NULL: the fields' own names */
    struct str header;
};

struct columns *columns_new(void)
{
    struct columns *columns = mem_alloc(sizeof *columns);

    columns->arena = arena_new();
    return columns;
}

void columns_free(struct columns *columns)
{
    if (columns == NULL)
        return;
    arena_free(columns->arena);
    free(columns->list);
    free(columns->names);
    free(columns);
}

void columns_map(struct columns *columns, const struct mapping *mapping)
{
    columns->mapping = mapping;
}

const struct mapping *columns_mapping(const struct columns *columns)
{
    return columns->mapping;
}

const char *columns_name_of(const struct columns *columns, enum field field)
{
    const char *mapped = columns->mapping != NULL ? mapping_name(columns->mapping, field) : NULL;

    return mapped != NULL ? mapped : field_name(field);
}

const char *text_to_show(struct arena *arena, struct str text, size_t max)
{
    struct str shown = mask_secrets(arena, text);

    if (shown.size > max) {
        shown.size = max;
        while (shown.size > 0 && ((unsigned char)shown.data[shown.size] & 0xC0) == 0x80)
            shown.size--;
    }
    char *copy = arena_alloc(arena, shown.size + 1);
    for (size_t i = 0; i < shown.size; i++)
        copy[i] = (unsigned char)shown.data[i] < ' ' || shown.data[i] == 0x7F ? '?' : shown.data[i];
    copy[shown.size] = '\0';
    return copy;
}

static void add(struct columns *columns, struct str name, enum field field)
{
    if (columns->count == columns->capacity) {
        columns->capacity = columns->capacity * 2 + 32;
        columns->list = mem_resize(columns->list, columns->capacity * sizeof columns->list[0]);
        columns->names = mem_resize(columns->names, columns->capacity * sizeof columns->names[0]);
    }
    columns->list[columns->count] = (struct column){text_to_show(columns->arena, name, SHOWN_MAX), field};
    columns->names[columns->count++] = arena_copy(columns->arena, name);
    columns->unknown += field == FIELD_UNKNOWN ? 1 : 0;
}

enum field columns_note(struct columns *columns, struct str name, size_t unknown_max)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->names[i].data != NULL && str_equal(columns->names[i], name))
            return columns->list[i].field;
    }
    enum field field = columns->mapping != NULL ? mapping_find(columns->mapping, name) : field_find(name);
    if (field != FIELD_UNKNOWN || columns->unknown < unknown_max)
        add(columns, name, field);
    return field;
}

void columns_add(struct columns *columns, const char *name, enum field field)
{
    add(columns, str_of(name), field);
    columns->names[columns->count - 1] = (struct str){NULL, 0}; /* no name that content gives is this one */
}

size_t columns_list(const struct columns *columns, const struct column **list)
{
    *list = columns->list;
    return columns->count;
}

void columns_set_header(struct columns *columns, struct str header)
{
    columns->header = mask_secrets(columns->arena, header);
}

struct str columns_header(const struct columns *columns)
{
    return columns->header;
}

struct value value_of_json(json_t *json)
{
    struct str text;

    switch (json_typeof(json)) {
    case JSON_NULL:
        return (struct value){.kind = VALUE_ABSENT};
    case JSON_STRING:
        text = (struct str){json_string_value(json), json_string_length(json)};
        return (struct value){.kind = text.size > 0 ? VALUE_TEXT : VALUE_ABSENT, .text = text};
    case JSON_INTEGER:
        return (struct value){.kind = VALUE_INTEGER, .integer = json_integer_value(json)};
    case JSON_REAL:
        return (struct value){.kind = VALUE_REAL, .real = json_real_value(json)};
    default:
        return (struct value){.kind = VALUE_JSON, .json = json};
    }
}

enum read_result reject_json(struct record *record, enum field field, const char *what, const json_error_t *found)
{
    const char *citation = strstr(found->text, " near '");
    int size = citation != NULL ? (int)(citation - found->text) : (int)strlen(found->text);
    const char *where = field == FIELD_UNKNOWN ? what : field_name(field);

    return record_reject(record, field, "bad_json", "%s is not valid JSON: %.*s (column %d)", where, size, found->text,
                         found->column);
}
