/* SPDX-License-Identifier: MIT */
/* The tables of a page: as many rows as a reader looks at, and the totals of all. */

#include <string.h>

#include "report/figure.h"
#include "report/page.h"

/* A table while its rows come. */
struct filling {
    const struct render_job *job;
    const struct layout_table *layout;
    struct page_table *table;
    size_t *indexes; /* of each column in the row */
    int64_t *sums;   /* of integers */
    size_t most;     /* rows that are shown */
};

/* ---- rows ---- */

static const char *currency_of(const struct filling *filling, const struct report_column *column, data_row row)
{
    const struct render_job *job = filling->job;
    const char *reference = column->currency != NULL ? column->currency : job->report->layout->currency;
    struct layout_value value;

    if (reference == NULL || !layout_find_value(job->report, str_of(reference), &value, NULL))
        return NULL;
    if (value.dataset == filling->table->dataset)
        return row != NULL ? row[value.column - value.dataset->columns] : NULL;
    return data_value(job->data, reference);
}

static void add_up(struct filling *filling, size_t index, const char *value)
{
    int64_t number;

    if (value != NULL && str_to_int64(str_of(value), INT64_MIN, INT64_MAX, &number) &&
        __builtin_add_overflow(filling->sums[index], number, &filling->sums[index]))
        filling->sums[index] = INT64_MAX;
}

MUST_CHECK static bool fill_cell(struct filling *filling, size_t index, data_row row, struct page_cell *cell,
                                 struct error *err)
{
    const struct layout_column *layout = &filling->layout->columns[index];
    const struct report_column *column = &filling->table->dataset->columns[filling->indexes[index]];
    const char *value = row[filling->indexes[index]];

    *cell = (struct page_cell){.look = page_look(&layout->marks, value), .bar = -1};
    cell->expected = layout->expected && value != NULL;
    if (!page_value(filling->job, column->kind, value, currency_of(filling, column, row), &cell->text, err))
        return fail_within(err, "%s, row %llu, %s", filling->table->dataset->name,
                           (unsigned long long)filling->table->count, column->name);
    if (layout->bar && value != NULL && !figure_number(value, &cell->bar))
        cell->bar = -1;
    return true;
}

static bool fill_row(const char *const *row, void *context, struct error *err)
{
    struct filling *filling = context;
    struct page_table *table = filling->table;

    table->count++;
    for (size_t i = 0; i < table->column_count; i++)
        add_up(filling, i, row[filling->indexes[i]]);
    if (table->shown == filling->most)
        return true;

    struct page_cell *cells = arena_alloc(filling->job->arena, table->column_count * sizeof(*cells));
    table->rows[table->shown++] = cells;
    for (size_t i = 0; i < table->column_count; i++)
        if (!fill_cell(filling, i, row, &cells[i], err))
            return false;
    return true;
}

/* From sizes to parts of the largest; of a share of a whole, that whole. */
static void scale_bars(const struct filling *filling, size_t index)
{
    const struct page_table *table = filling->table;
    double most = table->dataset->columns[filling->indexes[index]].kind == REPORT_PERCENT ? 1 : 0;

    for (size_t i = 0; i < table->shown; i++)
        most = table->rows[i][index].bar > most ? table->rows[i][index].bar : most;
    for (size_t i = 0; i < table->shown; i++) {
        double size = table->rows[i][index].bar;

        table->rows[i][index].bar = most > 0 && size >= 0 ? size / most : -1;
    }
}

/* ---- totals ---- */

MUST_CHECK static bool fill_total(struct filling *filling, size_t index, struct page_cell *cell, struct error *err)
{
    const struct layout_total *total = filling->layout->columns[index].total;
    const struct report_column *column = &filling->table->dataset->columns[filling->indexes[index]];
    char sum[24];

    *cell = (struct page_cell){.text = "", .bar = -1};
    if (total == NULL)
        return true;
    if (total->text != NULL)
        return page_expand(filling->job, total->text, &cell->text, err);
    snprintf(sum, sizeof(sum), "%lld", (long long)filling->sums[index]);
    return page_value(filling->job, column->kind, total->sum ? sum : data_value(filling->job->data, total->value),
                      currency_of(filling, column, NULL), &cell->text, err);
}

MUST_CHECK static bool fill_totals(struct filling *filling, struct error *err)
{
    struct page_table *table = filling->table;
    bool any = false;

    for (size_t i = 0; i < table->column_count; i++)
        any = any || filling->layout->columns[i].total != NULL;
    if (!any)
        return true;
    table->total = arena_alloc(filling->job->arena, table->column_count * sizeof(*table->total));
    for (size_t i = 0; i < table->column_count; i++)
        if (!fill_total(filling, i, &table->total[i], err))
            return fail_within(err, "%s, total, %s", table->dataset->name, filling->layout->columns[i].key);
    return true;
}

/* ---- below the rows ---- */

const char *page_table_note(const struct render_job *job, const struct page_table *table, const char *sheet)
{
    char note[600];

    if (table->count == 0)
        return table->empty;
    if (table->shown == table->count)
        return NULL;
    snprintf(note, sizeof(note),
             "The first %zu of %llu rows. All of them are on the sheet %s of the workbook (headroom report %s), and in "
             "what --format csv --dataset %s writes.",
             table->shown, (unsigned long long)table->count, sheet, job->report->name, table->dataset->name);
    return arena_copy(job->arena, str_of(note)).data;
}

/* ---- the whole ---- */

MUST_CHECK static bool begin(struct filling *filling, struct error *err)
{
    const struct layout_table *layout = filling->layout;
    struct arena *arena = filling->job->arena;
    struct page_table *table = filling->table;

    filling->most = table->dataset->rows == REPORT_MANY ? PAGE_MANY_ROWS : PAGE_FEW_ROWS;
    filling->indexes = arena_alloc(arena, layout->column_count * sizeof(*filling->indexes));
    filling->sums = arena_alloc(arena, layout->column_count * sizeof(*filling->sums));
    memset(filling->sums, 0, layout->column_count * sizeof(*filling->sums));
    table->rows = arena_alloc(arena, filling->most * sizeof(struct page_cell *));
    table->columns = arena_alloc(arena, layout->column_count * sizeof(*table->columns));
    for (size_t i = 0; i < layout->column_count; i++) {
        filling->indexes[i] = data_index(table->dataset, layout->columns[i].key);
        table->columns[i].is_figure = table->dataset->columns[filling->indexes[i]].kind != REPORT_TEXT;
        if (!page_expand(filling->job, layout->columns[i].title, &table->columns[i].title, err))
            return false;
    }
    return page_expand(filling->job, layout->empty, &table->empty, err);
}

bool page_table_new(const struct render_job *job, const struct layout_table *layout, struct page_table **table,
                    struct error *err)
{
    struct filling filling = {.job = job, .layout = layout};

    filling.table = arena_alloc(job->arena, sizeof(*filling.table));
    *filling.table = (struct page_table){.dataset = layout_dataset(job->report, str_of(layout->dataset)),
                                         .column_count = layout->column_count};
    if (!begin(&filling, err) ||
        !data_each(job->report, job->source, job->data, filling.table->dataset, fill_row, &filling, err) ||
        !fill_totals(&filling, err))
        return false;
    for (size_t i = 0; i < layout->column_count; i++)
        if (layout->columns[i].bar)
            scale_bars(&filling, i);
    *table = filling.table;
    return true;
}
