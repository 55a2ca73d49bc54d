/* SPDX-License-Identifier: MIT */
/* Keeping small datasets, and filling their values into texts. */

#include <stdlib.h>
#include <string.h>

#include "report/data.h"
#include "report/template.h"
#include "report/figure.h"

/* ---- rows ---- */

/* Of the dataset that every report has: what the report itself is. */
MUST_CHECK static bool own_row(const struct report *report, const struct report_dataset *dataset, report_row_fn *row,
                               void *context, struct error *err)
{
    const char **values = mem_alloc(dataset->column_count * sizeof(*values));

    for (size_t i = 0; i < dataset->column_count; i++)
        values[i] = layout_own_value(report, i);
    bool good = row(values, context, err);
    free(values);
    return good;
}

bool data_each(const struct report *report, const struct report_source *source, const struct data *data,
               const struct report_dataset *dataset, report_row_fn *row, void *context, struct error *err)
{
    if (dataset->sql.text == NULL)
        return own_row(report, dataset, row, context, err);
    if (data == NULL || dataset->rows == REPORT_MANY)
        return source->each(source->context, dataset, row, context, err);

    const struct data_set *set = data_set(data, dataset);
    for (size_t i = 0; i < set->count; i++)
        if (!row(set->rows[i], context, err))
            return false;
    return true;
}

/* ---- loading ---- */

/* Rows as they come, before their number is known. */
struct collected {
    struct collected *next;
    const char *values[];
};

struct collecting {
    const struct report_dataset *dataset;
    struct arena *arena;
    struct collected *first;
    struct collected **end;
    size_t count;
};

static bool collect_row(const char *const *values, void *context, struct error *err)
{
    struct collecting *collecting = context;
    size_t columns = collecting->dataset->column_count;
    struct collected *row = arena_alloc(collecting->arena, sizeof(*row) + columns * sizeof(row->values[0]));

    if (++collecting->count > DATA_ROWS_MAX)
        return fail(err, EXIT_COMMAND, "%s: more than %d rows: declare it with \"rows\": \"many\"",
                    collecting->dataset->sql.name, DATA_ROWS_MAX);
    row->next = NULL;
    for (size_t i = 0; i < columns; i++)
        row->values[i] = values[i] != NULL ? arena_copy(collecting->arena, str_of(values[i])).data : NULL;
    *collecting->end = row;
    collecting->end = &row->next;
    return true;
}

static bool differ(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a != b : strcmp(a, b) != 0;
}

MUST_CHECK static bool check_same(const struct data_set *set, struct error *err)
{
    const struct report_dataset *dataset = set->dataset;

    for (size_t i = 0; i < dataset->column_count; i++)
        for (size_t row = 1; dataset->columns[i].same && row < set->count; row++)
            if (differ(set->rows[row][i], set->rows[0][i]))
                return fail(err, EXIT_COMMAND, "%s: %s is not the same in every row", dataset->sql.name,
                            dataset->columns[i].name);
    return true;
}

bool data_read(const struct report *report, const struct report_source *source, struct arena *arena,
               const struct report_dataset *dataset, struct data_set *set, struct error *err)
{
    struct collecting collecting = {.dataset = dataset, .arena = arena};

    collecting.end = &collecting.first;
    if (!data_each(report, source, NULL, dataset, collect_row, &collecting, err))
        return false;
    if (dataset->rows == REPORT_ONE && collecting.count != 1)
        return fail(err, EXIT_COMMAND, "%s: it gives %zu rows instead of one", dataset->sql.name, collecting.count);
    *set = (struct data_set){.dataset = dataset, .count = collecting.count};
    set->rows = arena_alloc(arena, (set->count + 1) * sizeof(*set->rows));

    size_t index = 0;
    for (struct collected *row = collecting.first; row != NULL; row = row->next)
        set->rows[index++] = row->values;
    return check_same(set, err);
}

bool data_load(const struct report *report, const struct report_source *source, struct arena *arena, struct data **data,
               struct error *err)
{
    struct data *loaded = arena_alloc(arena, sizeof(*loaded));

    *loaded = (struct data){.report = report, .arena = arena};
    loaded->sets = arena_alloc(arena, report->dataset_count * sizeof(*loaded->sets));
    for (size_t i = 0; i < report->dataset_count; i++) {
        const struct report_dataset *dataset = &report->datasets[i];

        loaded->sets[i] = (struct data_set){.dataset = dataset};
        if (dataset->rows != REPORT_MANY && !data_read(report, source, arena, dataset, &loaded->sets[i], err))
            return false;
    }
    *data = loaded;
    return true;
}

/* ---- values ---- */

const struct data_set *data_set(const struct data *data, const struct report_dataset *dataset)
{
    return &data->sets[dataset - data->report->datasets];
}

size_t data_index(const struct report_dataset *dataset, const char *name)
{
    const struct report_column *column = layout_dataset_column(dataset, str_of(name));

    return column != NULL ? (size_t)(column - dataset->columns) : 0;
}

static const char *found_value(const struct data *data, const struct layout_value *value)
{
    const struct data_set *set = data_set(data, value->dataset);

    return set->count > 0 ? set->rows[0][value->column - value->dataset->columns] : NULL;
}

const char *data_value(const struct data *data, const char *reference)
{
    struct layout_value value;

    if (reference == NULL || !layout_find_value(data->report, str_of(reference), &value, NULL))
        return NULL;
    return found_value(data, &value);
}

bool data_has(const struct data *data, const char *when)
{
    return when == NULL || data_value(data, when) != NULL;
}

const struct report_column *data_column(const struct data *data, const char *reference)
{
    struct layout_value value;

    if (reference == NULL || !layout_find_value(data->report, str_of(reference), &value, NULL))
        return NULL;
    return value.column;
}

static bool resolve(void *context, struct str reference, struct buffer *out, struct error *err)
{
    const struct data *data = context;
    struct layout_value value;

    if (!layout_find_value(data->report, reference, &value, err))
        return false;

    const char *text = found_value(data, &value);
    return text == NULL || figure_show(value.column->kind, text, out, err);
}

bool data_expand(const struct data *data, const char *text, struct buffer *out, struct error *err)
{
    struct data seen = *data;

    return template_expand(text, resolve, &seen, out, err);
}

bool data_text(const struct data *data, const char *text, const char **expanded, struct error *err)
{
    struct buffer out;

    buffer_init(&out, TEMPLATE_CEILING);
    bool good = data_expand(data, text, &out, err);
    *expanded = arena_copy(data->arena, (struct str){good && out.size > 0 ? out.data : "", good ? out.size : 0}).data;
    buffer_free(&out);
    return good;
}
