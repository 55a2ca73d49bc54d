/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_RECORD_H
#define HEADROOM_INGEST_RECORD_H

/*
 * record: the content of an input cut into lines, in bounded memory, with their numbers, ranges and the digest of all
 * that was read. It knows nothing of formats; a format that lets a record span lines extends the first one.
 */

#include "ingest/input.h"
#include "ingest/reader.h"

#define RECORD_MAX     ((size_t)1 << 20)  /* bytes of a record; a longer one is unreadable */
#define RECORD_RAW_MAX ((size_t)64 << 10) /* bytes that are kept of an over-long one */

struct records;
struct records *records_new(struct input *input); /* takes it over */
void records_free(struct records *records);       /* NULL is fine */

/* The content's first bytes, at least `wanted` (at most RECORD_MAX) unless it ends before; without a BOM. Only before
 * the first records_line. */
MUST_CHECK bool records_head(struct records *records, size_t wanted, struct str *head, struct error *err);

/* The next line that is not blank. Fills all but values of a record; an over-long line is unreadable. */
MUST_CHECK enum read_result records_line(struct records *records, struct record *record, struct error *err);

/* Adds the next line, blank or not, to the record that was just returned. READ_END: there is none, or the record would
 * pass RECORD_MAX; then it is as before. record->raw may have moved. */
MUST_CHECK enum read_result records_extend(struct records *records, struct record *record, struct error *err);
/* Takes back all extensions: the record is its first line again, and the next one begins behind that. */
void records_first_line(struct records *records, struct record *record);

/* For content that is no lines: what is there behind what was consumed, as far as it was read, at least one byte unless
 * the content ends (then empty). Borrowed until the next call. *offset is where in the content it begins. */
MUST_CHECK bool records_bytes(struct records *records, struct str *bytes, uint64_t *offset, struct error *err);
/* The first `size` of these bytes are done with: the next call gives those behind them. */
void records_consume(struct records *records, size_t size);

/* As reader_place and reader_begin_place. */
uint64_t records_place(struct records *records, unsigned char out[DIGEST_SIZE]);
void records_begin_place(struct records *records, unsigned char out[DIGEST_SIZE]);
/* As reader_seek and reader_unread. */
MUST_CHECK bool records_seek(struct records *records, const struct place *place, struct error *err);
MUST_CHECK bool records_unread(struct records *records, struct error *err);
uint64_t records_next_line(const struct records *records);
const struct input *records_input(const struct records *records);

/* Makes the record unreadable when it holds NUL bytes or is no UTF-8; returns whether it is readable. */
bool record_check_text(struct record *record);
/* Makes the record unreadable as longer than RECORD_MAX. */
enum read_result record_reject_long(struct record *record);
/* Makes the record unreadable. Returns READ_RECORD, so that a format can `return record_reject(…)`. */
enum read_result record_reject(struct record *record, enum field field, const char *reason, const char *format, ...)
    PRINTF_LIKE(4, 5);

#endif
