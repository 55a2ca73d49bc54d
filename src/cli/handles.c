/* SPDX-License-Identifier: MIT */
/* Prints handles as they come from the database. */

#include "cli/handles.h"

#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/json_list.h"
#include "cli/output.h"
#include "cli/table.h"
#include "cli/text.h"
#include "statements.h"

/* Rows kept to find the widths of the columns before they are printed. */
#define ROWS_AT_ONCE 1000
#define COLUMNS_MAX  12

struct handles_list {
    struct table *table;    /* as text */
    struct json_list *json; /* as JSON */
    const char *group;      /* "label" or "app" with --by */
    bool several_contracts; /* then text says which */
    const struct selected *item;
    int64_t count; /* of the item */
};

static const struct table_column list_columns[] = {
    {"CONTRACT", TABLE_LEFT},      {"MONTH", TABLE_LEFT},     {"HANDLE", TABLE_LEFT},    {"USER ID", TABLE_RIGHT},
    {"FIRST COUNTED", TABLE_LEFT}, {"LAST SEEN", TABLE_LEFT}, {"REQUESTS", TABLE_RIGHT}, {"COUNTED", TABLE_RIGHT},
    {"LABEL", TABLE_LEFT},         {"SOURCE", TABLE_LEFT},    {"ID", TABLE_LEFT},
};
static const struct table_column label_columns[] = {
    {"CONTRACT", TABLE_LEFT},        {"MONTH", TABLE_LEFT},     {"LABEL", TABLE_LEFT},
    {"UNIQUE HANDLES", TABLE_RIGHT}, {"REQUESTS", TABLE_RIGHT}, {"COUNTED", TABLE_RIGHT},
};
static const struct table_column app_columns[] = {
    {"CONTRACT", TABLE_LEFT},        {"MONTH", TABLE_LEFT},     {"APP", TABLE_LEFT},
    {"UNIQUE HANDLES", TABLE_RIGHT}, {"REQUESTS", TABLE_RIGHT}, {"COUNTED", TABLE_RIGHT},
};
/* The first columns are there only where the rows are of several contracts. */
#define CONTRACT_COLUMNS 2

static struct table *start_table(const char *by, bool several_contracts)
{
    const struct table_column *columns = list_columns;
    size_t count = ARRAY_LENGTH(list_columns);
    size_t left_out = several_contracts ? 0 : CONTRACT_COLUMNS;
    if (by != NULL) {
        columns = strcmp(by, "label") == 0 ? label_columns : app_columns;
        count = ARRAY_LENGTH(label_columns);
    }
    return table_new(columns + left_out, count - left_out);
}

bool handles_start(struct handles_list **list, const struct handles_filter *filter, bool several_contracts, bool json,
                   struct error *err)
{
    *list = mem_alloc(sizeof **list);
    (*list)->group = filter->by;
    (*list)->several_contracts = several_contracts;
    if (!json) {
        (*list)->table = start_table(filter->by, several_contracts);
        return true;
    }
    return json_list_new(&(*list)->json, err);
}

/* ---- JSON ---- */

static json_t *new_object(const struct handles_list *list)
{
    json_t *object = json_object();
    (void)json_object_set_new(object, "contract", json_text(list->item->contract.name));
    (void)json_object_set_new(object, "month", json_stringn(list->item->month, strlen("2026-10")));
    return object;
}

static json_t *handle_json(const struct handles_list *list, const struct db_rows *rows)
{
    json_t *object = new_object(list);
    json_t *evidence = json_object();
    (void)json_object_set_new(evidence, "source", json_text(db_text(rows, 0, "first_source")));
    (void)json_object_set_new(evidence, "id", json_text(db_text(rows, 0, "first_id")));
    (void)json_object_set_new(evidence, "batch", json_text(db_text(rows, 0, "first_batch")));
    (void)json_object_set_new(object, "subject", json_text(db_text(rows, 0, "subject")));
    (void)json_object_set_new(object, "user_id", json_text(db_text(rows, 0, "user_id")));
    (void)json_object_set_new(object, "handle", json_text(db_text(rows, 0, "handle")));
    (void)json_object_set_new(object, "first_seen", json_time(db_int64(rows, 0, "first_seen")));
    (void)json_object_set_new(object, "last_seen", json_time(db_int64(rows, 0, "last_seen")));
    (void)json_object_set_new(object, "requests", json_integer(db_int64(rows, 0, "requests")));
    (void)json_object_set_new(object, "counted_requests", json_integer(db_int64(rows, 0, "counted_requests")));
    (void)json_object_set_new(object, "label", json_text(db_text(rows, 0, "label")));
    (void)json_object_set_new(object, "first_event", evidence);
    return object;
}

static json_t *group_json(const struct handles_list *list, const struct db_rows *rows)
{
    json_t *object = new_object(list);
    (void)json_object_set_new(object, list->group, json_text(db_text(rows, 0, "name")));
    (void)json_object_set_new(object, "unique_handles", json_integer(db_int64(rows, 0, "unique_handles")));
    (void)json_object_set_new(object, "requests", json_integer(db_int64(rows, 0, "requests")));
    (void)json_object_set_new(object, "counted_requests", json_integer(db_int64(rows, 0, "counted_requests")));
    return object;
}

/* ---- text ---- */

static void add_cells(struct handles_list *list, const char *const cells[COLUMNS_MAX])
{
    table_add(list->table, cells + (list->several_contracts ? 0 : CONTRACT_COLUMNS));
    if (table_rows(list->table) >= ROWS_AT_ONCE)
        table_flush(list->table, stdout);
}

static void add_handle(struct handles_list *list, const struct db_rows *rows)
{
    struct cell month = {0}, first = {0}, last = {0};
    const char *handle = db_text(rows, 0, "handle");
    const char *subject = db_text(rows, 0, "subject");
    bool named_by_subject = handle == NULL && db_text(rows, 0, "user_id") == NULL;
    char *shown = handle != NULL ? mem_format("@%s", handle) : NULL;
    snprintf(month.text, sizeof month.text, "%.7s", list->item->month);
    add_cells(list, (const char *const[COLUMNS_MAX]){
                        list->item->contract.name,
                        month.text,
                        named_by_subject ? subject : shown,
                        db_text(rows, 0, "user_id"),
                        cell_time(&first, db_int64(rows, 0, "first_seen")),
                        cell_time(&last, db_int64(rows, 0, "last_seen")),
                        db_text(rows, 0, "requests"),
                        db_text(rows, 0, "counted_requests"),
                        db_text(rows, 0, "label"),
                        db_text(rows, 0, "first_source"),
                        db_text(rows, 0, "first_id"),
                    });
    free(shown);
}

static void add_group(struct handles_list *list, const struct db_rows *rows)
{
    struct cell month = {0};
    snprintf(month.text, sizeof month.text, "%.7s", list->item->month);
    add_cells(list, (const char *const[COLUMNS_MAX]){
                        list->item->contract.name,
                        month.text,
                        db_text(rows, 0, "name"),
                        db_text(rows, 0, "unique_handles"),
                        db_text(rows, 0, "requests"),
                        db_text(rows, 0, "counted_requests"),
                    });
}

/* ---- rows ---- */

static bool take_row(const struct db_rows *rows, void *context, struct error *err)
{
    struct handles_list *list = context;
    list->count += list->group != NULL ? db_int64(rows, 0, "unique_handles") : 1;
    if (list->json != NULL)
        return json_list_add(list->json, list->group != NULL ? group_json(list, rows) : handle_json(list, rows), err);
    if (list->group != NULL)
        add_group(list, rows);
    else
        add_handle(list, rows);
    return output_ok(stdout, err);
}

/* A list of an open month goes on to grow: up to when it is the whole truth stands below it. */
static bool note_until(const struct handles_list *list, struct db *db, const struct selected *item, struct error *err)
{
    struct reconcile_status status;
    struct cell until = {0};
    struct arena *arena = arena_new();
    bool done = reconcile_status(db, &item->contract, item->month, arena, &status, err);
    bool open = done && strcmp(status.state, "open") == 0;

    if (open && list->table != NULL)
        output_text("\n%s, %s: the month is open; data until %s\n", status.contract, status.month,
                    cell_time(&until, status.data_until));
    if (open)
        text_warn_of_silence(&status);
    arena_free(arena);
    return done;
}

bool handles_fetch(struct handles_list *list, struct db *db, const struct selected *item,
                   const struct handles_filter *filter, struct error *err)
{
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)item->contract.id);
    const char *const values[] = {
        id, item->month, filter->since.at, filter->since.date, filter->only_new ? "true" : "false", filter->by};
    list->item = item;
    list->count = 0;
    if (!db_each(db, filter->by != NULL ? &sql_handles_by : &sql_handles_list, values, take_row, list, err))
        return false;
    if (list->table != NULL)
        table_flush(list->table, stdout);
    log_note("contract '%s', %.7s: %lld handles", item->contract.name, item->month, (long long)list->count);
    return note_until(list, db, item, err);
}

bool handles_finish(struct handles_list *list, struct error *err)
{
    return list->json != NULL ? json_list_print(list->json, err) : output_ok(stdout, err);
}

void handles_free(struct handles_list *list)
{
    if (list == NULL)
        return;
    table_free(list->table);
    json_list_free(list->json);
    free(list);
}
