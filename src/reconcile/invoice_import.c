/* SPDX-License-Identifier: MIT */
/* Takes documents of the vendor from CSV: all of them or none. */

#include <string.h>

#include "headroom/invoices.h"
#include "reconcile/invoice_rows.h"

#define FILE_MAX_BYTES ((size_t)16 << 20)
#define COLUMNS_MAX    32

/* The columns, by their place in `cells`. */
enum column {
    CONTRACT,
    MONTH,
    NUMBER,
    KIND,
    DATE,
    HANDLES,
    AMOUNT,
    CURRENCY,
    COLUMNS
};
static const struct {
    const char *name;
    bool needed;
} columns[COLUMNS] = {
    [CONTRACT] = {"contract", false}, [MONTH] = {"month", true},       [NUMBER] = {"number", true},
    [KIND] = {"kind", false},         [DATE] = {"date", true},         [HANDLES] = {"handles", true},
    [AMOUNT] = {"amount", true},      [CURRENCY] = {"currency", true},
};

struct import {
    struct db *db;
    const char *contract, *by;
    struct invoice_faults faults;
    struct arena *arena; /* of a row */
    size_t place[COLUMNS];
    size_t width;
    uint64_t line, count;
};

/* ---- the header ---- */

static bool place_column(struct import *import, const char *name, size_t at, struct error *err)
{
    struct nearest nearest = {.word = name};

    for (size_t i = 0; i < COLUMNS; i++) {
        nearest_offer(&nearest, columns[i].name);
        if (strcmp(columns[i].name, name) != 0)
            continue;
        if (import->place[i] != SIZE_MAX)
            return fail(err, EXIT_COMMAND, "%s:%llu: two columns are called %s", import->faults.file,
                        (unsigned long long)import->line, name);
        import->place[i] = at;
        return true;
    }
    return fail(err, EXIT_COMMAND,
                "%s:%llu: unknown column '%s'%s%s; there are contract, month, number, kind, date, "
                "handles, amount and currency",
                import->faults.file, (unsigned long long)import->line, name,
                nearest.best != NULL ? ", did you mean " : "", nearest.best != NULL ? nearest.best : "");
}

static bool read_header(struct import *import, struct str row, struct error *err)
{
    struct str cells[COLUMNS_MAX];
    const char *why = NULL;

    if (!csv_cells(row, import->arena, cells, COLUMNS_MAX, &import->width, &why) || import->width > COLUMNS_MAX)
        return fail(err, EXIT_COMMAND, "%s:%llu: this is no header of CSV: %s", import->faults.file,
                    (unsigned long long)import->line, why != NULL ? why : "too many columns");
    for (size_t i = 0; i < COLUMNS; i++)
        import->place[i] = SIZE_MAX;
    for (size_t i = 0; i < import->width; i++)
        if (!place_column(import, arena_copy(import->arena, cells[i]).data, i, err))
            return false;
    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].needed && import->place[i] == SIZE_MAX)
            return fail(err, EXIT_COMMAND, "%s:%llu: the header has no column %s", import->faults.file,
                        (unsigned long long)import->line, columns[i].name);
    return true;
}

/* ---- the rows ---- */

/* NULL where the row has no such column, or an empty cell. */
static const char *cell_of(const struct import *import, const struct str *cells, enum column column)
{
    size_t place = import->place[column];

    return place != SIZE_MAX && cells[place].size > 0 ? arena_copy(import->arena, cells[place]).data : NULL;
}

/* Within a savepoint, so that the lines after a wrong one can be tried too. */
static bool insert(struct import *import, const struct invoice_given *given, struct error *err)
{
    static const struct invoice_file no_document = {0};
    struct error why;

    if (!db_savepoint(import->db, err))
        return false;
    if (invoice_insert(import->db, given, &no_document, import->by, &why)) {
        import->count++;
        return db_savepoint_release(import->db, err);
    }
    if (why.code == EXIT_DATABASE) {
        *err = why;
        return false;
    }
    invoice_fault(&import->faults, import->line, "%s", why.text);
    return db_savepoint_rollback(import->db, err);
}

static bool read_row(struct import *import, struct str row, struct error *err)
{
    struct str cells[COLUMNS_MAX];
    const char *why = NULL;
    size_t count;

    if (!csv_cells(row, import->arena, cells, COLUMNS_MAX, &count, &why) || !str_is_utf8(row)) {
        invoice_fault(&import->faults, import->line, "%s", why != NULL ? why : "it is not UTF-8");
        return true;
    }
    if (count != import->width) {
        invoice_fault(&import->faults, import->line, "it has %zu fields, the header has %zu", count, import->width);
        return true;
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        if (columns[i].needed && cells[import->place[i]].size == 0) {
            invoice_fault(&import->faults, import->line, "%s is missing", columns[i].name);
            return true;
        }
    }
    const char *contract = cell_of(import, cells, CONTRACT);
    const char *kind = cell_of(import, cells, KIND);
    return insert(import,
                  &(struct invoice_given){
                      .contract = contract != NULL ? contract : import->contract,
                      .kind = kind != NULL ? kind : "invoice",
                      .month = cell_of(import, cells, MONTH),
                      .number = cell_of(import, cells, NUMBER),
                      .date = cell_of(import, cells, DATE),
                      .handles = cell_of(import, cells, HANDLES),
                      .amount = cell_of(import, cells, AMOUNT),
                      .currency = cell_of(import, cells, CURRENCY),
                  },
                  err);
}

static bool read_rows(struct import *import, struct str rest, struct error *err)
{
    struct str row;
    uint64_t lines = 0;
    bool begun = false;

    for (import->line = 1; csv_next(&rest, &row, &lines); import->line += lines) {
        arena_reset(import->arena);
        if (str_trim(row).size == 0)
            continue;
        if (!(begun ? read_row(import, row, err) : read_header(import, row, err)))
            return false;
        begun = true;
    }
    return (begun || fail(err, EXIT_COMMAND, "%s is empty; its first line names the columns", import->faults.file)) &&
           invoice_faults_end(&import->faults, err);
}

bool invoice_import(struct db *db, const char *path, const char *contract, const char *by, uint64_t *count,
                    struct error *err)
{
    struct invoice_file file = {0};
    struct import import = {.db = db, .contract = contract, .by = by, .arena = arena_new()};
    bool done = invoice_file_read(&file, path, FILE_MAX_BYTES, err);

    import.faults.file = file.name;
    done = done && db_begin(db, err);
    if (done && !(read_rows(&import, (struct str){file.content.data, file.content.size}, err) && db_commit(db, err))) {
        db_rollback(db);
        done = false;
    }
    *count = import.count;
    arena_free(import.arena);
    invoice_file_free(&file);
    return done;
}
