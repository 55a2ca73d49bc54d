/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_H
#define HEADROOM_INGEST_H

/*
 * ingest: request logs in, events out. A reader (one file a format) gives records; the intake makes events of them and
 * names their contract; the loader writes them, batch by batch, each in one transaction together with the usage, the
 * identity facts, the quarantined lines and the batch's link in the chain of digests (audit.h describes that).
 */

#include "headroom/base.h"
#include "headroom/db.h"
#include "headroom/model.h"

struct ingest_options {
    const char *const *files; /* names; "-" is standard input */
    size_t file_count;
    const char *contract; /* --contract, or NULL */
    const char *format;   /* --format: of a reader, or kept; NULL: recognised by content */
    const char *source;   /* --source, or NULL: the contract's name */
    const char *map;      /* --map "time=ts,user_id=uid", or NULL */
    const char *zone;     /* --assume-zone: IANA name, of times without one; NULL: these are refused */
    const char *by;       /* who */
    bool again;           /* --again: read from the start, whatever was taken in before */
    bool follow;          /* --follow: files are patterns too; go on reading until a signal */
    int64_t interval_us;  /* --interval: between two looks at the files that are followed; 0: half a second */
};

struct ingest_totals {
    uint64_t read;  /* records: added + duplicate + quarantined */
    uint64_t added; /* counted + not_counted */
    uint64_t counted;
    uint64_t not_counted;
    uint64_t duplicate;
    uint64_t quarantined;
    uint64_t batches;
};

/* A count by reason: why events are not counted, why lines are quarantined. */
#define INGEST_REASONS 64
struct ingest_reason {
    char name[48];
    uint64_t count;
};
struct ingest_reasons {
    struct ingest_reason list[INGEST_REASONS];
    size_t count;
};

struct ingest_result {
    struct ingest_totals totals;
    struct ingest_reasons not_counted; /* DESIGN's reasons: no_terms, app_only, not_attempted, … */
    struct ingest_reasons quarantined; /* rejection reasons */
    char chain_head[DIGEST_HEX_SIZE];  /* after the last batch; that of the database when there was none */
    bool interrupted;                  /* a signal ended it after the batch under way */
    size_t files_failed;               /* each was named by log_error */
    size_t files_unchanged;            /* nothing in them was new: they were not read again */
};

/* Takes in the files, one after the other. What an earlier run with the same options took in of a file is not read
 * again: the SHA-256 of its content proves that, never its time or size (--again reads it all the same). Every batch
 * that was committed stays: on a failure the result holds what was taken in before it, and running again adds nothing
 * twice. False: nothing could be started, or the database failed.
 * Errors: EXIT_USAGE for an unknown contract (names the known ones), EXIT_COMMAND for a file that cannot be read (none
 * of the files is begun when one is missing), EXIT_DATABASE. A file that breaks off while it is read (a truncated gzip)
 * is logged and counted in files_failed; the others go on. SIGINT and SIGTERM end it after the batch under way; with
 * `follow`, which a file that is missing does not hinder, that is its regular end. */
MUST_CHECK bool ingest_run(const struct db_target *target, const struct ingest_options *options,
                           struct ingest_result *result, struct error *err);

/* ---- formats of logs: built in, and kept by `--map … --format NAME` ---- */
struct ingest_format {
    const char *name;
    const char *summary;                  /* of a built-in one, in one line; NULL: it was kept */
    const char *mapping, *zone, *kept_by; /* of a kept one; zone may be NULL */
    int64_t kept_us;
};
struct ingest_formats {
    struct ingest_format *items;
    size_t count;
};
/* All formats, the built-in ones first; texts are in arena. */
MUST_CHECK bool ingest_formats_list(struct db *db, struct arena *arena, struct ingest_formats *found,
                                    struct error *err);
/* The one of that name; EXIT_USAGE, with the known names, where there is none. */
MUST_CHECK bool ingest_format_find(const struct ingest_formats *known, const char *name,
                                   const struct ingest_format **found, struct error *err);
/* EXIT_USAGE for a built-in one; one that is not kept is no error. */
MUST_CHECK bool ingest_format_forget(struct db *db, const char *name, struct error *err);

/* What a dry run shows of one file. Texts are owned by the preview. */
#define INGEST_PREVIEW_EVENTS 5
struct ingest_preview_event {
    uint64_t line;
    char time[TIMESTAMP_SIZE];
    char *contract, *source, *id, *subject, *handle; /* handle may be NULL */
    const char *via, *class;                         /* "user" or "app"; "answered" … */
};
struct ingest_preview_rejection {
    uint64_t line;
    char reason[48];
    char text[256];
    char *raw; /* masked, cut, printable */
};
struct ingest_names {
    char **list;
    size_t count;
};
struct ingest_preview {
    char *file;
    char *format;
    struct ingest_names columns_used, columns_ignored;
    uint64_t read, readable, quarantined;
    uint64_t skipped; /* entries of a HAR that are no requests to the Engagement API; not in `read` */
    size_t event_count, rejection_count;
    struct ingest_preview_event events[INGEST_PREVIEW_EVENTS];
    struct ingest_preview_rejection rejections[INGEST_PREVIEW_EVENTS];
    struct ingest_reasons reasons;
};
/* Reads one file as ingest_run would and writes nothing. Duplicates are not looked up. ingest_preview_free it. */
MUST_CHECK bool ingest_preview(const struct db_target *target, const struct ingest_options *options, size_t file,
                               struct ingest_preview *preview, struct error *err);
void ingest_preview_free(struct ingest_preview *preview);

/* ---- retry: lines in quarantine are read again ---- */
struct ingest_retry_options {
    const char *file, *reason;       /* only these lines; NULL: all */
    int64_t first_batch, last_batch; /* only lines that these met first; last_batch 0: all */
    struct ingest_options read;      /* how: what is NULL is as it was; files, again and follow mean nothing */
    bool dry_run;                    /* read, and write nothing */
};
struct ingest_retry_result {
    struct ingest_result loaded; /* of the batches written: without dry_run */
    uint64_t tried;              /* settled + refused + not_kept */
    uint64_t settled;            /* read: they are events now, or were there already */
    uint64_t refused;            /* still unreadable, by reason: */
    struct ingest_reasons reasons;
    uint64_t not_kept; /* cannot be read from the quarantine: cut, masked, or without an id of their own */
};
/* Reads lines in quarantine again with today's contracts, mapping and clock. What can be read becomes a batch of the
 * file, for each way in which it was read; each is committed by itself. Files whose lines must be taken in from the
 * file itself are named by log_warning. Errors as ingest_run. */
MUST_CHECK bool ingest_retry(const struct db_target *target, const struct ingest_retry_options *options,
                             struct ingest_retry_result *result, struct error *err);

/* ---- one line of a file, found again ---- */
struct ingest_line_wanted {
    const char *path;
    const char *format;            /* as its batch has it; NULL: recognised by content */
    const char *scope;             /* as batch_file or batch_reading has it; NULL: not kept */
    uint64_t line;                 /* the event's position */
    uint64_t end_byte;             /* of the decompressed content: where its batch ends */
    int64_t contract_id;           /* this, the contract, source and id are the event's: used where the line */
    const char *contract, *source; /* names none */
    const char *id;
};
struct ingest_line {
    bool found;
    char *raw;                          /* masked, printable, cut */
    char *why;                          /* it means no event, and why; NULL: it means one */
    char event_digest[DIGEST_HEX_SIZE]; /* of that */
    uint64_t content_bytes;             /* how many of end_byte there are */
    char content_digest[DIGEST_HEX_SIZE];
};
/* Reads a file up to the line and digests it up to the batch's end. ingest_line_free it in any case. EXIT_COMMAND where
 * the file can't be read. db: for the zone's offsets. */
MUST_CHECK bool ingest_find_line(struct db *db, const struct ingest_line_wanted *wanted, struct ingest_line *line,
                                 struct error *err);
void ingest_line_free(struct ingest_line *line);

#endif
