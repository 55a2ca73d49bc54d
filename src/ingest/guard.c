/* SPDX-License-Identifier: MIT */
/* A file's size, and its last bytes before the place of reading, looked at after each read. */

#include "ingest/guard.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void guard_begin(struct guard *guard, int fd)
{
    struct stat status;
    off_t at = lseek(fd, 0, SEEK_CUR);

    guard->fd = fd;
    guard->is_file = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && at >= 0;
    guard->at = guard->is_file ? (uint64_t)at : 0;
    guard->largest = guard->is_file ? (uint64_t)status.st_size : 0;
    guard->tail_size = 0;
}

void guard_move(struct guard *guard, uint64_t offset)
{
    guard->at = offset;
    guard->tail_size = 0;
}

static bool has_tail(const struct guard *guard)
{
    unsigned char now[GUARD_TAIL];
    ssize_t got = pread(guard->fd, now, guard->tail_size, (off_t)(guard->at - guard->tail_size));

    return got == (ssize_t)guard->tail_size && memcmp(now, guard->tail, guard->tail_size) == 0;
}

static void add_to_tail(struct guard *guard, const unsigned char *bytes, size_t size)
{
    size_t added = size < GUARD_TAIL ? size : GUARD_TAIL;
    size_t kept = guard->tail_size + added <= GUARD_TAIL ? guard->tail_size : GUARD_TAIL - added;

    memmove(guard->tail, guard->tail + (guard->tail_size - kept), kept);
    memcpy(guard->tail + kept, bytes + (size - added), added);
    guard->tail_size = kept + added;
    guard->at += size;
}

/* After the read: were it looked at before, a file that is begun anew in between would pass. */
bool guard_holds(struct guard *guard, const void *bytes, size_t size)
{
    struct stat status;

    if (!guard->is_file)
        return true;
    if (fstat(guard->fd, &status) != 0 || (uint64_t)status.st_size < guard->largest || !has_tail(guard))
        return false;
    guard->largest = (uint64_t)status.st_size;
    add_to_tail(guard, bytes, size);
    return true;
}
