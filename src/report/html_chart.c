/* SPDX-License-Identifier: MIT */
/* Charts as inline SVG: axes, grid, lines, columns, a band, a legend. */

#include <math.h>
#include <string.h>

#include "report/figure.h"
#include "report/html.h"

#define LEFT         64
#define RIGHT        16
#define TOP          12
#define BOTTOM       44 /* the labels of the x axis and its title */
#define LEGEND_LINE  20
#define LEGEND_MARK  34 /* width of a sample and the gaps about it */
#define CHARACTER    6.6
#define LABEL_LENGTH 10 /* characters along the x axis */
#define LABEL_GAP    10
#define STEPS        5 /* of the y axis, about */
#define COLUMN_SHARE 0.7

/* As in the workbook: told apart by colour, by how a line is broken and by its width. */
struct look {
    const char *color;
    const char *dash; /* NULL: unbroken */
    const char *width;
};
static const struct look styles[] = {
    [SERIES_LIMIT] = {"#B42318", "9 5", "2.2"},
    [SERIES_FORECAST] = {"#1F4E79", "2 5", "2.4"},
    [SERIES_BAND] = {"#6F9BC6", NULL, "1"},
};
static const struct look plain[] = {
    {"#1F4E79", NULL, "2.2"},  {"#E69F00", NULL, "2.2"},       {"#009E73", "12 4", "2.2"},
    {"#56B4E9", "4 3", "2.2"}, {"#7F3F98", "12 4 2 4", "2.2"}, {"#6B6B6B", "9 4 2 4", "2.2"},
};

struct drawing {
    struct sink *sink;
    const struct page_chart *chart;
    double width, height; /* of the space between the axes */
    double low, high;     /* of the y axis */
    double step;
};

static struct look look_of(const struct page_chart *chart, size_t index)
{
    size_t number = 0;

    if (chart->series[index].style != SERIES_LINE)
        return styles[chart->series[index].style];
    for (size_t i = 0; i < index; i++)
        number += chart->series[i].style == SERIES_LINE;
    return plain[number % ARRAY_LENGTH(plain)];
}

/* ---- scales ---- */

static double x_at(const struct drawing *drawing, size_t index)
{
    double count = (double)drawing->chart->count;

    if (drawing->chart->layout->type != CHART_LINE)
        return LEFT + drawing->width * ((double)index + 0.5) / count;
    return LEFT + (count > 1 ? drawing->width * (double)index / (count - 1) : drawing->width / 2);
}

static double y_at(const struct drawing *drawing, double value)
{
    return TOP + drawing->height * (drawing->high - value) / (drawing->high - drawing->low);
}

/* 1, 2 or 5 times a power of ten, so that about as many steps as wanted cover the span; whole for counts. */
static double nice_step(double span, bool whole)
{
    double power = pow(10, floor(log10(span / STEPS)));
    double times = span / STEPS / power;
    double step = (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10) * power;

    return whole && step < 1 ? 1 : step;
}

static void stretch(struct drawing *drawing, double value)
{
    drawing->low = value < drawing->low ? value : drawing->low;
    drawing->high = value > drawing->high ? value : drawing->high;
}

static double sum_at(const struct page_chart *chart, size_t index)
{
    double sum = 0;

    for (size_t i = 0; i < chart->series_count; i++)
        sum += isnan(chart->series[i].values[index]) ? 0 : chart->series[i].values[index];
    return sum;
}

static void set_scale(struct drawing *drawing)
{
    const struct page_chart *chart = drawing->chart;

    for (size_t i = 0; i < chart->count; i++) {
        if (chart->layout->type == CHART_STACKED)
            stretch(drawing, sum_at(chart, i));
        for (size_t j = 0; chart->layout->type != CHART_STACKED && j < chart->series_count; j++)
            if (!isnan(chart->series[j].values[i]))
                stretch(drawing, chart->series[j].values[i]);
    }
    if (drawing->high <= drawing->low)
        drawing->high = drawing->low + 1;
    drawing->step = nice_step(drawing->high - drawing->low, chart->kind == REPORT_INTEGER);
    drawing->low = floor(drawing->low / drawing->step) * drawing->step;
    drawing->high = ceil(drawing->high / drawing->step) * drawing->step;
}

/* ---- axes ---- */

static void put_tick(const struct drawing *drawing, double value)
{
    struct buffer label;
    char number[40];
    int decimals = drawing->step < 1 && drawing->chart->kind != REPORT_PERCENT ? 2 : 0;

    buffer_init(&label, 200);
    if (drawing->chart->kind == REPORT_PERCENT)
        snprintf(number, sizeof(number), "%.0f%%", value * 100);
    else
        snprintf(number, sizeof(number), "%.*f", decimals, value);
    if (figure_cell(REPORT_NUMBER, number, NULL, 0, &label))
        sink_format(drawing->sink, "<text x=\"%d\" y=\"%.1f\">%s</text>\n", LEFT - 8, y_at(drawing, value) + 4,
                    label.data);
    buffer_free(&label);
}

/* "2026-10-31" is "10-31" below a chart, whose title names the year. */
static const char *short_label(const char *label)
{
    return strlen(label) == 10 && label[4] == '-' && label[7] == '-' ? label + 5 : label;
}

static void put_label(const struct drawing *drawing, size_t index)
{
    struct buffer label;

    buffer_init(&label, 400);
    sink_format(drawing->sink, "<text x=\"%.1f\" y=\"%.1f\">", x_at(drawing, index), TOP + drawing->height + 18);
    if (figure_visible(short_label(drawing->chart->labels[index]), LABEL_LENGTH, &label) && label.size > 0)
        html_text(drawing->sink, label.data);
    sink_text(drawing->sink, "</text>\n");
    buffer_free(&label);
}

/* Every how manyth label has room. */
static size_t label_step(const struct drawing *drawing)
{
    size_t longest = 1;

    for (size_t i = 0; i < drawing->chart->count; i++) {
        size_t size = strlen(short_label(drawing->chart->labels[i]));

        longest = size > longest ? size : longest;
    }
    double width = (double)(longest < LABEL_LENGTH ? longest : LABEL_LENGTH) * CHARACTER + LABEL_GAP;
    double step = ceil((double)drawing->chart->count * width / drawing->width);
    return step > 1 ? (size_t)step : 1;
}

static void put_ticks(const struct drawing *drawing)
{
    size_t ticks = (size_t)llround((drawing->high - drawing->low) / drawing->step);

    sink_text(drawing->sink, "<path stroke=\"#D9D9D9\" d=\"");
    for (size_t i = 0; i <= ticks; i++)
        sink_format(drawing->sink, "M%d %.1fh%.0f", LEFT, y_at(drawing, drawing->low + (double)i * drawing->step),
                    drawing->width);
    sink_text(drawing->sink, "\"/>\n<g text-anchor=\"end\">\n");
    for (size_t i = 0; i <= ticks; i++)
        put_tick(drawing, drawing->low + (double)i * drawing->step);
    sink_text(drawing->sink, "</g>\n");
}

static void put_axes(const struct drawing *drawing)
{
    const struct layout_chart *layout = drawing->chart->layout;
    size_t every = label_step(drawing);

    put_ticks(drawing);
    sink_format(drawing->sink, "<path d=\"M%d %.1fh%.0f\" stroke=\"#6B6B6B\"/>\n<g text-anchor=\"middle\">\n", LEFT,
                y_at(drawing, 0), drawing->width);
    for (size_t i = 0; i < drawing->chart->count; i += every)
        put_label(drawing, i);
    if (layout->x_title != NULL) {
        sink_format(drawing->sink, "<text x=\"%.1f\" y=\"%.1f\">", LEFT + drawing->width / 2,
                    TOP + drawing->height + 36);
        html_text(drawing->sink, layout->x_title);
        sink_text(drawing->sink, "</text>\n");
    }
    if (layout->y_title != NULL) {
        double middle = TOP + drawing->height / 2;

        sink_format(drawing->sink, "<text x=\"12\" y=\"%.1f\" transform=\"rotate(-90 12 %.1f)\">", middle, middle);
        html_text(drawing->sink, layout->y_title);
        sink_text(drawing->sink, "</text>\n");
    }
    sink_text(drawing->sink, "</g>\n");
}

/* ---- series ---- */

/* A line that goes straight on needs no point there, as a limit's. */
static bool goes_on(const double *values, size_t index, size_t count)
{
    return index > 0 && index + 1 < count && values[index - 1] == values[index] && values[index + 1] == values[index];
}

static void put_stroke(struct sink *sink, struct look look)
{
    sink_format(sink, " stroke=\"%s\" stroke-width=\"%s\"", look.color, look.width);
    if (look.dash != NULL)
        sink_format(sink, " stroke-dasharray=\"%s\"", look.dash);
}

/* Where there is no value the line is broken; a value between two of these is a dot. */
static void put_line(const struct drawing *drawing, size_t index)
{
    const double *values = drawing->chart->series[index].values;
    size_t count = drawing->chart->count;

    sink_text(drawing->sink, "<path");
    put_stroke(drawing->sink, look_of(drawing->chart, index));
    sink_text(drawing->sink, " d=\"");
    for (size_t i = 0; i < count; i++) {
        bool begins = i == 0 || isnan(values[i - 1]);
        bool alone = begins && (i + 1 == count || isnan(values[i + 1]));

        if (!isnan(values[i]) && !goes_on(values, i, count))
            sink_format(drawing->sink, "%s%.1f %.1f%s", begins ? "M" : "L", x_at(drawing, i), y_at(drawing, values[i]),
                        alone ? "h0.1" : "");
    }
    sink_text(drawing->sink, "\"/>\n");
}

/* Between two edges that both have a value, from left to right and back. */
static void put_band(const struct drawing *drawing, const double *lower, const double *upper)
{
    const char *command = "M";

    sink_text(drawing->sink, "<path fill=\"#DCE8F4\" stroke=\"none\" d=\"");
    for (size_t i = 0; i < drawing->chart->count; i++)
        if (!isnan(lower[i]) && !isnan(upper[i])) {
            sink_format(drawing->sink, "%s%.1f %.1f", command, x_at(drawing, i), y_at(drawing, upper[i]));
            command = "L";
        }
    for (size_t i = drawing->chart->count; i-- > 0;)
        if (!isnan(lower[i]) && !isnan(upper[i]))
            sink_format(drawing->sink, "L%.1f %.1f", x_at(drawing, i), y_at(drawing, lower[i]));
    sink_text(drawing->sink, "\"/>\n");
}

static void put_bands(const struct drawing *drawing)
{
    const double *first = NULL;

    for (size_t i = 0; i < drawing->chart->series_count; i++) {
        const struct page_series *series = &drawing->chart->series[i];

        if (series->style != SERIES_BAND)
            continue;
        if (first != NULL)
            put_band(drawing, first, series->values);
        first = first != NULL ? NULL : series->values;
    }
}

static bool is_column(const struct page_chart *chart, size_t index)
{
    return chart->layout->type != CHART_LINE && chart->series[index].style == SERIES_LINE;
}

static void put_bar(const struct drawing *drawing, double x, double width, double from, double to)
{
    double y = y_at(drawing, from);

    if (y_at(drawing, to) != y)
        sink_format(drawing->sink, "M%.1f %.1fh%.1fV%.1fh%.1fz", x, y, width, y_at(drawing, to), -width);
}

/* On what the column of this series stands where they are stacked. */
static double base_of(const struct page_chart *chart, size_t index, size_t at)
{
    double base = 0;

    for (size_t i = 0; chart->layout->type == CHART_STACKED && i < index; i++)
        base += is_column(chart, i) && !isnan(chart->series[i].values[at]) ? chart->series[i].values[at] : 0;
    return base;
}

static void put_columns(const struct drawing *drawing)
{
    const struct page_chart *chart = drawing->chart;
    double room = drawing->width / (double)chart->count * COLUMN_SHARE;
    double columns = 0, number = 0;

    for (size_t i = 0; i < chart->series_count; i++)
        columns += is_column(chart, i);
    if (chart->layout->type == CHART_STACKED)
        columns = 1;
    for (size_t i = 0; i < chart->series_count; i++) {
        if (!is_column(chart, i))
            continue;
        sink_format(drawing->sink, "<path fill=\"%s\" d=\"", look_of(chart, i).color);
        for (size_t j = 0; j < chart->count; j++) {
            double base = base_of(chart, i, j);

            if (!isnan(chart->series[i].values[j]))
                put_bar(drawing, x_at(drawing, j) - room / 2 + fmod(number, columns) * room / columns, room / columns,
                        base, base + chart->series[i].values[j]);
        }
        sink_text(drawing->sink, "\"/>\n");
        number++;
    }
}

static void put_series(const struct drawing *drawing)
{
    put_bands(drawing);
    if (drawing->chart->layout->type != CHART_LINE)
        put_columns(drawing);
    sink_text(drawing->sink, "<g fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n");
    for (size_t i = 0; i < drawing->chart->series_count; i++)
        if (!is_column(drawing->chart, i))
            put_line(drawing, i);
    sink_text(drawing->sink, "</g>\n");
}

/* ---- the legend ---- */

static double entry_width(const char *title)
{
    double characters = 0;

    for (; *title != '\0'; title++)
        characters += ((unsigned char)*title & 0xC0) != 0x80;
    return LEGEND_MARK + 12 + characters * CHARACTER;
}

static void put_entry(const struct drawing *drawing, size_t index, double x, double y)
{
    struct look look = look_of(drawing->chart, index);

    if (is_column(drawing->chart, index))
        look = (struct look){look.color, NULL, "10"};
    sink_format(drawing->sink, "<path d=\"M%.1f %.1fh24\"", x, y - 4);
    put_stroke(drawing->sink, look);
    sink_format(drawing->sink, "/><text x=\"%.1f\" y=\"%.1f\">", x + LEGEND_MARK, y);
    html_text(drawing->sink, drawing->chart->series[index].title);
    sink_text(drawing->sink, "</text>\n");
}

/* Goes through the entries, line by line; draws them or only counts the lines. */
static unsigned lay_legend(const struct drawing *drawing, bool draw)
{
    double x = LEFT;
    unsigned line = 0;

    for (size_t i = 0; i < drawing->chart->series_count; i++) {
        double width = entry_width(drawing->chart->series[i].title);

        if (x > LEFT && x + width > LEFT + drawing->width) {
            x = LEFT;
            line++;
        }
        if (draw)
            put_entry(drawing, i, x, TOP + drawing->height + BOTTOM + 14 + line * LEGEND_LINE);
        x += width;
    }
    return line + 1;
}

/* ---- the chart ---- */

void html_chart(struct sink *sink, const struct page_chart *chart)
{
    struct drawing drawing = {.sink = sink, .chart = chart};
    double width = chart->layout->width;
    double height = chart->layout->height;

    drawing.width = width > LEFT + RIGHT + 100 ? width - LEFT - RIGHT : 100;
    drawing.height = height > TOP + BOTTOM + 100 ? height - TOP - BOTTOM - LEGEND_LINE : 100;
    set_scale(&drawing);
    sink_format(sink, "<svg role=\"img\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" aria-label=\"",
                LEFT + drawing.width + RIGHT, TOP + drawing.height + BOTTOM + lay_legend(&drawing, false) * LEGEND_LINE,
                LEFT + drawing.width + RIGHT,
                TOP + drawing.height + BOTTOM + lay_legend(&drawing, false) * LEGEND_LINE);
    html_text(sink, chart->title);
    sink_text(sink, "\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"Calibri, Arial, sans-serif\" "
                    "font-size=\"12\" fill=\"#4D4D4D\">\n");
    put_axes(&drawing);
    put_series(&drawing);
    lay_legend(&drawing, true);
    sink_text(sink, "</svg>\n");
}
