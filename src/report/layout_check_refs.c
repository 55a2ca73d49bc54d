/* SPDX-License-Identifier: MIT */
/* Whether references and names in a layout find something, and can be written. */

#include <string.h>

#include "report/layout_check.h"
#include "report/template.h"

#define NAME_MIN      4 /* shorter ones may be cell addresses: A1, R2C3, ABC12 */
#define NAME_MAX_SIZE 60

/* ---- references ---- */

MUST_CHECK static bool check_one_row(const struct report *report, struct str reference, struct error *err)
{
    struct layout_value value;

    if (!layout_find_value(report, reference, &value, err))
        return false;
    if (value.dataset->rows == REPORT_MANY || (value.dataset->rows == REPORT_FEW && !value.column->same))
        return fail(err, EXIT_COMMAND, "the dataset \"%s\" has more than one row", value.dataset->name);
    return true;
}

/* A key's reference; an absent one is fine. */
bool layout_check_value(const struct report *report, const char *key, const char *reference, struct error *err)
{
    if (reference == NULL || check_one_row(report, str_of(reference), err))
        return true;
    return fail_within(err, "%s", key);
}

MUST_CHECK static bool resolve_text(void *context, struct str reference, struct buffer *out, struct error *err)
{
    (void)out;
    return check_one_row(context, reference, err);
}

bool layout_check_text(const struct report *report, const char *key, const char *text, struct error *err)
{
    struct buffer out;

    if (text == NULL)
        return true;
    buffer_init(&out, TEMPLATE_CEILING);
    /* The resolver changes nothing; its context is not const because others' are not. */
    bool good = template_expand(text, resolve_text, (void *)(uintptr_t)report, &out, err);
    buffer_free(&out);
    return good || fail_within(err, "%s", key);
}

/* ---- formulas ---- */

/* The cells that a layout names: in forms and in total rows. */
static unsigned count_names_in_block(const struct layout_block *block, struct str name)
{
    unsigned found = 0;

    for (size_t i = 0; block->form != NULL && i < block->form->field_count; i++) {
        const struct layout_field *field = &block->form->fields[i];

        found += str_equal(str_of(field->value.name), name);
        found += field->second != NULL && str_equal(str_of(field->second->name), name);
    }
    for (size_t i = 0; block->table != NULL && i < block->table->column_count; i++)
        if (block->table->columns[i].total != NULL)
            found += str_equal(str_of(block->table->columns[i].total->name), name);
    return found;
}

unsigned layout_count_names(const struct report *report, struct str name)
{
    const struct report_layout *layout = report->layout;
    unsigned found = layout_find_table(report, name) != NULL;

    for (size_t i = 0; i < layout->sheet_count; i++)
        for (size_t j = 0; j < layout->sheets[i].block_count; j++)
            found += count_names_in_block(&layout->sheets[i].blocks[j], name);
    return found;
}

MUST_CHECK static bool check_range(const struct layout_context *context, struct str table_name, struct str key,
                                   struct error *err)
{
    const struct layout_table *table = layout_find_table(context->report, table_name);

    if (table == NULL)
        return fail(err, EXIT_COMMAND, "there is no table \"%.*s\"", (int)table_name.size, table_name.data);
    if (layout_table_column(table, key) == NULL)
        return fail(err, EXIT_COMMAND, "the table \"%s\" shows no column \"%.*s\"", layout_table_name(table),
                    (int)key.size, key.data);

    bool own = context->below_rows && table == context->table;
    const struct report_dataset *dataset = layout_dataset(context->report, str_of(table->dataset));
    if (!own && dataset != NULL && dataset->rows == REPORT_MANY && layout_is_streamed(context->report, context->sheet))
        return fail(err, EXIT_COMMAND, "this sheet is written before the number of rows of \"%s\" is known",
                    layout_table_name(table));
    return true;
}

MUST_CHECK static bool resolve_formula(void *given, struct str reference, struct buffer *out, struct error *err)
{
    const struct layout_context *context = given;
    struct str before;
    struct str after;

    (void)out;
    if (!template_split(reference, &before, &after)) {
        if (layout_count_names(context->report, reference) > 0 && layout_find_table(context->report, reference) == NULL)
            return true;
        return fail(err, EXIT_COMMAND, "there is no cell of this name");
    }
    if (!str_equal(before, STR("row")) && !str_equal(before, STR("upto")))
        return check_range(context, before, after, err);
    if (context->table == NULL || context->below_rows)
        return fail(err, EXIT_COMMAND, "there is no row here: only a column's formula has one");
    if (layout_table_column(context->table, after) == NULL)
        return fail(err, EXIT_COMMAND, "the table shows no column \"%.*s\"", (int)after.size, after.data);
    return true;
}

bool layout_check_formula(struct layout_context *context, const char *formula, struct error *err)
{
    struct buffer out;

    if (formula == NULL)
        return true;
    buffer_init(&out, TEMPLATE_CEILING);
    bool good = template_expand(formula, resolve_formula, context, &out, err);
    buffer_free(&out);
    return good || fail_within(err, "formula");
}

/* ---- names ---- */

/* What Excel, LibreOffice and Gnumeric all take as a name and never as an address. */
bool layout_is_name(const char *name)
{
    size_t letters = strspn(name, "abcdefghijklmnopqrstuvwxyz");
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

    if (letters == 0 || name[size] != '\0' || size < NAME_MIN || size > NAME_MAX_SIZE)
        return false;
    return letters > 3 || strchr(name, '_') != NULL;
}

bool layout_check_name(const struct report *report, const char *name, struct error *err)
{
    if (name == NULL)
        return true;
    if (!layout_is_name(name))
        return fail(err, EXIT_COMMAND, "name: \"%s\" is none: %d to %d of a-z, 0-9 and _, unlike a cell's address",
                    name, NAME_MIN, NAME_MAX_SIZE);
    if (layout_count_names(report, str_of(name)) > 1)
        return fail(err, EXIT_COMMAND, "name: \"%s\" is there twice", name);
    return true;
}
