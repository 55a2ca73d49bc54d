/* SPDX-License-Identifier: MIT */
/* Workbooks from rows in memory, and what their parts hold. */

#ifndef HEADROOM_TEST_REPORT_BOOK_H
#define HEADROOM_TEST_REPORT_BOOK_H

#include <stdlib.h>
#include <unistd.h>

#include "report/xlsx.h"
#include "report_memory.h"

static char book_file[] = "/tmp/workbook.XXXXXX";

static inline void book_make_file(void)
{
    int fd = mkstemp(book_file);

    cr_assert_geq(fd, 0);
    close(fd);
}

static inline void book_remove_file(void)
{
    (void)unlink(book_file);
}

static inline bool book_write(struct memory *memory, const char *rows, const char *sheets, unsigned sheet_rows,
                              const char *path, struct error *err)
{
    struct report_source source = memory_source(memory);
    struct arena *arena = arena_new();
    struct report *report;
    struct data *data;

    cr_assert(memory_report(memory_layout(rows, sheets), &report, err), "%s", err->text);
    cr_assert(data_load(report, &source, arena, &data, err), "%s", err->text);
    struct xlsx_job job = {.report = report, .source = &source, .data = data, .arena = arena};
    job.file = path;
    job.sheet_rows = sheet_rows;
    job.now_us = INT64_C(1793520000000000);
    bool good = xlsx_write(&job, err);
    report_close(report);
    arena_free(arena);
    return good;
}

/* What a part of the file holds. Borrowed until the next call. */
static inline const char *book_part(const char *part)
{
    static char text[1 << 20];
    char command[200];

    snprintf(command, sizeof(command), "unzip -p %s '%s'", book_file, part);
    FILE *out = popen(command, "r");
    cr_assert_not_null(out);
    size_t size = fread(text, 1, sizeof(text) - 1, out);
    pclose(out);
    text[size] = '\0';
    return text;
}

static inline void book_holds(const char *part, const char *wanted)
{
    const char *text = book_part(part);

    cr_expect_not_null(strstr(text, wanted), "%s\nnot in %s: %s", wanted, part, text);
}

#endif
