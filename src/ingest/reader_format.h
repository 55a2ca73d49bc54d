/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_READER_FORMAT_H
#define HEADROOM_INGEST_READER_FORMAT_H

/*
 * reader_format: what a format gives to the reader. A new format is a file with one of these and a line in the table of
 * reader.c. The columns that a format meets are noted here, for a person to see what was used and what was not.
 */

#include "ingest/json_kind.h"
#include "ingest/mapping.h"
#include "ingest/record.h"

struct columns;

/* How content begins. */
struct sample {
    struct str first_line; /* that is not blank; of JSON perhaps only its start */
    enum json_kind json;
};

struct reader_format {
    const char *name;
    const char *summary; /* what it is, in one line for a person */
    bool is_mappable;    /* its names are the log's own, so that a mapping can say what they mean */
    /* The content is one document, not lines: reading can't begin in its middle, and a record's `line` is its number in
     * the document, from 1. */
    bool whole_document;
    /* What reads content of this format that begins with [; NULL: the format itself. */
    const struct reader_format *as_array;
    /* Whether content that begins so is of this format. */
    bool (*recognise)(const struct sample *sample);
    /* Begins to read; *state is the format's own. records and columns are borrowed. */
    bool (*open)(void **state, struct records *records, struct columns *columns, struct error *err);
    /* Fills all of the record. Its texts and JSON live until the next call. */
    enum read_result (*next)(void *state, struct record *record, struct error *err);
    /* Makes the values of a record that is one line, as `next` does, for lines that come without content around them:
     * opened with records NULL. NULL: its lines mean nothing alone. */
    void (*take)(void *state, struct record *record);
    void (*close)(void *state); /* NULL is fine */
    /* Of how many parts of the content no record was made, since they are something else; NULL: of none. */
    uint64_t (*skipped)(const void *state);
};

#define COLUMNS_UNKNOWN_MAX 50

struct columns *columns_new(void);
void columns_free(struct columns *columns); /* NULL is fine */
/* From now on names mean what the mapping says. It is borrowed; NULL: none. */
void columns_map(struct columns *columns, const struct mapping *mapping);
const struct mapping *columns_mapping(const struct columns *columns);
/* The name by which a field is looked for: its mapped one, else its own. */
const char *columns_name_of(const struct columns *columns, enum field field);
/* The field that the name means; notes the name when it is new: unknown ones at most `unknown_max`. */
enum field columns_note(struct columns *columns, struct str name, size_t unknown_max);
/* Notes a name of the format's own, whatever names are mapped. */
void columns_add(struct columns *columns, const char *name, enum field field);
size_t columns_list(const struct columns *columns, const struct column **list);

/* The header line that named the columns is kept, masked; absent until then. */
void columns_set_header(struct columns *columns, struct str header);
struct str columns_header(const struct columns *columns);

/* Text of the file for a person: masked first and cut then (half a secret could not be told any more), in whole
 * characters, without control characters. */
const char *text_to_show(struct arena *arena, struct str text, size_t max);

/* The value of a JSON value: null and "" are absent. Texts are borrowed from json. */
struct value value_of_json(json_t *json);
/* Rejects for what jansson found in a field, or in all of what is called `what` ("the line"). Its message without the
 * bytes that it cites: they may hold a secret. */
enum read_result reject_json(struct record *record, enum field field, const char *what, const json_error_t *found);

#endif
