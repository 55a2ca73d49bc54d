/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_INPUT_H
#define HEADROOM_INGEST_INPUT_H

/*
 * input: the bytes of a file, a pipe or standard input, decompressed when they are gzip (recognised by its magic).
 * It knows nothing of lines or formats.
 */

#include <stdatomic.h>

#include "headroom/base.h"

struct input;

/* path "-" is standard input, which input_close leaves open; messages have it masked. False for what is missing, a
 * directory or unreadable. */
MUST_CHECK bool input_open(struct input **input, const char *path, struct error *err);
/* Over a descriptor, which the input takes over. name is for messages, as it is shown. */
struct input *input_of(int fd, const char *name);
void input_close(struct input *input); /* NULL is fine */

/* The content is a line out of a file, whose first bytes say nothing of the file's encoding. */
void input_mark_piece(struct input *input);
bool input_is_piece(const struct input *input);

/* Gives up waiting, as a failure of reading, soon after *stop has become true. */
void input_stop_when(struct input *input, const atomic_bool *stop);

/* At most this many bytes are asked of the descriptor, and given out, at once (tests set 1 to meet every boundary). */
void input_limit(struct input *input, size_t most);

/* Puts up to size decompressed bytes into `into` and their number into *got: 0 is the end. False, with how far it came,
 * when reading breaks or a file is cut off or rewritten meanwhile: after that every call fails. Signals and descriptors
 * that do not block are waited out. */
MUST_CHECK bool input_read(struct input *input, void *into, size_t size, size_t *got, struct error *err);

/* Goes to `offset` of the decompressed content: in a plain file at once, in a gzip by decompressing up to there. Only
 * for what can be read twice (input_file says so). False also when the content ends before. */
MUST_CHECK bool input_seek(struct input *input, uint64_t offset, struct error *err);

/* The end was met, but a plain file may have grown since: the next read looks again. */
void input_look_again(struct input *input);

/* Which file the descriptor is; false for a pipe or a terminal, which have no content that stays. */
struct input_file {
    uint64_t device, inode;
};
bool input_file(const struct input *input, struct input_file *file);

bool input_was_cut(const struct input *input);         /* it failed as the file was cut off or rewritten */
const char *input_name(const struct input *input);     /* "requests.json.gz", "standard input" */
uint64_t input_bytes_done(const struct input *input);  /* read from the descriptor: compressed bytes of a gzip */
uint64_t input_bytes_total(const struct input *input); /* the file's size when opened; 0: unknown */

#endif
