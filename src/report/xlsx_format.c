/* SPDX-License-Identifier: MIT */
/* The styles of a workbook, and the number formats of its values. */

#include <stdlib.h>
#include <string.h>

#include "report/figure.h"
#include "report/xlsx_format.h"

#define BLACK 0x262626
#define WHITE 0xFFFFFF
#define NONE  LXW_COLOR_UNSET
#define HAIR  0xD9D9D9

/* Right is where numbers and dates stand; a style without alignment leaves it to the kind of the value. */
static const struct style {
    double size;
    lxw_color_t color;
    lxw_color_t fill;
    lxw_color_t line; /* below */
    uint8_t align;
    bool bold;
    bool wrap;
    bool shrink;
    bool line_above;
} styles[] = {
    [XLSX_NOTE] = {9, XLSX_QUIET, NONE, NONE, LXW_ALIGN_LEFT, false, false, false, false},
    [XLSX_TITLE] = {18, XLSX_ACCENT, NONE, NONE, LXW_ALIGN_LEFT, true, false, true, false},
    [XLSX_SUBTITLE] = {11, XLSX_QUIET, NONE, NONE, LXW_ALIGN_LEFT, false, false, true, false},
    [XLSX_HEADING] = {12, XLSX_ACCENT, NONE, XLSX_ACCENT, LXW_ALIGN_LEFT, true, false, false, false},
    [XLSX_BANNER] = {11, 0x7A4B00, 0xFFF1CC, NONE, LXW_ALIGN_LEFT, true, false, true, false},
    [XLSX_LABEL] = {11, BLACK, NONE, HAIR, LXW_ALIGN_LEFT, false, false, false, false},
    [XLSX_VALUE] = {11, BLACK, NONE, HAIR, LXW_ALIGN_RIGHT, false, true, false, false},
    [XLSX_KEY_LABEL] = {14, BLACK, 0xEAF1F8, HAIR, LXW_ALIGN_LEFT, true, false, false, false},
    [XLSX_KEY_VALUE] = {14, XLSX_ACCENT, 0xEAF1F8, HAIR, LXW_ALIGN_RIGHT, true, false, false, false},
    [XLSX_COLUMN_TEXT] = {11, WHITE, XLSX_ACCENT, NONE, LXW_ALIGN_LEFT, true, true, false, false},
    [XLSX_COLUMN_NUMBER] = {11, WHITE, XLSX_ACCENT, NONE, LXW_ALIGN_RIGHT, true, true, false, false},
    [XLSX_CELL] = {11, BLACK, NONE, HAIR, LXW_ALIGN_NONE, false, false, false, false},
    [XLSX_TOTAL] = {11, BLACK, NONE, NONE, LXW_ALIGN_NONE, true, false, false, true},
    [XLSX_GOOD] = {11, 0x1E6B3A, NONE, NONE, LXW_ALIGN_NONE, false, false, false, false},
    [XLSX_WARN] = {11, 0x7A4B00, 0xFFF1CC, NONE, LXW_ALIGN_NONE, true, false, false, false},
    [XLSX_BAD] = {11, XLSX_ALARM, 0xFDE7E5, NONE, LXW_ALIGN_NONE, true, false, false, false},
};

struct made {
    struct made *next;
    lxw_format *format;
    enum xlsx_style style;
    char number_format[XLSX_NUMBER_FORMAT_SIZE];
};

struct xlsx_formats {
    lxw_workbook *workbook;
    struct made *first;
};

struct xlsx_formats *xlsx_formats_new(lxw_workbook *workbook)
{
    struct xlsx_formats *formats = mem_alloc(sizeof(*formats));

    formats->workbook = workbook;
    return formats;
}

void xlsx_formats_free(struct xlsx_formats *formats)
{
    while (formats != NULL && formats->first != NULL) {
        struct made *made = formats->first;

        formats->first = made->next;
        free(made);
    }
    free(formats);
}

static void set_style(lxw_format *format, const struct style *style)
{
    format_set_font_name(format, XLSX_FONT);
    format_set_font_size(format, style->size);
    format_set_font_color(format, style->color);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (style->align != LXW_ALIGN_NONE)
        format_set_align(format, style->align);
    if (style->bold)
        format_set_bold(format);
    if (style->wrap)
        format_set_text_wrap(format);
    if (style->shrink)
        format_set_shrink(format);
    if (style->fill != NONE)
        format_set_bg_color(format, style->fill);
    if (style->line != NONE) {
        format_set_bottom(format, LXW_BORDER_THIN);
        format_set_bottom_color(format, style->line);
    }
    if (style->line_above) {
        format_set_top(format, LXW_BORDER_THIN);
        format_set_top_color(format, XLSX_ACCENT);
    }
}

lxw_format *xlsx_format(struct xlsx_formats *formats, enum xlsx_style style, const char *number_format)
{
    for (struct made *made = formats->first; made != NULL; made = made->next)
        if (made->style == style && strcmp(made->number_format, number_format) == 0)
            return made->format;

    struct made *made = mem_alloc(sizeof(*made));
    made->style = style;
    snprintf(made->number_format, sizeof(made->number_format), "%s", number_format);
    made->format = workbook_add_format(formats->workbook);
    made->next = formats->first;
    formats->first = made;
    set_style(made->format, &styles[style]);
    if (*number_format != '\0')
        format_set_num_format(made->format, number_format);
    return made->format;
}

enum xlsx_style xlsx_look(enum layout_look look)
{
    switch (look) {
    case LOOK_GOOD:
        return XLSX_GOOD;
    case LOOK_WARN:
        return XLSX_WARN;
    case LOOK_BAD:
        return XLSX_BAD;
    case LOOK_PLAIN:
    case LOOK_KEY:
        break;
    }
    return XLSX_CELL;
}

/* ---- number formats ---- */

/* Zeros behind a point, as many as the value has decimals. */
static const char *decimals_of(const char *text)
{
    static const char zeros[] = ".00000000000000000000";
    static char decimals[sizeof(zeros)];
    size_t count = text != NULL ? figure_decimals(text) : 0;

    if (count == 0)
        return "";
    if (count > sizeof(zeros) - 2)
        count = sizeof(zeros) - 2;
    snprintf(decimals, sizeof(decimals), "%.*s", (int)count + 1, zeros);
    return decimals;
}

const char *xlsx_number_format(enum report_kind kind, const char *text, const char *currency,
                               char out[XLSX_NUMBER_FORMAT_SIZE])
{
    static const char *const fixed[] = {
        [REPORT_TEXT] = "@",          [REPORT_INTEGER] = "#,##0", [REPORT_NUMBER] = NULL,
        [REPORT_PERCENT] = "0.0%",    [REPORT_MONEY] = NULL,      [REPORT_TIME] = "yyyy-mm-dd hh:mm:ss",
        [REPORT_DATE] = "yyyy-mm-dd",
    };

    if (fixed[kind] != NULL)
        snprintf(out, XLSX_NUMBER_FORMAT_SIZE, "%s", fixed[kind]);
    else if (kind == REPORT_MONEY && currency != NULL && strchr(currency, '"') == NULL)
        snprintf(out, XLSX_NUMBER_FORMAT_SIZE, "#,##0%s \"%.20s\"", decimals_of(text), currency);
    else
        snprintf(out, XLSX_NUMBER_FORMAT_SIZE, "#,##0%s", decimals_of(text));
    return out;
}
