/* SPDX-License-Identifier: MIT */
/* How high a row must be for the texts that wrap in it. */

#include <string.h>

#include "report/xlsx_sheet.h"

#define HIGHEST     409.0 /* what a spreadsheet allows, in points */
#define NARROWEST   2.0
#define BLANK       0.65
#define INDENTS     2.0  /* what they take of a cell, in characters */
#define AIR         3.0  /* points above and below the lines together */
#define WIDE_LETTER 0xE3 /* the first byte of a letter of East Asia in UTF-8, or a higher one: as wide as two */

/* In digits, by which columns are measured. A little more than fonts really take. */
static double letter_width(unsigned char byte)
{
    if ((byte & 0xC0) == 0x80)
        return 0;
    if (byte >= WIDE_LETTER)
        return 2;
    if (byte < 0x80 && strchr(" !'(),-./:;I[]fijlrt|", byte) != NULL)
        return 0.65;
    if (byte < 0x80 && strchr("%@MWmw", byte) != NULL)
        return 1.6;
    return byte >= 'A' && byte <= 'Z' ? 1.2 : 1;
}

static double width_of(const char *text, size_t size)
{
    double width = 0;

    for (size_t i = 0; i < size; i++)
        width += letter_width((unsigned char)text[i]);
    return width;
}

/* Word by word, as a spreadsheet does it; a word that is too long by itself is broken anywhere. */
static unsigned lines_of(const char *text, double room)
{
    double used = 0;
    unsigned lines = 1;

    while (*text != '\0') {
        size_t size = strcspn(text, " ");
        double word = width_of(text, size);

        if (used > 0 && used + BLANK + word > room) {
            lines++;
            used = 0;
        }
        used += (used > 0 ? BLANK : 0) + word;
        while (used > room) {
            used -= room;
            lines++;
        }
        text += size + strspn(text + size, " ");
    }
    return lines;
}

void xlsx_height_at_least(struct xlsx_height *height, unsigned lines, enum xlsx_style style)
{
    double points = lines * xlsx_line_height(style) + AIR;

    if (lines > 1 && points > height->points)
        height->points = points < HIGHEST ? points : HIGHEST;
}

void xlsx_height_of(struct xlsx_height *height, const char *text, unsigned width, enum xlsx_style style)
{
    double room = ((double)width - INDENTS) / xlsx_character_width(style);

    xlsx_height_at_least(height, lines_of(text, room > NARROWEST ? room : NARROWEST), style);
}

bool xlsx_set_height(struct xlsx_sheet *sheet, unsigned row, const struct xlsx_height *height, struct error *err)
{
    return height->points <= 0 || xlsx_done(worksheet_set_row(sheet->worksheet, row, height->points, NULL), err);
}
