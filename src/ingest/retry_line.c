/* SPDX-License-Identifier: MIT */
/* Makes a file of one line, in memory. */

#include "ingest/retry_line.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *frame_array(struct str header, struct arena *arena, struct str *before, struct str *behind)
{
    (void)header, (void)arena;
    *before = STR("[");
    *behind = STR("]");
    return NULL;
}

static const char *frame_rows(struct str header, struct arena *arena, struct str *before, struct str *behind)
{
    (void)behind;
    if (header.data == NULL)
        return "no CSV header for them";
    char *line = arena_alloc(arena, header.size + 1);
    memcpy(line, header.data, header.size);
    line[header.size] = '\n';
    *before = (struct str){line, header.size + 1};
    return NULL;
}

static const struct {
    const char *format;
    const char *(*frame)(struct str header, struct arena *arena, struct str *before, struct str *behind);
} framed[] = {
    {"cloudevents", frame_array},
    {"csv", frame_rows},
};

static bool is_har(const char *format)
{
    return strcmp(format, "har") == 0;
}

const char *retry_frame(const char *kept, const char *format, struct str header, struct arena *arena,
                        struct str *before, struct str *behind)
{
    *before = STR("");
    *behind = STR("\n");
    if (is_har(kept) || is_har(format))
        return "only a summary of a HAR's entries, without headers and bodies";
    for (size_t i = 0; i < ARRAY_LENGTH(framed); i++) {
        if (strcmp(framed[i].format, format) == 0)
            return framed[i].frame(header, arena, before, behind);
    }
    return NULL;
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
