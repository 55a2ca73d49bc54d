/* SPDX-License-Identifier: MIT */
/* The styles of a workbook, and the number formats of its values. */

#include <stdlib.h>
#include <string.h>

#include "report/figure.h"
#include "report/xlsx_format.h"

#define BLACK 0x262626
#define WHITE 0xFFFFFF
#define NONE  LXW_COLOR_UNSET /* 0 */
#define MIST  0xEAF1F8
#define SAND  0xFFF1CC
#define OCHRE 0x6B4200
#define INPUT 0xFFFBE6
#define INK   0x0B3FA8 /* of what a reader may type in */

static const struct style {
    double size;
    lxw_color_t color;
    lxw_color_t fill;
    lxw_color_t line; /* below */
    uint8_t align;
    uint8_t indent; /* keeps a number at its right edge off the text in the next column */
    bool bold;
    bool italic;
    bool wrap;
    bool line_above;
    bool open; /* to be changed on a protected sheet: framed, like a field to fill in */
} styles[] = {
    [XLSX_NOTE] = {.size = 9, .color = XLSX_QUIET, .align = LXW_ALIGN_LEFT, .indent = 1, .wrap = true},
    [XLSX_TITLE] = {.size = 18, .color = XLSX_ACCENT, .align = LXW_ALIGN_LEFT, .bold = true, .wrap = true},
    [XLSX_SUBTITLE] = {.size = 11, .color = XLSX_QUIET, .align = LXW_ALIGN_LEFT, .wrap = true},
    [XLSX_HEADING] =
        {.size = 12, .color = XLSX_ACCENT, .line = XLSX_ACCENT, .align = LXW_ALIGN_LEFT, .bold = true, .wrap = true},
    [XLSX_BANNER] = {.size = 11, .color = OCHRE, .fill = SAND, .align = LXW_ALIGN_LEFT, .bold = true, .wrap = true},
    [XLSX_LABEL] = {.size = 11, .color = BLACK, .line = XLSX_HAIR, .align = LXW_ALIGN_LEFT, .indent = 1, .wrap = true},
    [XLSX_VALUE] = {.size = 11, .color = BLACK, .line = XLSX_HAIR, .align = LXW_ALIGN_RIGHT, .indent = 1, .wrap = true},
    [XLSX_VALUE_LEFT] = {.size = 11, .color = BLACK, .line = XLSX_HAIR, .align = LXW_ALIGN_LEFT, .wrap = true},
    [XLSX_VALUE_OPEN] =
        {.size = 11, .color = INK, .fill = INPUT, .align = LXW_ALIGN_RIGHT, .indent = 1, .wrap = true, .open = true},
    [XLSX_KEY_LABEL] = {.size = 14,
                        .color = BLACK,
                        .fill = MIST,
                        .line = XLSX_HAIR,
                        .align = LXW_ALIGN_LEFT,
                        .indent = 1,
                        .bold = true},
    [XLSX_KEY_VALUE] = {.size = 14,
                        .color = XLSX_ACCENT,
                        .fill = MIST,
                        .line = XLSX_HAIR,
                        .align = LXW_ALIGN_RIGHT,
                        .indent = 1,
                        .bold = true},
    [XLSX_COLUMN_TEXT] = {.size = 11,
                          .color = WHITE,
                          .fill = XLSX_ACCENT,
                          .align = LXW_ALIGN_LEFT,
                          .indent = 1,
                          .bold = true,
                          .wrap = true},
    [XLSX_COLUMN_NUMBER] = {.size = 11,
                            .color = WHITE,
                            .fill = XLSX_ACCENT,
                            .align = LXW_ALIGN_RIGHT,
                            .indent = 1,
                            .bold = true,
                            .wrap = true},
    [XLSX_CELL_TEXT] = {.size = 11, .color = BLACK, .line = XLSX_HAIR, .align = LXW_ALIGN_LEFT, .indent = 1},
    [XLSX_CELL_WRAPPED] =
        {.size = 11, .color = BLACK, .line = XLSX_HAIR, .align = LXW_ALIGN_LEFT, .indent = 1, .wrap = true},
    [XLSX_CELL_NUMBER] = {.size = 11, .color = BLACK, .line = XLSX_HAIR, .align = LXW_ALIGN_RIGHT},
    [XLSX_CELL_EXPECTED] =
        {.size = 11, .color = XLSX_ACCENT, .fill = MIST, .line = XLSX_HAIR, .align = LXW_ALIGN_RIGHT, .italic = true},
    [XLSX_CELL_OPEN_TEXT] =
        {.size = 11, .color = INK, .fill = INPUT, .align = LXW_ALIGN_LEFT, .indent = 1, .wrap = true, .open = true},
    [XLSX_CELL_OPEN] = {.size = 11, .color = INK, .fill = INPUT, .align = LXW_ALIGN_RIGHT, .open = true},
    [XLSX_TOTAL_TEXT] =
        {.size = 11, .color = BLACK, .align = LXW_ALIGN_LEFT, .indent = 1, .bold = true, .line_above = true},
    [XLSX_TOTAL_NUMBER] = {.size = 11, .color = BLACK, .align = LXW_ALIGN_RIGHT, .bold = true, .line_above = true},
    [XLSX_GOOD] = {.size = 11, .color = 0x00613F},
    [XLSX_WARN] = {.size = 11, .color = OCHRE, .fill = SAND, .bold = true},
    [XLSX_BAD] = {.size = 11, .color = WHITE, .fill = XLSX_ALARM, .bold = true},
};

struct made {
    struct made *next;
    lxw_format *format;
    enum xlsx_style style;
    char number_format[XLSX_NUMBER_FORMAT_SIZE + 2]; /* padded in tables */
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

/* A number that is wider than its cell would be ###: it gets smaller instead, which no cell does that wraps. */
static void set_style(lxw_format *format, const struct style *style, bool is_number)
{
    format_set_font_name(format, XLSX_FONT);
    format_set_font_size(format, style->size);
    format_set_font_color(format, style->color);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (style->align != LXW_ALIGN_NONE)
        format_set_align(format, style->align);
    if (style->indent > 0)
        format_set_indent(format, style->indent);
    if (style->bold)
        format_set_bold(format);
    if (style->italic)
        format_set_italic(format);
    if (is_number)
        format_set_shrink(format);
    else if (style->wrap)
        format_set_text_wrap(format);
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
    if (style->open) {
        format_set_unlocked(format);
        format_set_border(format, LXW_BORDER_THIN);
        format_set_border_color(format, style->color);
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
    set_style(made->format, &styles[style], *number_format != '\0' && strchr(number_format, '@') == NULL);
    if (*number_format != '\0')
        format_set_num_format(made->format, number_format);
    return made->format;
}

lxw_format *xlsx_look(struct xlsx_formats *formats, enum layout_look look)
{
    static const struct {
        enum xlsx_style style;
        const char *number_format;
    } looks[] = {
        [LOOK_PLAIN] = {XLSX_CELL_TEXT, ""},
        [LOOK_KEY] = {XLSX_CELL_TEXT, ""},
        [LOOK_GOOD] = {XLSX_GOOD, "\"\xE2\x9C\x93 \"@"},
        [LOOK_WARN] = {XLSX_WARN, "\"! \"@"},
        [LOOK_BAD] = {XLSX_BAD, "\"\xE2\x9C\x97 \"@"},
    };

    return xlsx_format(formats, looks[look].style, looks[look].number_format);
}

/* ---- measures ---- */

#define PLAIN_SIZE  11
#define BOLD_FACTOR 1.15
#define LINE_FACTOR 1.36

double xlsx_character_width(enum xlsx_style style)
{
    return styles[style].size / PLAIN_SIZE * (styles[style].bold ? BOLD_FACTOR : 1);
}

double xlsx_line_height(enum xlsx_style style)
{
    return styles[style].size * LINE_FACTOR;
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
