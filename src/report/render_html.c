/* SPDX-License-Identifier: MIT */
/* One HTML page that needs nothing else: no script, no file beside it, nothing from elsewhere. Mail programs cut off
 * what is longer than about 100 KB: in tables, end tags that HTML can do without are left out, and a cell says only
 * what the others of its table don't. */

#include <string.h>

#include "report/html.h"

#define LONG_TEXT 28 /* bytes of a cell; a longer one is broken into lines */
#define SPAN_MIN  5  /* blank cells beside each other; fewer are not shorter as one */

struct html {
    const struct render_job *job;
    struct sink *sink;
    size_t tables; /* so far: each has an id */
};

/* Dark on white, also where a reader's program prefers otherwise: the charts are drawn for it. */
static const char style[] =
    ":root{color-scheme:light}\n"
    "body{margin:0;background:#fff;color:#262626;font:15px/1.45 Calibri,'Segoe UI',Arial,sans-serif}\n"
    "main{max-width:1100px;margin:0 auto;padding:16px}\n"
    "h1,h2,h3,.title{color:#1F4E79;line-height:1.25;margin:1.2em 0 .4em}\n"
    "h1{font-size:26px;margin-top:.2em}h2{font-size:21px;border-bottom:2px solid #1F4E79;padding-bottom:3px;"
    "margin-top:2em}h3{font-size:17px}.title{font-size:17px;font-weight:bold}\n"
    "p{margin:.4em 0;overflow-wrap:anywhere}.note,.more{color:#4D4D4D;font-size:13px}.subtitle{color:#4D4D4D}\n"
    ".banner,p.good,p.warn,p.bad{font-weight:bold;padding:6px 10px}.good{color:#00613F}\n"
    ".good:before{content:'\\2713\\A0'}.warn:before{content:'!\\A0'}.bad:before{content:'\\2717\\A0'}\n"
    ".warn,.banner{color:#6B4200;background:#FFF1CC;font-weight:bold}.bad,.banner.bad{color:#fff;background:#B42318;"
    "font-weight:bold}.banner.good{color:#00613F;background:#E6F4EA}.e{font-style:italic;color:#1F4E79;"
    "background:#EAF1F8}\n"
    "nav a{display:inline-block;margin:0 12px 4px 0;color:#1F4E79}\n"
    ".wide{overflow-x:auto;margin:.6em 0}table{border-collapse:collapse;font-size:14px}\n"
    "th,td{padding:3px 9px;border-bottom:1px solid #D9D9D9;text-align:left;vertical-align:top;unicode-bidi:plaintext;"
    "white-space:nowrap}th,.w,td.note{white-space:normal}.w,td.note{min-width:14em;max-width:30em;overflow-wrap:"
    "anywhere}\n"
    "thead th{background:#1F4E79;color:#fff;vertical-align:bottom}\n"
    ".form th{font-weight:normal}.key th,.key td{font-size:18px;font-weight:bold;background-color:#EAF1F8}"
    ".key .note{font-size:13px;font-weight:normal}.key .bad{background-color:#B42318}"
    ".key .warn{background-color:#FFF1CC}\n"
    ".n,.figures td,.figures thead th{text-align:right;font-variant-numeric:tabular-nums}"
    ".figures .t,.figures .note{text-align:left}.bar{background:linear-gradient(#C9DCEF,#C9DCEF) no-repeat}\n"
    "tfoot td{font-weight:bold;border-top:2px solid #1F4E79;border-bottom:0}\n"
    "caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\n"
    "figure{margin:1em 0}figcaption{font-weight:bold;color:#1F4E79}svg{max-width:100%;height:auto}\n"
    "footer{margin-top:2.5em;border-top:1px solid #D9D9D9;padding-top:6px;color:#4D4D4D;font-size:12px}\n"
    "@media(max-width:600px){body{font-size:16px}main{padding:10px}th,td{padding:4px 6px}}\n"
    "@media print{@page{size:landscape;margin:10mm}nav{display:none}main{max-width:none;padding:0}"
    "body{font-size:10pt}table{font-size:9pt}.list{font-size:7pt}td.note{font-size:8pt}th,td{padding:1px 3px}"
    "thead{display:table-header-group}tfoot{display:table-row-group}tr,figure{break-inside:avoid}"
    ".wide{overflow:visible}h2,h3{break-after:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n";

void html_text(struct sink *sink, const char *text)
{
    static const char signs[] = "&<>\"'";
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

    while (*text != '\0') {
        size_t plain = strcspn(text, signs);

        sink_add(sink, (struct str){text, plain});
        text += plain;
        if (*text != '\0')
            sink_text(sink, entities[strchr(signs, *text++) - signs]);
    }
}

static const char *look_class(enum layout_look look)
{
    static const char *const classes[] = {
        [LOOK_PLAIN] = "", [LOOK_KEY] = "", [LOOK_GOOD] = "good", [LOOK_WARN] = "warn", [LOOK_BAD] = "bad"};

    return classes[look];
}

/* Those that are there; a page has many cells that need none. */
static void put_classes(struct sink *sink, const char *const *classes, size_t count)
{
    const char *before = " class=\"";

    for (size_t i = 0; i < count; i++)
        if (*classes[i] != '\0') {
            sink_format(sink, "%s%s", before, classes[i]);
            before = " ";
        }
    sink_text(sink, *before == ' ' && before[1] == '\0' ? "\"" : "");
}

/* ---- texts ---- */

static void put_text(struct sink *sink, const struct page_text *text)
{
    static const char *const tags[] = {
        [STYLE_NOTE] = "p", [STYLE_TITLE] = "p", [STYLE_SUBTITLE] = "p", [STYLE_HEADING] = "h3", [STYLE_BANNER] = "p"};
    static const char *const classes[] = {[STYLE_NOTE] = "note",
                                          [STYLE_TITLE] = "title",
                                          [STYLE_SUBTITLE] = "subtitle",
                                          [STYLE_HEADING] = "",
                                          [STYLE_BANNER] = "banner"};

    sink_format(sink, "<%s", tags[text->style]);
    put_classes(sink, (const char *const[]){classes[text->style], look_class(text->cell.look)}, 2);
    sink_text(sink, ">");
    html_text(sink, text->cell.text);
    sink_format(sink, "</%s>\n", tags[text->style]);
}

/* ---- cells ---- */

/* The table says how most of its cells stand, the others say it themselves. */
static const char *align_class(bool is_figure, bool of_figures)
{
    return is_figure == of_figures ? "" : is_figure ? "n" : "t";
}

/* A bar lies behind its number. What a text says about the order of reading ends with its cell. */
static void put_cell(struct sink *sink, const struct page_cell *cell, bool is_figure, const char *align)
{
    bool is_empty = cell->text[0] == '\0';
    bool is_long = !is_figure && strlen(cell->text) > LONG_TEXT;

    sink_text(sink, "<td");
    put_classes(sink,
                (const char *const[]){is_empty ? "" : align, look_class(cell->look), cell->expected ? "e" : "",
                                      is_long ? "w" : "", cell->bar > 0 ? "bar" : ""},
                5);
    if (cell->bar > 0)
        sink_format(sink, " style=\"background-size:%.0f%%\"", cell->bar * 100);
    sink_text(sink, ">");
    html_text(sink, cell->text);
}

/* The reader who hears the page is told what a wide table is by its caption. */
static void begin_table(struct html *html, const char *class, bool of_figures, const char *caption)
{
    html->tables++;
    sink_format(html->sink,
                "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-labelledby=\"t%zu\">"
                "<table class=\"%s%s\"><caption id=\"t%zu\">",
                html->tables, class, of_figures ? " figures" : "", html->tables);
    html_text(html->sink, caption);
    sink_text(html->sink, "</caption>\n");
}

/* ---- forms ---- */

/* A row with a blank heading: only the scope says what the others head. */
static void put_headings(struct sink *sink, const struct page_form *form)
{
    if (form->heading_count == 0)
        return;
    sink_text(sink, "<thead><tr>");
    for (size_t i = 0; i < form->heading_count; i++)
        if (form->headings[i][0] == '\0')
            sink_text(sink, "<td>");
        else {
            bool is_value = i == 1 || (i == 2 && form->has_second);

            sink_text(sink, "<th scope=\"col\"");
            put_classes(sink, (const char *const[]){form->left || is_value ? "" : "t"}, 1);
            sink_text(sink, ">");
            html_text(sink, form->headings[i]);
        }
    sink_text(sink, "\n");
}

static void put_field(struct sink *sink, const struct page_form *form, const struct page_field *field)
{
    bool is_figure = field->is_figure && !form->left;

    sink_format(sink, "<tr%s><th scope=\"row\">", field->is_key ? " class=\"key\"" : "");
    html_text(sink, field->label);
    put_cell(sink, &field->value, is_figure, "");
    if (form->has_second)
        put_cell(sink, &field->second, is_figure, "");
    if (form->has_note && field->note != NULL) {
        sink_text(sink, "<td class=\"note\">");
        html_text(sink, field->note);
    } else if (form->has_note) {
        sink_text(sink, "<td>");
    }
    sink_text(sink, "\n");
}

static void put_form(struct html *html, const struct page_form *form, const char *sheet)
{
    begin_table(html, "form", !form->left, sheet);
    put_headings(html->sink, form);
    sink_text(html->sink, "<tbody>\n");
    for (size_t i = 0; i < form->count; i++)
        put_field(html->sink, form, &form->fields[i]);
    sink_text(html->sink, "</table></div>\n");
}

/* ---- tables ---- */

static bool is_of_figures(const struct page_table *table)
{
    size_t figures = 0;

    for (size_t i = 0; i < table->column_count; i++)
        figures += table->columns[i].is_figure;
    return figures * 2 > table->column_count;
}

/* How many cells from this one on hold nothing, nor a look. */
static size_t blank_cells(const struct page_cell *cells, size_t count)
{
    size_t blank = 0;

    while (blank < count && cells[blank].text[0] == '\0' && cells[blank].look == LOOK_PLAIN && !cells[blank].expected)
        blank++;
    return blank;
}

static void put_row(struct sink *sink, const struct page_table *table, const struct page_cell *cells)
{
    bool of_figures = is_of_figures(table);

    sink_text(sink, "<tr>");
    for (size_t i = 0; i < table->column_count; i++) {
        bool is_figure = table->columns[i].is_figure;
        size_t blank = blank_cells(&cells[i], table->column_count - i);

        if (blank >= SPAN_MIN) {
            sink_format(sink, "<td colspan=\"%zu\">", blank);
            i += blank - 1;
        } else {
            put_cell(sink, &cells[i], is_figure, align_class(is_figure, of_figures));
        }
    }
    sink_text(sink, "\n");
}

static void put_rows(struct sink *sink, const struct page_table *table)
{
    bool of_figures = is_of_figures(table);

    sink_text(sink, "<thead><tr>");
    for (size_t i = 0; i < table->column_count; i++) {
        sink_text(sink, "<th");
        put_classes(sink, (const char *const[]){align_class(table->columns[i].is_figure, of_figures)}, 1);
        sink_text(sink, ">");
        html_text(sink, table->columns[i].title);
    }
    sink_text(sink, "\n<tbody>\n");
    for (size_t i = 0; i < table->shown; i++)
        put_row(sink, table, table->rows[i]);
    if (table->total == NULL)
        return;
    sink_text(sink, "<tfoot>");
    put_row(sink, table, table->total);
}

static void put_table(struct html *html, const struct page_table *table, const char *sheet)
{
    const char *note = page_table_note(html->job, table, sheet);

    begin_table(html, "list", is_of_figures(table), table->dataset->about);
    put_rows(html->sink, table);
    sink_text(html->sink, "</table></div>\n");
    if (note == NULL)
        return;
    sink_text(html->sink, "<p class=\"more\">");
    html_text(html->sink, note);
    sink_text(html->sink, "</p>\n");
}

/* ---- the page ---- */

static void put_chart(struct sink *sink, const struct page_chart *chart)
{
    sink_text(sink, "<figure><figcaption>");
    html_text(sink, chart->title);
    sink_text(sink, "</figcaption>\n");
    html_chart(sink, chart);
    sink_text(sink, "</figure>\n");
}

static void put_block(struct html *html, const struct page_block *block, const char *sheet)
{
    if (block->text != NULL)
        put_text(html->sink, block->text);
    if (block->form != NULL)
        put_form(html, block->form, sheet);
    if (block->table != NULL)
        put_table(html, block->table, sheet);
    if (block->chart != NULL)
        put_chart(html->sink, block->chart);
}

static void put_head(struct sink *sink, const struct page *page)
{
    sink_text(sink, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                    "<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"generator\" content=\"headroom " HEADROOM_VERSION "\">\n<title>");
    html_text(sink, page->title);
    sink_format(sink, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n<h1>", style);
    html_text(sink, page->title);
    sink_text(sink, "</h1>\n");
}

static void put_contents(struct sink *sink, const struct page *page)
{
    sink_text(sink, "<nav aria-label=\"Sheets\">\n");
    for (size_t i = 0; i < page->sheet_count; i++) {
        sink_format(sink, "<a href=\"#sheet%zu\">", i + 1);
        html_text(sink, page->sheets[i].name);
        sink_text(sink, "</a>\n");
    }
    sink_text(sink, "</nav>\n");
}

static bool write_html(const struct render_job *job, struct error *err)
{
    char made_at[TIMESTAMP_SIZE];
    struct html html = {.job = job, .sink = job->sink};
    struct page *page;

    if (!page_new(job, &page, err))
        return false;
    put_head(job->sink, page);
    for (size_t i = 0; i < page->top_count; i++)
        put_block(&html, &page->top[i], page->title);
    put_contents(job->sink, page);
    for (size_t i = 0; i < page->sheet_count; i++) {
        const struct page_sheet *sheet = &page->sheets[i];

        sink_format(job->sink, "<section id=\"sheet%zu\">\n<h2>", i + 1);
        html_text(job->sink, sheet->name);
        sink_text(job->sink, "</h2>\n");
        for (size_t j = 0; j < sheet->count; j++)
            put_block(&html, &sheet->blocks[j], sheet->name);
        sink_text(job->sink, "</section>\n");
    }
    sink_format(job->sink, "<footer>Made at %s by headroom " HEADROOM_VERSION ".</footer>\n</main>\n</body>\n</html>\n",
                timestamp_format(job->request->now_us, made_at));
    return sink_good(job->sink, err);
}

const struct renderer render_html = {
    .format = {.name = "html", .suffix = ".html", .has_whole = true},
    .shows_sheets = true,
    .render = write_html,
};
