/* SPDX-License-Identifier: MIT */
/* Reading a report's definition: the keys of layout.json, and the statement beside it for each dataset. */

#include <assert.h>
#include <string.h>

#include "embedded.h"
#include "report/known.h"
#include "report/layout.h"
#include "report/shape.h"
#include "report/template.h"

#define LAYOUT_FILE "layout.json"

/* ---- the keys of layout.json; each is called as its member ---- */

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
static const char *const parameter_words[] = {"contract", "month", "now", NULL};
static const char *const style_words[] = {"note", "title", "subtitle", "heading", "banner", NULL};
static const char *const look_words[] = {"plain", "key", "good", "warn", "bad", NULL};

static const struct shape_key text_keys[] = {
    NEEDED_TEXT(struct layout_text, text),
    TEXT(struct layout_text, when),
    WORD(struct layout_text, style, style_words),
};
static const struct shape text_shape = SHAPE_OF(struct layout_text, text_keys);

static const struct shape_key mark_keys[] = {
    NEEDED_TEXT(struct layout_mark, text),
    NEEDED_WORD(struct layout_mark, look, look_words),
};
static const struct shape mark_shape = SHAPE_OF(struct layout_mark, mark_keys);

static const struct shape_key field_keys[] = {
    NEEDED_TEXT(struct layout_field, label),
    NEEDED_TEXT(struct layout_field, value),
    TEXT(struct layout_field, formula),
    TEXT(struct layout_field, over),
    TEXT(struct layout_field, absent),
    TEXT(struct layout_field, note),
    TEXT(struct layout_field, name),
    TEXT(struct layout_field, when),
    WORD(struct layout_field, look, look_words),
    LIST(struct layout_field, marks, mark_count, false, &mark_shape),
};
static const struct shape field_shape = SHAPE_OF(struct layout_field, field_keys);

static const struct shape_key form_keys[] = {
    NEEDED_COUNT(struct layout_form, label_width),
    NEEDED_COUNT(struct layout_form, value_width),
    FLAG(struct layout_form, left),
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
    LIST(struct layout_column, marks, mark_count, false, &mark_shape),
    OBJECT(struct layout_column, total, &total_shape),
};
static const struct shape column_shape = SHAPE_OF(struct layout_column, column_keys);

static const struct shape_key table_keys[] = {
    NEEDED_TEXT(struct layout_table, dataset),
    TEXT(struct layout_table, name),
    TEXT(struct layout_table, empty),
    FLAG(struct layout_table, list),
    LIST(struct layout_table, columns, column_count, true, &column_shape),
};
static const struct shape table_shape = SHAPE_OF(struct layout_table, table_keys);

static const struct shape_key series_keys[] = {
    NEEDED_TEXT(struct layout_series, title),
    NEEDED_TEXT(struct layout_series, values),
    TEXT(struct layout_series, when),
    FLAG(struct layout_series, limit),
};
static const struct shape series_shape = SHAPE_OF(struct layout_series, series_keys);

static const struct shape_key chart_keys[] = {
    NEEDED_TEXT(struct layout_chart, title),  NEEDED_TEXT(struct layout_chart, categories),
    TEXT(struct layout_chart, x_title),       TEXT(struct layout_chart, y_title),
    NEEDED_COUNT(struct layout_chart, width), NEEDED_COUNT(struct layout_chart, height),
    FLAG(struct layout_chart, beside),        LIST(struct layout_chart, series, series_count, true, &series_shape),
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
    LIST(struct layout_sheet, blocks, block_count, true, &block_shape),
};
static const struct shape sheet_shape = SHAPE_OF(struct layout_sheet, sheet_keys);

static const struct shape_key properties_keys[] = {
    NEEDED_TEXT(struct layout_properties, title),
    TEXT(struct layout_properties, subject),
    TEXT(struct layout_properties, comments),
    TEXT(struct layout_properties, keywords),
};
static const struct shape properties_shape = SHAPE_OF(struct layout_properties, properties_keys);

static const struct shape_key dataset_column_keys[] = {
    NEEDED_TEXT(struct report_column, name),
    NEEDED_WORD(struct report_column, kind, kind_words),
    NEEDED_TEXT(struct report_column, about),
    TEXT(struct report_column, currency),
};
static const struct shape dataset_column_shape = SHAPE_OF(struct report_column, dataset_column_keys);

static const struct shape_key dataset_keys[] = {
    NEEDED_TEXT(struct report_dataset, name),
    NEEDED_TEXT(struct report_dataset, about),
    NEEDED_WORD(struct report_dataset, rows, rows_words),
    LIST(struct report_dataset, columns, column_count, true, &dataset_column_shape),
};
static const struct shape dataset_shape = SHAPE_OF(struct report_dataset, dataset_keys);

/* What layout.json holds: a report and its layout. */
struct definition {
    struct report report;
    struct report_layout layout;
};

#define AT(member) offsetof(struct definition, member)
static const struct shape_key definition_keys[] = {
    {"title", SHAPE_TEXT, true, AT(report.title), 0, NULL, NULL},
    {"about", SHAPE_TEXT, true, AT(report.about), 0, NULL, NULL},
    {"parameters", SHAPE_WORDS, true, AT(report.parameters), AT(report.parameter_count), parameter_words, NULL},
    {"datasets", SHAPE_LIST, true, AT(report.datasets), AT(report.dataset_count), NULL, &dataset_shape},
    {"file", SHAPE_TEXT, true, AT(layout.file), 0, NULL, NULL},
    {"time_zone", SHAPE_TEXT, true, AT(layout.time_zone), 0, NULL, NULL},
    {"currency", SHAPE_TEXT, false, AT(layout.currency), 0, NULL, NULL},
    {"footer", SHAPE_TEXT, true, AT(layout.footer), 0, NULL, NULL},
    {"properties", SHAPE_OBJECT, true, AT(layout.properties), 0, NULL, &properties_shape},
    {"sheets", SHAPE_LIST, true, AT(layout.sheets), AT(layout.sheet_count), NULL, &sheet_shape},
};
static const struct shape definition_shape = SHAPE_OF(struct definition, definition_keys);

/* ---- reading ---- */

const char *report_kind_name(enum report_kind kind)
{
    return kind_words[kind];
}

const char *report_parameter_name(enum report_parameter parameter)
{
    return parameter_words[parameter];
}

/* The text of "NAME/LEAF"; NULL when there is no such file. */
static const struct embedded *find_file(const struct embedded *files, const char *name, const char *leaf)
{
    size_t size = strlen(name);

    for (; files->name != NULL; files++)
        if (strncmp(files->name, name, size) == 0 && files->name[size] == '/' &&
            strcmp(files->name + size + 1, leaf) == 0)
            return files;
    return NULL;
}

MUST_CHECK static bool find_statements(struct report *report, const struct embedded *files, struct error *err)
{
    for (size_t i = 0; i < report->dataset_count; i++) {
        const struct embedded *file = find_file(files, report->name, report->datasets[i].name);

        if (file == NULL)
            return fail(err, EXIT_COMMAND, "datasets: [%zu]: there is no %s.sql beside it", i,
                        report->datasets[i].name);
        report->datasets[i].sql = (struct sql){file->name, file->text};
    }
    return true;
}

/* ---- the dataset that every report has ---- */

static const struct report_column own_columns[] = {
    {"name", "the report's name", NULL, REPORT_TEXT},
    {"title", "the report's title", NULL, REPORT_TEXT},
    {"program", "the program that made it, with its version", NULL, REPORT_TEXT},
};

const char *layout_own_value(const struct report *report, size_t index)
{
    const char *const values[] = {report->name, report->title, "headroom " HEADROOM_VERSION};

    static_assert(ARRAY_LENGTH(values) == ARRAY_LENGTH(own_columns), "one value a column");
    return values[index];
}

static void add_own_dataset(struct report *report)
{
    struct report_dataset *datasets = arena_alloc(report->arena, (report->dataset_count + 1) * sizeof(*datasets));

    if (report->dataset_count > 0)
        memcpy(datasets, report->datasets, report->dataset_count * sizeof(*datasets));
    datasets[report->dataset_count++] = (struct report_dataset){
        .name = "report",
        .about = "What the report itself is.",
        .rows = REPORT_ONE,
        .columns = own_columns,
        .column_count = ARRAY_LENGTH(own_columns),
    };
    report->datasets = datasets;
}

MUST_CHECK static bool read_definition(struct report *report, const char *text, struct error *err)
{
    struct definition *definition = arena_alloc(report->arena, sizeof(*definition));
    const char *name = report->name;
    struct arena *arena = report->arena;
    json_error_t where;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &where);

    if (json == NULL)
        return fail(err, EXIT_COMMAND, "line %d, column %d: %s", where.line, where.column, where.text);
    *definition = (struct definition){0};
    bool read = shape_read(&definition_shape, json, arena, definition, err);
    json_decref(json);
    *report = definition->report;
    report->name = name;
    report->arena = arena;
    report->layout = &definition->layout;
    return read;
}

bool report_read(const struct embedded *files, const char *name, struct report **report, struct error *err)
{
    const struct embedded *file = find_file(files, name, LAYOUT_FILE);
    struct arena *arena = arena_new();

    *report = arena_alloc(arena, sizeof(**report));
    **report = (struct report){.name = arena_copy(arena, str_of(name)).data, .arena = arena};
    if (file == NULL)
        fail(err, EXIT_COMMAND, "there is no such file");
    else if (read_definition(*report, file->text, err) && find_statements(*report, files, err)) {
        add_own_dataset(*report);
        if (layout_check(*report, err))
            return true;
    }
    report_close(*report);
    *report = NULL;
    return fail_within(err, "%s/" LAYOUT_FILE, name);
}

void report_close(struct report *report)
{
    if (report != NULL)
        arena_free(report->arena);
}

/* ---- the built-in ones ---- */

const char *report_name_at(size_t index)
{
    static char name[100];

    for (const struct embedded *file = embedded_reports; file->name != NULL; file++) {
        const char *slash = strchr(file->name, '/');

        if (slash == NULL || strcmp(slash + 1, LAYOUT_FILE) != 0 || index-- > 0)
            continue;
        snprintf(name, sizeof(name), "%.*s", (int)(slash - file->name), file->name);
        return name;
    }
    return NULL;
}

bool report_open(const char *name, struct report **report, struct error *err)
{
    char known[400] = "";

    *report = NULL;
    if (find_file(embedded_reports, name, LAYOUT_FILE) != NULL)
        return report_read(embedded_reports, name, report, err);
    for (size_t i = 0; report_name_at(i) != NULL; i++)
        known_add(known, sizeof(known), report_name_at(i));
    return fail(err, EXIT_USAGE, "there is no report \"%s\"; known: %s", name, known);
}
