/* SPDX-License-Identifier: MIT */
/* Tables for people: cells padded to their column, headings bold and rows toned on a terminal that takes colour. */

#include "cli/table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "cli/output.h"

#define NOTHING "–"
#define GAP     "  "

struct row {
    enum table_tone tone;
    char **cells;
};

struct table {
    struct table_column *columns; /* with the titles of whoever made it */
    size_t column_count;
    size_t *widths;
    struct row *rows;
    size_t row_count;
    bool headed; /* the headings were printed */
};

/* Columns that a text takes in which everything hidden is written out; in a locale that cannot read it, bytes. */
static size_t width_of(const char *text)
{
    mbstate_t state = {0};
    size_t width = 0;
    for (size_t size; *text != '\0'; text += size) {
        wchar_t character;
        size = mbrtowc(&character, text, strlen(text), &state);
        bool unknown = size == (size_t)-1 || size == (size_t)-2;
        if (unknown) {
            state = (mbstate_t){0};
            size = 1;
        }
        int columns = unknown ? 1 : wcwidth(character);
        width += columns > 0 ? (size_t)columns : 0;
    }
    return width;
}

struct table *table_new(const struct table_column *columns, size_t count)
{
    struct table *table = mem_alloc(sizeof *table);
    table->columns = mem_alloc(count * sizeof *table->columns);
    memcpy(table->columns, columns, count * sizeof *columns);
    table->column_count = count;
    table->widths = mem_alloc(count * sizeof *table->widths);
    for (size_t i = 0; i < count; i++)
        table->widths[i] = width_of(columns[i].title);
    return table;
}

void table_add(struct table *table, const char *const *cells)
{
    table->rows = mem_resize(table->rows, (table->row_count + 1) * sizeof *table->rows);
    struct row *row = &table->rows[table->row_count++];
    *row = (struct row){TABLE_PLAIN, mem_alloc(table->column_count * sizeof *row->cells)};
    for (size_t i = 0; i < table->column_count; i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): the caller has a cell for each column */
        row->cells[i] = shown_text(cells[i] != NULL ? cells[i] : NOTHING, "");
        size_t width = width_of(row->cells[i]);
        if (width > table->widths[i])
            table->widths[i] = width;
    }
}

void table_add_count(struct table *table, const char *name, uint64_t count)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, count);
    table_add(table, (const char *const[]){name, text});
}

void table_set_tone(struct table *table, enum table_tone tone)
{
    if (table->row_count > 0)
        table->rows[table->row_count - 1].tone = tone;
}

static void print_blanks(FILE *out, size_t count)
{
    while (count-- > 0)
        fputc(' ', out);
}

/* No blanks behind the last cell that holds something: piped output stays clean for diff and grep. */
static void print_cells(const struct table *table, char *const *cells, FILE *out)
{
    size_t last = table->column_count;
    while (last > 0 && cells[last - 1][0] == '\0')
        last--;
    for (size_t i = 0; i < last; i++) {
        size_t padding = table->widths[i] - width_of(cells[i]);
        bool right = table->columns[i].align == TABLE_RIGHT;
        if (right)
            print_blanks(out, padding);
        fputs(cells[i], out);
        if (i + 1 == last)
            break;
        print_blanks(out, right ? 0 : padding);
        fputs(GAP, out);
    }
}

static void print_line(const struct table *table, char *const *cells, const char *style, FILE *out)
{
    bool styled = style[0] != '\0' && output_has_colour(out);
    if (styled)
        fputs(style, out);
    print_cells(table, cells, out);
    fputs(styled ? "\033[0m\n" : "\n", out);
}

static void print_headings(const struct table *table, FILE *out)
{
    char **titles = mem_alloc(table->column_count * sizeof *titles);
    for (size_t i = 0; i < table->column_count; i++)
        titles[i] = mem_text(table->columns[i].title);
    print_line(table, titles, "\033[1m", out);
    for (size_t i = 0; i < table->column_count; i++)
        free(titles[i]);
    free(titles);
}

void table_print(const struct table *table, FILE *out)
{
    static const char *const styles[] = {
        [TABLE_PLAIN] = "", [TABLE_WARNING] = "\033[33m", [TABLE_BAD] = "\033[31m", [TABLE_FAINT] = "\033[2m"};
    if (!table->headed)
        print_headings(table, out);
    for (size_t i = 0; i < table->row_count; i++)
        print_line(table, table->rows[i].cells, styles[table->rows[i].tone], out);
}

static void drop_rows(struct table *table)
{
    for (size_t i = 0; i < table->row_count; i++) {
        for (size_t j = 0; j < table->column_count; j++)
            free(table->rows[i].cells[j]);
        free(table->rows[i].cells);
    }
    free(table->rows);
    table->rows = NULL;
    table->row_count = 0;
}

void table_flush(struct table *table, FILE *out)
{
    table_print(table, out);
    table->headed = true;
    drop_rows(table);
}

size_t table_width(const struct table *table)
{
    size_t width = (table->column_count - 1) * strlen(GAP);
    for (size_t i = 0; i < table->column_count; i++)
        width += table->widths[i];
    return width;
}

size_t table_rows(const struct table *table)
{
    return table->row_count;
}

void table_free(struct table *table)
{
    if (table == NULL)
        return;
    drop_rows(table);
    free(table->columns);
    free(table->widths);
    free(table);
}
