/* SPDX-License-Identifier: MIT */
/* Datasets from the database: what a statement gives, in the order that the layout declares. */

#include <jansson.h>

#include <stdlib.h>
#include <string.h>

#include "report/data.h"
#include "report/known.h"

/* A dataset that others take: its rows, and all of them as a statement has them. */
struct source_kept {
    struct source_kept *next;
    struct data_set set;
    const char *json;
};

struct reading {
    const struct report_dataset *dataset;
    report_row_fn *row;
    void *context;
    size_t *from;        /* for each declared column, where the statement gives it; NULL before the first row */
    const char **values; /* of the row at hand */
};

static bool find_column(const struct db_rows *rows, const char *name, size_t *index)
{
    for (size_t i = 0; i < db_column_count(rows); i++)
        if (strcmp(db_column_name(rows, i), name) == 0) {
            *index = i;
            return true;
        }
    return false;
}

MUST_CHECK static bool find_columns(struct reading *reading, const struct db_rows *rows, struct error *err)
{
    const struct report_dataset *dataset = reading->dataset;
    char given[400] = "";

    reading->from = mem_alloc(dataset->column_count * sizeof(*reading->from));
    for (size_t i = 0; i < dataset->column_count; i++) {
        if (find_column(rows, dataset->columns[i].name, &reading->from[i]))
            continue;
        for (size_t j = 0; j < db_column_count(rows); j++)
            known_add(given, sizeof(given), db_column_name(rows, j));
        return fail(err, EXIT_COMMAND, "%s gives no column \"%s\", which the layout declares; it gives: %s",
                    dataset->sql.name, dataset->columns[i].name, given);
    }
    return true;
}

static bool take_row(const struct db_rows *rows, void *context, struct error *err)
{
    struct reading *reading = context;

    if (reading->from == NULL && !find_columns(reading, rows, err))
        return false;
    for (size_t i = 0; i < reading->dataset->column_count; i++)
        reading->values[i] = db_value(rows, 0, reading->from[i]);
    return reading->row(reading->values, reading->context, err);
}

/* What a statement of a report may not do, in words of reports. */
static const struct {
    const char *sqlstate, *words;
} refusals[] = {
    {"25006", "a report only reads: its statements run in a transaction that can write nothing"},
    {"42501", "a report reads as headroom_reader, and that role may not do this"},
};

static void explain(struct error *err)
{
    for (size_t i = 0; err != NULL && i < ARRAY_LENGTH(refusals); i++)
        if (strcmp(err->sqlstate, refusals[i].sqlstate) == 0) {
            (void)fail(err, EXIT_COMMAND, "%s; %s", err->text, refusals[i].words);
            return;
        }
}

MUST_CHECK static bool run_statement(const struct source_db *source, const struct report_dataset *dataset,
                                     const char *const *parameters, report_row_fn *row, void *context,
                                     struct error *err)
{
    struct reading reading = {.dataset = dataset, .row = row, .context = context};

    reading.values = mem_alloc(dataset->column_count * sizeof(*reading.values));
    bool done = db_each(source->db, &dataset->sql, parameters, take_row, &reading, err);
    if (!done)
        explain(err);
    free(reading.values);
    free(reading.from);
    return done;
}

/* ---- datasets that others take ---- */

static json_t *row_as_json(const struct report_dataset *dataset, data_row values)
{
    json_t *row = json_object();

    for (size_t i = 0; i < dataset->column_count; i++)
        (void)json_object_set_new(row, dataset->columns[i].name,
                                  values[i] != NULL ? json_string(values[i]) : json_null());
    return row;
}

static const char *rows_as_json(const struct data_set *set, struct arena *arena)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < set->count; i++)
        (void)json_array_append_new(rows, row_as_json(set->dataset, set->rows[i]));
    char *text = json_dumps(rows, JSON_COMPACT);
    const char *kept = arena_copy(arena, str_of(text)).data;
    json_decref(rows);
    free(text);
    return kept;
}

static bool each_of_statement(void *context, const struct report_dataset *dataset, report_row_fn *row,
                              void *row_context, struct error *err);

MUST_CHECK static bool keep(struct source_db *source, const struct report_dataset *dataset,
                            const struct source_kept **kept, struct error *err)
{
    const struct report_source reading = {each_of_statement, source};

    for (*kept = source->kept; *kept != NULL; *kept = (*kept)->next)
        if ((*kept)->set.dataset == dataset)
            return true;
    struct source_kept *more = arena_alloc(source->arena, sizeof(*more));
    if (!data_read(source->report, &reading, source->arena, dataset, &more->set, err))
        return false;
    more->json = rows_as_json(&more->set, source->arena);
    more->next = source->kept;
    *kept = source->kept = more;
    return true;
}

/* The report's parameters, and behind them what the dataset takes. */
MUST_CHECK static bool fill_parameters(struct source_db *source, const struct report_dataset *dataset,
                                       const char **parameters, struct error *err)
{
    size_t count = source->report->parameter_count;

    memcpy(parameters, source->parameters, count * sizeof(*parameters));
    for (size_t i = 0; i < dataset->take_count; i++) {
        const struct source_kept *kept;

        if (!keep(source, layout_dataset(source->report, str_of(dataset->takes[i])), &kept, err))
            return false;
        parameters[count + i] = kept->json;
    }
    return true;
}

static bool each_of_statement(void *context, const struct report_dataset *dataset, report_row_fn *row,
                              void *row_context, struct error *err)
{
    struct source_db *source = context;
    size_t count = source->report->parameter_count + dataset->take_count;
    const char **parameters = mem_alloc((count + 1) * sizeof(*parameters));

    bool done = fill_parameters(source, dataset, parameters, err) &&
                run_statement(source, dataset, parameters, row, row_context, err);
    free(parameters);
    return done;
}

/* ---- the source ---- */

static bool each_of_db(void *context, const struct report_dataset *dataset, report_row_fn *row, void *row_context,
                       struct error *err)
{
    struct source_db *source = context;
    const struct source_kept *kept;

    if (!layout_is_taken(source->report, dataset))
        return each_of_statement(source, dataset, row, row_context, err);
    if (!keep(source, dataset, &kept, err))
        return false;
    for (size_t i = 0; i < kept->set.count; i++)
        if (!row(kept->set.rows[i], row_context, err))
            return false;
    return true;
}

struct report_source source_of_db(struct source_db *source)
{
    return (struct report_source){each_of_db, source};
}
