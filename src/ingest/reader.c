/* SPDX-License-Identifier: MIT */
/* Chooses the format of a request log, by name or by its first line, and hands out its records. */
#include "ingest/reader.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/encoding.h"
#include "ingest/reader_cloudevents.h"
#include "ingest/reader_csv.h"
#include "ingest/reader_format.h"
#include "ingest/reader_har.h"
#include "ingest/reader_json.h"

#define FIRST_LINE_MAX ((size_t)64 << 10) /* of content that is no JSON: a header is shorter */
#define EXCERPT_MAX    60

#define TAKEN                                                                                                          \
    "taken are JSON lines (one object a line), CSV with a header, CloudEvents (one a line, or an array) and HAR, "     \
    "plain "                                                                                                           \
    "or gzip"

static const struct reader_format *const formats[] = {&reader_json, &reader_csv, &reader_cloudevents, &reader_har};

struct reader {
    const struct reader_format *format; /* NULL: the content is empty */
    void *state;
    struct records *records;
    struct columns *columns;
    const struct mapping *mapping; /* NULL: our own names */
};

/* What files begin with that people take for logs. */
static const struct {
    struct str magic;
    const char *what;
} foreign[] = {
    {STR("\x1F\x8B"), "gzip within gzip; unpack it once"},
    {STR("PK\x03\x04"), "a zip archive or a workbook; unpack it or export it as CSV"},
    {STR("\x28\xB5\x2F\xFD"), "compressed by zstd; pipe it in: `zstdcat FILE | headroom ingest -`"},
    {STR("BZh"), "compressed by bzip2; pipe it in: `bzcat FILE | headroom ingest -`"},
    {STR("\xFD"
         "7zXZ"),
     "compressed by xz; pipe it in: `xzcat FILE | headroom ingest -`"},
    {STR("%PDF"), "a PDF document"},
    {STR("PAR1"), "a Parquet file; export it as CSV"},
    {STR("SQLite format 3"), "an SQLite database; export the table as CSV"},
};

static bool starts_with(struct str text, struct str start)
{
    return text.size >= start.size && memcmp(text.data, start.data, start.size) == 0;
}

/* Refuses what is no text of lines; a text that is none of ours passes. */
static bool check_text(const struct reader *reader, struct str line, struct error *err)
{
    const char *name = input_name(records_input(reader->records));

    for (size_t i = 0; i < ARRAY_LENGTH(foreign); i++) {
        if (starts_with(line, foreign[i].magic))
            return fail(err, EXIT_COMMAND, "%s: is %s; " TAKEN, name, foreign[i].what);
    }
    return str_is_utf8(line) || fail(err, EXIT_COMMAND, "%s: is a binary file or no UTF-8 text; " TAKEN, name);
}

static bool refuse_content(const struct reader *reader, const struct sample *sample, struct error *err)
{
    const char *name = input_name(records_input(reader->records));
    struct str line = sample->first_line;

    if (sample->json == JSON_SPREAD)
        return fail(err, EXIT_COMMAND,
                    "%s: is a JSON object over several lines; `jq -c .` makes one line of it; " TAKEN, name);
    if (sample->json == JSON_OTHER_ARRAY)
        return fail(err, EXIT_COMMAND,
                    "%s: is a JSON array, but not of CloudEvents; `jq -c '.[]'` makes lines of it; " TAKEN, name);

    if (!check_text(reader, line, err))
        return false;
    struct arena *arena = arena_new();
    fail(err, EXIT_COMMAND,
         "%s: is text that is neither JSON lines nor CSV with a known column (its first line begins: %s); " TAKEN
         "; the first line of CSV names the columns, among them `time`; --map time=NAME,… says which are ours where "
         "they have other names",
         name, text_to_show(arena, line, EXCERPT_MAX));
    arena_free(arena);
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The first line that is not blank, as far as it was read; false when there is more of it. */
static bool find_first_line(struct str head, struct sample *sample)
{
    size_t start = 0;

    while (start < head.size && is_blank(head.data[start]))
        start++;
    sample->first_line = (struct str){head.data + start, head.size - start};
    const char *newline = memchr(sample->first_line.data, '\n', sample->first_line.size);
    if (newline != NULL)
        sample->first_line.size = (size_t)(newline - sample->first_line.data);
    return newline != NULL || sample->first_line.size >= FIRST_LINE_MAX;
}

/* Whether the head tells which kind of JSON it is, or that it is none. *seen of it was looked at before. */
static bool find_kind(struct json_kind_finder *finder, struct str head, struct sample *sample, size_t *seen)
{
    size_t start = (size_t)(sample->first_line.data - head.data);

    start = *seen > start ? *seen : start;
    *seen = head.size;
    bool certain = json_kind_add(finder, (struct str){head.data + start, head.size - start});
    sample->json = json_kind_found(finder);
    return certain;
}

/* Reads as little of the content as tells its format. A pipe that is slow to give its first line is waited for, but
 * never for more than that line, or than the first element of an array. */
static bool take_sample(struct records *records, struct sample *sample, struct error *err)
{
    struct json_kind_finder *finder = json_kind_new();
    size_t wanted = 1, seen = 0;
    bool done = false;
    struct str head;

    while (!done && wanted <= RECORD_MAX) {
        if (!records_head(records, wanted, &head, err))
            goto out;
        bool whole = find_first_line(head, sample);
        bool certain = sample->first_line.size > 0 && find_kind(finder, head, sample, &seen);
        done = head.size < wanted || (certain && (whole || sample->json != JSON_NONE));
        wanted = head.size + 1;
    }
    done = done || sample->first_line.size > 0;
    if (!done)
        fail(err, EXIT_COMMAND, "%s: begins with more than %zu blank bytes; " TAKEN, input_name(records_input(records)),
             RECORD_MAX);
out:
    json_kind_free(finder);
    return done;
}

/* With names of its own a log can be told by its shape alone. */
static const struct reader_format *choose_mapped(const struct reader *reader, const struct sample *sample,
                                                 struct error *err)
{
    if (sample->first_line.data[0] == '{')
        return &reader_json;
    return check_text(reader, sample->first_line, err) ? &reader_csv : NULL;
}

static const struct reader_format *choose_by_content(const struct reader *reader, const struct sample *sample,
                                                     struct error *err)
{
    if (reader->mapping != NULL)
        return choose_mapped(reader, sample, err);
    for (size_t i = 0; i < ARRAY_LENGTH(formats); i++) {
        if (formats[i]->recognise(sample))
            return formats[i];
    }
    refuse_content(reader, sample, err);
    return NULL;
}

static bool check_mappable(const struct reader_format *format, struct error *err)
{
    if (format->is_mappable)
        return true;
    return fail(err, EXIT_USAGE, "--map: the names of format '%s' are laid down; a mapping is for JSON lines and CSV",
                format->name);
}

static const struct reader_format *choose_by_name(const struct reader *reader, const char *name, struct error *err)
{
    char known[200] = "";
    size_t used = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(formats); i++) {
        if (strcmp(formats[i]->name, name) == 0) {
            return reader->mapping == NULL || check_mappable(formats[i], err) ? formats[i] : NULL;
        }
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", formats[i]->name);
    }
    fail(err, EXIT_USAGE, "format '%s' is not known; known: %s", name, known);
    return NULL;
}

static bool begin(struct reader *reader, const char *name, struct error *err)
{
    const struct reader_format *format = NULL;
    struct sample sample = {0};

    if (name != NULL && (format = choose_by_name(reader, name, err)) == NULL)
        return false;
    if (!encoding_check(reader->records, err) || !take_sample(reader->records, &sample, err))
        return false;
    if (sample.first_line.size == 0)
        return true;
    if (name == NULL && (format = choose_by_content(reader, &sample, err)) == NULL)
        return false;
    if (sample.first_line.data[0] == '[' && format->as_array != NULL)
        format = format->as_array;
    reader->format = format;
    return format->open(&reader->state, reader->records, reader->columns, err);
}

bool reader_open_mapped(struct reader **reader, struct input *input, const char *format, const struct mapping *mapping,
                        struct error *err)
{
    struct reader *opened = mem_alloc(sizeof *opened);

    opened->records = records_new(input);
    opened->columns = columns_new();
    opened->mapping = mapping != NULL && !mapping_is_empty(mapping) ? mapping : NULL;
    columns_map(opened->columns, opened->mapping);
    if (!begin(opened, format, err)) {
        reader_close(opened);
        return false;
    }
    *reader = opened;
    return true;
}

bool reader_open_input(struct reader **reader, struct input *input, const char *format, struct error *err)
{
    return reader_open_mapped(reader, input, format, NULL, err);
}

bool reader_open(struct reader **reader, const char *path, const char *format, const atomic_bool *stop,
                 struct error *err)
{
    struct input *input = NULL;

    if (!input_open(&input, path, err))
        return false;
    input_stop_when(input, stop);
    return reader_open_input(reader, input, format, err);
}

void reader_close(struct reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->format != NULL)
        reader->format->close(reader->state);
    columns_free(reader->columns);
    records_free(reader->records);
    free(reader);
}

enum read_result reader_next(struct reader *reader, struct record *record, struct error *err)
{
    if (reader->format != NULL)
        return reader->format->next(reader->state, record, err);
    return records_line(reader->records, record, err); /* only to come to the end: all lines are blank */
}

uint64_t reader_place(struct reader *reader, unsigned char out[DIGEST_SIZE])
{
    return records_place(reader->records, out);
}

bool reader_format_takes_map(size_t index, struct error *err)
{
    return check_mappable(formats[index], err);
}

const char *reader_format_at(size_t index, const char **summary)
{
    if (index >= ARRAY_LENGTH(formats))
        return NULL;
    *summary = formats[index]->summary;
    return formats[index]->name;
}

void reader_begin_place(struct reader *reader, unsigned char out[DIGEST_SIZE])
{
    records_begin_place(reader->records, out);
}

uint64_t reader_next_line(const struct reader *reader)
{
    return records_next_line(reader->records);
}

bool reader_seek(struct reader *reader, const struct place *place, struct error *err)
{
    return records_seek(reader->records, place, err);
}

bool reader_unread(struct reader *reader, struct error *err)
{
    return records_unread(reader->records, err);
}

struct str reader_header(const struct reader *reader)
{
    return columns_header(reader->columns);
}

const char *reader_format_name(const struct reader *reader)
{
    return reader->format != NULL ? reader->format->name : "empty";
}

uint64_t reader_skipped(const struct reader *reader)
{
    bool skips = reader->format != NULL && reader->format->skipped != NULL;

    return skips ? reader->format->skipped(reader->state) : 0;
}

bool reader_is_whole_document(const struct reader *reader)
{
    return reader->format != NULL && reader->format->whole_document;
}

bool reader_was_cut(const struct reader *reader)
{
    return input_was_cut(records_input(reader->records));
}

uint64_t reader_bytes_done(const struct reader *reader)
{
    return input_bytes_done(records_input(reader->records));
}

uint64_t reader_bytes_total(const struct reader *reader)
{
    return input_bytes_total(records_input(reader->records));
}

size_t reader_columns(const struct reader *reader, const struct column **columns)
{
    return columns_list(reader->columns, columns);
}
