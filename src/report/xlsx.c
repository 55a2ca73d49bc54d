/* SPDX-License-Identifier: MIT */
/* The workbook as a whole: its sheets in their order, its names and properties, and its end. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/template.h"
#include "report/figure.h"
#include "report/xlsx_sheet.h"
#include "report/xlsx_verify.h"

/* ---- sheets ---- */

/* Sheets stand in the order in which they are added. Streamed ones are written at once, as they may go on in further
 * sheets right behind them; the others when all rows are counted. */
MUST_CHECK static bool write_sheets(struct xlsx_book *book, struct xlsx_sheet *sheets, struct error *err)
{
    const struct report *report = book->job->report;
    size_t count = report->layout->sheet_count;

    for (size_t i = 0; i < count; i++) {
        const struct place_sheet *place = &book->place->sheets[i];

        if (!xlsx_sheet_begin(book, place, 1, &sheets[i], err))
            return false;
        if (layout_is_streamed(report, place->sheet) && !xlsx_sheet_write(&sheets[i], err))
            return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!layout_is_streamed(report, book->place->sheets[i].sheet) && !xlsx_sheet_write(&sheets[i], err))
            return false;
    return true;
}

/* ---- names and properties ---- */

MUST_CHECK static bool define_cell(struct xlsx_book *book, const struct place_cell *cell, struct error *err)
{
    const struct place_spot spot = {.place = book->place, .sheet = ""};
    char formula[PLACE_SHEET_SIZE * 3];

    snprintf(formula, sizeof(formula), "{%s}", cell->name);
    buffer_clear(&book->formula);
    return place_formula(&spot, formula, NULL, &book->formula, err) &&
           xlsx_done(workbook_define_name(book->workbook, cell->name, book->formula.data), err);
}

/* A table's name is its heading and rows; of one that goes on in further sheets, those of the first, and on each
 * further sheet those that stand there. */
MUST_CHECK static bool define_part(struct xlsx_book *book, const struct place_table *table, size_t index,
                                   struct error *err)
{
    const struct place_part *part = &table->parts[index];
    char name[LXW_DEFINED_NAME_LENGTH];
    char formula[LXW_DEFINED_NAME_LENGTH];
    char column[PLACE_COLUMN_SIZE];

    place_column_name((unsigned)table->table->column_count - 1, column);
    snprintf(formula, sizeof(formula), "='%s'!$A$%u:$%s$%u", part->sheet, part->first_row, column, part->last_row + 1);
    if (index == 0)
        snprintf(name, sizeof(name), "%s", layout_table_name(table->table));
    else
        snprintf(name, sizeof(name), "'%s'!%s", part->sheet, layout_table_name(table->table));
    return xlsx_done(workbook_define_name(book->workbook, name, formula), err);
}

MUST_CHECK static bool define_table(struct xlsx_book *book, const struct place_table *table, struct error *err)
{
    for (size_t i = 0; i < table->part_count; i++)
        if (!define_part(book, table, i, err))
            return false;
    return true;
}

MUST_CHECK static bool define_names(struct xlsx_book *book, struct error *err)
{
    const struct place *place = book->place;

    for (size_t i = 0; i < place->cell_count; i++)
        if (!define_cell(book, &place->cells[i], err))
            return fail_within(err, "name %s", place->cells[i].name);
    for (size_t i = 0; i < place->table_count; i++)
        if (!define_table(book, &place->tables[i], err))
            return fail_within(err, "name %s", layout_table_name(place->tables[i].table));
    return true;
}

/* The library takes texts that it doesn't change as char *. */
MUST_CHECK static bool property(struct xlsx_book *book, const char *text, char **filled, struct error *err)
{
    const char *expanded;

    if (text == NULL)
        return true;
    if (!data_text(book->job->data, text, &expanded, err))
        return false;
    *filled = (char *)(uintptr_t)expanded;
    return true;
}

MUST_CHECK static bool set_properties(struct xlsx_book *book, struct error *err)
{
    const struct layout_properties *layout = book->job->report->layout->properties;
    lxw_doc_properties properties = {.created = (time_t)(book->job->now_us / 1000000)};
    char program[] = "headroom " HEADROOM_VERSION;

    properties.author = program;
    return property(book, layout->title, &properties.title, err) &&
           property(book, layout->subject, &properties.subject, err) &&
           property(book, layout->comments, &properties.comments, err) &&
           property(book, layout->keywords, &properties.keywords, err) &&
           property(book, layout->state, &properties.status, err) &&
           xlsx_done(workbook_set_properties(book->workbook, &properties), err);
}

/* ---- the end ---- */

/* How large the rows of each sheet are in the library's temporary files, whose errors it keeps to itself. */
MUST_CHECK static bool measure_rows(lxw_workbook *workbook, struct xlsx_expected *expected, struct error *err)
{
    lxw_worksheet *worksheet;
    size_t index = 0;

    STAILQ_FOREACH(worksheet, workbook->worksheets, list_pointers)
    {
        FILE *rows = worksheet->optimize_tmpfile;

        lxw_worksheet_write_single_row(worksheet);
        errno = 0;
        if (fflush(rows) != 0 || ferror(rows))
            return fail(err, EXIT_COMMAND, "can't write temporary data: %s; TMPDIR names another folder for it",
                        errno != 0 ? strerror(errno) : "write error");
        expected[index].row_size = (uint64_t)ftello(rows);
        snprintf(expected[index].part, sizeof(expected[index].part), "xl/worksheets/sheet%zu.xml", index + 1);
        index++;
    }
    return true;
}

/* The library prints what it also returns, in words that are of no use to a person: for the time of the call they go
 * nowhere. */
static lxw_error close_quietly(lxw_workbook *workbook, int *reason)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int kept = nowhere >= 0 ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) : -1;

    if (kept >= 0)
        dup2(nowhere, STDERR_FILENO);
    errno = 0;
    lxw_error result = workbook_close(workbook);
    *reason = errno;
    if (kept >= 0) {
        dup2(kept, STDERR_FILENO);
        close(kept);
    }
    if (nowhere >= 0)
        close(nowhere);
    return result;
}

/* Closing writes the file and frees the workbook, whatever comes of it. */
MUST_CHECK static bool close_workbook(struct xlsx_book *book, struct error *err)
{
    size_t count = book->workbook->num_worksheets;
    struct xlsx_expected *expected = mem_alloc(count * sizeof(*expected));
    bool good = measure_rows(book->workbook, expected, err);

    if (good) {
        int reason;
        lxw_error result = close_quietly(book->workbook, &reason);

        book->workbook = NULL;
        bool known = result == LXW_ERROR_ZIP_FILE_OPERATION && reason != 0;
        if (result != LXW_NO_ERROR)
            good = fail(err, EXIT_COMMAND, "can't write it: %s", known ? strerror(reason) : lxw_strerror(result));
    }
    if (good && !xlsx_verify(book->job->file, expected, count, err))
        good = fail_within(err, "can't write it, for want of room on the disk perhaps (there, or in TMPDIR)");
    free(expected);
    return good;
}

static void drop_workbook(lxw_workbook *workbook)
{
    lxw_worksheet *worksheet;

    if (workbook == NULL)
        return;
    STAILQ_FOREACH(worksheet, workbook->worksheets, list_pointers)
    {
        if (worksheet->optimize_tmpfile != NULL)
            fclose(worksheet->optimize_tmpfile);
    }
    lxw_workbook_free(workbook);
}

/* ---- the whole ---- */

MUST_CHECK static bool open_workbook(struct xlsx_book *book, struct error *err)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = getenv("TMPDIR")};

    book->workbook = workbook_new_opt(book->job->file, &options);
    if (book->workbook == NULL)
        return fail(err, EXIT_COMMAND, "libxlsxwriter does not make a workbook");
    book->formats = xlsx_formats_new(book->workbook);
    return true;
}

bool xlsx_write(const struct xlsx_job *given, struct error *err)
{
    struct xlsx_job job = *given;
    struct xlsx_book book = {.job = &job};
    struct xlsx_sheet *sheets = mem_alloc(job.report->layout->sheet_count * sizeof(*sheets));

    if (job.sheet_rows == 0)
        job.sheet_rows = LXW_ROW_MAX;
    buffer_init(&book.text, FIGURE_CLEAN_CEILING);
    buffer_init(&book.formula, TEMPLATE_CEILING);
    book.place = place_new(job.data, job.arena);
    bool good = open_workbook(&book, err) && write_sheets(&book, sheets, err) && define_names(&book, err) &&
                set_properties(&book, err) && close_workbook(&book, err);
    drop_workbook(book.workbook);
    xlsx_formats_free(book.formats);
    buffer_free(&book.text);
    buffer_free(&book.formula);
    free(sheets);
    return good;
}
