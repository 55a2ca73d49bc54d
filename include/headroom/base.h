/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_BASE_H
#define HEADROOM_BASE_H

/*
 * base: what every room stands on. Results and errors, text slices, arenas, buffers with a ceiling, digests, log and
 * time stamps; beside it encode.h and progress.h. It knows nothing of the domain, the database or the command line.
 *
 * Ownership: x_new/x_free pair up; a const pointer and a struct str are borrowed; *_steal hands over.
 * Running out of memory ends the process (mem_*): no caller has a branch for it. What grows with input has a ceiling.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define HEADROOM_VERSION "0.1.0"

#define MUST_CHECK               __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define ARRAY_LENGTH(array)      (sizeof(array) / sizeof((array)[0]))

/* What a process ends with, and what an error says it should end with. */
enum exit_code {
    EXIT_DONE = 0,        /* done */
    EXIT_COMMAND = 1,     /* the command failed */
    EXIT_USAGE = 2,       /* wrong usage */
    EXIT_QUARANTINED = 3, /* done, but lines were quarantined */
    EXIT_CHECK = 4,       /* a check failed: mismatch, broken seal, stale source */
    EXIT_OVER = 5,        /* over the limit or the threshold asked for */
    EXIT_DATABASE = 6,    /* no database, or unreachable */
};

/* A failure: what, where, why and what to do, in one text for a person. */
struct error {
    enum exit_code code;
    char sqlstate[6]; /* the database's SQLSTATE, or "" */
    char text[1200];
};

/* Fills err (which may be NULL) and returns false, so that a function can `return fail(…)`. Text over the size of
 * err->text is cut. */
bool fail(struct error *err, enum exit_code code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Puts "prefix: " before err's text, to say where; returns false. */
bool fail_within(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* ---- memory: ends the process when there is none ---- */
void *mem_alloc(size_t size);               /* zeroed; owned by the caller; free() it */
void *mem_resize(void *block, size_t size); /* takes block, which may be NULL */
char *mem_text(const char *text);           /* copy of a NUL-terminated text */
char *mem_format(const char *format, ...) PRINTF_LIKE(1, 2);

/* ---- str: borrowed bytes, not NUL-terminated; {NULL, 0} is "absent", {"", 0} is "empty" ---- */
struct str {
    const char *data;
    size_t size;
};
#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
struct str str_of(const char *text); /* NULL gives absent */
bool str_equal(struct str a, struct str b);
int str_compare(struct str a, struct str b); /* bytewise, as COLLATE "C"; shorter first */
struct str str_trim(struct str s);           /* without ASCII blanks and tabs at both ends */
bool str_is_utf8(struct str s);              /* well-formed UTF-8 (RFC 3629) without NUL */
size_t str_character(struct str s);          /* bytes of the character it begins with, 0: none; s is not empty */
/* Decimal digits only, in [min, max]; false (and *value untouched) otherwise. A leading '-' is taken when min < 0. */
MUST_CHECK bool str_to_int64(struct str s, int64_t min, int64_t max, int64_t *value);

/* ---- shown: text from outside, for a person's eyes ---- */
#define SHOWN_ESCAPE_SIZE 13
/* What to show for the character that a text, which is not empty, begins with: NULL is itself. One that steers a
 * terminal or the order of reading, or that nobody sees, is written out as JSON does: "\u202E"; a byte that is no UTF-8
 * is "\xFF". *size: its bytes in the text. */
const char *shown_escape(struct str text, size_t *size, char escape[SHOWN_ESCAPE_SIZE]);
/* A copy with all these written out but those in kept. */
char *shown_text(const char *text, const char *kept);

/* ---- nearest: the known name that somebody who wrote another one may have meant ---- */
struct nearest {
    const char *word; /* what was written */
    const char *best; /* NULL: nothing near */
    size_t distance;
};
/* Compares one more candidate; keeps it when it is nearer than those before. Start with {.word = word}. */
void nearest_offer(struct nearest *nearest, const char *candidate);

/* ---- arena: many small allocations that end together ---- */
struct arena;
struct arena *arena_new(void);
void arena_free(struct arena *arena);  /* NULL is fine */
void arena_reset(struct arena *arena); /* everything taken from it ends; keeps its first chunk */
size_t arena_used(const struct arena *arena);
void *arena_alloc(struct arena *arena, size_t size);      /* aligned for any type, not zeroed */
struct str arena_copy(struct arena *arena, struct str s); /* the copy has a NUL behind it */

/* ---- buffer: grows up to its ceiling, then refuses ---- */
struct buffer {
    char *data; /* NUL behind size bytes once anything was added, else NULL */
    size_t size;
    size_t capacity;
    size_t ceiling; /* bytes; set by buffer_init */
};
void buffer_init(struct buffer *buffer, size_t ceiling);
void buffer_free(struct buffer *buffer);
void buffer_clear(struct buffer *buffer);
/* Both give false when it would be over the ceiling; nothing is added then. */
MUST_CHECK bool buffer_add(struct buffer *buffer, const void *bytes, size_t size);
MUST_CHECK bool buffer_format(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);

/* ---- digest: SHA-256 (FIPS 180-4), by libcrypto ---- */
#define DIGEST_SIZE     32
#define DIGEST_HEX_SIZE (2 * DIGEST_SIZE + 1)
struct digest; /* a running one */
struct digest *digest_new(void);
void digest_free(struct digest *digest);
void digest_reset(struct digest *digest);
void digest_copy(struct digest *digest, const struct digest *from); /* digest becomes as from is */
void digest_add(struct digest *digest, const void *bytes, size_t size);
void digest_peek(const struct digest *digest, unsigned char out[DIGEST_SIZE]); /* of all so far; goes on */
void digest_of(const void *bytes, size_t size, unsigned char out[DIGEST_SIZE]);
/* Of what is left to read of a file; *size: how many bytes that is. False, with errno, when it can't be read. */
MUST_CHECK bool digest_file(int fd, unsigned char out[DIGEST_SIZE], uint64_t *size);
void digest_hex(const unsigned char digest[DIGEST_SIZE], char out[DIGEST_HEX_SIZE]); /* lower case */
MUST_CHECK bool digest_from_hex(const char *hex, unsigned char out[DIGEST_SIZE]);    /* false: it is none */

/* ---- hmac: HMAC-SHA-256 (RFC 2104), by libcrypto ---- */
struct hmac; /* a running one */
struct hmac *hmac_new(const void *key, size_t size);
void hmac_add(struct hmac *hmac, const void *bytes, size_t size);
void hmac_end(struct hmac *hmac, unsigned char out[DIGEST_SIZE]); /* frees it, and wipes what it held */

/* ---- csv: RFC 4180; quoted cells may hold commas, doubled quotes and line ends ---- */
/* Takes the first row off *rest, without its line end; false when nothing is left. *lines: how many it takes up. */
bool csv_next(struct str *rest, struct str *row, uint64_t *lines);
/* Cuts a row into cells, of which at most max are kept; *count is how many there are. They borrow from the row, or from
 * the arena where quotes were doubled. False: it is not CSV, *why (static) says in what, and *count cells before. */
MUST_CHECK bool csv_cells(struct str row, struct arena *arena, struct str *cells, size_t max, size_t *count,
                          const char **why);

/* ---- time stamps: UTC microseconds since 1970-01-01T00:00:00Z ---- */
#define TIMESTAMP_SIZE 32
#define TIMESTAMP_MIN  INT64_C(1136073600000000) /* 2006-01-01T00:00:00Z: the vendor did not exist before */
/* Reads RFC 3339 (any offset; `T`, `t` or one blank; second 60 is the last microsecond of second 59; digits after the
 * sixth are cut off) or an epoch number (seconds below 10^11, milliseconds below 10^14, microseconds below 10^17, with
 * or without decimals). Errors, as text in *why (static): no zone, bare date, hour 24, out of range, before 2006. */
MUST_CHECK bool timestamp_parse(struct str text, int64_t *us, const char **why);
/* Whether the text is such an RFC 3339 time in all but that it has no zone; *us is what it says, as if in UTC. */
MUST_CHECK bool timestamp_parse_local(struct str text, int64_t *us);
/* The same from a JSON number: an integer, or one with decimals, which is rounded to the nearest microsecond. */
MUST_CHECK bool timestamp_from_integer(int64_t epoch, int64_t *us, const char **why);
MUST_CHECK bool timestamp_from_real(double epoch, int64_t *us, const char **why);
/* RFC 3339 in UTC, `2026-10-31T23:59:59Z`, with as many decimals (0, 3 or 6) as it needs. Returns out. */
const char *timestamp_format(int64_t us, char out[TIMESTAMP_SIZE]);
int64_t timestamp_now(void);        /* the wall clock */
int64_t timestamp_monotonic(void);  /* microseconds of a clock that never jumps; for measuring */
int64_t timestamp_since_boot(void); /* the same, and it goes on while the machine sleeps */

/* ---- log: standard error, one line a message, "headroom: " before it ---- */
enum log_level {
    LOG_QUIET,
    LOG_NORMAL,
    LOG_VERBOSE
};
void log_set_level(enum log_level level);
enum log_level log_get_level(void);
/* Each line becomes a JSON object of its own: {"time","level","message"} and the line's fields. */
void log_set_json(bool json);
/* Looks whether standard error is the journal's own stream, as JOURNAL_STREAM has it (systemd.exec(5)): each line
 * begins with its priority then, "<3>" (sd-daemon(3)), which the journal takes off. Before the first thread. */
void log_find_journal(void);
/* What a line is; errors are said at every level, details at the last one only. */
enum log_kind {
    LOG_ERROR,   /* why something failed */
    LOG_WARNING, /* what may be wrong */
    LOG_NOTE,    /* what happened and is no fault */
    LOG_DETAIL,  /* how it was done */
};
bool log_says(enum log_kind kind); /* at the present level */
/* Any thread may. */
void log_line(enum log_kind kind, const char *format, ...) PRINTF_LIKE(2, 3);
#define log_error(...)   log_line(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_note(...)    log_line(LOG_NOTE, __VA_ARGS__)
#define log_detail(...)  log_line(LOG_DETAIL, __VA_ARGS__)
/* A message with what a program may look for in it: as text " name=value" behind it, in JSON members beside it. */
struct log_field {
    const char *name;
    struct str text; /* absent: it is the number */
    int64_t number;
};
void log_fields(enum log_kind kind, const char *message, const struct log_field *fields, size_t count);

/* A file that was embedded at build time (sql/, reports/). Arrays of these end with a NULL name. */
struct embedded {
    const char *name; /* path below its folder, without .sql for SQL */
    const char *text;
};

#endif
