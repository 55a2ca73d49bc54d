/* SPDX-License-Identifier: MIT */
/* Reads a file of identities: chooses the format by the first byte, and takes line by line. */

#include "ingest/identities_read.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/csv_row.h"
#include "ingest/elements.h"
#include "ingest/encoding.h"
#include "ingest/members.h"

#define COLUMNS_MAX 20 /* of a CSV header, so that the first that is none of ours can be named */
#define SHOWN_MAX   40

struct reading {
    struct records *records;
    struct members *members;   /* of JSON */
    struct elements *elements; /* of a JSON array */
    struct arena *arena;       /* of a line's cells */
    enum identity_column columns[COLUMNS_MAX];
    struct str cells[COLUMNS_MAX];
    size_t column_count;
    struct value values[IDENTITY_COLUMNS];
};

struct format {
    const char *name;
    bool (*begin)(struct reading *reading, struct error *err);
    /* The next record with its values; one that is none is not readable. */
    enum read_result (*next)(struct reading *reading, struct record *record, struct error *err);
};

static const char *name_of(const struct reading *reading)
{
    return input_name(records_input(reading->records));
}

/* Why a name that means nothing is refused: if it is a misspelt date, the rest would mean more days than was said. */
static void describe_unknown(struct str name, char why[IDENTITY_WHY_SIZE])
{
    struct arena *arena = arena_new();
    const char *shown = text_to_show(arena, name, SHOWN_MAX);
    const char *near = identity_column_near(shown);

    snprintf(why, IDENTITY_WHY_SIZE, "'%s', which says nothing of who owned which handle; %s%s%s", shown,
             near != NULL ? "did you mean " : "leave it out", near != NULL ? near : "", near != NULL ? "?" : "");
    arena_free(arena);
}

/* ---- CSV ---- */

static bool refuse_header(const struct reading *reading, struct error *err, const char *format, ...) PRINTF_LIKE(3, 4);

static bool refuse_header(const struct reading *reading, struct error *err, const char *format, ...)
{
    char what[IDENTITY_WHY_SIZE + 60];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return fail(err, EXIT_COMMAND,
                "%s: the CSV header %s; needed are the columns " IDENTITY_COLUMN_NAMES
                "; names are exact, in lower case and separated by commas (taken are CSV with a header, JSON lines and "
                "a JSON array); nothing was imported",
                name_of(reading), what);
}

static bool note_header(struct reading *reading, struct error *err)
{
    bool given[IDENTITY_COLUMNS] = {false};
    char why[IDENTITY_WHY_SIZE];

    for (size_t i = 0; i < reading->column_count; i++) {
        enum identity_column column = identity_column_find(reading->cells[i]);
        reading->columns[i] = column;
        if (column == IDENTITY_UNKNOWN) {
            describe_unknown(reading->cells[i], why);
            return refuse_header(reading, err, "has a column %s", why);
        }
        if (given[column])
            return refuse_header(reading, err, "has two columns for %s", identity_column_name(column));
        given[column] = true;
    }
    for (enum identity_column column = IDENTITY_USER_ID; column <= IDENTITY_HANDLE; column++) {
        if (!given[column])
            return refuse_header(reading, err, "has no column %s", identity_column_name(column));
    }
    return true;
}

static bool begin_csv(struct reading *reading, struct error *err)
{
    struct record record;
    enum read_result result = records_line(reading->records, &record, err);

    if (result != READ_RECORD)
        return false;
    if (!csv_check_separator(name_of(reading), record.raw, err))
        return false;
    if (record.readable)
        (void)!csv_split(&record, reading->arena, reading->cells, COLUMNS_MAX, &reading->column_count);
    if (!record.readable)
        return refuse_header(reading, err, "can't be read (%s)", record.why.text);
    if (reading->column_count > COLUMNS_MAX)
        return refuse_header(reading, err, "has more than %d columns", COLUMNS_MAX);
    return note_header(reading, err);
}

static enum read_result next_csv(struct reading *reading, struct record *record, struct error *err)
{
    enum read_result result = records_line(reading->records, record, err);
    size_t count;

    arena_reset(reading->arena);
    if (result != READ_RECORD || !record->readable ||
        !csv_split(record, reading->arena, reading->cells, COLUMNS_MAX, &count))
        return result;
    if (count != reading->column_count)
        return record_reject(record, FIELD_UNKNOWN, "field_count", "the row has %zu fields, the header %zu", count,
                             reading->column_count);
    for (size_t i = 0; i < count; i++) {
        if (reading->cells[i].size > 0)
            reading->values[reading->columns[i]] = (struct value){.kind = VALUE_TEXT, .text = reading->cells[i]};
    }
    return READ_RECORD;
}

/* ---- JSON ---- */

static int meaning_of(void *context, struct str key, bool inner)
{
    (void)context;
    (void)inner;
    return (int)identity_column_find(key);
}

static void begin_members(struct reading *reading, const char *what)
{
    reading->members = members_new(&(struct members_options){
        .what = what,
        .meaning = meaning_of,
    });
}

static bool begin_json(struct reading *reading, struct error *err)
{
    (void)err;
    begin_members(reading, "the line");
    return true;
}

static bool begin_array(struct reading *reading, struct error *err)
{
    static const char *const path[] = {NULL};

    (void)err;
    begin_members(reading, "the element");
    reading->elements =
        elements_new(reading->records, &(struct elements_options){
                                           .path = path,
                                           .document = "a JSON array",
                                           .size_max = RECORD_MAX,
                                           .when_cut = "nothing was imported; import it when it is whole",
                                       });
    return true;
}

static void take_members(struct reading *reading, struct record *record)
{
    const struct member *list;
    char why[IDENTITY_WHY_SIZE];

    if (!members_read(reading->members, record->raw, record))
        return;
    size_t count = members_list(reading->members, &list);
    for (size_t i = 0; i < count; i++) {
        enum identity_column column = (enum identity_column)list[i].meaning;
        if (column == IDENTITY_UNKNOWN) {
            describe_unknown(list[i].key, why);
            record_reject(record, FIELD_UNKNOWN, "unknown_key", "has a key %s", why);
            return;
        }
        if (list[i].value.kind == VALUE_ABSENT)
            continue;
        if (reading->values[column].kind != VALUE_ABSENT) {
            record_reject(record, FIELD_UNKNOWN, "two_fields", "%s is given by two keys; one is taken",
                          identity_column_name(column));
            return;
        }
        reading->values[column] = list[i].value;
    }
}

static enum read_result next_json(struct reading *reading, struct record *record, struct error *err)
{
    enum read_result result = records_line(reading->records, record, err);

    if (result == READ_RECORD && record->readable && record_check_text(record))
        take_members(reading, record);
    return result;
}

static enum read_result next_element(struct reading *reading, struct record *record, struct error *err)
{
    enum read_result result = elements_next(reading->elements, record, err);

    if (result == READ_RECORD && record->readable && record_check_text(record))
        take_members(reading, record);
    return result;
}

/* ---- all of it ---- */

static const struct format format_csv = {"csv", begin_csv, next_csv};
static const struct format format_json = {"json", begin_json, next_json};
static const struct format format_array = {"json-array", begin_array, next_element};

static const struct format *format_of(char first)
{
    return first == '{' ? &format_json : first == '[' ? &format_array : &format_csv;
}

/* NULL: nothing but blanks. */
static bool choose_format(struct reading *reading, const struct format **format, struct error *err)
{
    static const char blanks[] = " \t\r\n";
    struct str head;
    size_t wanted = 1;

    *format = NULL;
    do {
        if (!records_head(reading->records, wanted, &head, err))
            return false;
        size_t start = 0;
        while (start < head.size && strchr(blanks, head.data[start]) != NULL && head.data[start] != '\0')
            start++;
        if (start < head.size)
            *format = format_of(head.data[start]);
        if (*format != NULL || head.size < wanted)
            return true;
        wanted = head.size + 1;
    } while (wanted <= RECORD_MAX);
    return fail(err, EXIT_COMMAND, "%s: begins with more than %zu blank bytes; it is no list of identities",
                name_of(reading), RECORD_MAX);
}

void identities_fault(struct identities_faults *faults, uint64_t line, const char *format, ...)
{
    va_list arguments;

    if (faults->count < IDENTITIES_FAULTS) {
        faults->list[faults->count].line = line;
        va_start(arguments, format);
        vsnprintf(faults->list[faults->count].text, IDENTITY_WHY_SIZE, format, arguments);
        va_end(arguments);
    }
    faults->count++;
}

static void take_range(struct identities *identities, const struct record *record)
{
    if (identities->first_line == 0) {
        identities->first_line = record->line;
        identities->first_byte = record->first_byte;
    }
    identities->last_line = record->line;
    identities->end_byte = record->end_byte;
}

static bool take_record(struct identities *identities, const struct reading *reading, const struct record *record,
                        struct identities_faults *faults, struct error *err)
{
    char why[IDENTITY_WHY_SIZE];
    struct identity identity = {.line = record->line};
    struct identity *next;

    take_range(identities, record);
    if (!record->readable) {
        identities_fault(faults, record->line, "%s", record->why.text);
        return true;
    }
    if (!identity_form(&identity, reading->values, why)) {
        identities_fault(faults, record->line, "%s", why);
        return true;
    }
    next = identities_next(identities);
    if (next == NULL)
        return fail(err, EXIT_COMMAND,
                    "%s: holds more than %d identities, which is the most that one import takes; split it; nothing was "
                    "imported",
                    name_of(reading), IDENTITIES_MAX);
    *next = identity;
    return true;
}

static bool read_all(struct identities *identities, struct reading *reading, struct identities_faults *faults,
                     struct error *err)
{
    const struct format *format;
    enum read_result result = READ_END;
    struct record record;

    if (!encoding_check(reading->records, err) || !choose_format(reading, &format, err) ||
        (format != NULL && !format->begin(reading, err)))
        return false;
    identities->format = format != NULL ? format->name : "empty";
    while (format != NULL) {
        memset(reading->values, 0, sizeof reading->values);
        result = format->next(reading, &record, err);
        if (result != READ_RECORD)
            break;
        if (!take_record(identities, reading, &record, faults, err))
            return false;
    }
    return result == READ_END;
}

bool identities_read(struct identities *identities, struct input *input, struct identities_faults *faults,
                     struct error *err)
{
    struct reading *reading = mem_alloc(sizeof *reading);
    bool done;

    reading->records = records_new(input);
    reading->arena = arena_new();
    done = read_all(identities, reading, faults, err);
    members_free(reading->members);
    elements_free(reading->elements);
    arena_free(reading->arena);
    records_free(reading->records);
    free(reading);
    return done;
}
