/* SPDX-License-Identifier: MIT */
/* Native charts over the rows of a table. */

#include <stdlib.h>
#include <string.h>

#include "report/figure.h"
#include "report/xlsx_sheet.h"

#define FONT_SIZE    9
#define LABEL_PIXELS 64 /* that one takes along the x axis */
#define COLUMN_GAP   60 /* percent of a column's width */
#define BESIDE_GAP   16 /* pixels */

/* Lines are told apart by colour, by how they are broken and by width: also on paper in black and white. */
struct look {
    lxw_color_t color;
    uint8_t dash;
    float width;
};
static const struct look styles[] = {
    [SERIES_LIMIT] = {XLSX_ALARM, LXW_CHART_LINE_DASH_DASH, 2.25F},
    [SERIES_FORECAST] = {XLSX_ACCENT, LXW_CHART_LINE_DASH_ROUND_DOT, 2.25F},
    [SERIES_BAND] = {0x6F9BC6, LXW_CHART_LINE_DASH_SOLID, 1.0F},
};
/* Plain ones, one after the other: from dark to light and back. */
static const struct look plain[] = {
    {XLSX_ACCENT, LXW_CHART_LINE_DASH_SOLID, 2.25F},      {0xE69F00, LXW_CHART_LINE_DASH_SOLID, 2.25F},
    {0x009E73, LXW_CHART_LINE_DASH_LONG_DASH, 2.25F},     {0x56B4E9, LXW_CHART_LINE_DASH_SQUARE_DOT, 2.25F},
    {0x7F3F98, LXW_CHART_LINE_DASH_LONG_DASH_DOT, 2.25F}, {XLSX_QUIET, LXW_CHART_LINE_DASH_DASH_DOT, 2.25F},
};

/* A chart while it is made. */
struct drawing {
    struct xlsx_sheet *sheet;
    const struct layout_chart *layout;
    lxw_chart *chart;
    struct place_range categories;
    unsigned plain;        /* series so far that ask for no style */
    enum report_kind kind; /* of the first series */
    bool negative;         /* some value is below zero */
};

static lxw_chart_font axis_font(void)
{
    return (lxw_chart_font){.name = XLSX_FONT, .size = FONT_SIZE, .color = XLSX_QUIET};
}

static void read_point(enum report_kind kind, const char *text, lxw_series_data_point *point)
{
    if (text == NULL) {
        point->no_data = LXW_TRUE;
    } else if (kind == REPORT_TEXT) {
        point->is_string = LXW_TRUE;
        point->string = mem_text(text);
    } else {
        point->no_data =
            !(kind == REPORT_DATE ? figure_date(text, &point->number) : figure_number(text, &point->number));
    }
}

/* The library can't read back what it has streamed, so it is given the points that are shown before a spreadsheet has
 * drawn the chart itself. It owns and frees them. Whether one is below zero. */
static bool cache_points(const struct place_range *range, lxw_series_range *points)
{
    const struct data_set *set = range->table->set;
    enum report_kind kind = set->dataset->columns[range->index].kind;

    bool negative = false;

    points->ignore_cache = LXW_TRUE;
    points->has_string_cache = kind == REPORT_TEXT;
    points->num_data_points = (uint16_t)set->count;
    for (size_t i = 0; i < set->count; i++) {
        lxw_series_data_point *point = mem_alloc(sizeof(*point));

        read_point(kind, set->rows[i][range->index], point);
        STAILQ_INSERT_TAIL(points->data_cache, point, list_pointers);
        negative = negative || point->number < 0;
    }
    return negative;
}

static void set_look(struct drawing *drawing, const struct layout_series *series, lxw_chart_series *added)
{
    const struct look *look =
        series->style == SERIES_LINE ? &plain[drawing->plain++ % ARRAY_LENGTH(plain)] : &styles[series->style];
    lxw_chart_line line = {.color = look->color, .width = look->width, .dash_type = look->dash};
    lxw_chart_line edge = {.color = 0xFFFFFF, .width = 0.75F};
    lxw_chart_fill fill = {.color = look->color};

    if (drawing->layout->type == CHART_LINE) {
        chart_series_set_line(added, &line);
        /* A line of one point is none. */
        chart_series_set_marker_type(added, drawing->categories.table->set->count > 1 ? LXW_CHART_MARKER_NONE
                                                                                      : LXW_CHART_MARKER_AUTOMATIC);
    } else {
        chart_series_set_fill(added, &fill);
        chart_series_set_line(added, &edge);
    }
}

MUST_CHECK static bool add_series(struct drawing *drawing, const struct layout_series *series, struct error *err)
{
    const struct xlsx_book *book = drawing->sheet->book;
    const struct place_range *categories = &drawing->categories;
    struct place_range values;
    const char *title;

    if (!data_has(book->job->data, series->when))
        return true;
    if (!place_find_range(book->place, series->values, &values))
        return fail(err, EXIT_COMMAND, "a chart's rows are not on one sheet");
    if (!data_text(book->job->data, series->title, &title, err))
        return false;

    lxw_chart_series *added = chart_add_series(drawing->chart, NULL, NULL);
    chart_series_set_name(added, title);
    chart_series_set_categories(added, categories->sheet, categories->first_row, (lxw_col_t)categories->column,
                                categories->last_row, (lxw_col_t)categories->column);
    chart_series_set_values(added, values.sheet, values.first_row, (lxw_col_t)values.column, values.last_row,
                            (lxw_col_t)values.column);
    set_look(drawing, series, added);
    (void)cache_points(categories, added->categories);
    drawing->negative = cache_points(&values, added->values) || drawing->negative;
    if (series == drawing->layout->series)
        drawing->kind = values.table->dataset->columns[values.index].kind;
    return true;
}

/* ---- axes and titles ---- */

static void set_fonts(lxw_chart_axis *axis, const char *title)
{
    lxw_chart_font font = axis_font();

    if (title != NULL)
        chart_axis_set_name(axis, title);
    chart_axis_set_name_font(axis, &font);
    chart_axis_set_num_font(axis, &font);
}

static void set_x_axis(const struct drawing *drawing)
{
    const struct place_range *categories = &drawing->categories;
    size_t labels = drawing->layout->width / LABEL_PIXELS + 1;
    uint16_t step = (uint16_t)((categories->table->set->count + labels - 1) / labels);
    lxw_chart_axis *axis = drawing->chart->x_axis;

    set_fonts(axis, drawing->layout->x_title);
    if (categories->table->dataset->columns[categories->index].kind == REPORT_DATE)
        chart_axis_set_num_format(axis, "mm-dd");
    if (drawing->negative)
        chart_axis_set_label_position(axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    if (step > 1) {
        chart_axis_set_interval_unit(axis, step);
        chart_axis_set_interval_tick(axis, step);
    }
}

static void set_y_axis(const struct drawing *drawing)
{
    lxw_chart_line grid = {.color = XLSX_HAIR, .width = 0.75F};
    lxw_chart_line hidden = {.color = XLSX_QUIET, .none = LXW_TRUE};
    lxw_chart_axis *axis = drawing->chart->y_axis;

    set_fonts(axis, drawing->layout->y_title);
    chart_axis_set_num_format(axis, drawing->kind == REPORT_PERCENT ? "0%" : "#,##0");
    if (!drawing->negative)
        chart_axis_set_min(axis, 0);
    chart_axis_set_line(axis, &hidden);
    chart_axis_major_gridlines_set_line(axis, &grid);
}

MUST_CHECK static bool set_titles(const struct drawing *drawing, struct error *err)
{
    lxw_chart *chart = drawing->chart;
    lxw_chart_font font = {.name = XLSX_FONT, .size = 12, .bold = LXW_TRUE, .color = XLSX_ACCENT};
    lxw_chart_font small = axis_font();
    lxw_chart_line hidden = {.color = XLSX_QUIET, .none = LXW_TRUE};
    const char *title;

    if (!data_text(drawing->sheet->book->job->data, drawing->layout->title, &title, err))
        return false;
    chart_title_set_name(chart, title);
    chart_title_set_name_font(chart, &font);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    chart_legend_set_font(chart, &small);
    chart_chartarea_set_line(chart, &hidden);
    chart_show_blanks_as(chart, LXW_CHART_BLANKS_AS_GAP);
    return true;
}

/* ---- the whole ---- */

/* Behind the block above, or behind the whole sheet where that block's notes go so far. */
static unsigned column_beside(const struct place_sheet *sheet, const struct place_block *above)
{
    const struct layout_form *form = above->block->form;

    if (form == NULL)
        return (unsigned)above->table->table->column_count;
    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i].note != NULL)
            return sheet->columns;
    return layout_note_column(form);
}

/* The library's charts are 480 by 288 pixels before scaling. */
MUST_CHECK static bool insert(const struct drawing *drawing, const struct place_block *block, struct error *err)
{
    const struct layout_chart *layout = drawing->layout;
    lxw_chart_options options = {.x_scale = layout->width / 480.0, .y_scale = layout->height / 288.0};
    unsigned row = block->row;
    lxw_col_t column = 0;

    if (layout->beside) {
        const struct place_block *beside = place_beside(block);

        row = beside->row;
        column = (lxw_col_t)column_beside(drawing->sheet->place, beside);
        options.x_offset = BESIDE_GAP;
        for (const struct place_block *other = beside + 1; other < block; other++)
            options.x_offset += (int32_t)other->block->chart->width + BESIDE_GAP;
    }
    return xlsx_done(worksheet_insert_chart_opt(drawing->sheet->worksheet, row, column, drawing->chart, &options), err);
}

bool xlsx_chart(struct xlsx_sheet *sheet, const struct place_block *block, struct error *err)
{
    static const uint8_t types[] = {
        [CHART_LINE] = LXW_CHART_LINE, [CHART_COLUMN] = LXW_CHART_COLUMN, [CHART_STACKED] = LXW_CHART_COLUMN_STACKED};
    struct drawing drawing = {.sheet = sheet, .layout = block->block->chart};
    const struct layout_chart *layout = drawing.layout;

    if (!place_find_range(sheet->book->place, layout->categories, &drawing.categories) ||
        drawing.categories.table->set->count == 0)
        return true;
    drawing.chart = workbook_add_chart(sheet->book->workbook, types[layout->type]);
    if (drawing.chart == NULL)
        return fail(err, EXIT_COMMAND, "libxlsxwriter does not make a chart");
    for (size_t i = 0; i < layout->series_count; i++)
        if (!add_series(&drawing, &layout->series[i], err))
            return false;
    if (layout->type != CHART_LINE)
        chart_set_series_gap(drawing.chart, COLUMN_GAP);
    set_x_axis(&drawing);
    set_y_axis(&drawing);
    return set_titles(&drawing, err) && insert(&drawing, block, err);
}
