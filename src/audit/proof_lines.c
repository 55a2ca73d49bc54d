/* SPDX-License-Identifier: MIT */
/* Reads files of a folder of evidence line by line, packed ones too. */

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "audit/proof.h"

#define LINE_BYTES_MAX ((size_t)64 << 20)
#define PIECE_BYTES    65536

void proof_lines_open(struct proof_lines *lines, struct proving *proving, const char *name)
{
    char *path = mem_format("%s/%s", proving->folder, name);

    *lines = (struct proof_lines){.proving = proving, .name = name, .in = gzopen(path, "rbe")};
    if (lines->in == NULL) {
        proof_finding(proving, name, "it cannot be read");
        lines->failed = true;
    }
    free(path);
}

static bool fault(struct proof_lines *lines, const char *text)
{
    proof_finding(lines->proving, lines->name, "%s", text);
    lines->failed = true;
    return false;
}

/* Takes one more line behind the bytes that are there; false at the end. */
static bool take_line(struct proof_lines *lines, size_t *size)
{
    for (;;) {
        if (lines->room < *size + PIECE_BYTES) {
            lines->room = 2 * lines->room + PIECE_BYTES;
            lines->line = mem_resize(lines->line, lines->room);
        }
        if (*size > LINE_BYTES_MAX)
            return fault(lines, "a line of it is longer than 64 MiB");
        if (gzgets(lines->in, lines->line + *size, PIECE_BYTES) == NULL)
            break;
        size_t read = strlen(lines->line + *size);
        *size += read;
        if (read == 0)
            return fault(lines, "it holds a byte 0");
        if (lines->line[*size - 1] == '\n')
            return true;
    }
    int code = Z_OK;
    (void)gzerror(lines->in, &code);
    if (code != Z_OK && code != Z_STREAM_END)
        return fault(lines, "it is damaged, or it was cut off");
    return *size > 0;
}

static size_t quotes_in(const char *text, size_t size)
{
    size_t count = 0;

    for (size_t i = 0; i < size; i++)
        count += text[i] == '"';
    return count;
}

static bool next(struct proof_lines *lines, struct str *line, bool csv)
{
    size_t size = 0, quotes = 0, before;

    do {
        before = size;
        if (lines->failed || !take_line(lines, &size))
            break;
        quotes += csv ? quotes_in(lines->line + before, size - before) : 0;
    } while (quotes % 2 == 1);
    if (lines->failed || size == 0)
        return false;
    lines->count++;
    size -= lines->line[size - 1] == '\n';
    size -= csv && size > 0 && lines->line[size - 1] == '\r';
    *line = (struct str){lines->line, size};
    return true;
}

bool proof_next_line(struct proof_lines *lines, struct str *line)
{
    return next(lines, line, false);
}

bool proof_next_row(struct proof_lines *lines, struct str *row)
{
    return next(lines, row, true);
}

void proof_lines_close(struct proof_lines *lines)
{
    if (lines->in != NULL)
        (void)gzclose(lines->in);
    free(lines->line);
    *lines = (struct proof_lines){0};
}
