/* SPDX-License-Identifier: MIT */
/* Reads lists of user ids and handles. */

#include "reconcile/subject_list.h"

#include <stdlib.h>

#define COLUMNS_MAX 32
#define NO_COLUMN   SIZE_MAX

struct reading {
    struct subject_list *list;
    size_t capacity;
    struct invoice_faults *faults;
    struct arena *arena;    /* of a row */
    size_t user_id, handle; /* columns */
    size_t width;           /* of the header; 0: there is none */
    uint64_t line;
};

static bool is_digits(struct str text)
{
    size_t digits = 0;

    while (digits < text.size && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    return digits > 0 && digits == text.size;
}

/* A text of digits only is a user id: such lists have ids, and a handle of digits is written with '@'. */
static bool read_subject(struct str text, bool any, char subject[HANDLE_MAX + 2])
{
    int64_t id;

    if (any && is_digits(text)) {
        bool is_id = str_to_int64(text, 1, INT64_MAX, &id);
        snprintf(subject, HANDLE_MAX + 2, "%lld", is_id ? (long long)id : 0);
        return is_id;
    }
    subject[0] = '@';
    return handle_normalise(text, subject + 1);
}

static void add(struct reading *reading, struct str text, bool any)
{
    struct subject_entry entry = {.line = reading->line};

    if (!read_subject(text, any, entry.subject)) {
        invoice_fault(reading->faults, reading->line, "'%.*s' is neither a user id nor a handle",
                      (int)(text.size < 60 ? text.size : 60), text.data);
        return;
    }
    struct subject_list *list = reading->list;
    if (list->count == reading->capacity) {
        reading->capacity = reading->capacity == 0 ? 1024 : 2 * reading->capacity;
        list->entries = mem_resize(list->entries, reading->capacity * sizeof *list->entries);
    }
    list->entries[list->count++] = entry;
}

/* A user's id says more than the name, which may have changed. */
static void add_cells(struct reading *reading, const struct str *cells)
{
    struct str none = {"", 0};
    struct str id = reading->user_id != NO_COLUMN ? str_trim(cells[reading->user_id]) : none;
    struct str handle = reading->handle != NO_COLUMN ? str_trim(cells[reading->handle]) : none;
    int64_t value;

    if (id.size == 0 && handle.size > 0) {
        add(reading, handle, false);
        return;
    }
    if (str_to_int64(id, 1, INT64_MAX, &value))
        add(reading, id, true);
    else
        invoice_fault(reading->faults, reading->line, id.size == 0 ? "it names nobody%.*s" : "'%.*s' is no user id",
                      (int)(id.size < 60 ? id.size : 60), id.data);
}

static size_t column_of(const struct str *cells, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(str_trim(cells[i]), str_of(name)))
            return i;
    return NO_COLUMN;
}

/* Whether the first row names columns. */
static bool is_header(struct reading *reading, const struct str *cells, size_t count)
{
    reading->user_id = column_of(cells, count, "user_id");
    reading->handle = column_of(cells, count, "handle");
    if (reading->user_id == NO_COLUMN && reading->handle == NO_COLUMN)
        return false;
    reading->width = count;
    return true;
}

static void read_row(struct reading *reading, struct str row, bool first)
{
    struct str cells[COLUMNS_MAX];
    const char *why = NULL;
    size_t count;

    if (!csv_cells(row, reading->arena, cells, COLUMNS_MAX, &count, &why) || count > COLUMNS_MAX)
        invoice_fault(reading->faults, reading->line, "%s", why != NULL ? why : "it has too many fields");
    else if (first && is_header(reading, cells, count))
        return;
    else if (reading->width == 0 && count == 1)
        add(reading, str_trim(cells[0]), true);
    else if (reading->width == count)
        add_cells(reading, cells);
    else if (reading->width == 0)
        invoice_fault(reading->faults, reading->line, "it has %zu fields; of several, a header names user_id or handle",
                      count);
    else
        invoice_fault(reading->faults, reading->line, "it has %zu fields, the header has %zu", count, reading->width);
}

void subject_list_read(struct subject_list *list, struct str content, size_t max, struct invoice_faults *faults)
{
    struct str row;
    uint64_t lines = 0;
    bool first = true;
    struct reading reading = {.list = list, .faults = faults, .arena = arena_new()};

    *list = (struct subject_list){0};
    for (reading.line = 1; list->count <= max && csv_next(&content, &row, &lines); reading.line += lines) {
        arena_reset(reading.arena);
        if (str_trim(row).size == 0)
            continue;
        read_row(&reading, row, first);
        first = false;
    }
    arena_free(reading.arena);
}

void subject_list_free(struct subject_list *list)
{
    free(list->entries);
    *list = (struct subject_list){0};
}
