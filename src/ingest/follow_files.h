/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_FOLLOW_FILES_H
#define HEADROOM_INGEST_FOLLOW_FILES_H

/*
 * follow_files: the files that names and patterns lead to, and how they change. A file is known by its device and
 * inode: one that was renamed is the same one, and one that took its name is another.
 *
 * They are looked at twice a second. A kernel's notifications (inotify) would only save that half second, do not work
 * on network file systems, and leave rotation, truncation and new matches of a pattern to be looked for all the same.
 * A descriptor is held from the first look on, and while a file is idle: what is written to it in the moment before it
 * is renamed, or behind that, is read all the same.
 */

#include "ingest/opened.h"

struct follow_file {
    char *path;     /* the last name that led to it, */
    char *name;     /* and as it is shown */
    size_t operand; /* the name or pattern, by number */
    uint64_t device, inode;
    int fd;        /* ours, which keeps a renamed or deleted file readable; -1: let go */
    uint64_t size; /* as it was last seen, */
    int64_t modified_ns;
    bool deleted;       /* no name at all is left */
    bool is_named;      /* an operand still leads to it */
    int64_t unnamed_us; /* since when none does; of the monotonic clock, as all times here */
    int64_t changed_us; /* when it was seen to change */
    int64_t pending_us; /* since when something may be there to be read; 0: nothing */
    int64_t retry_us;   /* not to be tried before */
    bool failed;        /* the last try to read it failed, and was said */
    bool is_once;       /* of a kind that does not grow: gzip, or one document */
    bool is_ending;     /* it is read for the last time */
    bool is_told;       /* it was said from where it is followed */
    bool is_open;       /* `opened` is in use */
    struct opened opened;
    uint64_t offset;                 /* to where it was read */
    unsigned char tail[DIGEST_SIZE]; /* of the last bytes before the offset */
};

struct follow_files;
struct follow_files *follow_files_new(const char *const *operands, size_t count);
void follow_files_free(struct follow_files *files); /* NULL is fine */
/* Looks again: new files, renamed, deleted and changed ones. Says which names lead nowhere yet. */
void follow_files_look(struct follow_files *files, int64_t now_us);
/* One after the other; NULL behind the last. The one given may be dropped before the next is asked for. */
struct follow_file *follow_files_next(struct follow_files *files, const struct follow_file *before);
void follow_files_drop(struct follow_files *files, struct follow_file *file);

/* Takes a descriptor, unless one is held; false: *why says why it can't be read, "" that no name leads to it any
 * more. */
MUST_CHECK bool follow_file_hold(struct follow_file *file, struct error *why);
/* Ends the reading of it; the descriptor is held. */
void follow_file_close(struct follow_file *file);
/* Closes the descriptor too; its place in the list, and what is known of it, stay. */
void follow_file_let_go(struct follow_file *file);

/* Whether the last bytes before the offset are still there. */
bool follow_file_has_tail(const struct follow_file *file);
/* Moves the offset on, to where the file was read. False: what was before it is not there any more. */
MUST_CHECK bool follow_file_advance(struct follow_file *file, uint64_t offset);
void follow_file_forget_tail(struct follow_file *file); /* the offset is 0 then */
/* Whether it begins with a whole line, or is a whole document, so that its format can be told. */
bool follow_file_has_line(const struct follow_file *file);
bool follow_file_is_gzip(const struct follow_file *file);

#endif
