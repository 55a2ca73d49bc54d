/* SPDX-License-Identifier: MIT */
/* Reading a report's definition: layout.json, the parts that it names, and the statement beside it for each dataset. */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "report/folder.h"
#include "report/layout_keys.h"

/* ---- reading ---- */

/* The text of "PATH/LEAF"; NULL when there is no such file. */
static const struct embedded *find_file(const struct embedded *files, const char *path, const char *leaf)
{
    size_t size = strlen(path);

    for (; files->name != NULL; files++)
        if (strncmp(files->name, path, size) == 0 && files->name[size] == '/' &&
            strcmp(files->name + size + 1, leaf) == 0)
            return files;
    return NULL;
}

/* As messages name a statement: with the suffix that its file has. */
static const char *statement_name(struct arena *arena, const char *file)
{
    char *name = mem_format("%s.sql", file);
    const char *kept = arena_copy(arena, str_of(name)).data;

    free(name);
    return kept;
}

MUST_CHECK static bool take_statement(struct report *report, struct report_dataset *dataset,
                                      const struct embedded *file, struct error *err)
{
    size_t named = db_count_parameters(file->text);

    dataset->sql.name = statement_name(report->arena, file->name);
    dataset->sql.text = arena_copy(report->arena, str_of(file->text)).data;
    if (named > report->parameter_count + dataset->take_count)
        return fail(err, EXIT_COMMAND,
                    "%s: it names $%zu, and there are %zu: the layout's parameters (%zu), and the "
                    "datasets that it takes (%zu)",
                    dataset->sql.name, named, report->parameter_count + dataset->take_count, report->parameter_count,
                    dataset->take_count);
    return true;
}

MUST_CHECK static bool find_statements(struct report *report, const struct embedded *files, struct error *err)
{
    for (size_t i = 0; i < report->dataset_count; i++) {
        struct report_dataset *dataset = &report->datasets[i];
        const struct embedded *file = find_file(files, report->path, dataset->name);

        if (file == NULL)
            return fail(err, EXIT_COMMAND, "%s: datasets: [%zu]: there is no %s.sql beside it", dataset->place.file,
                        dataset->place.index, dataset->name);
        if (!take_statement(report, dataset, file, err))
            return false;
    }
    return true;
}

/* ---- the dataset that every report has ---- */

static const struct report_column own_columns[] = {
    {"name", "the report's name", NULL, REPORT_TEXT, false},
    {"title", "the report's title", NULL, REPORT_TEXT, false},
    {"program", "the program that made it, with its version", NULL, REPORT_TEXT, false},
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

/* ---- files of JSON ---- */

MUST_CHECK static bool read_json(const char *text, const struct shape *shape, struct arena *arena, void *out,
                                 struct error *err)
{
    json_error_t where;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &where);

    if (json == NULL)
        return fail(err, EXIT_COMMAND, "line %d, column %d: %s", where.line, where.column, where.text);
    bool read = shape_read(shape, json, arena, out, err);
    json_decref(json);
    return read;
}

/* ---- parts ---- */

/* A list with what another one has behind it. */
static void *joined(struct arena *arena, const void *list, size_t count, const void *more, size_t more_count,
                    size_t size)
{
    char *all = arena_alloc(arena, (count + more_count + 1) * size);

    if (count > 0)
        memcpy(all, list, count * size);
    if (more_count > 0)
        memcpy(all + count * size, more, more_count * size);
    return all;
}

static void add_part(struct layout_definition *definition, const char *file, const struct layout_part *part)
{
    struct report *report = &definition->report;
    struct report_layout *layout = &definition->layout;

    for (size_t i = 0; i < part->dataset_count; i++)
        part->datasets[i].place = (struct report_place){file, i};
    for (size_t i = 0; i < part->sheet_count; i++)
        part->sheets[i].place = (struct report_place){file, i};
    report->datasets = joined(report->arena, report->datasets, report->dataset_count, part->datasets,
                              part->dataset_count, sizeof(*report->datasets));
    report->dataset_count += part->dataset_count;
    layout->sheets = joined(report->arena, layout->sheets, layout->sheet_count, part->sheets, part->sheet_count,
                            sizeof(*layout->sheets));
    layout->sheet_count += part->sheet_count;
}

MUST_CHECK static bool read_part(const struct embedded *files, struct layout_definition *definition, const char *name,
                                 struct error *err)
{
    struct report *report = &definition->report;
    struct layout_part part = {0};
    char leaf[100];

    snprintf(leaf, sizeof(leaf), "%.90s.json", name);
    const struct embedded *file = find_file(files, report->path, leaf);
    if (file == NULL)
        return fail(err, EXIT_COMMAND, "%s/" LAYOUT_FILE ": parts: there is no %s beside it", report->path, leaf);
    if (!read_json(file->text, &layout_part_shape, report->arena, &part, err))
        return fail_within(err, "%s", file->name);
    add_part(definition, arena_copy(report->arena, str_of(file->name)).data, &part);
    return true;
}

/* ---- the whole ---- */

MUST_CHECK static bool read_definition(struct layout_definition *definition, const struct embedded *files,
                                       struct error *err)
{
    struct report *report = &definition->report;
    const struct embedded *file = find_file(files, report->path, LAYOUT_FILE);

    if (file == NULL)
        return fail(err, EXIT_COMMAND, "%s/" LAYOUT_FILE ": there is no such file", report->path);
    if (!read_json(file->text, &layout_definition_shape, report->arena, definition, err))
        return fail_within(err, "%s", file->name);
    add_part(definition, arena_copy(report->arena, str_of(file->name)).data, &definition->own);
    for (size_t i = 0; i < definition->part_count; i++)
        if (!read_part(files, definition, definition->parts[i], err))
            return false;
    return true;
}

/* They stand below what each sheet begins with, which is its title, and at the top of one that begins otherwise. */
static void add_every_sheet(const struct report_layout *layout, struct layout_sheet *sheet, struct arena *arena)
{
    size_t count = layout->every_sheet_count + sheet->block_count;
    struct layout_block *blocks = arena_alloc(arena, (count + 1) * sizeof(*blocks));
    size_t above = sheet->block_count > 0 && sheet->blocks[0].text != NULL ? 1 : 0;

    for (size_t i = 0; i < above; i++)
        blocks[i] = sheet->blocks[i];
    for (size_t i = 0; i < layout->every_sheet_count; i++)
        blocks[above + i] = layout->every_sheet[i];
    for (size_t i = above; i < sheet->block_count; i++)
        blocks[layout->every_sheet_count + i] = sheet->blocks[i];
    sheet->blocks = blocks;
    sheet->block_count = count;
}

MUST_CHECK static bool read_whole(struct layout_definition *definition, const struct embedded *files, struct error *err)
{
    struct report *report = &definition->report;
    const struct report_layout *layout = &definition->layout;

    if (!read_definition(definition, files, err) || !find_statements(report, files, err))
        return false;
    add_own_dataset(report);
    if (!layout_check(report, err))
        return false;
    for (size_t i = 0; i < layout->sheet_count; i++)
        add_every_sheet(layout, &layout->sheets[i], report->arena);
    return true;
}

/* The report stays part of its definition: both live as long as the arena. */
bool report_read(const struct embedded *files, const char *path, struct report **report, struct error *err)
{
    struct arena *arena = arena_new();
    struct layout_definition *definition = arena_alloc(arena, sizeof(*definition));
    const char *kept = arena_copy(arena, str_of(path)).data;
    const char *slash = strrchr(kept, '/');

    *definition = (struct layout_definition){.report = {.path = kept, .arena = arena, .layout = &definition->layout}};
    definition->report.name = slash != NULL ? slash + 1 : kept;
    bool good = read_whole(definition, files, err);
    *report = good ? &definition->report : NULL;
    if (!good)
        arena_free(arena);
    return good;
}

void report_close(struct report *report)
{
    if (report != NULL)
        arena_free(report->arena);
}
