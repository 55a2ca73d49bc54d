/* SPDX-License-Identifier: MIT */
/* Working out where the blocks of a layout stand. */

#include <stdio.h>
#include <string.h>

#include "report/place.h"

static unsigned larger(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

/* ---- tables ---- */

static bool has_total(const struct layout_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].total != NULL)
            return true;
    return false;
}

void place_add_part(struct place *place, struct place_table *table, const char *sheet, unsigned first_row,
                    unsigned last_row)
{
    struct place_part *parts = arena_alloc(place->arena, (table->part_count + 1) * sizeof(*parts));

    if (table->part_count > 0)
        memcpy(parts, table->parts, table->part_count * sizeof(*parts));
    table->parts = parts;

    struct place_part *part = &parts[table->part_count++];
    *part = (struct place_part){.first_row = first_row, .last_row = last_row};
    snprintf(part->sheet, sizeof(part->sheet), "%s", sheet);
}

static struct place_table *add_table(struct place *place, const struct data *data, const struct layout_table *table)
{
    struct place_table *placed = &place->tables[place->table_count++];

    *placed = (struct place_table){.table = table, .has_total = has_total(table)};
    placed->dataset = layout_dataset(place->report, str_of(table->dataset));
    placed->set = placed->dataset->rows != REPORT_MANY ? data_set(data, placed->dataset) : NULL;
    return placed;
}

static void add_cell(struct place *place, const char *name, const char *sheet, unsigned row, unsigned column)
{
    if (name != NULL)
        place->cells[place->cell_count++] = (struct place_cell){name, sheet, row, column};
}

/* Heading, rows, total, and what is said where there is no row. Returns the rows that it takes. */
static unsigned place_rows(struct place *place, struct place_table *table, const char *sheet, unsigned row)
{
    const struct layout_table *layout = table->table;

    if (table->set == NULL)
        return 1;

    unsigned first = row + 1;
    unsigned last = first + (table->set->count > 0 ? (unsigned)table->set->count - 1 : 0);
    place_add_part(place, table, sheet, first, last);
    for (unsigned i = 0; i < layout->column_count; i++)
        if (layout->columns[i].total != NULL)
            add_cell(place, layout->columns[i].total->name, sheet, last + 1, i);
    return last + 1 - row + table->has_total + (table->set->count == 0 && layout->empty != NULL);
}

/* ---- blocks ---- */

/* A heading keeps its distance from what is above it. */
static unsigned place_text(const struct layout_text *text, struct place_block *block, const struct data *data)
{
    block->shown = data_has(data, text->when);
    if (!block->shown)
        return 0;
    if (text->style != STYLE_HEADING || block->row == 0)
        return 1;
    block->row++;
    return 2;
}

static unsigned place_form(struct place *place, const struct layout_form *form, const struct data *data,
                           const char *sheet, unsigned row)
{
    unsigned next = row + (form->heading_count > 0);

    for (size_t i = 0; i < form->field_count; i++) {
        const struct layout_field *field = &form->fields[i];

        if (!data_has(data, field->when))
            continue;
        add_cell(place, field->value.name, sheet, next, PLACE_VALUE_COLUMN);
        if (field->second != NULL)
            add_cell(place, field->second->name, sheet, next, PLACE_SECOND_COLUMN);
        next++;
    }
    return next - row;
}

/* A label and its values; one more where there is something to say of them, however wide that gets. */
static unsigned form_columns(const struct layout_form *form)
{
    unsigned columns = layout_note_column(form);

    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i].note != NULL)
            return columns + 1;
    return columns;
}

/* One row more than it covers. */
static unsigned chart_rows(const struct layout_chart *chart)
{
    return (chart->height + PLACE_ROW_PIXELS - 1) / PLACE_ROW_PIXELS + 1;
}

const struct place_block *place_beside(const struct place_block *chart)
{
    const struct place_block *block = chart - 1;

    while (block->block->chart != NULL)
        block--;
    return block;
}

/* A chart beside the block above ends where it ends: what follows stands below both. */
static unsigned place_chart(const struct layout_chart *chart, struct place_block *block)
{
    if (!chart->beside)
        return chart_rows(chart);

    unsigned end = place_beside(block)->row + chart_rows(chart);
    return end > block->row ? end - block->row : 0;
}

static unsigned place_block(struct place *place, struct place_sheet *sheet, struct place_block *block,
                            const struct data *data)
{
    const struct layout_block *layout = block->block;

    block->shown = true;
    if (layout->text != NULL)
        return place_text(layout->text, block, data);
    if (layout->form != NULL) {
        sheet->columns = larger(sheet->columns, form_columns(layout->form));
        return place_form(place, layout->form, data, sheet->sheet->name, block->row);
    }
    if (layout->chart != NULL)
        return place_chart(layout->chart, block);
    sheet->columns = larger(sheet->columns, (unsigned)layout->table->column_count);
    block->table = add_table(place, data, layout->table);
    return place_rows(place, block->table, sheet->sheet->name, block->row);
}

static void place_sheet(struct place *place, struct place_sheet *sheet, const struct data *data)
{
    unsigned row = 0;

    for (size_t i = 0; i < sheet->sheet->block_count; i++) {
        struct place_block *block = &sheet->blocks[i];

        *block = (struct place_block){.block = &sheet->sheet->blocks[i], .row = row};
        row += place_block(place, sheet, block, data);
    }
    sheet->rows = row;
}

/* The most that a layout can have of tables and of named cells. */
static void count_things(const struct report_layout *layout, size_t *tables, size_t *cells)
{
    *tables = 0;
    *cells = 0;
    for (size_t i = 0; i < layout->sheet_count; i++)
        for (size_t j = 0; j < layout->sheets[i].block_count; j++) {
            const struct layout_block *block = &layout->sheets[i].blocks[j];

            *tables += block->table != NULL;
            *cells += block->table != NULL ? block->table->column_count : 0;
            *cells += block->form != NULL ? 2 * block->form->field_count : 0;
        }
}

struct place *place_new(const struct data *data, struct arena *arena)
{
    const struct report_layout *layout = data->report->layout;
    struct place *place = arena_alloc(arena, sizeof(*place));
    size_t tables;
    size_t cells;

    count_things(layout, &tables, &cells);
    *place = (struct place){.report = data->report, .arena = arena};
    place->tables = arena_alloc(arena, (tables + 1) * sizeof(*place->tables));
    place->cells = arena_alloc(arena, (cells + 1) * sizeof(*place->cells));
    place->sheets = arena_alloc(arena, layout->sheet_count * sizeof(*place->sheets));
    for (size_t i = 0; i < layout->sheet_count; i++) {
        const struct layout_sheet *sheet = &layout->sheets[i];

        place->sheets[i] = (struct place_sheet){.sheet = sheet};
        place->sheets[i].blocks = arena_alloc(arena, (sheet->block_count + 1) * sizeof(struct place_block));
        place_sheet(place, &place->sheets[i], data);
    }
    return place;
}
