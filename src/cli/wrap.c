/* SPDX-License-Identifier: MIT */
/* Breaks text into lines of at most 80 columns, at blanks. */

#include "cli/wrap.h"

#include <stdlib.h>
#include <string.h>

#include "headroom/base.h"

size_t wrap_columns(const char *text, size_t size)
{
    size_t columns = 0;
    for (size_t i = 0; i < size; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

static size_t move_to(FILE *out, size_t column, size_t target)
{
    for (; column < target; column++)
        fputc(' ', out);
    return column;
}

static void print_line(FILE *out, const char *line, size_t size, size_t indent, size_t column)
{
    const char *end = line + size;
    while (line < end) {
        size_t word = strcspn(line, " \n");
        size_t width = wrap_columns(line, word);
        if (column > indent && column + 1 + width > WRAP_WIDTH) {
            fputc('\n', out);
            column = 0;
        }
        column = move_to(out, column, column > indent ? column + 1 : indent);
        fwrite(line, 1, word, out);
        column += width;
        line += word + strspn(line + word, " ");
    }
    fputc('\n', out);
}

void wrap_print(FILE *out, const char *text, size_t indent, size_t column)
{
    char *shown = shown_text(text, "\n");
    for (const char *line = shown; *line != '\0';) {
        size_t blanks = strspn(line, " ");
        size_t size = strcspn(line, "\n");
        print_line(out, line + blanks, size > blanks ? size - blanks : 0, indent + blanks, column);
        column = 0;
        line += size + (line[size] == '\n');
    }
    free(shown);
}
