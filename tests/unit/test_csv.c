/* SPDX-License-Identifier: MIT */
/* CSV: rows and cells as RFC 4180 has them, cases as data and random tables written out and read back. */

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/base.h"

#define CELLS_MAX 4
#define SHOWN_MAX ((size_t)4096)

static struct arena *arena;

static void begin(void)
{
    arena = arena_new();
}

static void end(void)
{
    arena_free(arena);
}

TestSuite(csv, .init = begin, .fini = end);

/* Each row as "lines:cell|cell;", one that is no CSV as "lines:count!why;". */
static void show(struct str content, char shown[SHOWN_MAX])
{
    char *copy = malloc(content.size > 0 ? content.size : 1); /* so that a sanitizer sees who reads further */
    struct str rest = {copy, content.size}, row;
    uint64_t lines;
    size_t used = 0;

    memcpy(copy, content.data, content.size);
    shown[0] = '\0';
    while (csv_next(&rest, &row, &lines)) {
        struct str cells[CELLS_MAX];
        const char *why = NULL;
        size_t count;
        bool good = csv_cells(row, arena, cells, CELLS_MAX, &count, &why);

        used += (size_t)snprintf(shown + used, SHOWN_MAX - used, "%" PRIu64 ":", lines);
        if (!good)
            used += (size_t)snprintf(shown + used, SHOWN_MAX - used, "%zu!%s", count, why);
        for (size_t i = 0; good && i < count && i < CELLS_MAX; i++)
            used += (size_t)snprintf(shown + used, SHOWN_MAX - used, "%s%.*s", i > 0 ? "|" : "", (int)cells[i].size,
                                     cells[i].data);
        used += (size_t)snprintf(shown + used, SHOWN_MAX - used, "%s;", good && count > CELLS_MAX ? "+" : "");
    }
    cr_assert_eq(rest.size, 0, "all was taken");
    free(copy);
}

#define OPEN   "a quoted field is not closed"
#define BEHIND "a quoted field is followed by something else than a comma"
#define INSIDE "a quote stands inside a field that is not quoted"

static const struct {
    struct str content;
    const char *rows;
} cases[] = {
    {STR(""), ""},
    {STR("a"), "1:a;"},
    {STR("a,b\nc,d\n"), "1:a|b;1:c|d;"},
    {STR("a,b\r\nc,d\r\n"), "1:a|b;1:c|d;"},
    {STR("a\r\n\r\n\nb\r"), "1:a;1:;1:;1:b;"},
    {STR("\n"), "1:;"},
    {STR("\r\n"), "1:;"},
    {STR(","), "1:|;"},
    {STR(",,\n, \n"), "1:||;1:| ;"},
    {STR("a\rb,c\r\r\n"), "1:a\rb|c\r;"},
    /* quotes */
    {STR("\"\""), "1:;"},
    {STR("\"\",\"\"\n"), "1:|;"},
    {STR("\"a\",\"b,c\",d\n"), "1:a|b,c|d;"},
    {STR("\"a \"\"b\"\"\",c\n"), "1:a \"b\"|c;"},
    {STR("\"\"\"\"\n"), "1:\";"},
    {STR("\"\"\"\"\"\"\n"), "1:\"\";"},
    {STR("\"\"\",\"\"\"\n"), "1:\",\";"},
    /* line ends within quotes */
    {STR("\"a\nb\",c\nd\n"), "2:a\nb|c;1:d;"},
    {STR("\"a\r\nb\"\r\n\"\n\n\"\n"), "2:a\r\nb;3:\n\n;"},
    {STR("\"a\"\"\nb\"\nc\n"), "2:a\"\nb;1:c;"},
    {STR("\"\r\""), "1:\r;"},
    /* what is none */
    {STR("\""), "1:0!" OPEN ";"},
    {STR("\"a"), "1:0!" OPEN ";"},
    {STR("a,\"b\"\""), "1:1!" OPEN ";"},
    {STR("a,\"b\nc\nd"), "3:1!" OPEN ";"},
    {STR("\"a\"b,c\nd\n"), "1:0!" BEHIND ";1:d;"},
    {STR("a,\"b\" ,c\n"), "1:1!" BEHIND ";"},
    {STR("\"a\"\r\r\n"), "1:0!" BEHIND ";"},
    {STR("a,b\"c\"\n"), "1:1!" INSIDE ";"},
    {STR("a, \"b\"\nc\n"), "1:1!" INSIDE ";1:c;"},
    {STR("5\" disk,b\nc"), "2:0!" INSIDE ";"},
    {STR("5\" disk\n6\" disk\nc\n"), "2:0!" INSIDE ";1:c;"},
    /* no more cells than there is room for, but all are counted */
    {STR("a,b,c,d\n"), "1:a|b|c|d;"},
    {STR("a,b,c,d,e\n"), "1:a|b|c|d+;"},
    {STR("a,b,c,d,\"e"), "1:4!" OPEN ";"},
    /* a byte-order mark is the caller's, other bytes are as they are */
    {STR("\xEF\xBB\xBF"
         "a,b\n"),
     "1:\xEF\xBB\xBF"
     "a|b;"},
    {STR("\xEF\xBB\xBF\"a\",b\n"), "1:0!" INSIDE ";"},
    {STR("\xff,\xc3\xa9;\t\n"), "1:\xff|\xc3\xa9;\t;"},
};

Test(csv, reads_cases)
{
    char shown[SHOWN_MAX];

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        show(cases[i].content, shown);
        cr_expect_str_eq(shown, cases[i].rows, "case %zu, '%s': '%s', not '%s'", i, cases[i].content.data, shown,
                         cases[i].rows);
    }
}

Test(csv, keeps_bytes_of_zero)
{
    struct str rest = STR("a\0b,\"\0\"\"\"\n\0"), row, cells[CELLS_MAX];
    uint64_t lines;
    const char *why = NULL;
    size_t count;

    cr_assert(csv_next(&rest, &row, &lines));
    cr_assert(csv_cells(row, arena, cells, CELLS_MAX, &count, &why));
    cr_assert_eq(count, 2);
    cr_assert(str_equal(cells[0], STR("a\0b")) && str_equal(cells[1], STR("\0\"")));
    cr_assert(csv_next(&rest, &row, &lines) && row.size == 1 && !csv_next(&rest, &row, &lines));
}

Test(csv, borrows_what_has_no_doubled_quotes)
{
    struct str row = STR("plain,\"quoted\",\"a \"\"b\"\"\""), cells[CELLS_MAX];
    const char *why = NULL;
    size_t count;

    cr_assert(csv_cells(row, arena, cells, CELLS_MAX, &count, &why));
    cr_assert(cells[0].data == row.data && cells[1].data == row.data + 7);
    cr_assert(str_equal(cells[2], STR("a \"b\"")));
    cr_assert_eq(count, 3);
}

Test(csv, counts_cells_without_room_for_any)
{
    const char *why = NULL;
    size_t count;

    cr_assert(csv_cells(STR("a,\"b \"\"c\"\"\",d"), arena, NULL, 0, &count, &why));
    cr_assert_eq(count, 3);
}

/* ---- random tables, written as anybody would and read back ---- */

#define ROWS  5
#define TEXTS 6

static uint32_t drawn(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

static struct str random_cell(uint32_t *seed, char text[TEXTS])
{
    static const char bytes[] = {'a', ',', '"', '\n', '\r', ' '};
    size_t size = drawn(seed, TEXTS + 1);

    for (size_t i = 0; i < size; i++)
        text[i] = bytes[drawn(seed, sizeof bytes)];
    return (struct str){text, size};
}

static void write_cell(FILE *out, struct str cell, bool quoted)
{
    if (quoted)
        putc('"', out);
    for (size_t i = 0; i < cell.size; i++) {
        if (cell.data[i] == '"')
            putc('"', out);
        putc(cell.data[i], out);
    }
    if (quoted)
        putc('"', out);
}

static bool needs_quotes(struct str cell)
{
    for (size_t i = 0; i < cell.size; i++)
        if (strchr(",\"\n\r", cell.data[i]) != NULL)
            return true;
    return false;
}

Test(csv, reads_random_tables_back)
{
    const char *given = getenv("HEADROOM_TEST_SEED");
    uint32_t seed = given != NULL ? (uint32_t)strtoul(given, NULL, 10) : 1;

    for (int table = 0; table < 2000; table++) {
        char texts[ROWS][CELLS_MAX][TEXTS], *written = NULL;
        struct str cells[ROWS][CELLS_MAX], row, found[CELLS_MAX];
        size_t size, width = 1 + drawn(&seed, CELLS_MAX), count;
        const char *line_end = drawn(&seed, 2) == 0 ? "\n" : "\r\n", *why = NULL;
        FILE *out = open_memstream(&written, &size);
        uint64_t lines;

        for (size_t i = 0; i < ROWS; i++) {
            for (size_t j = 0; j < width; j++) {
                cells[i][j] = random_cell(&seed, texts[i][j]);
                if (j > 0)
                    putc(',', out);
                write_cell(out, cells[i][j], needs_quotes(cells[i][j]) || drawn(&seed, 2) == 0);
            }
            fputs(line_end, out);
        }
        fclose(out);
        struct str rest = {written, size};
        for (size_t i = 0; i < ROWS; i++) {
            cr_assert(csv_next(&rest, &row, &lines), "table %d:\n%s", table, written);
            cr_assert(csv_cells(row, arena, found, CELLS_MAX, &count, &why), "table %d: %s:\n%s", table, why, written);
            cr_assert_eq(count, width);
            for (size_t j = 0; j < width; j++)
                cr_assert(str_equal(found[j], cells[i][j]), "table %d, row %zu, cell %zu:\n%s", table, i, j, written);
        }
        cr_assert_eq(rest.size, 0);
        free(written);
        arena_reset(arena);
    }
}
