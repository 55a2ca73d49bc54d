/* SPDX-License-Identifier: MIT */
/* Plain text for a terminal or a mail: the sheets one after the other, tables aligned by blanks. */

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "report/page.h"

#define LINE_WIDTH 100
#define CELL_WIDTH 66 /* of a text in a table, so that a digest has room; more is cut */
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

static size_t width_of(const char *text)
{
    size_t used;

    (void)fitting(text, SIZE_MAX, &used);
    return used;
}

static void put_blanks(struct sink *sink, size_t count)
{
    sink_format(sink, "%*s", (int)count, "");
}

/* ---- lines of text ---- */

/* Words, as many a line as fit; a word that is too long stands alone. */
static void put_wrapped(struct sink *sink, const char *text, size_t indent, size_t width)
{
    size_t column = 0;

    while (*text != '\0') {
        size_t size = strcspn(text, " ");
        char *word = mem_format("%.*s", (int)size, text);
        size_t taken = width_of(word);

        if (column > 0 && column + 1 + taken > width) {
            sink_text(sink, "\n");
            put_blanks(sink, indent);
            column = 0;
        }
        sink_format(sink, "%s%s", column > 0 ? " " : "", word);
        column += (column > 0) + taken;
        free(word);
        text += size + strspn(text + size, " ");
    }
    sink_text(sink, "\n");
}

static void put_underlined(struct sink *sink, const char *text, char line)
{
    size_t width = width_of(text);

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
        put_wrapped(sink, line, 0, LINE_WIDTH);
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

static size_t shown_width(const char *text)
{
    size_t width = width_of(text);

    return width < CELL_WIDTH ? width : CELL_WIDTH;
}

static void widen(struct grid *grid, size_t column, const char *text)
{
    size_t width = shown_width(text);

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

static void end_line(struct grid *grid)
{
    sink_text(grid->sink, "\n");
    grid->owed = 0;
}

static void put_cell(struct grid *grid, size_t column, const char *text)
{
    size_t used;
    bool cut = width_of(text) > CELL_WIDTH;
    size_t size = fitting(text, cut ? CELL_WIDTH - 1 : CELL_WIDTH, &used);
    size_t blanks = grid->widths[column] - used - cut;

    grid->owed += grid->right[column] ? blanks : 0;
    if (size > 0) {
        put_blanks(grid->sink, grid->owed);
        grid->owed = 0;
        sink_add(grid->sink, (struct str){text, size});
        sink_text(grid->sink, cut ? "\xE2\x80\xA6" : "");
    }
    grid->owed += GAP + (grid->right[column] ? 0 : blanks);
}

/* A text at the end of a line goes on below itself. */
static void put_last(struct grid *grid, size_t column, const char *text)
{
    put_blanks(grid->sink, grid->owed);
    put_wrapped(grid->sink, text, indent_of(grid, column), CELL_WIDTH);
    grid->owed = 0;
}

/* ---- forms ---- */

#define FORM_COLUMNS 3
#define NOTE_INDENT  4

/* Notes stand below what they are of, where beside it there is no room. */
static void put_note(struct grid *grid, const char *note)
{
    size_t indent = indent_of(grid, grid->columns);

    if (indent + CELL_WIDTH / 2 > LINE_WIDTH) {
        end_line(grid);
        indent = NOTE_INDENT;
        grid->owed = NOTE_INDENT;
    }
    put_blanks(grid->sink, grid->owed);
    put_wrapped(grid->sink, note, indent, LINE_WIDTH - indent);
    grid->owed = 0;
}

static void put_field(struct grid *grid, const struct page_field *field)
{
    const char *const texts[FORM_COLUMNS] = {field->label, field->value.text, field->second.text};

    for (size_t i = 0; i < grid->columns; i++)
        put_cell(grid, i, texts[i]);
    if (field->note != NULL)
        put_note(grid, field->note);
    else
        end_line(grid);
}

static void put_form(struct sink *sink, const struct page_form *form)
{
    size_t widths[FORM_COLUMNS] = {0};
    const bool right[FORM_COLUMNS] = {false, !form->left, !form->left};
    struct grid grid = {sink, form->has_second ? 3 : 2, widths, right, 0};

    for (size_t i = 0; i < form->count; i++) {
        widen(&grid, 0, form->fields[i].label);
        widen(&grid, 1, form->fields[i].value.text);
        widen(&grid, 2, form->fields[i].second.text);
    }
    for (size_t i = 0; i < form->heading_count && i < grid.columns; i++)
        widen(&grid, i, form->headings[i]);
    sink_text(sink, "\n");
    for (size_t i = 0; i < form->heading_count && i < grid.columns; i++)
        put_cell(&grid, i, form->headings[i]);
    if (form->heading_count > 0)
        end_line(&grid);
    for (size_t i = 0; i < form->count; i++)
        put_field(&grid, &form->fields[i]);
}

/* ---- tables ---- */

static void put_row(struct grid *grid, const struct page_cell *cells)
{
    size_t last = grid->columns - 1;
    bool wrapped = !grid->right[last] && width_of(cells[last].text) > CELL_WIDTH;

    for (size_t i = 0; i < grid->columns - wrapped; i++)
        put_cell(grid, i, cells[i].text);
    if (wrapped)
        put_last(grid, last, cells[last].text);
    else
        end_line(grid);
}

static void put_grid(struct grid *grid, const struct page_table *table)
{
    size_t width = indent_of(grid, grid->columns) - GAP;

    sink_text(grid->sink, "\n");
    for (size_t i = 0; i < grid->columns; i++)
        put_cell(grid, i, table->columns[i].title);
    end_line(grid);
    for (size_t i = 0; i < width; i++)
        sink_text(grid->sink, "-");
    end_line(grid);
    for (size_t i = 0; i < table->shown; i++)
        put_row(grid, table->rows[i]);
    if (table->total != NULL)
        put_row(grid, table->total);
}

static void put_table(const struct render_job *job, const struct page_table *table, const char *sheet)
{
    const char *note = page_table_note(job, table, sheet);
    size_t *widths = arena_alloc(job->arena, table->column_count * sizeof(*widths));
    bool *right = arena_alloc(job->arena, table->column_count * sizeof(*right));
    struct grid grid = {job->sink, table->column_count, widths, right, 0};

    for (size_t i = 0; i < table->column_count; i++) {
        widths[i] = 0;
        right[i] = table->columns[i].is_figure;
        widen(&grid, i, table->columns[i].title);
        for (size_t j = 0; j < table->shown; j++)
            widen(&grid, i, table->rows[j][i].text);
        if (table->total != NULL)
            widen(&grid, i, table->total[i].text);
    }
    if (table->count > 0)
        put_grid(&grid, table);
    if (note != NULL)
        put_wrapped(job->sink, note, 0, LINE_WIDTH);
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
