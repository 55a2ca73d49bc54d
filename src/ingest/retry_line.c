/* SPDX-License-Identifier: MIT */
/* Makes a file of one line, in memory. */

#include "ingest/retry_line.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Of a whole document the line is one element of its array. */
static const struct {
    const char *format, *before, *behind;
} frames[] = {
    {"cloudevents", "[", "]"},
    {"har", "{\"log\":{\"entries\":[", "]}}"},
};

bool retry_frame(const char *format, struct str header, struct arena *arena, struct str *before, struct str *behind)
{
    *before = STR("");
    *behind = STR("\n");
    for (size_t i = 0; i < ARRAY_LENGTH(frames); i++) {
        if (strcmp(frames[i].format, format) == 0) {
            *before = str_of(frames[i].before);
            *behind = str_of(frames[i].behind);
        }
    }
    if (strcmp(format, "csv") != 0)
        return true;
    char *line = arena_alloc(arena, header.size + 1);
    if (header.data == NULL)
        return false;
    memcpy(line, header.data, header.size);
    line[header.size] = '\n';
    *before = (struct str){line, header.size + 1};
    return true;
}

static bool write_all(int fd, struct str text)
{
    while (text.size > 0) {
        ssize_t written = write(fd, text.data, text.size);
        if (written < 0)
            return false;
        text.data += written;
        text.size -= (size_t)written;
    }
    return true;
}

bool retry_open(struct str before, struct str line, struct str behind, int *fd, struct error *err)
{
    *fd = memfd_create("headroom-line", MFD_CLOEXEC);
    if (*fd != -1 && write_all(*fd, before) && write_all(*fd, line) && write_all(*fd, behind) &&
        lseek(*fd, 0, SEEK_SET) == 0)
        return true;
    fail(err, EXIT_COMMAND, "a line cannot be put into memory: %s", strerror(errno));
    if (*fd != -1)
        close(*fd);
    return false;
}
