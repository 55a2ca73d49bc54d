/* SPDX-License-Identifier: MIT */
/* Reads the files that the vendor sent. */

#include "reconcile/invoice_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/model.h"

#define FAULTS_MAX 100

struct reading {
    struct invoice_file *file;
    struct digest *digest;
    bool keep;
};

static bool take(struct reading *reading, const char *bytes, size_t size, struct error *err)
{
    struct buffer *content = &reading->file->content;

    digest_add(reading->digest, bytes, size);
    return !reading->keep || buffer_add(content, bytes, size) ||
           fail(err, EXIT_COMMAND, "%s is larger than %zu MiB; is it the right file?", reading->file->name,
                content->ceiling >> 20);
}

static bool read_all(struct reading *reading, FILE *in, struct error *err)
{
    char bytes[65536];
    size_t size;

    while ((size = fread(bytes, 1, sizeof bytes, in)) > 0)
        if (!take(reading, bytes, size, err))
            return false;
    return ferror(in) == 0 || fail(err, EXIT_COMMAND, "can't read %s: %s", reading->file->name, strerror(errno));
}

static void keep_name(struct invoice_file *file, const char *path)
{
    struct arena *arena = arena_new();

    file->name = mem_text(strcmp(path, "-") == 0 ? "standard input" : given_file_name(arena, path).data);
    arena_free(arena);
}

static bool read_file(struct invoice_file *file, const char *path, bool keep, struct error *err)
{
    unsigned char digest[DIGEST_SIZE];
    struct reading reading = {file, digest_new(), keep};

    keep_name(file, path);
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    bool done = in != NULL ? read_all(&reading, in, err)
                           : fail(err, EXIT_COMMAND, "can't read %s: %s", file->name, strerror(errno));
    if (in != NULL && in != stdin)
        (void)fclose(in);
    digest_peek(reading.digest, digest);
    digest_hex(digest, file->sha256);
    digest_free(reading.digest);
    return done;
}

static void drop_mark(struct buffer *content)
{
    if (content->size < 3 || memcmp(content->data, "\xEF\xBB\xBF", 3) != 0)
        return;
    content->size -= 3;
    memmove(content->data, content->data + 3, content->size + 1);
}

bool invoice_file_read(struct invoice_file *file, const char *path, size_t max, struct error *err)
{
    *file = (struct invoice_file){0};
    buffer_init(&file->content, max);
    if (!read_file(file, path, true, err))
        return false;
    drop_mark(&file->content);
    return true;
}

bool invoice_file_digest(struct invoice_file *file, const char *path, struct error *err)
{
    *file = (struct invoice_file){0};
    return read_file(file, path, false, err);
}

void invoice_file_free(struct invoice_file *file)
{
    buffer_free(&file->content);
    free(file->name);
    *file = (struct invoice_file){0};
}

void invoice_fault(struct invoice_faults *faults, uint64_t line, const char *format, ...)
{
    struct error text;
    va_list values;

    if (faults->count++ >= FAULTS_MAX)
        return;
    va_start(values, format);
    (void)vsnprintf(text.text, sizeof text.text, format, values);
    va_end(values);
    log_error("%s:%" PRIu64 ": %s", faults->file, line, text.text);
}

bool invoice_faults_end(const struct invoice_faults *faults, struct error *err)
{
    if (faults->count == 0)
        return true;
    return fail(err, EXIT_COMMAND,
                "%s: %" PRIu64 " line%s cannot be taken; nothing was taken in; correct %s and import the file again",
                faults->file, faults->count, faults->count == 1 ? "" : "s", faults->count == 1 ? "it" : "them");
}
