/* SPDX-License-Identifier: MIT */
/* The points of a page's charts, from datasets in memory. */

#include <math.h>

#include "report/figure.h"
#include "report/page.h"

/* Where a chart's "table.column" is: a dataset, and a column of its rows. */
struct points {
    const struct data_set *set;
    size_t index;
};

MUST_CHECK static bool find_points(const struct render_job *job, const char *reference, struct points *points,
                                   struct error *err)
{
    struct layout_value shown;

    if (!layout_find_shown(job->report, str_of(reference), &shown, err))
        return false;
    *points = (struct points){data_set(job->data, shown.dataset), (size_t)(shown.column - shown.dataset->columns)};
    return true;
}

MUST_CHECK static bool add_series(const struct render_job *job, const struct layout_series *layout,
                                  struct page_chart *chart, struct error *err)
{
    struct page_series *series = &chart->series[chart->series_count];
    struct points points;

    if (!find_points(job, layout->values, &points, err))
        return false;
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
    struct page_chart *made = arena_alloc(job->arena, sizeof(*made));
    struct points categories;

    *chart = NULL;
    if (!find_points(job, layout->categories, &categories, err))
        return false;
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
