/* SPDX-License-Identifier: MIT */
/* HTML and plain text of rows in memory: escapes, values as they are shown, long lists, totals, charts. */

#include <locale.h>

#include "report_rendered.h"

#define HEAD_SHEET                                                                                                     \
    "{\"name\": \"Front\", \"about\": \"a\", \"blocks\": ["                                                            \
    "{\"text\": {\"text\": \"{month.contract} & co\", \"style\": \"title\"}},"                                         \
    "{\"text\": {\"text\": \"never\", \"when\": \"month.limit\"}},"                                                    \
    "{\"form\": {\"label_width\": 9, \"value_width\": 9, \"headings\": [\"\", \"Ours\", \"What if\"], \"fields\": ["   \
    "{\"label\": \"Used\", \"value\": \"month.used\", \"formula\": \"ROW(A1)\", \"note\": \"n\"},"                     \
    "{\"label\": \"Charge\", \"value\": \"month.charge\", \"look\": \"key\", "                                         \
    "\"second\": {\"value\": \"month.charge\", \"open\": true}},"                                                      \
    "{\"label\": \"Start\", \"value\": \"month.start\"},"                                                              \
    "{\"label\": \"Limit\", \"value\": \"month.limit\", \"absent\": \"no <limit>\"},"                                  \
    "{\"label\": \"Zone\", \"value\": \"month.zone\", \"marks\": "                                                     \
    "[{\"text\": \"Europe\", \"look\": \"bad\", \"begins\": true}]}]}}]}"
#define THINGS_SHEET(chart)                                                                                            \
    "{\"name\": \"Things\", \"about\": \"a\", \"blocks\": ["                                                           \
    "{\"table\": {\"dataset\": \"things\", \"list\": true, \"empty\": \"No things.\", \"columns\": ["                  \
    "{\"title\": \"Id\", \"key\": \"id\", \"width\": 9, \"total\": {\"text\": \"All\"}},"                              \
    "{\"title\": \"Amount\", \"key\": \"amount\", \"width\": 9, \"bar\": true, \"total\": {\"sum\": true}}]}}" chart   \
    "]}"
#define CHART                                                                                                          \
    ", {\"chart\": {\"title\": \"c <{month.contract}>\", \"width\": 400, \"height\": 300, \"categories\": "            \
    "\"things.id\", \"series\": [{\"title\": \"Amount\", \"values\": \"things.amount\"},"                              \
    "{\"title\": \"Most\", \"values\": \"things.amount\", \"style\": \"limit\"}]}}"

static struct error err;

static char *shown(const struct renderer *renderer, struct memory *memory, const char *rows, const char *sheets)
{
    const struct report_request request = {
        .format = &renderer->format, .month = "2026-10-01", .now_us = INT64_C(1793520000000000)};

    (void)setlocale(LC_CTYPE, "C.UTF-8");
    char *text = rendered(memory, memory_layout(rows, sheets), &request, &err);
    cr_assert_not_null(text, "%s", err.text);
    return text;
}

static void holds(const char *text, const char *wanted)
{
    cr_expect_not_null(strstr(text, wanted), "%s\nnot in: %s", wanted, text);
}

static void lacks(const char *text, const char *unwanted)
{
    cr_expect_null(strstr(text, unwanted), "%s\nis in: %s", unwanted, text);
}

Test(report_page, values_are_shown_as_people_read_them)
{
    struct memory memory = memory_new();

    memory.month[1] = "-1234567";
    memory.month[2] = NULL;
    memory.month[3] = "1000.50";
    char *text = shown(&render_text, &memory, "few", HEAD_SHEET);
    lacks(text, "never");
    holds(text, "acme & co\n");
    holds(text, "\n                       Ours       What if\n");
    holds(text, "\nUsed             -1,234,567                n\n");
    holds(text, "\nCharge         1,000.50 EUR  1,000.50 EUR\n");
    holds(text, "\nStart   2026-10-01 00:00:00\n");
    holds(text, "no <limit>\n");
    free(text);
}

Test(report_page, markup_is_text)
{
    struct memory memory = memory_new();

    memory.month[0] = "<script>alert('\"&')</script>\x01\xE2\x80\xAE";
    memory.month[2] = NULL;
    char *html = shown(&render_html, &memory, "few", HEAD_SHEET);
    lacks(html, "<script");
    holds(html, "&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;\xE2\x90\x81\\u202E &amp; co</p>");
    holds(html, "no &lt;limit&gt;");
    holds(html, "<td class=\"bad\">Europe/Vienna<");
    holds(html, "<th scope=\"row\">Charge<td");
    holds(html, "<th scope=\"col\">What if");
    free(html);
}

static const char *(hostile[])[2] = {
    {"a\nb\tc\x1B[31m", "1"}, {"\xF0\x9F\x98\x80", NULL}, {"\xD7\xA9\xD7\x9C", "1000"}};

Test(report_page, tables_line_up_whatever_they_hold)
{
    struct memory memory = memory_new();

    memory.things = hostile;
    memory.count = ARRAY_LENGTH(hostile);
    char *text = shown(&render_text, &memory, "many", THINGS_SHEET(""));
    holds(text, "\nId          Amount\n------------------\n"
                "a\xE2\x90\x8A"
                "b\xE2\x90\x89"
                "c\xE2\x90\x9B[31m       1\n"
                "\xF0\x9F\x98\x80\n"
                "\xD7\xA9\xD7\x9C           1,000\nAll          1,001\n");
    free(text);
}

Test(report_page, a_long_list_is_cut_and_says_so_but_its_total_is_whole)
{
    const struct renderer *const renderers[] = {&render_text, &render_html};
    static const struct {
        const char *rows;
        size_t invented;
        const char *last, *beyond, *total, *note;
    } cases[] = {
        {"many", 50, "id 50", NULL, "1,275", NULL},
        {"many", 1000, "id 50", "id 51", "500,500", "The first 50 of 1000 rows."},
        {"few", 200, "id 200", NULL, "20,100", NULL},
        {"few", 201, "id 200", "id 201", "20,301", "The first 200 of 201 rows."},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases) * ARRAY_LENGTH(renderers); i++) {
        const struct renderer *renderer = renderers[i % ARRAY_LENGTH(renderers)];
        size_t number = i / ARRAY_LENGTH(renderers);
        struct memory memory = memory_new();

        memory.invented = cases[number].invented;
        char *text = shown(renderer, &memory, cases[number].rows, THINGS_SHEET(""));
        holds(text, cases[number].last);
        holds(text, cases[number].total);
        if (cases[number].beyond != NULL)
            lacks(text, cases[number].beyond);
        if (cases[number].note != NULL)
            holds(text, cases[number].note);
        else
            lacks(text, "The first");
        free(text);
    }
}

Test(report_page, an_empty_table_says_so)
{
    struct memory memory = memory_new();
    char *text = shown(&render_text, &memory, "many", THINGS_SHEET(""));
    char *html = shown(&render_html, &memory, "few", THINGS_SHEET(CHART));

    holds(text, "\nNo things.\n");
    lacks(text, "Amount");
    holds(html, "<p class=\"more\">No things.</p>");
    lacks(html, "<svg");
    free(text);
    free(html);
}

Test(report_page, a_long_text_is_cut_or_goes_on_below_itself)
{
    static char label[32769];
    const char *things[][2] = {{label, "1"}};
    struct memory memory = memory_new();

    memset(label, 'q', sizeof(label) - 1);
    memory.things = things;
    memory.count = 1;
    char *text = shown(&render_text, &memory, "many", THINGS_SHEET(""));
    char *html = shown(&render_html, &memory, "many", THINGS_SHEET(""));
    cr_expect_eq(strspn(strstr(text, "qq"), "q"), 66);
    holds(text, "q       1\nqqq");
    holds(text, "qqq\xE2\x80\xA6\nAll");
    cr_expect_eq(strspn(strstr(html, "qq"), "q"), 299);
    free(text);
    free(html);
}

Test(report_page, a_chart_is_drawn_with_its_gaps)
{
    const char *things[][2] = {{"2026-10-01", "0"}, {"2026-10-02", NULL}, {"2026-10-03", "7"}, {"2026-10-04", "9"}};
    struct memory memory = memory_new();

    memory.things = things;
    memory.count = ARRAY_LENGTH(things);
    char *html = shown(&render_html, &memory, "few", THINGS_SHEET(CHART));
    holds(html, "<figcaption>c &lt;acme&gt;</figcaption>");
    holds(html, "<svg role=\"img\"");
    holds(html, "aria-label=\"c &lt;acme&gt;\"");
    /* From 0 to 10 on 224 pixels: one alone as a dot, none for what is not there, a line for the rest. */
    holds(html, "d=\"M64.0 236.0h0.1M277.3 79.2L384.0 34.4\"");
    holds(html, ">10-01</text>");
    holds(html, ">10</text>");
    holds(html, ">Most</text>");
    holds(html, "class=\"n bar\" style=\"background-size:100%");
    holds(html, "class=\"n bar\" style=\"background-size:78%");
    free(html);
}

Test(report_page, charts_of_nothing_and_of_equal_values_stay_charts)
{
    static const char *const amounts[] = {NULL, "0", "-5", "1000000"};

    for (size_t i = 0; i < ARRAY_LENGTH(amounts); i++) {
        const char *things[][2] = {{"a", amounts[i]}};
        struct memory memory = memory_new();

        memory.things = things;
        memory.count = 1;
        char *html = shown(&render_html, &memory, "few", THINGS_SHEET(CHART));
        holds(html, "</svg>");
        lacks(html, "nan");
        lacks(html, "inf\"");
        free(html);
    }
}
