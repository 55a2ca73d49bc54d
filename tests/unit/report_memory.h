/* SPDX-License-Identifier: MIT */
/* A report without a database: a small definition with holes for what a test is about, and rows from memory. */

#ifndef HEADROOM_TEST_REPORT_MEMORY_H
#define HEADROOM_TEST_REPORT_MEMORY_H

#include <criterion/criterion.h>
#include <string.h>

#include "report/data.h"

/* Two datasets: `month` of one row (a text, a number, money, a time), `things` of as many as a test wants. */
#define MEMORY_DATASETS                                                                                                \
    "\"datasets\": ["                                                                                                  \
    "{\"name\": \"month\", \"rows\": \"one\", \"about\": \"a\", \"columns\": ["                                        \
    "{\"name\": \"contract\", \"kind\": \"text\", \"about\": \"a\"},"                                                  \
    "{\"name\": \"used\", \"kind\": \"integer\", \"about\": \"a\"},"                                                   \
    "{\"name\": \"limit\", \"kind\": \"integer\", \"about\": \"a\"},"                                                  \
    "{\"name\": \"charge\", \"kind\": \"money\", \"about\": \"a\"},"                                                   \
    "{\"name\": \"currency\", \"kind\": \"text\", \"about\": \"a\"},"                                                  \
    "{\"name\": \"start\", \"kind\": \"time\", \"about\": \"a\"},"                                                     \
    "{\"name\": \"zone\", \"kind\": \"text\", \"about\": \"a\"}]},"                                                    \
    "{\"name\": \"things\", \"rows\": \"%s\", \"about\": \"a\", \"columns\": ["                                        \
    "{\"name\": \"id\", \"kind\": \"text\", \"about\": \"a\"},"                                                        \
    "{\"name\": \"amount\", \"kind\": \"integer\", \"about\": \"a\"}]}]"

#define MEMORY_HEAD                                                                                                    \
    "{\"title\": \"t\", \"about\": \"a\", \"parameters\": [\"contract\"], \"file\": \"x-{month.contract}\","           \
    "\"time_zone\": \"month.zone\", \"currency\": \"month.currency\", \"footer\": \"{month.contract}\","               \
    "\"properties\": {\"title\": \"{month.contract}\"},"

/* The whole layout.json: how many things there are, and the sheets. Borrowed until the next call. */
static inline const char *memory_layout(const char *rows, const char *sheets)
{
    static char text[20000];

    snprintf(text, sizeof(text), MEMORY_HEAD MEMORY_DATASETS ", \"sheets\": [%s]}", rows, sheets);
    return text;
}

static inline bool memory_report(const char *layout, struct report **report, struct error *err)
{
    const struct embedded files[] = {
        {"test/layout.json", layout}, {"test/month", "SELECT 1"}, {"test/things", "SELECT 2"}, {NULL, NULL}};

    return report_read(files, "test", report, err);
}

struct memory {
    const char *month[7];
    const char *(*things)[2];
    size_t count;    /* of things */
    size_t invented; /* so many rows "id N", N instead */
};

static inline bool memory_each(void *context, const struct report_dataset *dataset, report_row_fn *row,
                               void *row_context, struct error *err)
{
    const struct memory *memory = context;

    if (strcmp(dataset->name, "month") == 0)
        return row(memory->month, row_context, err);
    for (size_t i = 0; i < memory->count; i++)
        if (!row(memory->things[i], row_context, err))
            return false;
    for (size_t i = 1; i <= memory->invented; i++) {
        char id[40];
        char amount[24];

        snprintf(id, sizeof(id), "id %zu", i);
        snprintf(amount, sizeof(amount), "%zu", i);
        if (!row((const char *const[]){id, amount}, row_context, err))
            return false;
    }
    return true;
}

static inline struct memory memory_new(void)
{
    return (struct memory){.month = {"acme", "3", "2", "2.50", "EUR", "2026-10-01 00:00:00+02", "Europe/Vienna"}};
}

static inline struct report_source memory_source(struct memory *memory)
{
    return (struct report_source){memory_each, memory};
}

#endif
