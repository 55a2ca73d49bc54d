/* SPDX-License-Identifier: MIT */
/* A month's statement as JSON. Money is a string, a count a number. */

#include <string.h>

#include "cli/charge.h"
#include "cli/json.h"
#include "cli/statement.h"

static void set_text(json_t *object, const char *key, const char *text)
{
    (void)json_object_set_new(object, key, json_text(text));
}

static void set_count(json_t *object, const char *key, int64_t count)
{
    (void)json_object_set_new(object, key, json_integer(count));
}

static json_t *not_counted_json(const struct reconcile_statement *statement)
{
    json_t *object = json_object();
    for (size_t i = 0; i < statement->not_counted.count; i++)
        set_count(object, statement->not_counted.items[i].reason, statement->not_counted.items[i].requests);
    return object;
}

static json_t *spread_json(const struct reconcile_statement *statement)
{
    json_t *object = json_object();
    for (size_t i = 0; i < statement->spread.count; i++)
        set_count(object, statement->spread.items[i].rule, statement->spread.items[i].unique_handles);
    return object;
}

static json_t *spread_charges_json(const struct reconcile_statement *statement)
{
    json_t *object = json_object();
    for (size_t i = 0; i < statement->spread.count; i++) {
        const struct reconcile_rule *rule = &statement->spread.items[i];
        json_t *charges = json_object();
        set_count(charges, "difference", rule->difference);
        set_text(charges, "charge", rule->charge);
        set_text(charges, "charge_difference", rule->charge_difference);
        (void)json_object_set_new(object, rule->rule, charges);
    }
    return object;
}

static json_t *app_only_json(const struct reconcile_statement *statement)
{
    json_t *object = json_object();
    set_count(object, "requests", statement->app_only_requests);
    set_count(object, "at_most", statement->app_only_at_most);
    return object;
}

static json_t *boundary_json(const struct reconcile_statement *statement)
{
    json_t *array = json_array();
    for (size_t i = 0; i < statement->boundary.count; i++) {
        const struct reconcile_side *side = &statement->boundary.items[i];
        json_t *object = json_object();
        json_t *difference = json_object();
        set_text(object, "side", side->side);
        (void)json_object_set_new(object, "at", json_time(side->at));
        set_count(object, "leave", side->leave);
        set_count(object, "come", side->come);
        set_text(difference, "leave", side->leave_charge);
        set_text(difference, "come", side->come_charge);
        (void)json_object_set_new(object, "charge_difference", difference);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *low_days_json(const struct reconcile_statement *statement)
{
    json_t *array = json_array();
    for (const char *day = statement->status.low_days; day != NULL && *day != '\0';) {
        size_t size = strcspn(day, ",");
        (void)json_array_append_new(array, json_stringn(day, size));
        day += size + (day[size] == ',');
    }
    return array;
}

static json_t *checks_json(const struct reconcile_statement *statement)
{
    json_t *array = json_array();
    for (size_t i = 0; i < statement->checks.count; i++) {
        const struct reconcile_check *check = &statement->checks.items[i];
        json_t *object = json_object();
        set_text(object, "name", check->name);
        (void)json_object_set_new(object, "expected", json_digits(check->expected));
        (void)json_object_set_new(object, "found", json_digits(check->found));
        set_text(object, "state", check->state);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *differences_json(const struct reconcile_statement *statement)
{
    json_t *array = json_array();
    for (size_t i = 0; i < statement->differences.count; i++) {
        const struct reconcile_difference *difference = &statement->differences.items[i];
        json_t *object = json_object();
        set_text(object, "owner", difference->owner);
        set_text(object, "maintained", difference->maintained);
        set_text(object, "recounted", difference->recounted);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *event_json(int64_t at, const char *subject, const char *class, int64_t batch)
{
    json_t *object = json_object();
    (void)json_object_set_new(object, "time", json_time(at));
    set_text(object, "subject", subject);
    set_text(object, "class", class);
    set_count(object, "batch", batch);
    return object;
}

static json_t *pairs_json(const struct reconcile_statement *statement)
{
    json_t *array = json_array();
    for (size_t i = 0; i < statement->pairs.count; i++) {
        const struct reconcile_pair *pair = &statement->pairs.items[i];
        json_t *object = json_object();
        set_text(object, "source", pair->source);
        set_text(object, "id", pair->id);
        (void)json_object_set_new(
            object, "earlier",
            event_json(pair->earlier.at, pair->earlier.subject, pair->earlier.class, pair->earlier.batch));
        (void)json_object_set_new(
            object, "later", event_json(pair->later.at, pair->later.subject, pair->later.class, pair->later.batch));
        (void)json_object_set_new(object, "resolved", json_boolean(pair->resolved));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *today_json(const struct reconcile_status *status)
{
    json_t *object = json_object();
    set_count(object, "unique_handles", status->unique_handles);
    set_text(object, "charge", status->charge);
    return object;
}

json_t *statement_json(const struct reconcile_statement *statement)
{
    const struct reconcile_status *status = &statement->status;
    json_t *object = json_status(status);
    set_count(object, "counted_requests", status->counted_requests);
    (void)json_object_set_new(object, "not_counted", not_counted_json(statement));
    (void)json_object_set_new(object, "spread", spread_json(statement));
    (void)json_object_set_new(object, "spread_charges", spread_charges_json(statement));
    (void)json_object_set_new(object, "app_only", app_only_json(statement));
    (void)json_object_set_new(object, "boundary", boundary_json(statement));
    (void)json_object_set_new(object, "low_days", low_days_json(statement));
    (void)json_object_set_new(object, "lines", charge_json(statement->lines.items, statement->lines.count));
    (void)json_object_set_new(object, "checks", checks_json(statement));
    if (statement->recounted)
        (void)json_object_set_new(object, "differing_owners", differences_json(statement));
    if (statement->paired)
        (void)json_object_set_new(object, "pairs", pairs_json(statement));
    (void)json_object_set_new(object, "today", today_json(&statement->today));
    return object;
}

char *statement_text(const struct reconcile_statement *statement, struct error *err)
{
    json_t *document = statement_json(statement);
    char *text = json_dumps(document, JSON_COMPACT);

    json_decref(document);
    if (text == NULL)
        (void)fail(err, EXIT_COMMAND, "the statement can't be kept: a text in it is not UTF-8");
    return text;
}
