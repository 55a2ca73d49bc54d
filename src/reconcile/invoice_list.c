/* SPDX-License-Identifier: MIT */
/* Takes in the vendor's own list of a month's handles. */

#include <stdlib.h>
#include <string.h>

#include "headroom/model.h"
#include "reconcile/invoice_rows.h"
#include "statements.h"

#define FILE_MAX_BYTES ((size_t)256 << 20)
#define COLUMNS_MAX    32
#define NO_COLUMN      SIZE_MAX

struct entry {
    char subject[HANDLE_MAX + 2]; /* digits, or '@' and the handle */
    uint64_t line;
};

struct listing {
    struct invoice_month month;
    struct invoice_file file;
    const char *by;
    struct invoice_faults faults;
    struct arena *arena;    /* of a row */
    size_t user_id, handle; /* columns */
    size_t width;           /* of the header; 0: there is none */
    uint64_t line;
    struct entry *entries;
    size_t count, capacity;
};

/* ---- what stands on a line ---- */

static bool is_digits(struct str text)
{
    size_t digits = 0;

    while (digits < text.size && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    return digits > 0 && digits == text.size;
}

/* A text of digits only is a user id: the vendor's lists have ids, and a handle of digits is written with '@'. */
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

static void add(struct listing *listing, struct str text, bool any)
{
    struct entry entry = {.line = listing->line};

    if (!read_subject(text, any, entry.subject)) {
        invoice_fault(&listing->faults, listing->line, "'%.*s' is neither a user id nor a handle",
                      (int)(text.size < 60 ? text.size : 60), text.data);
        return;
    }
    if (listing->count == listing->capacity) {
        listing->capacity = listing->capacity == 0 ? 1024 : 2 * listing->capacity;
        listing->entries = mem_resize(listing->entries, listing->capacity * sizeof *listing->entries);
    }
    listing->entries[listing->count++] = entry;
}

/* A user's id says more than the name, which may have changed. */
static void add_cells(struct listing *listing, const struct str *cells)
{
    struct str none = {"", 0};
    struct str id = listing->user_id != NO_COLUMN ? str_trim(cells[listing->user_id]) : none;
    struct str handle = listing->handle != NO_COLUMN ? str_trim(cells[listing->handle]) : none;
    int64_t value;

    if (id.size == 0 && handle.size > 0) {
        add(listing, handle, false);
        return;
    }
    if (str_to_int64(id, 1, INT64_MAX, &value))
        add(listing, id, true);
    else
        invoice_fault(&listing->faults, listing->line, id.size == 0 ? "it names nobody%.*s" : "'%.*s' is no user id",
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
static bool is_header(struct listing *listing, const struct str *cells, size_t count)
{
    listing->user_id = column_of(cells, count, "user_id");
    listing->handle = column_of(cells, count, "handle");
    if (listing->user_id == NO_COLUMN && listing->handle == NO_COLUMN)
        return false;
    listing->width = count;
    return true;
}

static void read_row(struct listing *listing, struct str row, bool first)
{
    struct str cells[COLUMNS_MAX];
    const char *why = NULL;
    size_t count;

    if (!csv_cells(row, listing->arena, cells, COLUMNS_MAX, &count, &why) || count > COLUMNS_MAX)
        invoice_fault(&listing->faults, listing->line, "%s", why != NULL ? why : "it has too many fields");
    else if (first && is_header(listing, cells, count))
        return;
    else if (listing->width == 0 && count == 1)
        add(listing, str_trim(cells[0]), true);
    else if (listing->width == count)
        add_cells(listing, cells);
    else if (listing->width == 0)
        invoice_fault(&listing->faults, listing->line,
                      "it has %zu fields; of several, a header names user_id or handle", count);
    else
        invoice_fault(&listing->faults, listing->line, "it has %zu fields, the header has %zu", count, listing->width);
}

static bool read_rows(struct listing *listing, struct str rest, struct error *err)
{
    struct str row;
    uint64_t lines = 0;
    bool first = true;

    for (listing->line = 1; csv_next(&rest, &row, &lines); listing->line += lines) {
        arena_reset(listing->arena);
        if (str_trim(row).size == 0)
            continue;
        read_row(listing, row, first);
        first = false;
    }
    return invoice_faults_end(&listing->faults, err);
}

/* ---- into the ledger ---- */

static int by_subject(const void *a, const void *b)
{
    const struct entry *one = a, *other = b;
    int order = strcmp(one->subject, other->subject);

    return order != 0 ? order : (one->line > other->line) - (one->line < other->line);
}

static bool copy_entries(struct db *db, const struct listing *listing, int64_t list_id, struct error *err)
{
    struct db_copy *copy = NULL;

    if (!db_copy_start(db, &sql_invoice_copy_handles, 3, &copy, err))
        return false;
    for (size_t i = 0; i < listing->count; i++) {
        const struct entry *entry = &listing->entries[i];
        if (i > 0 && strcmp(entry->subject, entry[-1].subject) == 0)
            continue;
        db_copy_row(copy);
        db_copy_int64(copy, list_id);
        db_copy_text(copy, str_of(entry->subject));
        db_copy_int64(copy, (int64_t)entry->line);
    }
    return db_copy_finish(copy, err);
}

static bool write_list(struct db *db, struct listing *listing, struct invoice_listed *listed, struct error *err)
{
    struct db_rows *rows = NULL;
    char id[FETCH_ID_SIZE];
    int64_t list_id;

    if (!db_query_one(db, &sql_invoice_next_list, NULL, &rows, err))
        return false;
    list_id = db_int64(rows, 0, "list_id");
    db_rows_free(rows);
    if (listing->count > 0)
        qsort(listing->entries, listing->count, sizeof *listing->entries, by_subject);
    const char *const params[] = {fetch_id(list_id, id), listing->month.contract, listing->month.month,
                                  listing->file.name,    listing->file.sha256,    listing->by};
    if (!copy_entries(db, listing, list_id, err) || !db_query_one(db, &sql_invoice_list_add, params, &rows, err))
        return false;
    *listed = (struct invoice_listed){listing->count, (uint64_t)db_int64(rows, 0, "entries")};
    db_rows_free(rows);
    return db_commit(db, err);
}

bool invoice_import_list(struct db *db, const struct invoice_list *list, const char *by, struct invoice_listed *listed,
                         struct error *err)
{
    struct listing listing = {.arena = arena_new(), .by = by};
    bool done = invoice_find_month(db, list->contract, list->month, &listing.month, err) &&
                invoice_file_read(&listing.file, list->path, FILE_MAX_BYTES, err);

    listing.faults.file = listing.file.name;
    done = done && read_rows(&listing, (struct str){listing.file.content.data, listing.file.content.size}, err) &&
           (listing.count > 0 || fail(err, EXIT_COMMAND, "%s holds no user id and no handle", listing.file.name)) &&
           db_begin(db, err);
    if (done && !write_list(db, &listing, listed, err)) {
        db_rollback(db);
        done = false;
    }
    free(listing.entries);
    arena_free(listing.arena);
    invoice_file_free(&listing.file);
    return done;
}
