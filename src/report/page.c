/* SPDX-License-Identifier: MIT */
/* Texts, forms and sheets of a page. */

#include <string.h>

#include "report/figure.h"
#include "report/page.h"

#define CELL_CHARACTERS 300   /* of a value; a longer one is cut */
#define TEXT_CHARACTERS 20000 /* of a line of text: not cut */
#define CELL_CEILING    (1u << 18)

/* ---- values ---- */

static const char *keep(const struct render_job *job, const struct buffer *out)
{
    return arena_copy(job->arena, (struct str){out->size > 0 ? out->data : "", out->size}).data;
}

bool page_expand(const struct render_job *job, const char *text, const char **shown, struct error *err)
{
    const char *expanded;
    struct buffer out;

    *shown = NULL;
    if (text == NULL)
        return true;
    if (!data_text(job->data, text, &expanded, err))
        return false;
    buffer_init(&out, CELL_CEILING);
    bool good = figure_visible(expanded, TEXT_CHARACTERS, &out);
    *shown = keep(job, &out);
    buffer_free(&out);
    return good || fail(err, EXIT_COMMAND, "a text is too long for a page");
}

bool page_value(const struct render_job *job, enum report_kind kind, const char *value, const char *currency,
                const char **shown, struct error *err)
{
    struct buffer out;

    *shown = "";
    if (value == NULL)
        return true;
    if (!figure_check(kind, value, err))
        return false;
    buffer_init(&out, CELL_CEILING);
    bool good = figure_cell(kind, value, currency, CELL_CHARACTERS, &out);
    *shown = keep(job, &out);
    buffer_free(&out);
    return good || fail(err, EXIT_COMMAND, "a value is too long for a page");
}

enum layout_look page_look(const struct layout_marks *marks, const char *text)
{
    for (size_t i = 0; text != NULL && i < marks->count; i++) {
        const struct layout_mark *mark = &marks->list[i];

        if (mark->begins ? strncmp(text, mark->text, strlen(mark->text)) == 0 : strcmp(text, mark->text) == 0)
            return mark->look;
    }
    return LOOK_PLAIN;
}

/* ---- texts and forms ---- */

MUST_CHECK static bool make_text(const struct render_job *job, const struct layout_text *layout,
                                 struct page_block *block, struct error *err)
{
    const char *text;

    if (!data_has(job->data, layout->when))
        return true;
    if (!page_expand(job, layout->text, &text, err))
        return fail_within(err, "text");
    if (text == NULL || *text == '\0')
        return true;
    block->text = arena_alloc(job->arena, sizeof(*block->text));
    *block->text = (struct page_text){.cell = {.text = text, .look = page_look(&layout->marks, text), .bar = -1},
                                      .style = layout->style};
    return true;
}

MUST_CHECK static bool make_cell(const struct render_job *job, const struct layout_cell *layout, struct page_cell *cell,
                                 struct error *err)
{
    const struct report_column *column = data_column(job->data, layout->value);
    const char *value = data_value(job->data, layout->value);
    const char *currency = column->currency != NULL ? column->currency : job->report->layout->currency;

    *cell = (struct page_cell){.bar = -1};
    if (value == NULL && layout->absent != NULL)
        cell->text = layout->absent;
    else if (!page_value(job, column->kind, value, data_value(job->data, currency), &cell->text, err))
        return false;
    cell->look = page_look(&layout->marks, value != NULL ? value : layout->absent);
    return true;
}

MUST_CHECK static bool make_field(const struct render_job *job, const struct layout_field *layout,
                                  struct page_form *form, struct error *err)
{
    struct page_field *field = &form->fields[form->count++];

    *field = (struct page_field){.second = {.text = "", .bar = -1}, .is_key = layout->look == LOOK_KEY};
    if (!page_expand(job, layout->label, &field->label, err) || !make_cell(job, &layout->value, &field->value, err) ||
        (layout->second != NULL && !make_cell(job, layout->second, &field->second, err)) ||
        !page_expand(job, layout->note, &field->note, err))
        return fail_within(err, "%s", layout->label);
    field->is_figure = data_column(job->data, layout->value.value)->kind != REPORT_TEXT;
    form->has_second = form->has_second || layout->second != NULL;
    form->has_note = form->has_note || layout->note != NULL;
    return true;
}

MUST_CHECK static bool make_form(const struct render_job *job, const struct layout_form *layout,
                                 struct page_block *block, struct error *err)
{
    struct page_form *form = arena_alloc(job->arena, sizeof(*form));

    *form =
        (struct page_form){.headings = layout->headings, .heading_count = layout->heading_count, .left = layout->left};
    form->fields = arena_alloc(job->arena, (layout->field_count + 1) * sizeof(*form->fields));
    for (size_t i = 0; i < layout->field_count; i++)
        if (data_has(job->data, layout->fields[i].when) && !make_field(job, &layout->fields[i], form, err))
            return false;
    block->form = form->count > 0 ? form : NULL;
    return true;
}

/* ---- sheets ---- */

MUST_CHECK static bool make_block(const struct render_job *job, const struct layout_block *layout,
                                  struct page_block *block, struct error *err)
{
    *block = (struct page_block){0};
    if (layout->text != NULL)
        return make_text(job, layout->text, block, err);
    if (layout->form != NULL)
        return make_form(job, layout->form, block, err);
    if (layout->table != NULL)
        return page_table_new(job, layout->table, &block->table, err);
    return page_chart_new(job, layout->chart, &block->chart, err);
}

static bool is_empty(const struct page_block *block)
{
    return block->text == NULL && block->form == NULL && block->table == NULL && block->chart == NULL;
}

/* What stands on every sheet is said once, at the top. */
static bool is_on_every_sheet(const struct report_layout *layout, const struct layout_block *block)
{
    for (size_t i = 0; i < layout->every_sheet_count; i++)
        if (block->text != NULL && block->text == layout->every_sheet[i].text)
            return true;
    return false;
}

MUST_CHECK static bool make_blocks(const struct render_job *job, const struct layout_block *layout, size_t layout_count,
                                   bool top, struct page_block **blocks, size_t *count, struct error *err)
{
    *blocks = arena_alloc(job->arena, (layout_count + 1) * sizeof(**blocks));
    *count = 0;
    for (size_t i = 0; i < layout_count; i++) {
        struct page_block *block = &(*blocks)[*count];

        if (!top && is_on_every_sheet(job->report->layout, &layout[i]))
            continue;
        if (!make_block(job, &layout[i], block, err))
            return fail_within(err, "blocks: [%zu]", i);
        *count += !is_empty(block);
    }
    return true;
}

bool page_new(const struct render_job *job, struct page **page, struct error *err)
{
    const struct report_layout *layout = job->report->layout;
    struct page *made = arena_alloc(job->arena, sizeof(*made));

    *made = (struct page){.sheet_count = layout->sheet_count};
    made->sheets = arena_alloc(job->arena, (layout->sheet_count + 1) * sizeof(*made->sheets));
    if (!page_expand(job, layout->properties->title, &made->title, err) ||
        !make_blocks(job, layout->every_sheet, layout->every_sheet_count, true, &made->top, &made->top_count, err))
        return false;
    for (size_t i = 0; i < layout->sheet_count; i++) {
        const struct layout_sheet *sheet = &layout->sheets[i];

        made->sheets[i] = (struct page_sheet){.name = sheet->name};
        if (!make_blocks(job, sheet->blocks, sheet->block_count, false, &made->sheets[i].blocks, &made->sheets[i].count,
                         err))
            return fail_within(err, "sheet %s", sheet->name);
    }
    *page = made;
    return true;
}
