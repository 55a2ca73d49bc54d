/* SPDX-License-Identifier: MIT */
/* Datasets from the database: what a statement gives, in the order that the layout declares. */

#include <stdlib.h>
#include <string.h>

#include "report/known.h"
#include "report/source.h"

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

static bool each_of_db(void *context, const struct report_dataset *dataset, report_row_fn *row, void *row_context,
                       struct error *err)
{
    struct source_db *source = context;
    struct reading reading = {.dataset = dataset, .row = row, .context = row_context};

    reading.values = mem_alloc(dataset->column_count * sizeof(*reading.values));
    bool done = db_each(source->db, &dataset->sql, source->parameters, take_row, &reading, err);
    if (!done)
        explain(err);
    free(reading.values);
    free(reading.from);
    return done;
}

struct report_source source_of_db(struct source_db *source)
{
    return (struct report_source){each_of_db, source};
}
