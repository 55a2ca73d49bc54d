/* SPDX-License-Identifier: MIT */
/* The database's texts as cells hold them. */

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/figure.h"

static const struct {
    bool (*read)(const char *, double *);
    const char *text;
    double number; /* NAN: refused */
} numbers[] = {
    {figure_number, "0", 0},
    {figure_number, "-12.50", -12.5},
    {figure_number, "", NAN},
    {figure_number, "12a", NAN},
    {figure_number, " 1", NAN},
    {figure_date, "1900-03-01", 61},
    {figure_date, "2006-01-01", 38718},
    {figure_date, "2024-02-29", 45351},
    {figure_date, "2026-10-31", 46326},
    {figure_date, "2026-13-01", NAN},
    {figure_date, "2026-10-31 00:00", NAN},
    {figure_time, "2026-10-31 00:00:00+01", 46326},
    {figure_time, "2026-10-31 12:00:00.999999+05:30", 46326.5},
    {figure_time, "2026-10-31T18:00:00Z", 46326.75},
    {figure_time, "2026-10-31", NAN},
    {figure_time, "infinity", NAN},
};

Test(report_figure, numbers_dates_and_times)
{
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
        double number = NAN;
        bool good = numbers[i].read(numbers[i].text, &number);

        cr_expect_eq(good, !isnan(numbers[i].number), "%s", numbers[i].text);
        cr_expect(!good || fabs(number - numbers[i].number) < 1e-9, "%s: %f", numbers[i].text, number);
    }
}

static const struct {
    const char *text;
    const char *cell;
} texts[] = {
    {"", ""},
    {"=HYPERLINK(\"x\")", "=HYPERLINK(\"x\")"},
    {"a\x07\tb\n\x7F", "a\xE2\x90\x87\xE2\x90\x89"
                       "b\xE2\x90\x8A\xE2\x90\xA1"},
    {"_x0041_", "_x005F_x0041_"},
    {"_x00g1_ _x004", "_x00g1_ _x004"},
    {"__x0041_", "__x005F_x0041_"},
    {"\xF0\x9F\x98\x80 \xD7\xA9\xD7\x9C", "\xF0\x9F\x98\x80 \xD7\xA9\xD7\x9C"},
    {"\xEF\xBF\xBF\xEF\xBF\xBE\xEF\xBF\xBD", "\\uFFFF\\uFFFE\xEF\xBF\xBD"},
    {"a\xE2\x80\xAE"
     "b\xC2\x85",
     "a\\u202Eb\\u0085"},
};

Test(report_figure, texts_that_any_spreadsheet_takes)
{
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        struct buffer out;

        buffer_init(&out, FIGURE_CLEAN_CEILING);
        cr_expect(figure_clean(texts[i].text, &out));
        cr_expect_str_eq(out.data != NULL ? out.data : "", texts[i].cell);
        buffer_free(&out);
    }
}

/* 32,767 is what a cell holds; characters beyond the basic plane count twice there. */
static size_t cleaned_units(const char *character, size_t count, bool *cut)
{
    size_t size = strlen(character);
    char *text = mem_alloc(size * count + 1);
    struct buffer out;
    size_t units = 0;

    for (size_t i = 0; i < count; i++)
        memcpy(text + i * size, character, size);
    buffer_init(&out, FIGURE_CLEAN_CEILING);
    cr_assert(figure_clean(text, &out));
    for (size_t i = 0; i < out.size; i++) {
        unsigned char c = (unsigned char)out.data[i];
        units += c >= 0xF0 ? 2 : (c & 0xC0) != 0x80;
    }
    *cut = out.size >= 3 && memcmp(out.data + out.size - 3, "\xE2\x80\xA6", 3) == 0;
    buffer_free(&out);
    free(text);
    return units;
}

Test(report_figure, cuts_what_no_cell_holds)
{
    bool cut;

    cr_expect_eq(cleaned_units("x", 32767, &cut), 32767);
    cr_expect_not(cut);
    cr_expect_eq(cleaned_units("x", 32768, &cut), 32767);
    cr_expect(cut);
    cr_expect_eq(cleaned_units("\xF0\x9F\x98\x80", 16383, &cut), 32766);
    cr_expect_not(cut);
    cr_expect(cleaned_units("\xF0\x9F\x98\x80", 20000, &cut) <= 32767);
    cr_expect(cut);
}

Test(report_figure, decimals)
{
    cr_expect_eq(figure_decimals("12"), 0);
    cr_expect_eq(figure_decimals("12.50"), 2);
    cr_expect_eq(figure_decimals("0.0123456789"), 10);
}

Test(report_figure, times_in_sentences)
{
    struct error err;
    struct buffer out;

    buffer_init(&out, 1000);
    cr_expect(figure_show(REPORT_TIME, "2026-10-01 00:00:00+02", &out, &err));
    cr_expect(figure_show(REPORT_TEXT, ", ", &out, &err));
    cr_expect(figure_show(REPORT_TIME, "2026-10-01 00:00:07.5+02", &out, &err));
    cr_expect_str_eq(out.data, "2026-10-01 00:00, 2026-10-01 00:00:07");
    buffer_free(&out);
}
