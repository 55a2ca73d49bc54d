/* SPDX-License-Identifier: MIT */
/* From the database's texts to cells: numbers, dates, times, and text that any spreadsheet can open. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "report/template.h"
#include "report/figure.h"

#define CELL_CHARACTERS 32767
#define SECONDS_PER_DAY 86400.0
#define DIGITS          "0123456789"

/* As JSON writes numbers, which is how PostgreSQL writes all but NaN and the infinities. */
static bool is_number(const char *text)
{
    size_t whole;
    size_t behind = 1;

    text += *text == '-';
    whole = strspn(text, DIGITS);
    if (whole == 0 || (*text == '0' && whole > 1))
        return false;
    text += whole;
    if (*text == '.') {
        behind = strspn(text + 1, DIGITS);
        text += 1 + behind;
    }
    if (behind > 0 && (*text == 'e' || *text == 'E')) {
        text += 1 + (text[1] == '+' || text[1] == '-');
        behind = strspn(text, DIGITS);
        text += behind;
    }
    return behind > 0 && *text == '\0';
}

bool figure_number(const char *text, double *number)
{
    if (!is_number(text))
        return false;
    *number = strtod(text, NULL);
    return true;
}

unsigned figure_decimals(const char *text)
{
    const char *point = strchr(text, '.');

    return point != NULL ? (unsigned)strspn(point + 1, DIGITS) : 0;
}

/* ---- dates and times ---- */

/* Days from 1899-12-30 to a date of the Gregorian calendar, by counting years from March. */
static double serial_of(int year, int month, int day)
{
    int years = month > 2 ? year : year - 1;
    int months = (month + 9) % 12;
    int days = 365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day - 1;

    return days - 693899;
}

/* Reads so many digits and the character behind them (NUL: whatever it is), and steps over both. */
static bool read_digits(const char **text, size_t count, char behind, int *number)
{
    *number = 0;
    for (size_t i = 0; i < count; i++, (*text)++) {
        if (!isdigit((unsigned char)**text))
            return false;
        *number = *number * 10 + (**text - '0');
    }
    if (behind == '\0')
        return true;
    return *(*text)++ == behind;
}

/* Steps over the date. */
static bool read_date(const char **text, double *serial)
{
    int year;
    int month;
    int day;

    if (!read_digits(text, 4, '-', &year) || !read_digits(text, 2, '-', &month) || !read_digits(text, 2, '\0', &day))
        return false;
    *serial = serial_of(year, month, day);
    return year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

bool figure_date(const char *text, double *serial)
{
    return read_date(&text, serial) && *text == '\0';
}

bool figure_time(const char *text, double *serial)
{
    int hour;
    int minute;
    int second;

    if (!read_date(&text, serial) || (*text != ' ' && *text != 'T'))
        return false;
    text++;
    if (!read_digits(&text, 2, ':', &hour) || !read_digits(&text, 2, ':', &minute) ||
        !read_digits(&text, 2, '\0', &second))
        return false;
    *serial += (hour * 3600 + minute * 60 + second) / SECONDS_PER_DAY;
    return true;
}

bool figure_check(enum report_kind kind, const char *text, struct error *err)
{
    static bool (*const readers[])(const char *, double *) = {
        [REPORT_TEXT] = NULL,
        [REPORT_INTEGER] = figure_number,
        [REPORT_NUMBER] = figure_number,
        [REPORT_PERCENT] = figure_number,
        [REPORT_MONEY] = figure_number,
        [REPORT_TIME] = figure_time,
        [REPORT_DATE] = figure_date,
    };
    double number;

    if (readers[kind] == NULL || readers[kind](text, &number))
        return true;
    return fail(err, EXIT_COMMAND, "\"%.60s\" is not of the kind %s", text, report_kind_name(kind));
}

/* ---- text ---- */

/* _xHHHH_ at the start of text. */
static bool is_escape(const char *text)
{
    if (text[0] != '_' || text[1] != 'x')
        return false;
    for (size_t i = 2; i < 6; i++)
        if (!isxdigit((unsigned char)text[i]))
            return false;
    return text[6] == '_';
}

/* What stands for the character at the start of text; NULL for itself. The controls of ASCII have pictures. */
static const char *visible(struct str text, size_t *size, char escape[SHOWN_ESCAPE_SIZE])
{
    const char *other = shown_escape(text, size, escape);
    unsigned char c = (unsigned char)text.data[0];

    if (other != NULL && (c < 0x20 || c == 0x7F))
        snprintf(escape, SHOWN_ESCAPE_SIZE, "\xE2\x90%c", c == 0x7F ? 0xA1 : 0x80 + c);
    return other;
}

static const char *replacement(struct str text, size_t *size, char escape[SHOWN_ESCAPE_SIZE])
{
    const char *other = visible(text, size, escape);

    return is_escape(text.data) ? "_x005F_" : other;
}

/* In UTF-16, which is what Excel counts: of the character itself, or of what stands for it. */
static size_t units_of(const char *other, size_t size)
{
    if (other != NULL)
        return (unsigned char)*other < 0x80 ? strlen(other) : 1;
    return size == 4 ? 2 : 1;
}

bool figure_is_clean(const char *text)
{
    size_t size = 0;

    for (; text[size] != '\0'; size++) {
        unsigned char c = (unsigned char)text[size];

        if (c < 0x20 || c >= 0x7F || (c == '_' && text[size + 1] == 'x'))
            return false;
    }
    return size < CELL_CHARACTERS;
}

bool figure_clean(const char *text, struct buffer *out)
{
    char escape[SHOWN_ESCAPE_SIZE];
    struct str rest = str_of(text);
    size_t used = 0;

    for (size_t size; rest.size > 0; rest.data += size, rest.size -= size) {
        const char *other = replacement(rest, &size, escape);
        size_t units = units_of(other, size);

        if (used + units >= CELL_CHARACTERS && rest.size > size)
            return buffer_add(out, "\xE2\x80\xA6", 3);
        if (!buffer_add(out, other != NULL ? other : rest.data, other != NULL ? strlen(other) : size))
            return false;
        used += units;
    }
    return true;
}

bool figure_visible(const char *text, size_t characters, struct buffer *out)
{
    char escape[SHOWN_ESCAPE_SIZE];
    struct str rest = str_of(text);
    size_t shown = 0;

    for (size_t size; rest.size > 0; rest.data += size, rest.size -= size) {
        const char *other = visible(rest, &size, escape);

        if (++shown >= characters && rest.size > size)
            return buffer_add(out, "\xE2\x80\xA6", 3);
        if (!buffer_add(out, other != NULL ? other : rest.data, other != NULL ? strlen(other) : size))
            return false;
    }
    return true;
}

/* ---- on pages ---- */

/* "1234567.50" is "1,234,567.50". */
MUST_CHECK static bool add_grouped(const char *text, struct buffer *out)
{
    size_t sign = *text == '-';
    size_t whole = strspn(text + sign, DIGITS);

    if (!buffer_add(out, text, sign))
        return false;
    text += sign;
    for (size_t i = 0; i < whole; i++)
        if ((i > 0 && (whole - i) % 3 == 0 && !buffer_add(out, ",", 1)) || !buffer_add(out, text + i, 1))
            return false;
    return buffer_format(out, "%s", text + whole);
}

MUST_CHECK static bool add_percent(const char *text, struct buffer *out)
{
    return buffer_format(out, "%.1f%%", strtod(text, NULL) * 100);
}

#define SECOND_SIZE 19 /* of "2026-10-01 00:00:00" */

bool figure_cell(enum report_kind kind, const char *text, const char *currency, size_t characters, struct buffer *out)
{
    switch (kind) {
    case REPORT_TEXT:
        return figure_visible(text, characters, out);
    case REPORT_INTEGER:
    case REPORT_NUMBER:
        return add_grouped(text, out);
    case REPORT_MONEY:
        return add_grouped(text, out) && (currency == NULL || buffer_format(out, " %s", currency));
    case REPORT_PERCENT:
        return add_percent(text, out);
    case REPORT_TIME:
        return buffer_format(out, "%.*s", SECOND_SIZE, text);
    case REPORT_DATE:
        break;
    }
    return buffer_format(out, "%s", text);
}

/* ---- in sentences ---- */

/* "2026-10-01 00:00:00+02" is "2026-10-01 00:00", whole seconds else. */
static struct str short_time(const char *text)
{
    size_t size = strcspn(text, ".");

    if (size > 19)
        size = 19;
    if (size == 19 && strncmp(text + 16, ":00", 3) == 0)
        size = 16;
    return (struct str){text, size};
}

bool figure_show(enum report_kind kind, const char *text, struct buffer *out, struct error *err)
{
    return template_add(out, kind == REPORT_TIME ? short_time(text) : str_of(text), err);
}
