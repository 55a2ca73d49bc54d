/* SPDX-License-Identifier: MIT */
/* Native charts over the rows of a table. */

#include <stdlib.h>
#include <string.h>

#include "report/figure.h"
#include "report/xlsx_sheet.h"

#define LINE_WIDTH 2.25F
#define FONT_SIZE  9
#define LABELS_MAX 16 /* along the x axis */

static lxw_chart_font axis_font(void)
{
    return (lxw_chart_font){.name = XLSX_FONT, .size = FONT_SIZE, .color = XLSX_QUIET};
}

/* The library can't read back what it has streamed, so it is given the points that are shown before a spreadsheet has
 * drawn the chart itself. It owns and frees them. */
static void cache_points(const struct place_range *range, lxw_series_range *points)
{
    const struct data_set *set = range->table->set;
    enum report_kind kind = set->dataset->columns[range->index].kind;

    points->ignore_cache = LXW_TRUE;
    points->num_data_points = (uint16_t)set->count;
    for (size_t i = 0; i < set->count; i++) {
        const char *text = set->rows[i][range->index];
        lxw_series_data_point *point = calloc(1, sizeof(*point));

        if (point == NULL)
            abort();
        point->no_data = text == NULL || !(kind == REPORT_DATE ? figure_date(text, &point->number)
                                                               : figure_number(text, &point->number));
        STAILQ_INSERT_TAIL(points->data_cache, point, list_pointers);
    }
}

MUST_CHECK static bool add_series(struct xlsx_sheet *sheet, lxw_chart *chart, const struct layout_chart *layout,
                                  const struct layout_series *series, struct error *err)
{
    const struct data *data = sheet->book->job->data;
    struct place_range values;
    struct place_range categories;
    const char *title;

    if (!place_find_range(sheet->book->place, series->values, &values) ||
        !place_find_range(sheet->book->place, layout->categories, &categories))
        return fail(err, EXIT_COMMAND, "a chart's rows are not on one sheet");
    if (!data_text(data, series->title, &title, err))
        return false;

    lxw_chart_series *added = chart_add_series(chart, NULL, NULL);
    lxw_chart_line line = {.color = series->limit ? XLSX_ALARM : XLSX_ACCENT, .width = LINE_WIDTH};
    line.dash_type = series->limit ? LXW_CHART_LINE_DASH_DASH : LXW_CHART_LINE_DASH_SOLID;
    chart_series_set_name(added, title);
    chart_series_set_categories(added, categories.sheet, categories.first_row, (lxw_col_t)categories.column,
                                categories.last_row, (lxw_col_t)categories.column);
    chart_series_set_values(added, values.sheet, values.first_row, (lxw_col_t)values.column, values.last_row,
                            (lxw_col_t)values.column);
    chart_series_set_line(added, &line);
    chart_series_set_marker_type(added, LXW_CHART_MARKER_NONE);
    cache_points(&categories, added->categories);
    cache_points(&values, added->values);
    return true;
}

static void set_axes(lxw_chart *chart, const struct layout_chart *layout, size_t points)
{
    lxw_chart_font font = axis_font();
    lxw_chart_line grid = {.color = 0xD9D9D9, .width = 0.75F};
    lxw_chart_line hidden = {.color = XLSX_QUIET, .none = LXW_TRUE};

    if (layout->x_title != NULL)
        chart_axis_set_name(chart->x_axis, layout->x_title);
    if (layout->y_title != NULL)
        chart_axis_set_name(chart->y_axis, layout->y_title);
    chart_axis_set_name_font(chart->x_axis, &font);
    chart_axis_set_name_font(chart->y_axis, &font);
    chart_axis_set_num_font(chart->x_axis, &font);
    chart_axis_set_num_font(chart->y_axis, &font);
    chart_axis_set_num_format(chart->x_axis, "mm-dd");
    chart_axis_set_num_format(chart->y_axis, "#,##0");
    chart_axis_set_min(chart->y_axis, 0);
    chart_axis_set_line(chart->y_axis, &hidden);
    chart_axis_major_gridlines_set_line(chart->y_axis, &grid);
    if (points > LABELS_MAX) {
        chart_axis_set_interval_unit(chart->x_axis, (uint16_t)((points + LABELS_MAX - 1) / LABELS_MAX));
        chart_axis_set_interval_tick(chart->x_axis, (uint16_t)((points + LABELS_MAX - 1) / LABELS_MAX));
    }
}

MUST_CHECK static bool set_titles(struct xlsx_sheet *sheet, lxw_chart *chart, const struct layout_chart *layout,
                                  struct error *err)
{
    lxw_chart_font font = {.name = XLSX_FONT, .size = 12, .bold = LXW_TRUE, .color = XLSX_ACCENT};
    lxw_chart_font small = axis_font();
    lxw_chart_line hidden = {.color = XLSX_QUIET, .none = LXW_TRUE};
    const char *title;

    if (!data_text(sheet->book->job->data, layout->title, &title, err))
        return false;
    chart_title_set_name(chart, title);
    chart_title_set_name_font(chart, &font);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    chart_legend_set_font(chart, &small);
    chart_chartarea_set_line(chart, &hidden);
    chart_show_blanks_as(chart, LXW_CHART_BLANKS_AS_GAP);
    return true;
}

/* The library's charts are 480 by 288 pixels before scaling. */
MUST_CHECK static bool insert(struct xlsx_sheet *sheet, const struct place_block *block, lxw_chart *chart,
                              struct error *err)
{
    const struct layout_chart *layout = block->block->chart;
    lxw_chart_options options = {.x_scale = layout->width / 480.0, .y_scale = layout->height / 288.0};
    const struct place_block *above = block - 1;
    unsigned row = block->row;
    lxw_col_t column = 0;

    if (layout->beside) {
        row = above->row;
        column = (lxw_col_t)(above->table->table->column_count + 1);
    }
    return xlsx_done(worksheet_insert_chart_opt(sheet->worksheet, row, column, chart, &options), err);
}

bool xlsx_chart(struct xlsx_sheet *sheet, const struct place_block *block, struct error *err)
{
    const struct layout_chart *layout = block->block->chart;
    struct place_range categories;

    if (!place_find_range(sheet->book->place, layout->categories, &categories) || categories.table->set->count == 0)
        return true;

    lxw_chart *chart = workbook_add_chart(sheet->book->workbook, LXW_CHART_LINE);
    if (chart == NULL)
        return fail(err, EXIT_COMMAND, "libxlsxwriter does not make a chart");
    for (size_t i = 0; i < layout->series_count; i++) {
        const struct layout_series *series = &layout->series[i];

        if (!data_has(sheet->book->job->data, series->when))
            continue;
        if (!add_series(sheet, chart, layout, series, err))
            return false;
    }
    set_axes(chart, layout, categories.table->set->count);
    return set_titles(sheet, chart, layout, err) && insert(sheet, block, chart, err);
}
