/* SPDX-License-Identifier: MIT */
/* Plain text for a terminal or a mail: the sheets one after the other, tables aligned by blanks. */

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "report/page.h"

#define LINE_WIDTH 100
#define CELL_WIDTH 66 /* of a text in a table, so that a digest has room; more goes on below */
#define NOTE_WIDTH 30 /* at least, behind the values of a form */
#define GAP        2

/* ---- widths ---- */

/* Columns of a terminal: most characters take one, those of East Asia and emoji two, marks above others none. */
static size_t character_width(struct str text, size_t *size)
{
    wchar_t character;
    mbstate_t state = {0};
    size_t got = mbrtowc(&character, text.data, text.size, &state);

    *size = got == 0 || got > text.size ? 1 : got;
    int width = got > text.size ? 1 : wcwidth(character);
    return width > 0 ? (size_t)width : 0;
}

/* So many of its bytes as fit into the columns; *used: those that they take. */
static size_t fitting(const char *text, size_t columns, size_t *used)
{
    struct str rest = str_of(text);
    size_t size;

    *used = 0;
    for (; rest.size > 0; rest.data += size, rest.size -= size) {
        size_t width = character_width(rest, &size);

        if (*used + width > columns)
            break;
        *used += width;
    }
    return (size_t)(rest.data - text);
}

static size_t width_of(struct str text)
{
    size_t width = 0;
    size_t size;

    for (; text.size > 0; text.data += size, text.size -= size)
        width += character_width(text, &size);
    return width;
}

static void put_blanks(struct sink *sink, size_t count)
{
    sink_format(sink, "%*s", (int)count, "");
}

/* ---- lines of text ---- */

/* What fits into a line, taken off the text: whole words, or as much of a word that is longer as a line. */
static struct str take_line(const char **text, size_t width, size_t *used)
{
    const char *start = *text;
    size_t size = fitting(start, width, used);

    if (start[size] != '\0' && start[size] != ' ') {
        size_t whole = size;

        while (whole > 0 && start[whole] != ' ')
            whole--;
        size = whole > 0 ? whole : size > 0 ? size : strlen(start);
    }
    *text = start + size + strspn(start + size, " ");
    while (size > 0 && start[size - 1] == ' ')
        size--;
    *used = width_of((struct str){start, size});
    return (struct str){start, size};
}

static void put_wrapped(struct sink *sink, const char *text)
{
    size_t used;

    do {
        sink_add(sink, take_line(&text, LINE_WIDTH, &used));
        sink_text(sink, "\n");
    } while (*text != '\0');
}

static void put_underlined(struct sink *sink, const char *text, char line)
{
    size_t width = width_of(str_of(text));

    sink_format(sink, "\n%s\n", text);
    for (size_t i = 0; i < width; i++)
        sink_add(sink, (struct str){&line, 1});
    sink_text(sink, "\n");
}

static void put_text(struct sink *sink, const struct page_text *text)
{
    bool banner = text->style == STYLE_BANNER;
    char *line = mem_format(banner ? "*** %s ***" : "%s", text->cell.text);

    if (text->style == STYLE_HEADING)
        put_underlined(sink, line, '-');
    else
        put_wrapped(sink, line);
    free(line);
}

/* ---- grids: what forms and tables are made of ---- */

struct grid {
    struct sink *sink;
    size_t columns;
    size_t *widths;
    const bool *right;
    size_t owed; /* blanks that come before the next text of the line, so that none stand at its end */
};

static void widen(struct grid *grid, size_t column, const char *text)
{
    size_t width = width_of(str_of(text));

    if (width > CELL_WIDTH)
        width = CELL_WIDTH;
    if (width > grid->widths[column])
        grid->widths[column] = width;
}

/* Where a column begins. */
static size_t indent_of(const struct grid *grid, size_t column)
{
    size_t indent = 0;

    for (size_t i = 0; i < column; i++)
        indent += grid->widths[i] + GAP;
    return indent;
}

/* The next line of a cell. */
static void put_piece(struct grid *grid, size_t column, const char **text)
{
    size_t used;
    struct str piece = take_line(text, grid->widths[column], &used);
    size_t blanks = grid->widths[column] > used ? grid->widths[column] - used : 0;

    grid->owed += grid->right[column] ? blanks : 0;
    if (piece.size > 0) {
        put_blanks(grid->sink, grid->owed);
        sink_add(grid->sink, piece);
        grid->owed = 0;
    }
    grid->owed += GAP + (grid->right[column] ? 0 : blanks);
}

static bool is_left(const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (*texts[i] != '\0')
            return true;
    return false;
}

/* As many lines as the longest cell takes; the texts are used up. */
static void put_row(struct grid *grid, const char **texts)
{
    do {
        for (size_t i = 0; i < grid->columns; i++)
            put_piece(grid, i, &texts[i]);
        sink_text(grid->sink, "\n");
        grid->owed = 0;
    } while (is_left(texts, grid->columns));
}

/* ---- forms ---- */

#define FORM_COLUMNS 4

/* Label, value, second value if any field has one, note. */
static void fill_row(const struct page_form *form, const struct page_field *field, const char *texts[FORM_COLUMNS])
{
    size_t count = 0;

    texts[count++] = field->label;
    texts[count++] = field->value.text;
    if (form->has_second)
        texts[count++] = field->second.text;
    texts[count] = field->note != NULL ? field->note : "";
}

static void fill_headings(const struct page_form *form, const char *texts[FORM_COLUMNS])
{
    for (size_t i = 0; i < FORM_COLUMNS; i++)
        texts[i] = i < form->heading_count ? form->headings[i] : "";
}

static void put_form(struct sink *sink, const struct page_form *form)
{
    const char *texts[FORM_COLUMNS];
    size_t widths[FORM_COLUMNS] = {0};
    const bool right[FORM_COLUMNS] = {false, !form->left, !form->left && form->has_second, false};
    size_t values = form->has_second ? 3 : 2;
    struct grid grid = {sink, values + 1, widths, right, 0};

    fill_headings(form, texts);
    for (size_t i = 0; i <= form->count; i++) {
        for (size_t j = 0; j < values; j++)
            widen(&grid, j, texts[j]);
        if (i < form->count)
            fill_row(form, &form->fields[i], texts);
    }

    size_t indent = indent_of(&grid, values);
    widths[values] = indent + NOTE_WIDTH < LINE_WIDTH ? LINE_WIDTH - indent : NOTE_WIDTH;
    sink_text(sink, "\n");
    fill_headings(form, texts);
    if (form->heading_count > 0)
        put_row(&grid, texts);
    for (size_t i = 0; i < form->count; i++) {
        fill_row(form, &form->fields[i], texts);
        put_row(&grid, texts);
    }
}

/* ---- tables ---- */

static void put_cells(struct grid *grid, const struct page_cell *cells, const char **texts)
{
    for (size_t i = 0; i < grid->columns; i++)
        texts[i] = cells[i].text;
    put_row(grid, texts);
}

static void widen_all(struct grid *grid, const struct page_cell *cells)
{
    for (size_t i = 0; i < grid->columns; i++)
        widen(grid, i, cells[i].text);
}

static void put_grid(struct grid *grid, const struct page_table *table, const char **texts)
{
    size_t width;

    for (size_t i = 0; i < grid->columns; i++) {
        texts[i] = table->columns[i].title;
        widen(grid, i, texts[i]);
    }
    for (size_t i = 0; i < table->shown; i++)
        widen_all(grid, table->rows[i]);
    if (table->total != NULL)
        widen_all(grid, table->total);
    width = indent_of(grid, grid->columns) - GAP;
    sink_text(grid->sink, "\n");
    put_row(grid, texts);
    for (size_t i = 0; i < width; i++)
        sink_text(grid->sink, "-");
    sink_text(grid->sink, "\n");
    for (size_t i = 0; i < table->shown; i++)
        put_cells(grid, table->rows[i], texts);
    if (table->total != NULL)
        put_cells(grid, table->total, texts);
}

static void put_table(const struct render_job *job, const struct page_table *table, const char *sheet)
{
    const char *note = page_table_note(job, table, sheet);
    size_t count = table->column_count;
    size_t *widths = mem_alloc(count * sizeof(*widths));
    bool *right = mem_alloc(count * sizeof(*right));
    const char **texts = mem_alloc(count * sizeof(*texts));
    struct grid grid = {job->sink, count, widths, right, 0};

    for (size_t i = 0; i < count; i++)
        right[i] = table->columns[i].is_figure;
    if (table->count > 0)
        put_grid(&grid, table, texts);
    if (note != NULL)
        put_wrapped(job->sink, note);
    free(texts);
    free(right);
    free(widths);
}

/* ---- the page ---- */

/* A chart draws what a table says. */
static void put_block(const struct render_job *job, const struct page_block *block, const char *sheet)
{
    if (block->text != NULL)
        put_text(job->sink, block->text);
    if (block->form != NULL)
        put_form(job->sink, block->form);
    if (block->table != NULL)
        put_table(job, block->table, sheet);
}

static bool write_text(const struct render_job *job, struct error *err)
{
    char made_at[TIMESTAMP_SIZE];
    struct page *page;

    if (!page_new(job, &page, err))
        return false;
    sink_format(job->sink, "%s\n", page->title);
    for (size_t i = 0; i < page->top_count; i++)
        put_block(job, &page->top[i], "");
    for (size_t i = 0; i < page->sheet_count; i++) {
        const struct page_sheet *sheet = &page->sheets[i];

        sink_text(job->sink, "\n");
        put_underlined(job->sink, sheet->name, '=');
        for (size_t j = 0; j < sheet->count; j++)
            put_block(job, &sheet->blocks[j], sheet->name);
    }
    sink_format(job->sink, "\nMade at %s by headroom " HEADROOM_VERSION ".\n",
                timestamp_format(job->request->now_us, made_at));
    return sink_good(job->sink, err);
}

const struct renderer render_text = {
    .format = {.name = "text", .suffix = ".txt", .has_whole = true, .piped = true},
    .shows_sheets = true,
    .render = write_text,
};
