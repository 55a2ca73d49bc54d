/* SPDX-License-Identifier: MIT */
/* Reading a workbook back: the zip's directory, and each part from its first byte to its last. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "report/xlsx_verify.h"

#define CHUNK                65536
#define TAG_MAX              40
#define DIRECTORY_END_SIZE   22
#define DIRECTORY_ENTRY_SIZE 46
#define LOCAL_HEADER_SIZE    30
#define DEFLATED             8

struct archive {
    const unsigned char *bytes;
    size_t size;
};

/* One part while it is read. The last bytes of a chunk are kept before the next, so that no tag is cut in two. */
struct part {
    struct str name;
    const unsigned char *packed;
    size_t packed_size;
    uint32_t checksum;
    uint64_t size;

    uint64_t done; /* bytes behind the window */
    size_t kept;   /* of them in front of the window */
    uint32_t found_checksum;
    char root[TAG_MAX]; /* "</worksheet>" */
    uint64_t rows_begin;
    uint64_t rows_end;
    unsigned char window[TAG_MAX + CHUNK];
};

static uint32_t number_at(const unsigned char *bytes, size_t size)
{
    uint32_t number = 0;

    for (size_t i = size; i > 0; i--)
        number = number << 8 | bytes[i - 1];
    return number;
}

/* ---- one part ---- */

/* The closing tag of the first element that is not a declaration. */
static void find_root(struct part *part, const char *text, size_t size)
{
    const char *open = memchr(text, '<', size);
    const char *end = text + size;

    while (open != NULL && open + 1 < end && open[1] == '?')
        open = memchr(open + 1, '<', (size_t)(end - open - 1));
    if (open == NULL)
        return;

    size_t length = 1;
    while (open + length < end && strchr(" />\n", open[length]) == NULL)
        length++;
    if (length < TAG_MAX - 4)
        snprintf(part->root, sizeof(part->root), "</%.*s>", (int)(length - 1), open + 1);
}

/* Looks at the kept bytes and the `fresh` ones behind them. */
static void look(struct part *part, size_t fresh)
{
    static const char begin[] = "<sheetData>";
    static const char end[] = "</sheetData>";
    const char *text = (const char *)part->window;
    size_t size = part->kept + fresh;
    uint64_t start = part->done - part->kept;

    part->found_checksum = (uint32_t)crc32(part->found_checksum, part->window + part->kept, (uInt)fresh);
    if (part->done == 0)
        find_root(part, text, size);

    const char *found = part->rows_begin == 0 ? memmem(text, size, begin, sizeof(begin) - 1) : NULL;
    if (found != NULL)
        part->rows_begin = start + (uint64_t)(found - text) + sizeof(begin) - 1;
    found = part->rows_begin > 0 ? memmem(text, size, end, sizeof(end) - 1) : NULL;
    if (found != NULL)
        part->rows_end = start + (uint64_t)(found - text);

    part->done += fresh;
    part->kept = size < TAG_MAX ? size : TAG_MAX;
    memmove(part->window, part->window + size - part->kept, part->kept);
}

static bool inflate_part(struct part *part)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)part->packed, .avail_in = (uInt)part->packed_size};
    int state = inflateInit2(&stream, -MAX_WBITS);

    while (state == Z_OK) {
        stream.next_out = part->window + part->kept;
        stream.avail_out = CHUNK;
        state = inflate(&stream, Z_NO_FLUSH);
        if (state == Z_OK || state == Z_STREAM_END)
            look(part, CHUNK - stream.avail_out);
    }
    inflateEnd(&stream);
    return state == Z_STREAM_END;
}

static bool ends_with_root(const struct part *part)
{
    size_t length = strlen(part->root);
    size_t end = part->kept;

    if (end > 0 && part->window[end - 1] == '\n')
        end--;
    return length > 0 && end >= length && memcmp(part->window + end - length, part->root, length) == 0;
}

static bool has_rows(const struct part *part, const struct xlsx_expected *expected, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(str_of(expected[i].part), part->name))
            return part->rows_begin > 0 && part->rows_end == part->rows_begin + expected[i].row_size;
    return true;
}

/* ---- the archive ---- */

/* Reads the directory's entry at *at into part, and steps over it. */
static bool next_part(const struct archive *archive, size_t *at, struct part *part)
{
    const unsigned char *entry = archive->bytes + *at;

    if (*at + DIRECTORY_ENTRY_SIZE > archive->size || number_at(entry, 4) != 0x02014b50 ||
        number_at(entry + 10, 2) != DEFLATED)
        return false;

    size_t name_size = number_at(entry + 28, 2);
    size_t local = number_at(entry + 42, 4);
    *part = (struct part){.checksum = number_at(entry + 16, 4), .packed_size = number_at(entry + 20, 4)};
    part->size = number_at(entry + 24, 4);
    part->name = (struct str){(const char *)entry + DIRECTORY_ENTRY_SIZE, name_size};
    *at += DIRECTORY_ENTRY_SIZE + name_size + number_at(entry + 30, 2) + number_at(entry + 32, 2);
    if (*at > archive->size || local + LOCAL_HEADER_SIZE > archive->size)
        return false;

    size_t begin = local + LOCAL_HEADER_SIZE + number_at(archive->bytes + local + 26, 2) +
                   number_at(archive->bytes + local + 28, 2);
    part->packed = archive->bytes + begin;
    return begin <= archive->size && part->packed_size <= archive->size - begin;
}

MUST_CHECK static bool verify_archive(const struct archive *archive, struct part *part,
                                      const struct xlsx_expected *expected, size_t count, struct error *err)
{
    const unsigned char *end = archive->bytes + archive->size - DIRECTORY_END_SIZE;
    size_t worksheets = 0;

    if (archive->size < DIRECTORY_END_SIZE || number_at(end, 4) != 0x06054b50)
        return fail(err, EXIT_COMMAND, "it has no directory at its end");

    size_t parts = number_at(end + 10, 2);
    size_t at = number_at(end + 16, 4);
    for (size_t i = 0; i < parts; i++) {
        if (!next_part(archive, &at, part))
            return fail(err, EXIT_COMMAND, "its directory is broken");
        if (!inflate_part(part) || part->done != part->size || part->found_checksum != part->checksum ||
            !ends_with_root(part) || !has_rows(part, expected, count))
            return fail(err, EXIT_COMMAND, "%.*s in it is not whole", (int)part->name.size, part->name.data);
        worksheets += part->name.size > 14 && memcmp(part->name.data, "xl/worksheets/", 14) == 0 &&
                      memchr(part->name.data + 14, '/', part->name.size - 14) == NULL;
    }
    if (worksheets != count)
        return fail(err, EXIT_COMMAND, "it has %zu sheets instead of %zu", worksheets, count);
    return true;
}

MUST_CHECK static bool verify_open(int fd, const struct xlsx_expected *expected, size_t count, struct error *err)
{
    struct stat state;

    if (fstat(fd, &state) != 0 || state.st_size <= 0)
        return fail(err, EXIT_COMMAND, "it is empty");

    struct archive archive = {.size = (size_t)state.st_size};
    void *bytes = mmap(NULL, archive.size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return fail(err, EXIT_COMMAND, "it can't be read: %s", strerror(errno));
    archive.bytes = bytes;

    struct part *part = mem_alloc(sizeof(*part));
    bool good = verify_archive(&archive, part, expected, count, err);
    free(part);
    munmap(bytes, archive.size);
    return good;
}

bool xlsx_verify(const char *file, const struct xlsx_expected *expected, size_t count, struct error *err)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return fail(err, EXIT_COMMAND, "it can't be opened: %s", strerror(errno));
    bool good = verify_open(fd, expected, count, err);
    close(fd);
    return good;
}
