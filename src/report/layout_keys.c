/* SPDX-License-Identifier: MIT */
/* The keys of layout.json and of its parts; each is called as the member that it goes to. */

#include "report/layout_keys.h"

#define TEXT(type, member)                                                                                             \
    {                                                                                                                  \
#member, SHAPE_TEXT, false, offsetof(type, member), 0, NULL, NULL                                              \
    }
#define NEEDED_TEXT(type, member)                                                                                      \
    {                                                                                                                  \
#member, SHAPE_TEXT, true, offsetof(type, member), 0, NULL, NULL                                               \
    }
#define COUNT(type, member)                                                                                            \
    {                                                                                                                  \
#member, SHAPE_COUNT, false, offsetof(type, member), 0, NULL, NULL                                             \
    }
#define NEEDED_COUNT(type, member)                                                                                     \
    {                                                                                                                  \
#member, SHAPE_COUNT, true, offsetof(type, member), 0, NULL, NULL                                              \
    }
#define NUMBER(type, member)                                                                                           \
    {                                                                                                                  \
#member, SHAPE_NUMBER, false, offsetof(type, member), 0, NULL, NULL                                            \
    }
#define FLAG(type, member)                                                                                             \
    {                                                                                                                  \
#member, SHAPE_FLAG, false, offsetof(type, member), 0, NULL, NULL                                              \
    }
#define WORD(type, member, words)                                                                                      \
    {                                                                                                                  \
#member, SHAPE_WORD, false, offsetof(type, member), 0, words, NULL                                             \
    }
#define NEEDED_WORD(type, member, words)                                                                               \
    {                                                                                                                  \
#member, SHAPE_WORD, true, offsetof(type, member), 0, words, NULL                                              \
    }
#define TEXTS(type, member, number)                                                                                    \
    {                                                                                                                  \
#member, SHAPE_TEXTS, false, offsetof(type, member), offsetof(type, number), NULL, NULL                        \
    }
#define OBJECT(type, member, shape)                                                                                    \
    {                                                                                                                  \
#member, SHAPE_OBJECT, false, offsetof(type, member), 0, NULL, shape                                           \
    }
#define LIST(type, member, number, needed, shape)                                                                      \
    {                                                                                                                  \
#member, SHAPE_LIST, needed, offsetof(type, member), offsetof(type, number), NULL, shape                       \
    }

static const char *const kind_words[] = {"text", "integer", "number", "percent", "money", "time", "date", NULL};
static const char *const rows_words[] = {"one", "few", "many", NULL};
static const char *const parameter_words[] = {"contract", "month", "now", "forecast", "contracts", NULL};
static const char *const style_words[] = {"note", "title", "subtitle", "heading", "banner", NULL};
static const char *const look_words[] = {"plain", "key", "good", "warn", "bad", NULL};
static const char *const chart_words[] = {"line", "column", "stacked", NULL};
static const char *const series_words[] = {"line", "limit", "forecast", "band", NULL};

static const struct shape_key mark_keys[] = {
    NEEDED_TEXT(struct layout_mark, text),
    NEEDED_WORD(struct layout_mark, look, look_words),
    FLAG(struct layout_mark, begins),
};
static const struct shape mark_shape = SHAPE_OF(struct layout_mark, mark_keys);

#define MARKS(at)                                                                                                      \
    {                                                                                                                  \
        "marks", SHAPE_LIST, false, (at) + offsetof(struct layout_marks, list),                                        \
            (at) + offsetof(struct layout_marks, count), NULL, &mark_shape                                             \
    }

static const struct shape_key takes_keys[] = {
    TEXTS(struct layout_takes, words, word_count),
    NUMBER(struct layout_takes, least),
    FLAG(struct layout_takes, whole),
    NEEDED_TEXT(struct layout_takes, about),
    NEEDED_TEXT(struct layout_takes, refusal),
};
static const struct shape takes_shape = SHAPE_OF(struct layout_takes, takes_keys);

static const struct shape_key text_keys[] = {
    NEEDED_TEXT(struct layout_text, text),        TEXT(struct layout_text, when),
    WORD(struct layout_text, style, style_words), TEXT(struct layout_text, formula),
    MARKS(offsetof(struct layout_text, marks)),
};
static const struct shape text_shape = SHAPE_OF(struct layout_text, text_keys);

/* The same for a field itself, where they stand among its other keys, and for its second cell. */
#define CELL_KEY(at, name, as, needed)                                                                                 \
    {                                                                                                                  \
#name, as, needed, (at) + offsetof(struct layout_cell, name), 0, NULL, NULL                                    \
    }
#define CELL_KEYS(at)                                                                                                  \
    CELL_KEY(at, value, SHAPE_TEXT, true), CELL_KEY(at, formula, SHAPE_TEXT, false),                                   \
        CELL_KEY(at, over, SHAPE_TEXT, false), CELL_KEY(at, absent, SHAPE_TEXT, false),                                \
        CELL_KEY(at, name, SHAPE_TEXT, false), CELL_KEY(at, open, SHAPE_FLAG, false),                                  \
        {"takes", SHAPE_OBJECT, false, (at) + offsetof(struct layout_cell, takes), 0, NULL, &takes_shape},             \
        MARKS((at) + offsetof(struct layout_cell, marks))

static const struct shape_key second_keys[] = {CELL_KEYS(0)};
static const struct shape second_shape = SHAPE_OF(struct layout_cell, second_keys);

static const struct shape_key field_keys[] = {
    NEEDED_TEXT(struct layout_field, label),
    CELL_KEYS(offsetof(struct layout_field, value)),
    OBJECT(struct layout_field, second, &second_shape),
    TEXT(struct layout_field, note),
    TEXT(struct layout_field, when),
    WORD(struct layout_field, look, look_words),
};
static const struct shape field_shape = SHAPE_OF(struct layout_field, field_keys);

static const struct shape_key form_keys[] = {
    NEEDED_COUNT(struct layout_form, label_width),
    NEEDED_COUNT(struct layout_form, value_width),
    FLAG(struct layout_form, left),
    TEXTS(struct layout_form, headings, heading_count),
    LIST(struct layout_form, fields, field_count, true, &field_shape),
};
static const struct shape form_shape = SHAPE_OF(struct layout_form, form_keys);

static const struct shape_key choice_keys[] = {
    NEEDED_TEXT(struct layout_choice, when),
    NEEDED_TEXT(struct layout_choice, formula),
};
static const struct shape choice_shape = SHAPE_OF(struct layout_choice, choice_keys);

static const struct shape_key total_keys[] = {
    TEXT(struct layout_total, text),    FLAG(struct layout_total, sum),  TEXT(struct layout_total, value),
    TEXT(struct layout_total, formula), TEXT(struct layout_total, name),
};
static const struct shape total_shape = SHAPE_OF(struct layout_total, total_keys);

static const struct shape_key column_keys[] = {
    NEEDED_TEXT(struct layout_column, title),
    NEEDED_TEXT(struct layout_column, key),
    NEEDED_COUNT(struct layout_column, width),
    TEXT(struct layout_column, formula),
    TEXT(struct layout_column, formula_by),
    LIST(struct layout_column, formulas, formula_count, false, &choice_shape),
    MARKS(offsetof(struct layout_column, marks)),
    OBJECT(struct layout_column, total, &total_shape),
    FLAG(struct layout_column, bar),
    FLAG(struct layout_column, expected),
    FLAG(struct layout_column, open),
    OBJECT(struct layout_column, takes, &takes_shape),
};
static const struct shape column_shape = SHAPE_OF(struct layout_column, column_keys);

static const struct shape_key table_keys[] = {
    NEEDED_TEXT(struct layout_table, dataset),
    TEXT(struct layout_table, name),
    TEXT(struct layout_table, empty),
    FLAG(struct layout_table, list),
    COUNT(struct layout_table, freeze),
    COUNT(struct layout_table, lines),
    LIST(struct layout_table, columns, column_count, true, &column_shape),
};
static const struct shape table_shape = SHAPE_OF(struct layout_table, table_keys);

static const struct shape_key series_keys[] = {
    NEEDED_TEXT(struct layout_series, title),
    NEEDED_TEXT(struct layout_series, values),
    TEXT(struct layout_series, when),
    WORD(struct layout_series, style, series_words),
};
static const struct shape series_shape = SHAPE_OF(struct layout_series, series_keys);

static const struct shape_key chart_keys[] = {
    NEEDED_TEXT(struct layout_chart, title),
    NEEDED_TEXT(struct layout_chart, categories),
    TEXT(struct layout_chart, x_title),
    TEXT(struct layout_chart, y_title),
    NEEDED_COUNT(struct layout_chart, width),
    NEEDED_COUNT(struct layout_chart, height),
    WORD(struct layout_chart, type, chart_words),
    FLAG(struct layout_chart, beside),
    LIST(struct layout_chart, series, series_count, true, &series_shape),
};
static const struct shape chart_shape = SHAPE_OF(struct layout_chart, chart_keys);

static const struct shape_key block_keys[] = {
    OBJECT(struct layout_block, text, &text_shape),
    OBJECT(struct layout_block, form, &form_shape),
    OBJECT(struct layout_block, table, &table_shape),
    OBJECT(struct layout_block, chart, &chart_shape),
};
static const struct shape block_shape = SHAPE_OF(struct layout_block, block_keys);

static const struct shape_key sheet_keys[] = {
    NEEDED_TEXT(struct layout_sheet, name),
    NEEDED_TEXT(struct layout_sheet, about),
    FLAG(struct layout_sheet, one_page),
    FLAG(struct layout_sheet, protect),
    LIST(struct layout_sheet, blocks, block_count, true, &block_shape),
};
static const struct shape sheet_shape = SHAPE_OF(struct layout_sheet, sheet_keys);

static const struct shape_key properties_keys[] = {
    NEEDED_TEXT(struct layout_properties, title), TEXT(struct layout_properties, subject),
    TEXT(struct layout_properties, comments),     TEXT(struct layout_properties, keywords),
    TEXT(struct layout_properties, state),
};
static const struct shape properties_shape = SHAPE_OF(struct layout_properties, properties_keys);

static const struct shape_key dataset_column_keys[] = {
    NEEDED_TEXT(struct report_column, name),  NEEDED_WORD(struct report_column, kind, kind_words),
    NEEDED_TEXT(struct report_column, about), TEXT(struct report_column, currency),
    FLAG(struct report_column, same),
};
static const struct shape dataset_column_shape = SHAPE_OF(struct report_column, dataset_column_keys);

static const struct shape_key dataset_keys[] = {
    NEEDED_TEXT(struct report_dataset, name),
    NEEDED_TEXT(struct report_dataset, about),
    NEEDED_WORD(struct report_dataset, rows, rows_words),
    TEXTS(struct report_dataset, takes, take_count),
    LIST(struct report_dataset, columns, column_count, true, &dataset_column_shape),
};
static const struct shape dataset_shape = SHAPE_OF(struct report_dataset, dataset_keys);

static const struct shape_key part_keys[] = {
    LIST(struct layout_part, datasets, dataset_count, false, &dataset_shape),
    LIST(struct layout_part, sheets, sheet_count, false, &sheet_shape),
};
const struct shape layout_part_shape = SHAPE_OF(struct layout_part, part_keys);

#define AT(member) offsetof(struct layout_definition, member)
static const struct shape_key definition_keys[] = {
    {"title", SHAPE_TEXT, true, AT(report.title), 0, NULL, NULL},
    {"about", SHAPE_TEXT, true, AT(report.about), 0, NULL, NULL},
    {"main", SHAPE_TEXT, false, AT(report.main), 0, NULL, NULL},
    {"parameters", SHAPE_WORDS, true, AT(report.parameters), AT(report.parameter_count), parameter_words, NULL},
    {"parts", SHAPE_TEXTS, false, AT(parts), AT(part_count), NULL, NULL},
    {"datasets", SHAPE_LIST, false, AT(own.datasets), AT(own.dataset_count), NULL, &dataset_shape},
    {"file", SHAPE_TEXT, true, AT(layout.file), 0, NULL, NULL},
    {"time_zone", SHAPE_TEXT, true, AT(layout.time_zone), 0, NULL, NULL},
    {"currency", SHAPE_TEXT, false, AT(layout.currency), 0, NULL, NULL},
    {"header", SHAPE_TEXT, false, AT(layout.header), 0, NULL, NULL},
    {"footer", SHAPE_TEXT, true, AT(layout.footer), 0, NULL, NULL},
    {"properties", SHAPE_OBJECT, true, AT(layout.properties), 0, NULL, &properties_shape},
    {"every_sheet", SHAPE_LIST, false, AT(layout.every_sheet), AT(layout.every_sheet_count), NULL, &block_shape},
    {"sheets", SHAPE_LIST, false, AT(own.sheets), AT(own.sheet_count), NULL, &sheet_shape},
};
const struct shape layout_definition_shape = SHAPE_OF(struct layout_definition, definition_keys);

/* ---- the words, for others ---- */

const char *report_kind_name(enum report_kind kind)
{
    return kind_words[kind];
}

const char *report_rows_name(enum report_rows rows)
{
    return rows_words[rows];
}

const char *report_parameter_name(enum report_parameter parameter)
{
    return parameter_words[parameter];
}
