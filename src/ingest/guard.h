/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_GUARD_H
#define HEADROOM_INGEST_GUARD_H

/* guard: whether a file stays what it was while it is read. It may grow; what was there before may not go. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUARD_TAIL 4096 /* bytes before the place of reading that are compared */

struct guard {
    int fd;
    bool is_file;     /* else there is nothing to guard: a pipe, a terminal */
    uint64_t at;      /* the descriptor's offset, to where it was read */
    uint64_t largest; /* the largest size that was seen */
    size_t tail_size;
    unsigned char tail[GUARD_TAIL]; /* what was read before `at` */
};
/* Begins where the descriptor stands, with nothing read. */
void guard_begin(struct guard *guard, int fd);
/* The descriptor was moved to an offset of the file. */
void guard_move(struct guard *guard, uint64_t offset);
/* Size bytes were read; 0 is the end. False: the file was cut off, or begun anew with other bytes. */
bool guard_holds(struct guard *guard, const void *bytes, size_t size);

#endif
