/* SPDX-License-Identifier: MIT */
/* Draws a billing month: the count so far as an area, the limit as a line, and the fan to the month's end. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/forecast.h"

#define ROWS_MAX      12
#define PLOT_MIN      52 /* columns of the days: the legend has room below */
#define COLUMNS_A_DAY 3  /* at most */
#define LABEL_SIZE    32
#define EIGHTHS       8
#define FAR_LIMIT     3 /* times the highest count: a limit above that would leave no room for the rest */

enum ink {
    INK_NONE,
    INK_USED,
    INK_OVER, /* what is used above the limit */
    INK_FAN,
    INK_MEDIAN,
    INK_LIMIT
};

static const struct {
    const char *drawn, *plain, *colour;
    const char *words; /* in the legend; NULL: not there */
} inks[] = {
    [INK_NONE] = {" ", " ", "", NULL},
    [INK_USED] = {"█", "#", "\033[36m", "used"},
    [INK_OVER] = {"█", "#", "\033[31m", NULL},
    [INK_FAN] = {"░", ":", "\033[2m", "4 times out of 5"},
    [INK_MEDIAN] = {"━", "=", "\033[1m", "most likely"},
    [INK_LIMIT] = {"╌", "-", "\033[31m", "limit"},
};

struct chart {
    const struct outlook *outlook;
    const struct forecast_style *style;
    FILE *out;
    int left;    /* columns of the labels */
    int columns; /* of the plot */
    int rows;
    double step;                    /* handles a row stands for */
    bool has_limit;                 /* within the plot */
    double low, median, high;       /* of the fan at the month's end */
    double made[FORECAST_DAYS + 1]; /* of the way there, see forecast_made */
    double used[FORECAST_DAYS + 1];
};

/* ---- values ---- */

static double between(const double values[FORECAST_DAYS + 1], double time, int days)
{
    int day = (int)time < days ? (int)time : days - 1;
    return values[day] + (values[day + 1] - values[day]) * (time - day);
}

/* The count that the fan's edge, which ends at `end`, has at a time. */
static double edge(const struct chart *chart, double end, double time)
{
    double used = chart->outlook->forecast.used;
    return used + (end - used) * between(chart->made, time, chart->outlook->input.days);
}

/* Up to now the count is known; the day that is not over ends with what it has so far. */
static void take_used(struct chart *chart)
{
    const struct history_month *month = &chart->outlook->history.so_far;
    for (int day = 0; day < month->days; day++)
        chart->used[day + 1] = fmin(chart->used[day] + (double)month->new_handles[day], chart->outlook->forecast.used);
}

/* ---- what a cell shows ---- */

static bool is_in_row(const struct chart *chart, int row, double value)
{
    return value > row * chart->step && value <= (row + 1) * chart->step;
}

static enum ink ink_of_future(const struct chart *chart, double time, double bottom, double top)
{
    double low = edge(chart, chart->low, time);
    double high = edge(chart, chart->high, time);
    double median = edge(chart, chart->median, time);
    if (median > bottom && median <= top)
        return INK_MEDIAN;
    return fmin(high, top) - fmax(low, bottom) >= chart->step / 2 ? INK_FAN : INK_NONE;
}

/* *eighths: how full the cell is. */
static enum ink ink_of(const struct chart *chart, int column, int row, int *eighths)
{
    const struct outlook *outlook = chart->outlook;
    double time = (column + 0.5) * outlook->input.days / chart->columns;
    double bottom = row * chart->step, top = bottom + chart->step;
    enum ink ink = INK_NONE;
    *eighths = 0;
    if (time <= outlook->input.elapsed) {
        double filled = (between(chart->used, time, outlook->input.days) - bottom) / chart->step;
        *eighths = (int)lround(fmin(fmax(filled, 0), 1) * EIGHTHS);
        bool over = chart->has_limit && bottom >= (double)outlook->limit;
        ink = *eighths == 0 ? INK_NONE : over ? INK_OVER : INK_USED;
    } else {
        ink = ink_of_future(chart, time, bottom, top);
    }
    bool at_limit = chart->has_limit && is_in_row(chart, row, (double)outlook->limit);
    return at_limit && (ink == INK_NONE || ink == INK_FAN) ? INK_LIMIT : ink;
}

static const char *glyph(const struct chart *chart, enum ink ink, int eighths)
{
    static const char *const parts[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    bool is_bar = ink == INK_USED || ink == INK_OVER;
    if (chart->style->is_utf8)
        return is_bar ? parts[eighths] : inks[ink].drawn;
    return is_bar && eighths < EIGHTHS / 2 ? " " : inks[ink].plain;
}

static void change_ink(const struct chart *chart, enum ink *from, enum ink to)
{
    if (chart->style->has_colour && *from != to)
        fprintf(chart->out, "\033[0m%s", inks[to].colour);
    *from = to;
}

/* ---- labels ---- */

/* A number stands where its height is the top of the row. */
static const char *left_label(const struct chart *chart, int row, char label[LABEL_SIZE])
{
    label[0] = '\0';
    if (chart->has_limit && is_in_row(chart, row, (double)chart->outlook->limit))
        snprintf(label, LABEL_SIZE, "limit %lld", (long long)chart->outlook->limit);
    else if (row % 2 == 1)
        snprintf(label, LABEL_SIZE, "%.0f", (row + 1) * chart->step);
    return label;
}

static const char *right_label(const struct chart *chart, int row, char label[LABEL_SIZE])
{
    label[0] = '\0';
    if (chart->outlook->forecast.is_over)
        return label;
    if (is_in_row(chart, row, chart->median))
        snprintf(label, LABEL_SIZE, " %.0f", chart->median);
    else if (is_in_row(chart, row, chart->high))
        snprintf(label, LABEL_SIZE, " %.0f", ceil(chart->high));
    else if (is_in_row(chart, row, chart->low))
        snprintf(label, LABEL_SIZE, " %.0f", floor(chart->low));
    return label;
}

/* ---- printing ---- */

static void print_row(const struct chart *chart, int row)
{
    char label[LABEL_SIZE];
    enum ink ink = INK_NONE;
    fprintf(chart->out, "%*s %s", chart->left, left_label(chart, row, label), chart->style->is_utf8 ? "│" : "|");
    for (int column = 0; column < chart->columns; column++) {
        int eighths;
        enum ink next = ink_of(chart, column, row, &eighths);
        change_ink(chart, &ink, next);
        fputs(glyph(chart, next, eighths), chart->out);
    }
    change_ink(chart, &ink, INK_NONE);
    fprintf(chart->out, "%s\n", right_label(chart, row, label));
}

/* Puts a date below its column; false where another one is in the way. */
static bool put(char *line, int width, int at, const char *date)
{
    int size = (int)strlen(date);
    at = at + size > width ? width - size : at;
    for (int i = at > 0 ? at - 1 : at; i < at + size + 1 && i < width; i++)
        if (line[i] != ' ')
            return false;
    memcpy(line + at, date, (size_t)size);
    return true;
}

static void print_axis(const struct chart *chart)
{
    const struct forecast_input *input = &chart->outlook->input;
    int today = forecast_today(chart->outlook), days[] = {1, input->days, today > 0 ? today : 1};
    char *line = mem_format("%*s", chart->columns, "");
    fprintf(chart->out, "%*s %s", chart->left, "0", chart->style->is_utf8 ? "└" : "+");
    for (int column = 0; column < chart->columns; column++)
        fputs(chart->style->is_utf8 ? "─" : "-", chart->out);
    for (size_t i = 0; i < ARRAY_LENGTH(days); i++) {
        char date[OUTLOOK_DATE_SIZE];
        struct cell words;
        (void)put(line, chart->columns, (days[i] - 1) * chart->columns / input->days,
                  cell_date(&words, outlook_date(chart->outlook, days[i], date)));
    }
    fprintf(chart->out, "\n%*s  %s\n", chart->left, "", line);
    free(line);
}

static bool is_in_legend(const struct chart *chart, enum ink ink)
{
    if ((ink == INK_FAN || ink == INK_MEDIAN) && chart->outlook->forecast.is_over)
        return false;
    return inks[ink].words != NULL && (ink != INK_LIMIT || chart->has_limit);
}

static void print_legend(const struct chart *chart)
{
    fprintf(chart->out, "%*s", chart->left, "");
    for (enum ink ink = INK_NONE; ink < ARRAY_LENGTH(inks); ink++) {
        enum ink from = INK_NONE;
        if (!is_in_legend(chart, ink))
            continue;
        fputs("  ", chart->out);
        change_ink(chart, &from, ink);
        fputs(glyph(chart, ink, EIGHTHS), chart->out);
        change_ink(chart, &from, INK_NONE);
        fprintf(chart->out, " %s", inks[ink].words);
    }
    if (!chart->has_limit && chart->outlook->limit > 0)
        fprintf(chart->out, "\n%*s  limit %lld: far above", chart->left, "", (long long)chart->outlook->limit);
    fputs("\n\n", chart->out);
}

/* ---- measures ---- */

/* A round number: the smallest with which so many rows reach the top. Labels stand at every other row. */
static double step_for(double top)
{
    static const double steps[] = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8};
    double power = 1;
    for (;;) {
        for (size_t i = 0; i < ARRAY_LENGTH(steps); i++)
            if (steps[i] * power * ROWS_MAX >= top)
                return steps[i] * power;
        power *= 10;
    }
}

static void measure_rows(struct chart *chart)
{
    const struct outlook *outlook = chart->outlook;
    double top = fmax(fmax(chart->high, outlook->forecast.used), 1);
    chart->has_limit = outlook->limit > 0 && (double)outlook->limit <= top * FAR_LIMIT;
    if (chart->has_limit)
        top = fmax(top, (double)outlook->limit);
    chart->step = step_for(top);
    chart->rows = (int)ceil(top / chart->step);
}

static void measure_columns(struct chart *chart)
{
    char label[LABEL_SIZE];
    int right = 0;
    for (int row = 0; row < chart->rows; row++) {
        int left = (int)strlen(left_label(chart, row, label));
        chart->left = left > chart->left ? left : chart->left;
        left = (int)strlen(right_label(chart, row, label));
        right = left > right ? left : right;
    }
    int room = (int)chart->style->width - chart->left - right - 2;
    int wanted = chart->outlook->input.days * COLUMNS_A_DAY;
    wanted = wanted > PLOT_MIN ? wanted : PLOT_MIN;
    chart->columns = room < wanted ? room : wanted;
}

void forecast_chart(const struct outlook *outlook, const struct forecast_style *style, FILE *out)
{
    struct chart chart = {
        .outlook = outlook,
        .style = style,
        .out = out,
        .low = forecast_quantile(&outlook->forecast, 0.1),
        .median = forecast_quantile(&outlook->forecast, 0.5),
        .high = forecast_quantile(&outlook->forecast, 0.9),
    };
    if (style->width == 0 || outlook->is_empty || outlook->history.so_far.new_handles == NULL)
        return;
    take_used(&chart);
    forecast_made(&outlook->input, &outlook->forecast, chart.made);
    measure_rows(&chart);
    measure_columns(&chart);
    if (chart.columns < PLOT_MIN)
        return;
    for (int row = chart.rows; row-- > 0;)
        print_row(&chart, row);
    print_axis(&chart);
    print_legend(&chart);
}
