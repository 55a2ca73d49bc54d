/* SPDX-License-Identifier: MIT */
/* The points of a page's charts, from datasets in memory. */

#include <math.h>

#include "report/figure.h"
#include "report/page.h"
#include "report/template.h"

/* Where a chart's "table.column" is: a dataset, and a column of its rows. */
struct points {
    const struct data_set *set;
    size_t index;
};

static struct points find_points(const struct render_job *job, const char *reference)
{
    struct str name = {0};
    struct str key = {0};

    /* The layout's check has found all of it. */
    if (!template_split(str_of(reference), &name, &key))
        return (struct points){0};

    const struct layout_table *table = layout_find_table(job->report, name);
    const struct report_dataset *dataset = layout_dataset(job->report, str_of(table->dataset));
    const struct report_column *column = layout_dataset_column(dataset, key);
    return (struct points){data_set(job->data, dataset), (size_t)(column - dataset->columns)};
}

MUST_CHECK static bool add_series(const struct render_job *job, const struct layout_series *layout,
                                  struct page_chart *chart, struct error *err)
{
    struct page_series *series = &chart->series[chart->series_count];
    struct points points = find_points(job, layout->values);

    *series = (struct page_series){.style = layout->style};
    series->values = arena_alloc(job->arena, chart->count * sizeof(*series->values));
    for (size_t i = 0; i < chart->count; i++) {
        const char *text = i < points.set->count ? points.set->rows[i][points.index] : NULL;

        if (text == NULL || !figure_number(text, &series->values[i]))
            series->values[i] = NAN;
    }
    if (chart->series_count++ == 0)
        chart->kind = points.set->dataset->columns[points.index].kind;
    return page_expand(job, layout->title, &series->title, err);
}

bool page_chart_new(const struct render_job *job, const struct layout_chart *layout, struct page_chart **chart,
                    struct error *err)
{
    struct points categories = find_points(job, layout->categories);
    struct page_chart *made = arena_alloc(job->arena, sizeof(*made));

    *chart = NULL;
    *made = (struct page_chart){.layout = layout, .count = categories.set->count};
    if (made->count == 0)
        return true;
    made->labels = arena_alloc(job->arena, made->count * sizeof(*made->labels));
    made->series = arena_alloc(job->arena, (layout->series_count + 1) * sizeof(*made->series));
    for (size_t i = 0; i < made->count; i++)
        if (!page_value(job, categories.set->dataset->columns[categories.index].kind,
                        categories.set->rows[i][categories.index], NULL, &made->labels[i], err))
            return false;
    for (size_t i = 0; i < layout->series_count; i++)
        if (data_has(job->data, layout->series[i].when) && !add_series(job, &layout->series[i], made, err))
            return false;
    *chart = made;
    return page_expand(job, layout->title, &made->title, err);
}
