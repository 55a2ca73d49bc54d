/* SPDX-License-Identifier: MIT */
/* Writes rows as a workbook by libxlsxwriter alone, in constant memory, and prints the seconds it took:
 * `bare_book KINDS ROWS OUT`. ROWS are lines of tab-separated texts; KINDS has a letter a column: s text, n number,
 * t time ("2026-05-10T15:45:00…"). All of it is in memory before the clock starts. */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xlsxwriter.h>

struct cell {
    const char *text; /* of a text; "" is no cell */
    double number;
};

struct rows {
    const char *kinds;
    size_t columns;
    struct cell *cells;
    size_t count; /* of the cells */
};

static void stop(const char *why)
{
    perror(why);
    exit(1);
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        stop(path);
    size_t size = (size_t)ftell(file);
    char *text = malloc(size + 1);
    rewind(file);
    if (text == NULL || fread(text, 1, size, file) != size)
        stop(path);
    text[size] = '\0';
    fclose(file);
    return text;
}

static double serial(const char *text)
{
    lxw_datetime at = {0};
    if (sscanf(text, "%d-%d-%dT%d:%d:%lf", &at.year, &at.month, &at.day, &at.hour, &at.min, &at.sec) != 6)
        return 0;
    return lxw_datetime_to_excel_date_epoch(&at, LXW_FALSE);
}

static struct cell cell_of(char kind, const char *text)
{
    struct cell cell = {.text = text};
    if (kind == 'n')
        cell.number = strtod(text, NULL);
    if (kind == 't')
        cell.number = serial(text);
    return cell;
}

static struct rows split(const char *kinds, char *text)
{
    struct rows rows = {.kinds = kinds, .columns = strlen(kinds)};
    size_t most = 1;
    for (const char *c = text; *c != '\0'; c++)
        most += *c == '\t' || *c == '\n';
    rows.cells = malloc(most * sizeof *rows.cells);
    if (rows.cells == NULL)
        stop("memory");
    for (char *field = text; *field != '\0';) {
        char *end = field + strcspn(field, "\t\n");
        bool last = *end == '\0';
        *end = '\0';
        rows.cells[rows.count] = cell_of(kinds[rows.count % rows.columns], field);
        rows.count++;
        field = last ? end : end + 1;
    }
    return rows;
}

static void put(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, char kind, const struct cell *cell,
                lxw_format *format)
{
    if (cell->text[0] == '\0')
        worksheet_write_blank(sheet, row, column, format);
    else if (kind == 's')
        worksheet_write_string(sheet, row, column, cell->text, format);
    else
        worksheet_write_number(sheet, row, column, cell->number, format);
}

static void write_book(const struct rows *rows, const char *file)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    lxw_workbook *book = workbook_new_opt(file, &options);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "Handles");
    lxw_format *formats[256];
    for (size_t i = 0; i < rows->columns; i++) {
        formats[i] = workbook_add_format(book);
        if (rows->kinds[i] != 's')
            format_set_num_format(formats[i], rows->kinds[i] == 't' ? "yyyy-mm-dd hh:mm:ss" : "#,##0");
    }
    for (size_t i = 0; i < rows->count; i++) {
        size_t column = i % rows->columns;
        put(sheet, (lxw_row_t)(i / rows->columns), (lxw_col_t)column, rows->kinds[column], &rows->cells[i],
            formats[column]);
    }
    if (workbook_close(book) != LXW_NO_ERROR)
        stop(file);
}

int main(int count, char **arguments)
{
    struct timespec from, to;
    if (count != 4 || strlen(arguments[1]) == 0 || strlen(arguments[1]) > 256)
        return 2;
    char *text = read_all(arguments[2]);
    struct rows rows = split(arguments[1], text);
    clock_gettime(CLOCK_MONOTONIC, &from);
    write_book(&rows, arguments[3]);
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf("%.3f\n", (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9);
    free(rows.cells);
    free(text);
    return 0;
}
