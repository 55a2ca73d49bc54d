/* SPDX-License-Identifier: MIT */
/* Prints batches as text and as JSON. */

#include "cli/batch.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/output.h"
#include "cli/rows.h"
#include "cli/text.h"
#include "statements.h"

bool batch_read_range(const char *text, struct audit_range *range, struct error *err)
{
    const char *dash = strchr(text, '-');
    struct str first = {text, dash != NULL ? (size_t)(dash - text) : strlen(text)};
    struct str last = dash != NULL ? str_of(dash + 1) : first;

    if (!str_to_int64(first, 1, INT64_MAX, &range->first) || !str_to_int64(last, 1, INT64_MAX, &range->last))
        return fail(err, EXIT_USAGE, "'%s' is no batch; write its number, or a range as 7-12", text);
    return range->first <= range->last ||
           fail(err, EXIT_USAGE, "'%s' ends before it begins; write the lower number first", text);
}

/* ---- the list ---- */

static const struct rows_column list_columns[] = {
    {"batch", "BATCH", ROWS_TEXT},
    {"kind", NULL, ROWS_TEXT},
    {"loaded_at", "TAKEN IN", ROWS_TIME},
    {"loaded_by", "BY", ROWS_TEXT},
    {"file", "FILE", ROWS_TEXT},
    {"format", NULL, ROWS_TEXT},
    {"first_line", NULL, ROWS_COUNT},
    {"last_line", NULL, ROWS_COUNT},
    {"read", "READ", ROWS_COUNT},
    {"added", "ADDED", ROWS_COUNT},
    {"duplicate", "DUPLICATE", ROWS_COUNT},
    {"quarantined", "QUARANTINED", ROWS_COUNT},
    {"state", "STATE", ROWS_TEXT},
};

static void note_count(size_t count, const char *limit)
{
    if (count == 0)
        log_note("no batch is like that");
    else if (count == strtoull(limit, NULL, 10))
        log_note("these are the newest %zu; --limit shows more", count);
}

bool batch_print_list(struct db *db, const struct batch_filter *filter, bool json, struct error *err)
{
    const char *const params[] = {filter->contract, filter->month, filter->file, filter->voided ? "true" : "false",
                                  filter->limit};
    struct db_rows *rows = NULL;
    bool done = true;

    if (!db_query(db, &sql_batch_list, params, &rows, err))
        return false;
    if (json)
        done = cli_print_json(rows_json_all(list_columns, ARRAY_LENGTH(list_columns), rows), err);
    else
        rows_print(list_columns, ARRAY_LENGTH(list_columns), rows);
    note_count(db_rows_count(rows), filter->limit);
    db_rows_free(rows);
    return done && output_ok(stdout, err);
}

/* ---- one batch ---- */

static const struct rows_column own_columns[] = {
    {"batch", "Batch", ROWS_TEXT},
    {"kind", "Kind", ROWS_TEXT},
    {"state", "State", ROWS_TEXT},
    {"file", "File", ROWS_TEXT},
    {"format", "Format", ROWS_TEXT},
    {"first_line", "First line", ROWS_COUNT},
    {"last_line", "Last line", ROWS_COUNT},
    {"first_byte", "From byte", ROWS_COUNT},
    {"end_byte", "To byte", ROWS_COUNT},
    {"read", "Read", ROWS_COUNT},
    {"added", "Added", ROWS_COUNT},
    {"duplicate", "Duplicate", ROWS_COUNT},
    {"quarantined", "Quarantined", ROWS_COUNT},
    {"loaded_at", "Taken in", ROWS_TIME},
    {"loaded_by", "By", ROWS_TEXT},
    {"program", "Program", ROWS_TEXT},
    {"events_digest", "SHA-256 of its events", ROWS_TEXT},
    {"facts_digest", "SHA-256 of its facts", ROWS_TEXT},
    {"scope", "Options", ROWS_TEXT},
    {"first_digest", "SHA-256 of the file before it", ROWS_TEXT},
    {"end_digest", "SHA-256 of the file with it", ROWS_TEXT},
    {"chain_link", "Link of the chain", ROWS_COUNT},
    {"link_digest", "Digest of the link", ROWS_TEXT},
};
static const struct rows_column source_columns[] = {
    {"contract", "CONTRACT", ROWS_TEXT},       {"source", "SOURCE", ROWS_TEXT},         {"added", "ADDED", ROWS_COUNT},
    {"first_event", "FIRST EVENT", ROWS_TIME}, {"last_event", "LAST EVENT", ROWS_TIME},
};
static const struct rows_column month_columns[] = {
    {"contract", "CONTRACT", ROWS_TEXT},
    {"month", "MONTH", ROWS_TEXT},
    {"requests", "REQUESTS", ROWS_COUNT},
};
static const struct rows_column change_columns[] = {
    {"action", "CHANGE", ROWS_TEXT}, {"changed_at", "AT", ROWS_TIME},    {"changed_by", "BY", ROWS_TEXT},
    {"reason", "REASON", ROWS_TEXT}, {"chain_link", "LINK", ROWS_COUNT},
};
static const struct rows_column reason_columns[] = {
    {"reason", "QUARANTINED", ROWS_TEXT},
    {"lines", "LINES", ROWS_COUNT},
    {"settled", "SETTLED", ROWS_COUNT},
};
/* What follows the batch's own values: a table of its own, an array in JSON. */
static const struct part {
    const char *key;
    const struct sql *sql;
    const struct rows_column *columns;
    size_t count;
} parts[] = {
    {"sources", &sql_batch_show_sources, source_columns, ARRAY_LENGTH(source_columns)},
    {"months", &sql_batch_show_months, month_columns, ARRAY_LENGTH(month_columns)},
    {"quarantined_lines", &sql_batch_show_quarantined, reason_columns, ARRAY_LENGTH(reason_columns)},
    {"changes", &sql_batch_show_changes, change_columns, ARRAY_LENGTH(change_columns)},
};

static void print_own(const struct db_rows *rows)
{
    for (size_t i = 0; i < ARRAY_LENGTH(own_columns); i++) {
        const struct rows_column *column = &own_columns[i];
        struct cell time;
        if (db_is_null(rows, 0, column->key))
            continue;
        output_text("%-29s %s\n", column->title,
                    column->kind == ROWS_TIME ? cell_time(&time, db_int64(rows, 0, column->key))
                                              : db_text(rows, 0, column->key));
    }
}

/* document: NULL prints text. */
static bool show_part(struct db *db, const struct part *part, const char *batch, json_t *document, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(db, part->sql, (const char *const[]){batch}, &rows, err))
        return false;
    if (document != NULL)
        (void)json_object_set_new(document, part->key, rows_json_all(part->columns, part->count, rows));
    else if (db_rows_count(rows) > 0)
        (void)putchar('\n');
    if (document == NULL)
        rows_print(part->columns, part->count, rows);
    db_rows_free(rows);
    return true;
}

static bool show_parts(struct db *db, const char *batch, json_t *document, struct error *err)
{
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        if (!show_part(db, &parts[i], batch, document, err))
            return false;
    }
    return true;
}

bool batch_print(struct db *db, const char *batch, bool json, struct error *err)
{
    struct db_rows *rows = NULL;
    json_t *document = NULL;

    if (!db_query(db, &sql_batch_show, (const char *const[]){batch}, &rows, err))
        return false;
    bool found = db_rows_count(rows) > 0 ||
                 fail(err, EXIT_USAGE, "there is no batch %s; `headroom batch list` shows them", batch);
    if (found && json)
        document = rows_json(own_columns, ARRAY_LENGTH(own_columns), rows, 0);
    else if (found)
        print_own(rows);
    db_rows_free(rows);
    if (!found || !show_parts(db, batch, document, err)) {
        json_decref(document);
        return false;
    }
    return document != NULL ? cli_print_json(document, err) : output_ok(stdout, err);
}

/* ---- a change ---- */

static json_t *month_json(const struct audit_changed_month *month)
{
    json_t *object = json_object();

    (void)json_object_set_new(object, "contract", json_text(month->contract));
    (void)json_object_set_new(object, "month", json_text(month->month));
    (void)json_object_set_new(object, "unique_handles_before", json_integer(month->handles_before));
    (void)json_object_set_new(object, "unique_handles", json_integer(month->handles_after));
    (void)json_object_set_new(object, "charge_before", json_text(month->charge_before));
    (void)json_object_set_new(object, "charge", json_text(month->charge_after));
    (void)json_object_set_new(object, "currency", json_text(month->currency));
    return object;
}

static json_t *change_json(const struct audit_change *change, const struct audit_change_result *result)
{
    json_t *object = json_object();
    json_t *batches = json_array();
    json_t *months = json_array();

    for (size_t i = 0; i < result->batch_count; i++) {
        struct cell batch;
        (void)json_array_append_new(batches, json_text(cell_count(&batch, result->batches[i])));
    }
    for (size_t i = 0; i < result->month_count; i++)
        (void)json_array_append_new(months, month_json(&result->months[i]));
    (void)json_object_set_new(object, "action", json_text(change->action == AUDIT_VOID ? "void" : "restore"));
    (void)json_object_set_new(object, "dry_run", json_boolean(change->dry_run));
    (void)json_object_set_new(object, "batches", batches);
    (void)json_object_set_new(object, "months", months);
    (void)json_object_set_new(object, "chain_head", json_text(result->chain_head));
    return object;
}

static void add_month(struct table *table, const struct audit_changed_month *month)
{
    struct cell before;
    struct cell after;
    struct cell charge_before;
    struct cell charge_after;

    table_add(table, (const char *const[]){month->contract, month->month, cell_count(&before, month->handles_before),
                                           cell_count(&after, month->handles_after),
                                           cell_money(&charge_before, month->charge_before, month->currency),
                                           cell_money(&charge_after, month->charge_after, month->currency)});
}

static void print_months(const struct audit_change_result *result)
{
    static const struct table_column columns[] = {
        {"CONTRACT", TABLE_LEFT},        {"MONTH", TABLE_LEFT},          {"UNIQUE HANDLES BEFORE", TABLE_RIGHT},
        {"UNIQUE HANDLES", TABLE_RIGHT}, {"CHARGE BEFORE", TABLE_RIGHT}, {"CHARGE", TABLE_RIGHT},
    };
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));

    for (size_t i = 0; i < result->month_count; i++)
        add_month(table, &result->months[i]);
    table_print(table, stdout);
    table_free(table);
}

bool batch_print_change(const struct audit_change *change, const struct audit_change_result *result, bool json,
                        struct error *err)
{
    const char *what = change->action == AUDIT_VOID ? "voided" : "restored";
    const char *plural = result->batch_count == 1 ? "" : "es";

    if (json)
        return cli_print_json(change_json(change, result), err);
    if (result->month_count > 0)
        print_months(result);
    else
        puts("No billing month has events of it.");
    if (change->dry_run)
        printf("\nDry run: %zu batch%s would be %s; nothing was changed.\n", result->batch_count, plural, what);
    else
        printf("\n%zu batch%s %s. Chain head: %s\n", result->batch_count, plural, what, result->chain_head);
    return output_ok(stdout, err);
}
