/* SPDX-License-Identifier: MIT */
/* Filling in the references of formulas, once it is known where everything stands. */

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "report/place.h"
#include "report/template.h"

const char *place_column_name(unsigned column, char name[PLACE_COLUMN_SIZE])
{
    char letters[PLACE_COLUMN_SIZE]; /* from the last one */
    size_t count = 0;

    for (unsigned left = column + 1; left > 0 && count < sizeof(letters) - 1; left = (left - 1) / 26)
        letters[count++] = (char)('A' + (left - 1) % 26);
    for (size_t i = 0; i < count; i++)
        name[i] = letters[count - 1 - i];
    name[count] = '\0';
    return name;
}

/* "Handles!" or "'Handles 2'!"; nothing on the sheet itself. */
MUST_CHECK static bool add_sheet(const struct place_spot *spot, const char *sheet, struct buffer *out,
                                 struct error *err)
{
    bool plain = isalpha((unsigned char)sheet[0]);

    if (strcmp(spot->sheet, sheet) == 0)
        return true;
    for (const char *c = sheet; *c != '\0'; c++)
        plain = plain && isalpha((unsigned char)*c);

    const char *quote = plain ? "" : "'";
    return template_add(out, str_of(quote), err) && template_add(out, str_of(sheet), err) &&
           template_add(out, str_of(quote), err) && template_add(out, STR("!"), err);
}

MUST_CHECK static bool add_cell(struct buffer *out, unsigned row, unsigned column, struct error *err)
{
    char name[PLACE_COLUMN_SIZE];
    char cell[40];

    snprintf(cell, sizeof(cell), "$%s$%u", place_column_name(column, name), row + 1);
    return template_add(out, str_of(cell), err);
}

/* ---- tables ---- */

static bool find_column(const struct layout_table *table, struct str key, unsigned *column)
{
    for (unsigned i = 0; i < table->column_count; i++)
        if (str_equal(str_of(table->columns[i].key), key)) {
            *column = i;
            return true;
        }
    return false;
}

static const struct place_table *find_table(const struct place *place, struct str name)
{
    for (size_t i = 0; i < place->table_count; i++)
        if (str_equal(str_of(layout_table_name(place->tables[i].table)), name))
            return &place->tables[i];
    return NULL;
}

/* A spot while one formula is filled in. */
struct filling {
    const struct place_spot *spot;
    const struct place_table *over; /* NULL: none */
    size_t part;                    /* of `over`, that the formula stands for now */
};

/* One range for each sheet that the table stands on. */
MUST_CHECK static bool add_ranges(const struct filling *filling, const struct place_table *table, unsigned column,
                                  struct buffer *out, struct error *err)
{
    bool one = table == filling->over;
    size_t first = one ? filling->part : 0;
    size_t end = one ? filling->part + 1 : table->part_count;

    for (size_t i = first; i < end; i++) {
        const struct place_part *part = &table->parts[i];

        if (!template_add(out, str_of(i > first ? "," : ""), err) || !add_sheet(filling->spot, part->sheet, out, err) ||
            !add_cell(out, part->first_row, column, err) || !template_add(out, STR(":"), err) ||
            !add_cell(out, part->last_row, column, err))
            return false;
    }
    return true;
}

/* In a table's own rows: relative in the row, so that a copied formula goes on meaning the same. */
MUST_CHECK static bool add_own(const struct place_spot *spot, bool upto, unsigned column, struct buffer *out,
                               struct error *err)
{
    char name[PLACE_COLUMN_SIZE];
    char cell[40];

    if (upto && (!add_cell(out, spot->first_row, column, err) || !template_add(out, STR(":"), err)))
        return false;
    snprintf(cell, sizeof(cell), "$%s%u", place_column_name(column, name), spot->row + 1);
    return template_add(out, str_of(cell), err);
}

/* ---- references ---- */

MUST_CHECK static bool add_named(const struct place_spot *spot, struct str name, struct buffer *out, struct error *err)
{
    for (size_t i = 0; i < spot->place->cell_count; i++) {
        const struct place_cell *cell = &spot->place->cells[i];

        if (str_equal(str_of(cell->name), name))
            return add_sheet(spot, cell->sheet, out, err) && add_cell(out, cell->row, cell->column, err);
    }
    return fail(err, EXIT_COMMAND, "there is no cell of this name");
}

static bool resolve(void *context, struct str reference, struct buffer *out, struct error *err)
{
    const struct filling *filling = context;
    const struct place_spot *spot = filling->spot;
    struct str before;
    struct str after;
    unsigned column;

    if (!template_split(reference, &before, &after))
        return add_named(spot, reference, out, err);

    bool upto = str_equal(before, STR("upto"));
    bool own = spot->table != NULL && (upto || str_equal(before, STR("row")));
    const struct place_table *table = own ? spot->table : find_table(spot->place, before);
    if (table == NULL || !find_column(table->table, after, &column))
        return fail(err, EXIT_COMMAND, "there is no such table and column");
    if (own)
        return add_own(spot, upto, column, out, err);
    if (table->part_count == 0)
        return fail(err, EXIT_COMMAND, "its rows are not written yet");
    return add_ranges(filling, table, column, out, err);
}

bool place_formula(const struct place_spot *spot, const char *formula, const char *over, struct buffer *out,
                   struct error *err)
{
    struct filling filling = {.spot = spot};
    size_t times = 1;

    if (over != NULL) {
        filling.over = find_table(spot->place, str_of(over));
        if (filling.over == NULL)
            return fail(err, EXIT_COMMAND, "there is no table \"%s\"", over);
        times = filling.over->part_count;
    }
    for (; filling.part < times; filling.part++)
        if (!template_add(out, str_of(filling.part == 0 ? "=" : "+"), err) ||
            !template_expand(formula, resolve, &filling, out, err))
            return false;
    return true;
}

bool place_find_range(const struct place *place, const char *reference, struct place_range *range)
{
    struct str name;
    struct str key;

    if (!template_split(str_of(reference), &name, &key))
        return false;

    const struct place_table *table = find_table(place, name);
    if (table == NULL || table->part_count != 1 || !find_column(table->table, key, &range->column))
        return false;
    range->table = table;
    range->sheet = table->parts[0].sheet;
    range->first_row = table->parts[0].first_row;
    range->last_row = table->parts[0].last_row;
    range->index = data_index(table->dataset, table->table->columns[range->column].key);
    return true;
}
