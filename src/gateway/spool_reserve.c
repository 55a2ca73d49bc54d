/* SPDX-License-Identifier: MIT */
/* A file without content, whose blocks are the disk's room that is held. */

#include "gateway/spool_reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FILE_NAME    "spool.reserve"
#define PART_OF_DISK 8
#define LEAST        ((uint64_t)256 << 10)
#define MOST         ((uint64_t)20 << 20) /* the log of writes at its longest, and what comes while it is moved */
#define TO_OPEN      ((uint64_t)1 << 20) /* what a spool may need when it is opened after a kill, at most the reserve */

struct reserve {
    char *path;
    int fd;
    uint64_t size;
    bool held;
};

static uint64_t between(uint64_t least, uint64_t value, uint64_t most)
{
    if (value < least)
        return least;
    return value < most ? value : most;
}

void reserve_give_up(struct reserve *reserve)
{
    if (ftruncate(reserve->fd, 0) != 0)
        log_warning("cannot give up %s: %s", reserve->path, strerror(errno));
    reserve->held = false;
}

/* Where the disk can't hold room for a file, or files are limited, there is none: entries are taken all the same. */
bool reserve_make(struct reserve *reserve)
{
    int code = posix_fallocate(reserve->fd, 0, (off_t)(reserve->size + reserve->size / 2));

    reserve->held = code != ENOSPC && code != EDQUOT;
    if (code != 0 && reserve->held)
        log_warning("cannot hold room in %s: %s; on a full disk the spool may not be drained", reserve->path,
                    strerror(code));
    if (ftruncate(reserve->fd, code == 0 ? (off_t)reserve->size : 0) != 0)
        log_warning("cannot cut %s: %s", reserve->path, strerror(errno));
    return reserve->held;
}

/* A kill may have left it longer or shorter than it is to be. */
static bool take_over(struct reserve *reserve, uint64_t room, struct error *err)
{
    struct stat found;

    if (fstat(reserve->fd, &found) != 0)
        return fail(err, EXIT_COMMAND, "cannot look at %s: %s", reserve->path, strerror(errno));
    reserve->held = (uint64_t)found.st_size == reserve->size && (uint64_t)found.st_blocks * 512 >= reserve->size;
    if (!reserve->held)
        (void)reserve_make(reserve);
    else if (room < between(0, TO_OPEN, reserve->size))
        reserve_give_up(reserve);
    return true;
}

bool reserve_open(struct reserve **reserve, const char *folder, struct error *err)
{
    struct reserve *opened = mem_alloc(sizeof(*opened));
    struct statvfs disk;

    *reserve = opened;
    opened->path = mem_format("%s/" FILE_NAME, folder);
    opened->fd = open(opened->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (opened->fd < 0 || fstatvfs(opened->fd, &disk) != 0)
        return fail(err, EXIT_COMMAND, "cannot open %s: %s", opened->path, strerror(errno));
    opened->size = between(LEAST, disk.f_blocks / PART_OF_DISK * disk.f_frsize, MOST) / 4096 * 4096;
    return take_over(opened, disk.f_bavail * disk.f_frsize, err);
}

void reserve_close(struct reserve *reserve)
{
    if (reserve == NULL)
        return;
    if (reserve->fd >= 0)
        close(reserve->fd);
    free(reserve->path);
    free(reserve);
}

uint64_t reserve_size(const struct reserve *reserve)
{
    return reserve->size;
}

bool reserve_held(const struct reserve *reserve)
{
    return reserve->held;
}
