/* SPDX-License-Identifier: MIT */
/* One HTML page that needs nothing else: no script, no file beside it, nothing from elsewhere. It is XML too. */

#include <string.h>

#include "report/html.h"

#define LONG_TEXT 28 /* bytes of a cell; a longer one is broken into lines */

/* Dark on white, also where a reader's program prefers otherwise: the charts are drawn for it. */
static const char style[] =
    ":root{color-scheme:light}\n"
    "body{margin:0;background:#fff;color:#262626;font:15px/1.45 Calibri,'Segoe UI',Arial,sans-serif}\n"
    "main{max-width:1100px;margin:0 auto;padding:16px}\n"
    "h1,h2,h3,.title{color:#1F4E79;line-height:1.25;margin:1.2em 0 .4em}\n"
    "h1{font-size:26px;margin-top:.2em}h2{font-size:21px;border-bottom:2px solid #1F4E79;padding-bottom:3px;"
    "margin-top:2em}h3{font-size:17px}.title{font-size:17px;font-weight:bold}\n"
    "p{margin:.4em 0;overflow-wrap:anywhere}.note,.more{color:#4D4D4D;font-size:13px}.subtitle{color:#4D4D4D}\n"
    ".banner{font-weight:bold;padding:6px 10px}.good{color:#00613F}\n"
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
    ".n{text-align:right;font-variant-numeric:tabular-nums}.r{text-align:right}\n"
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

enum align {
    ALIGN_TEXT,
    ALIGN_FIGURE,
    ALIGN_RIGHT /* a text beside figures */
};

/* A bar lies behind its number. What a text says about the order of reading ends with its cell. */
static void put_cell(struct sink *sink, const struct page_cell *cell, enum align align)
{
    static const char *const classes[] = {[ALIGN_TEXT] = "", [ALIGN_FIGURE] = "n", [ALIGN_RIGHT] = "r"};

    sink_text(sink, "<td");
    put_classes(sink,
                (const char *const[]){classes[align], look_class(cell->look), cell->expected ? "e" : "",
                                      strlen(cell->text) > LONG_TEXT && align != ALIGN_FIGURE ? "w" : ""},
                4);
    if (cell->bar >= 0)
        sink_format(sink, " style=\"background:linear-gradient(90deg,#C9DCEF %.1f%%,transparent 0)\"", cell->bar * 100);
    sink_text(sink, ">");
    html_text(sink, cell->text);
    sink_text(sink, "</td>");
}

static void put_heading(struct sink *sink, const char *title, bool is_figure)
{
    sink_format(sink, "<th scope=\"col\"%s>", is_figure ? " class=\"n\"" : "");
    html_text(sink, title);
    sink_text(sink, "</th>");
}

static void begin_table(struct sink *sink, const char *class, const char *caption)
{
    sink_text(sink, "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"");
    html_text(sink, caption);
    sink_format(sink, "\"><table class=\"%s\"><caption>", class);
    html_text(sink, caption);
    sink_text(sink, "</caption>\n");
}

/* ---- forms ---- */

static void put_headings(struct sink *sink, const struct page_form *form)
{
    if (form->heading_count == 0)
        return;
    sink_text(sink, "<thead><tr>");
    for (size_t i = 0; i < form->heading_count; i++)
        if (form->headings[i][0] != '\0')
            put_heading(sink, form->headings[i], i == 1 || (i == 2 && form->has_second));
        else
            sink_text(sink, "<td></td>");
    sink_text(sink, "</tr></thead>\n");
}

static void put_form(struct sink *sink, const struct page_form *form, const char *sheet)
{
    begin_table(sink, "form", sheet);
    put_headings(sink, form);
    sink_text(sink, "<tbody>\n");
    for (size_t i = 0; i < form->count; i++) {
        const struct page_field *field = &form->fields[i];
        enum align align = form->left ? ALIGN_TEXT : field->is_figure ? ALIGN_FIGURE : ALIGN_RIGHT;

        sink_format(sink, "<tr%s><th scope=\"row\">", field->is_key ? " class=\"key\"" : "");
        html_text(sink, field->label);
        sink_text(sink, "</th>");
        put_cell(sink, &field->value, align);
        if (form->has_second)
            put_cell(sink, &field->second, align);
        if (form->has_note) {
            sink_text(sink, "<td class=\"note\">");
            html_text(sink, field->note != NULL ? field->note : "");
            sink_text(sink, "</td>");
        }
        sink_text(sink, "</tr>\n");
    }
    sink_text(sink, "</tbody></table></div>\n");
}

/* ---- tables ---- */

static void put_rows(struct sink *sink, const struct page_table *table)
{
    sink_text(sink, "<thead><tr>");
    for (size_t i = 0; i < table->column_count; i++)
        put_heading(sink, table->columns[i].title, table->columns[i].is_figure);
    sink_text(sink, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < table->shown; i++) {
        sink_text(sink, "<tr>");
        for (size_t j = 0; j < table->column_count; j++)
            put_cell(sink, &table->rows[i][j], table->columns[j].is_figure ? ALIGN_FIGURE : ALIGN_TEXT);
        sink_text(sink, "</tr>\n");
    }
    sink_text(sink, "</tbody>\n");
    if (table->total == NULL)
        return;
    sink_text(sink, "<tfoot><tr>");
    for (size_t i = 0; i < table->column_count; i++)
        put_cell(sink, &table->total[i], table->columns[i].is_figure ? ALIGN_FIGURE : ALIGN_TEXT);
    sink_text(sink, "</tr></tfoot>\n");
}

static void put_table(const struct render_job *job, const struct page_table *table, const char *sheet)
{
    const char *note = page_table_note(job, table, sheet);

    begin_table(job->sink, "list", table->dataset->about);
    put_rows(job->sink, table);
    sink_text(job->sink, "</table></div>\n");
    if (note == NULL)
        return;
    sink_text(job->sink, "<p class=\"more\">");
    html_text(job->sink, note);
    sink_text(job->sink, "</p>\n");
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

static void put_block(const struct render_job *job, const struct page_block *block, const char *sheet)
{
    if (block->text != NULL)
        put_text(job->sink, block->text);
    if (block->form != NULL)
        put_form(job->sink, block->form, sheet);
    if (block->table != NULL)
        put_table(job, block->table, sheet);
    if (block->chart != NULL)
        put_chart(job->sink, block->chart);
}

static void put_head(struct sink *sink, const struct page *page)
{
    sink_text(sink, "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
                    "<meta charset=\"utf-8\"/>\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                    "<meta name=\"generator\" content=\"headroom " HEADROOM_VERSION "\"/>\n<title>");
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
    struct page *page;

    if (!page_new(job, &page, err))
        return false;
    put_head(job->sink, page);
    for (size_t i = 0; i < page->top_count; i++)
        put_block(job, &page->top[i], page->title);
    put_contents(job->sink, page);
    for (size_t i = 0; i < page->sheet_count; i++) {
        const struct page_sheet *sheet = &page->sheets[i];

        sink_format(job->sink, "<section id=\"sheet%zu\">\n<h2>", i + 1);
        html_text(job->sink, sheet->name);
        sink_text(job->sink, "</h2>\n");
        for (size_t j = 0; j < sheet->count; j++)
            put_block(job, &sheet->blocks[j], sheet->name);
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
