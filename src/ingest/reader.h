/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_READER_H
#define HEADROOM_INGEST_READER_H

/*
 * reader: a request log as records, whatever its format, from a file or standard input, plain or gzip. It splits and
 * decodes; what a field's value may be is event_read's business. One reader belongs to one thread at a time.
 */

#include <stdatomic.h>

#include "headroom/model.h"

struct reader;
struct input;
struct mapping;

enum read_result {
    READ_RECORD,
    READ_END,
    READ_FAILED, /* reading itself broke (disk, truncated gzip): what came before stands, nothing follows */
};

/* One record: a JSON line, a CSV row, an element of a document; never a blank line, a header or a BOM. */
struct record {
    struct value values[FIELD_COUNT]; /* all absent when !readable */
    bool readable;                    /* false: belongs in quarantine, see why */
    struct rejection why;             /* reasons: line_too_long, bad_utf8, nul_byte, bad_json, two_fields, field_count,
                                         bad_quote, those of CloudEvents and HAR; no bytes of the record in its text */
    struct str raw;                   /* its bytes as read, without the line end, NOT masked; cut when over-long */
    uint64_t raw_size;                /* before the cut */
    uint64_t line;                    /* the line on which it begins, from 1; of a whole document its number in it */
    uint64_t first_byte, end_byte;    /* its range in the decompressed file, half-open, with the line end */
    bool open;                        /* the content ends before it does: no line end, or a quoted field goes on */
};

/* A name that the file gives to a value: a CSV header, or a JSON key that was seen. */
struct column {
    const char *name; /* as written, masked, cut at 64 bytes; lives as long as the reader */
    enum field field; /* FIELD_UNKNOWN: ignored */
};

/* path "-" is standard input; format is a name of reader_format_at or NULL: recognised by content. Reads the head of
 * the file (waits for it on a pipe). False, with what was found and what is taken: no such file, a directory, an
 * unknown format, content that is none, a header that is refused. stop (NULL: never) ends all waiting as a failure. An
 * empty file is fine: no records, format "empty". */
MUST_CHECK bool reader_open(struct reader **reader, const char *path, const char *format, const atomic_bool *stop,
                            struct error *err);
/* The same over an input that is open already, which the reader takes over, also when it fails. */
MUST_CHECK bool reader_open_input(struct reader **reader, struct input *input, const char *format, struct error *err);
/* The same where names of the log mean what mapping says, which is borrowed as long as the reader lives; NULL or an
 * empty one: our own names. With one, content that is no JSON line is taken for CSV. EXIT_USAGE for a format that has
 * no names to map. */
MUST_CHECK bool reader_open_mapped(struct reader **reader, struct input *input, const char *format,
                                   const struct mapping *mapping, struct error *err);
void reader_close(struct reader *reader); /* NULL is fine */

/* The formats by number, from 0: name and what it is, in one line; NULL behind the last. */
const char *reader_format_at(size_t index, const char **summary);
/* Whether --map can say what the names of the format at index mean, one that reader_format_at knows; else EXIT_USAGE,
 * as format and option contradict each other. */
MUST_CHECK bool reader_format_takes_map(size_t index, struct error *err);

/* The next record; its texts and JSON values live until the next call. */
MUST_CHECK enum read_result reader_next(struct reader *reader, struct record *record, struct error *err);

/* SHA-256 of the decompressed content from its start through the end of the record just returned (after READ_END: of
 * all of it, but for blanks that end it without a line end). Returns of how many bytes it is. */
uint64_t reader_place(struct reader *reader, unsigned char out[DIGEST_SIZE]);
/* The same up to where the record just returned begins. Not once reader_place was asked of that record. */
void reader_begin_place(struct reader *reader, unsigned char out[DIGEST_SIZE]);
/* The number of the line that follows the record just returned. */
uint64_t reader_next_line(const struct reader *reader);

/* A place in the content, at the beginning of a line. */
struct place {
    uint64_t byte;               /* in the decompressed file */
    uint64_t line;               /* number of the line that begins there */
    const struct digest *digest; /* running, of the content up to there; borrowed */
};
/* Goes on reading from a place; what the head of the file said (format, header, columns) stays. Only for a file, and
 * not for a whole document. */
MUST_CHECK bool reader_seek(struct reader *reader, const struct place *place, struct error *err);
/* Gives the record just returned back: the next call gives it again, with what was added to the file since. After
 * READ_END: looks for more. Only for a file, not for a whole document, and only once for a record. */
MUST_CHECK bool reader_unread(struct reader *reader, struct error *err);
/* The header as read, masked, or absent: only CSV has one. */
struct str reader_header(const struct reader *reader);

const char *reader_format_name(const struct reader *reader); /* or "empty" */
/* Whether the content is one document (an array of CloudEvents, a HAR), so that it can only be read from its start. */
bool reader_is_whole_document(const struct reader *reader);
/* How many parts of the content were no records, since they are something else: entries of a HAR that are not requests
 * to the Engagement API. */
uint64_t reader_skipped(const struct reader *reader);
/* Whether reading failed as the file was cut off or rewritten meanwhile. */
bool reader_was_cut(const struct reader *reader);
uint64_t reader_bytes_done(const struct reader *reader);  /* of the file as it is on disk */
uint64_t reader_bytes_total(const struct reader *reader); /* 0: unknown (a pipe) */

/* The columns seen so far, in order of appearance: all of a CSV header; of JSON the known keys and the first 50
 * unknown ones. *columns is borrowed until the next reader_next. */
size_t reader_columns(const struct reader *reader, const struct column **columns);

#endif
