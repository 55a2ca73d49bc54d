/* SPDX-License-Identifier: MIT */
/* CSV as RFC 4180 has it: a header, commas, quoted fields that may hold commas, doubled quotes and line ends. */
#include "ingest/reader_csv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/csv_row.h"

#define COLUMNS_MAX 1000

struct reader_csv {
    struct records *records;
    struct columns *columns;
    struct arena *arena; /* what the row's quoted fields become */
    enum field fields[COLUMNS_MAX];
    struct str cells[COLUMNS_MAX];
    json_t *json[FIELD_COUNT]; /* of the row */
    size_t count;              /* of the header's columns */
};

/* ---- rows ---- */

/* Fields that are JSON text in a cell (rules.md 10). */
static bool is_json_field(enum field field)
{
    return field == FIELD_FAILED || field == FIELD_METRICS;
}

static size_t count_quotes(const char *at, size_t size)
{
    const char *end = at + size;
    size_t count = 0;

    while ((at = memchr(at, '"', (size_t)(end - at))) != NULL) {
        count++;
        at++;
    }
    return count;
}

/* Extends the record to the line on which its last quoted field ends. In a well-formed row quotes come in pairs, so an
 * odd number of them means that one is open; whether the row is well-formed is seen when it is split. Where no line
 * ends it, the record stays its first line, which then is not well-formed. */
static enum read_result complete(struct reader_csv *csv, struct record *record, struct error *err)
{
    size_t counted = 0;
    size_t quotes = 0;

    for (;;) {
        quotes += count_quotes(record->raw.data + counted, record->raw.size - counted);
        if (quotes % 2 == 0)
            return READ_RECORD;
        counted = record->raw.size;
        enum read_result result = records_extend(csv->records, record, err);
        if (result == READ_FAILED)
            return READ_FAILED;
        if (result == READ_END) {
            bool open = record->open;
            records_first_line(csv->records, record);
            record->open |= open;
            return READ_RECORD;
        }
    }
}

/* ---- header ---- */

/* Whether text, up to case, quotes and blanks, is the name of a field. Generous, because this only tells CSV from other
 * files: what is wrong with the header is then said by name. */
static bool is_like_name(struct str text)
{
    char lower[32];

    text = str_trim(text);
    if (text.size >= 2 && text.data[0] == '"' && text.data[text.size - 1] == '"')
        text = (struct str){text.data + 1, text.size - 2};
    if (text.size > sizeof lower)
        return false;
    for (size_t i = 0; i < text.size; i++)
        lower[i] = (char)tolower((unsigned char)text.data[i]);
    return field_find((struct str){lower, text.size}) != FIELD_UNKNOWN;
}

static bool recognise_csv(const struct sample *sample)
{
    struct str line = sample->first_line;
    size_t start = 0;

    for (size_t i = 0; i <= line.size; i++) {
        if (i < line.size && strchr(",;|\t\r", line.data[i]) == NULL)
            continue;
        if (is_like_name((struct str){line.data + start, i - start}))
            return true;
        start = i + 1;
    }
    return false;
}

static bool refuse_header(const struct reader_csv *csv, struct error *err, const char *what)
{
    const char *names[FIELD_COUNT];
    struct buffer known;
    bool fits = true;

    buffer_init(&known, 600);
    for (int field = 0; field < FIELD_COUNT; field++) {
        names[field] = columns_name_of(csv->columns, (enum field)field);
        fits = fits && buffer_format(&known, "%s%s", field > 0 ? ", " : "", names[field]);
    }
    (void)fail(
        err, EXIT_COMMAND,
        "%s: the CSV header %s; names are exact, in lower case and separated by commas; known columns: %s%s; "
        "needed: %.40s, and %.40s or %.40s (or %.40s, or %.40s); --map time=NAME says where the log has other names",
        input_name(records_input(csv->records)), what, known.data, fits ? "" : " …", names[FIELD_TIME],
        names[FIELD_USER_ID], names[FIELD_HANDLE], names[FIELD_TOKEN], names[FIELD_AUTH]);
    buffer_free(&known);
    return false;
}

static bool refuse_two(const struct reader_csv *csv, const struct column *a, const struct column *b, struct error *err)
{
    char what[300];

    snprintf(what, sizeof what, "has two columns for %s (%s and %s)", field_name(a->field), a->name, b->name);
    return refuse_header(csv, err, what);
}

static bool refuse_without_time(const struct reader_csv *csv, struct error *err)
{
    char what[300];

    snprintf(what, sizeof what, "has no column %.40s", columns_name_of(csv->columns, FIELD_TIME));
    return refuse_header(csv, err, what);
}

/* Notes the header's columns; refuses two for one field. Unknown names may come again. */
static bool note_columns(struct reader_csv *csv, struct error *err)
{
    struct columns *columns = csv->columns;
    const struct column *list;
    bool given[FIELD_COUNT] = {false};

    for (size_t i = 0; i < csv->count; i++) {
        enum field field = columns_note(columns, csv->cells[i], COLUMNS_MAX);
        csv->fields[i] = field;
        if (field == FIELD_UNKNOWN)
            continue;
        if (given[field]) {
            size_t first = 0, count = columns_list(columns, &list);
            while (list[first].field != field)
                first++;
            /* The same name twice is noted once. */
            size_t second = list[count - 1].field == field ? count - 1 : first;
            return refuse_two(csv, &list[first], &list[second], err);
        }
        given[field] = true;
    }
    if (!given[FIELD_TIME])
        return refuse_without_time(csv, err);
    if (!given[FIELD_USER_ID] && !given[FIELD_HANDLE] && !given[FIELD_TOKEN] && !given[FIELD_AUTH])
        return refuse_header(csv, err, "has no column that says who was used");
    return true;
}

static bool read_header(struct reader_csv *csv, struct error *err)
{
    struct record record;
    enum read_result result = records_line(csv->records, &record, err);

    if (result == READ_RECORD && record.readable)
        result = complete(csv, &record, err);
    if (result != READ_RECORD)
        return false;
    if (!csv_check_separator(input_name(records_input(csv->records)), record.raw, err))
        return false;
    if (!record.readable || !csv_split(&record, csv->arena, csv->cells, COLUMNS_MAX, &csv->count)) {
        char what[300];
        snprintf(what, sizeof what, "can't be read (%s)", record.why.text);
        return refuse_header(csv, err, what);
    }
    if (csv->count > COLUMNS_MAX)
        return refuse_header(csv, err, "has more than 1000 columns");
    columns_set_header(csv->columns, record.raw);
    return note_columns(csv, err);
}

/* ---- the format ---- */

static void clear_row(struct reader_csv *csv)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        json_decref(csv->json[i]);
        csv->json[i] = NULL;
    }
    if (arena_used(csv->arena) > 0)
        arena_reset(csv->arena);
}

static void close_csv(void *state)
{
    struct reader_csv *csv = state;

    if (csv == NULL)
        return;
    clear_row(csv);
    arena_free(csv->arena);
    free(csv);
}

static bool open_csv(void **state, struct records *records, struct columns *columns, struct error *err)
{
    struct reader_csv *csv = mem_alloc(sizeof *csv);

    csv->records = records;
    csv->columns = columns;
    csv->arena = arena_new();
    *state = csv;
    return read_header(csv, err);
}

/* False: the record was rejected. */
static bool take_json(struct reader_csv *csv, enum field field, struct str cell, struct record *record)
{
    json_error_t found;

    csv->json[field] = json_loadb(cell.data, cell.size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &found);
    if (csv->json[field] == NULL) {
        reject_json(record, field, "the row", &found);
        return false;
    }
    record->values[field] = value_of_json(csv->json[field]);
    return true;
}

static bool take_cells(struct reader_csv *csv, struct record *record)
{
    memset(record->values, 0, sizeof record->values);
    for (size_t i = 0; i < csv->count; i++) {
        enum field field = csv->fields[i];
        if (field == FIELD_UNKNOWN || csv->cells[i].size == 0)
            continue;
        if (!is_json_field(field))
            record->values[field] = (struct value){.kind = VALUE_TEXT, .text = csv->cells[i]};
        else if (!take_json(csv, field, csv->cells[i], record))
            return false;
    }
    return true;
}

/* Whether the record is a row of the table. */
static bool read_row(struct reader_csv *csv, struct record *record)
{
    size_t count;

    if (!csv_split(record, csv->arena, csv->cells, COLUMNS_MAX, &count))
        return false;
    if (count != csv->count) {
        record_reject(record, FIELD_UNKNOWN, "field_count", "the row has %zu fields, the header %zu", count,
                      csv->count);
        return false;
    }
    return take_cells(csv, record);
}

static enum read_result next_csv(void *state, struct record *record, struct error *err)
{
    struct reader_csv *csv = state;

    clear_row(csv);
    enum read_result result = records_line(csv->records, record, err);
    if (result != READ_RECORD || !record->readable)
        return result;

    uint64_t first_line_end = record->end_byte;
    if (complete(csv, record, err) == READ_FAILED)
        return READ_FAILED;
    /* A bad row gives up its first line alone: a stray quote must not take the good rows behind it along. */
    bool open = record->open;
    if (!read_row(csv, record) && record->end_byte != first_line_end)
        records_first_line(csv->records, record);
    record->open = open;
    return READ_RECORD;
}

const struct reader_format reader_csv = {
    .name = "csv",
    .summary = "CSV with a header and commas, with our names or mapped ones",
    .is_mappable = true,
    .recognise = recognise_csv,
    .open = open_csv,
    .next = next_csv,
    .close = close_csv,
};
