/* SPDX-License-Identifier: MIT */
/* Making a report: one snapshot of the database, its datasets, the file. */

#include <stdlib.h>
#include <string.h>

#include "headroom/outlook.h"
#include "report/delivery.h"
#include "report/layout.h"
#include "statements.h"

#define SECOND INT64_C(1000000)

/* ---- time ---- */

bool report_now(int64_t *now_us, struct error *err)
{
    const char *given = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds;

    *now_us = timestamp_now() / SECOND * SECOND;
    if (given == NULL)
        return true;
    if (!str_to_int64(str_of(given), TIMESTAMP_MIN / SECOND, INT64_C(99999999999), &seconds))
        return fail(err, EXIT_USAGE, "SOURCE_DATE_EPOCH is \"%.40s\", not seconds since 1970 from 2006 on", given);
    *now_us = seconds * SECOND;
    return true;
}

/* ---- datasets ---- */

struct parameters {
    char contract[DB_NUMBER_SIZE];
    char now[TIMESTAMP_SIZE];
    const char *forecast, *contracts;     /* NULL where the report takes none */
    const char *texts[REPORT_PARAMETERS]; /* in the order that the report declares */
};

/* Takes the document. */
MUST_CHECK static bool write_document(json_t *document, struct arena *arena, const char **written, struct error *err)
{
    char *text = json_dumps(document, JSON_COMPACT);

    json_decref(document);
    if (text == NULL)
        return fail(err, EXIT_COMMAND, "the forecast can't be written as JSON: a text in it is not UTF-8");
    *written = arena_copy(arena, str_of(text)).data;
    free(text);
    return true;
}

MUST_CHECK static bool make_forecast(struct db *db, const struct report_request *request, struct arena *arena,
                                     const char **forecast, struct error *err)
{
    json_t *document = NULL;

    if (!outlook_document(db, request->contract, request->month, request->now_us, arena, &document, err))
        return false;
    return write_document(document, arena, forecast, err);
}

/* One contract's entry of `contracts`; borrows from an arena of its own, as there may be many. */
MUST_CHECK static bool add_contract(struct db *db, const struct report_month *month, int64_t now_us, json_t *contracts,
                                    struct error *err)
{
    const struct outlook_options options = {
        .as_of = HISTORY_NO_TIME,
        .now = now_us,
        .newest = FORECAST_HISTORY,
        .limit = HISTORY_LIMIT_OF_TERMS,
    };
    struct arena *arena = arena_new();
    struct outlook outlook;
    bool done = outlook_make(db, month->contract, month->month, &options, arena, &outlook, err);

    if (done)
        (void)json_array_append_new(contracts,
                                    json_pack("{s:I, s:s, s:o}", "contract_id", (json_int_t)month->contract->id,
                                              "month", month->month, "forecast", outlook_json_brief(&outlook)));
    arena_free(arena);
    return done;
}

/* Their states are found by the database, at once. */
MUST_CHECK static bool add_states(struct db *db, const struct report_request *request, const char *given,
                                  struct arena *arena, const char **contracts, struct error *err)
{
    char now[TIMESTAMP_SIZE];
    const char *const params[] = {given, timestamp_format(request->now_us, now)};
    struct db_rows *rows = NULL;

    if (!db_query_one(db, &sql_report_contracts, params, &rows, err))
        return false;
    *contracts = arena_copy(arena, str_of(db_text(rows, 0, "contracts"))).data;
    db_rows_free(rows);
    return true;
}

MUST_CHECK static bool make_contracts(struct db *db, const struct report_request *request, struct arena *arena,
                                      const char **contracts, struct error *err)
{
    json_t *array = json_array();
    const char *given = NULL;

    for (size_t i = 0; i < request->month_count; i++)
        if (!add_contract(db, &request->months[i], request->now_us, array, err)) {
            json_decref(array);
            return false;
        }
    return write_document(array, arena, &given, err) && add_states(db, request, given, arena, contracts, err);
}

MUST_CHECK static bool fill_parameters(struct db *db, const struct report *report, const struct report_request *request,
                                       struct arena *arena, struct parameters *parameters, struct error *err)
{
    *parameters = (struct parameters){0};
    if (report_takes(report, REPORT_FORECAST) && !make_forecast(db, request, arena, &parameters->forecast, err))
        return false;
    if (report_takes(report, REPORT_CONTRACTS) && !make_contracts(db, request, arena, &parameters->contracts, err))
        return false;

    const char *const values[REPORT_PARAMETERS] = {
        [REPORT_CONTRACT] = db_number_text(request->contract != NULL ? request->contract->id : 0, parameters->contract),
        [REPORT_MONTH] = request->month,
        [REPORT_NOW] = timestamp_format(request->now_us, parameters->now),
        [REPORT_FORECAST] = parameters->forecast,
        [REPORT_CONTRACTS] = parameters->contracts,
    };
    for (size_t i = 0; i < report->parameter_count && i < REPORT_PARAMETERS; i++)
        parameters->texts[i] = values[report->parameters[i]];
    return true;
}

/* Times come in the report's zone from here on; which one that is must be asked for first. */
MUST_CHECK static bool set_time_zone(struct db *db, const char *zone, struct error *err)
{
    const char *const parameters[] = {zone};

    return db_run(db, &sql_report_session, parameters, err);
}

struct zone_search {
    size_t index;
    char zone[200];
};

static bool take_zone(const char *const *values, void *context, struct error *err)
{
    struct zone_search *search = context;

    (void)err;
    if (values[search->index] != NULL)
        snprintf(search->zone, sizeof(search->zone), "%s", values[search->index]);
    return true;
}

/* Asks a copy of the source, as what is kept of it would have the times of another zone. */
MUST_CHECK static bool choose_time_zone(struct source_db reading, struct error *err)
{
    const struct report *report = reading.report;
    const struct report_source source = source_of_db(&reading);
    struct zone_search search = {.zone = "UTC"};
    struct layout_value value;

    if (!layout_find_value(report, str_of(report->layout->time_zone), &value, err))
        return false;
    search.index = (size_t)(value.column - value.dataset->columns);
    return source.each(source.context, value.dataset, take_zone, &search, err) &&
           set_time_zone(reading.db, search.zone, err);
}

/* ---- what it rests on ---- */

static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text != NULL ? text : "");
}

MUST_CHECK static bool read_basis(struct db *db, const struct report *report, const struct parameters *parameters,
                                  const struct report_request *request, struct report_basis *basis, struct error *err)
{
    bool of_month = report_takes(report, REPORT_CONTRACT) && report_takes(report, REPORT_MONTH);
    const char *const values[] = {of_month ? parameters->contract : NULL, request->month, parameters->now};
    struct db_rows *rows = NULL;

    if (!db_query_one(db, &sql_report_basis, values, &rows, err))
        return false;
    basis->chain_seq = db_int64(rows, 0, "chain_seq");
    basis->unique_handles = db_int64(rows, 0, "unique_handles");
    basis->is_of_month = !db_is_null(rows, 0, "state");
    copy_text(basis->chain_digest, sizeof(basis->chain_digest), db_text(rows, 0, "chain_digest"));
    copy_text(basis->state, sizeof(basis->state), db_text(rows, 0, "state"));
    copy_text(basis->charge, sizeof(basis->charge), db_text(rows, 0, "charge"));
    copy_text(basis->currency, sizeof(basis->currency), db_text(rows, 0, "currency"));
    db_rows_free(rows);
    return true;
}

/* ---- the report ---- */

MUST_CHECK static bool write_report(struct db *db, const struct report *report, const struct report_request *request,
                                    struct arena *arena, struct report_written *written, struct error *err)
{
    const struct renderer *renderer = renderer_of(request->format);
    struct parameters parameters;
    struct source_db reading = {.db = db, .report = report, .parameters = parameters.texts, .arena = arena};
    const struct report_source source = source_of_db(&reading);
    struct render_job job = {.report = report, .source = &source, .request = request, .arena = arena};
    struct data *data = NULL;

    if (!report_check_request(report, request, err) || !render_find_dataset(report, request, &job.dataset, err) ||
        !fill_parameters(db, report, request, arena, &parameters, err) || !choose_time_zone(reading, err))
        return false;
    if (renderer->shows_sheets && !data_load(report, &source, arena, &data, err))
        return false;
    job.data = data;
    return read_basis(db, report, &parameters, request, &written->basis, err) && deliver(renderer, &job, written, err);
}

bool report_write(struct db *db, const struct report *report, const struct report_request *request,
                  struct report_written *written, struct error *err)
{
    struct arena *arena = arena_new();

    *written = (struct report_written){0};
    bool good = db_begin_snapshot(db, err) && write_report(db, report, request, arena, written, err);
    /* Nothing was changed, so there is nothing to commit. */
    db_rollback(db);
    arena_free(arena);
    return good || fail_within(err, "report %s", report->name);
}
