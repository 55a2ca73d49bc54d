/* SPDX-License-Identifier: MIT */
/* The walk through a document, and its plain values. */

#include "reconcile/contract_reader.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/model.h"

#define DIGITS_MAX 12 /* of money, before the point */

/* ---- where ---- */

/* Puts "/key" behind the path, as RFC 6901 writes it; cut when it is too long. Returns the size before. */
static size_t path_push(struct reader *reader, const char *key)
{
    size_t size = strlen(reader->path);
    size_t at = size;

    if (at + 1 < READER_PATH_MAX)
        reader->path[at++] = '/';
    for (const char *from = key; *from != '\0' && at + 2 < READER_PATH_MAX; from++) {
        bool escaped = *from == '~' || *from == '/';
        reader->path[at++] = *from == '/' ? '~' : *from;
        if (escaped)
            reader->path[at++] = *from == '~' ? '0' : '1';
    }
    reader->path[at] = '\0';
    return size;
}

static void path_pop(struct reader *reader, size_t size)
{
    reader->path[size] = '\0';
}

bool reader_refuse(struct reader *reader, const char *below, const char *format, ...)
{
    char text[sizeof reader->err->text];
    size_t size = strlen(reader->path);
    va_list values;

    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (below != NULL)
        (void)path_push(reader, below);
    (void)fail(reader->err, EXIT_USAGE, "%s: %s", reader->path[0] != '\0' ? reader->path : "the contract", text);
    path_pop(reader, size);
    return false;
}

/* ---- objects and arrays ---- */

static const char *kind_name(json_t *value)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object",      [JSON_ARRAY] = "an array",
        [JSON_STRING] = "a string",       [JSON_INTEGER] = "a number",
        [JSON_REAL] = "a decimal number", [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",           [JSON_NULL] = "null",
    };
    return names[json_typeof(value)];
}

static json_t *refuse_kind(struct reader *reader, json_t *value, const char *wanted)
{
    (void)reader_refuse(reader, NULL, "it is %s, and must be %s", kind_name(value), wanted);
    return NULL;
}

static bool refuse_key(struct reader *reader, const char *key, const struct reader_field *fields, size_t count)
{
    struct nearest nearest = {.word = key};
    struct buffer list;

    buffer_init(&list, 400);
    for (size_t i = 0; i < count; i++) {
        nearest_offer(&nearest, fields[i].key);
        if (!buffer_format(&list, "%s%s", i > 0 ? ", " : "", fields[i].key))
            break;
    }
    if (nearest.best != NULL)
        (void)reader_refuse(reader, key, "there is no such key; did you mean %s? There are: %s", nearest.best,
                            list.data);
    else
        (void)reader_refuse(reader, key, "there is no such key; there are: %s", list.data);
    buffer_free(&list);
    return false;
}

static bool check_keys(struct reader *reader, json_t *object, const struct reader_field *fields, size_t count)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < count && !known; i++)
            known = strcmp(key, fields[i].key) == 0;
        if (!known)
            return refuse_key(reader, key, fields, count);
    }
    return true;
}

static json_t *absent_value(struct reader *reader, const struct reader_field *field, json_t *value)
{
    if (field->need == NEEDED || (field->need == NULLABLE && value == NULL)) {
        (void)reader_refuse(reader, field->key, "it is missing%s",
                            field->need == NULLABLE ? "; write null where there is none" : "");
        return NULL;
    }
    return field->otherwise != NULL ? field->otherwise(reader, field->key) : json_null();
}

static json_t *read_field(struct reader *reader, json_t *object, const struct reader_field *field)
{
    json_t *value = json_object_get(object, field->key);

    if (value == NULL || json_is_null(value))
        return absent_value(reader, field, value);
    size_t size = path_push(reader, field->key);
    json_t *read = field->read(reader, value);
    path_pop(reader, size);
    return read;
}

json_t *reader_object(struct reader *reader, json_t *value, const struct reader_field *fields, size_t count)
{
    if (!json_is_object(value))
        return refuse_kind(reader, value, "an object");
    if (!check_keys(reader, value, fields, count))
        return NULL;
    json_t *object = json_object();
    for (size_t i = 0; i < count; i++) {
        json_t *read = read_field(reader, value, &fields[i]);
        if (read == NULL) {
            json_decref(object);
            return NULL;
        }
        (void)json_object_set_new(object, fields[i].key, read);
    }
    return object;
}

json_t *reader_array(struct reader *reader, json_t *value, size_t most, read_fn *element)
{
    if (!json_is_array(value))
        return refuse_kind(reader, value, "an array");
    if (json_array_size(value) > most) {
        (void)reader_refuse(reader, NULL, "it has %zu elements; there may be %zu", json_array_size(value), most);
        return NULL;
    }
    json_t *array = json_array();
    for (size_t i = 0; i < json_array_size(value); i++) {
        char place[24];
        snprintf(place, sizeof place, "%zu", i);
        size_t size = path_push(reader, place);
        json_t *read = element(reader, json_array_get(value, i));
        path_pop(reader, size);
        if (read == NULL) {
            json_decref(array);
            return NULL;
        }
        (void)json_array_append_new(array, read);
    }
    return array;
}

/* ---- plain values ---- */

json_t *reader_count(struct reader *reader, json_t *value, int64_t least, int64_t most, const char *what)
{
    if (!json_is_integer(value))
        return refuse_kind(reader, value, what);
    if (json_integer_value(value) < least || json_integer_value(value) > most) {
        (void)reader_refuse(reader, NULL, "%lld is out of range; it must be %s", (long long)json_integer_value(value),
                            what);
        return NULL;
    }
    return json_integer(json_integer_value(value));
}

json_t *reader_text(struct reader *reader, json_t *value, size_t size_max)
{
    if (!json_is_string(value))
        return refuse_kind(reader, value, "a string");
    struct str text = {json_string_value(value), json_string_length(value)};
    const char *fault = given_text_fault(text, size_max);
    if (fault == NULL && str_trim(text).size != text.size)
        fault = "has blanks at its ends";
    if (fault == NULL)
        return json_stringn(text.data, text.size);
    (void)reader_refuse(reader, NULL, "it %s; give 1 to %zu bytes of plain text", fault, size_max);
    return NULL;
}

json_t *reader_choice(struct reader *reader, json_t *value, const char *const *choices)
{
    struct nearest nearest = {.word = json_string_value(value)};
    struct buffer list;

    if (!json_is_string(value))
        return refuse_kind(reader, value, "a string");
    buffer_init(&list, 400);
    for (const char *const *choice = choices; *choice != NULL; choice++) {
        if (strcmp(*choice, nearest.word) == 0) {
            buffer_free(&list);
            return json_string(*choice);
        }
        nearest_offer(&nearest, *choice);
        if (!buffer_format(&list, "%s%s", choice > choices ? ", " : "", *choice))
            break;
    }
    (void)reader_refuse(reader, NULL, "'%.40s' is not known%s%s; there are: %s", nearest.word,
                        nearest.best != NULL ? "; did you mean " : "", nearest.best != NULL ? nearest.best : "",
                        list.data);
    buffer_free(&list);
    return NULL;
}

json_t *reader_date(struct reader *reader, json_t *value)
{
    if (!json_is_string(value))
        return refuse_kind(reader, value, "a date as a string, \"2026-10-31\"");
    const char *fault = given_date_fault(json_string_value(value));
    if (fault == NULL)
        return json_string(json_string_value(value));
    (void)reader_refuse(reader, NULL, "'%.40s' %s", json_string_value(value), fault);
    return NULL;
}

json_t *reader_money(struct reader *reader, json_t *value, size_t decimals, const char *whose)
{
    size_t whole, behind;

    if (!json_is_string(value))
        return refuse_kind(reader, value, "money as a string, \"2.50\": no amount passes through a float");
    const char *text = json_string_value(value);
    if (!given_decimal(text, &whole, &behind)) {
        (void)reader_refuse(reader, NULL, "'%.40s' is no money: write decimal digits, as \"2.50\"", text);
        return NULL;
    }
    for (; whole > 1 && *text == '0'; text++)
        whole--;
    if (whole > DIGITS_MAX)
        (void)reader_refuse(reader, NULL, "it is too big: at most %d digits before the point", DIGITS_MAX);
    else if (behind > decimals)
        (void)reader_refuse(reader, NULL, "'%.40s' has %zu decimals; %s at most %zu", text, behind, whose, decimals);
    else
        return json_string(text);
    return NULL;
}
