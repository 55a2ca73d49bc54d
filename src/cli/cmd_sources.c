/* SPDX-License-Identifier: MIT */
/* headroom sources: whether everything arrived, source by source. */

#include <string.h>

#include "cli/json.h"
#include "cli/selection.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/value.h"
#include "headroom/sources.h"

static enum exit_code run_sources(const struct invocation *invocation);

const struct command cmd_sources = {
    .name = "sources",
    .summary = "show up to when each source has delivered, and its gaps",
    .description =
        "For each source of a contract its first and last event, its events, how long it is usually silent, its gaps "
        "in the billing month, and since when it is silent, if it is. Below that the month's grade, and the days whose "
        "count may be too low; which source holds data until, where others have come further; and how far an event "
        "endpoint has listened for a source. Events under no terms are in no month; they are shown here.\n\n"
        "The rule, known to the hour: a source's usual spacing is the longest silence of an ordinary week, the median "
        "of the last 13 weeks; until three weeks are known it is taken for a weekend, 64 hours. A gap is a silence of "
        "more than two and a half times that, and more than 6 hours; or a day without events where 7 of the same 8 "
        "weekdays before had some. What 'ingest --follow' or a gateway has read without a break is never a gap. An "
        "event endpoint ('headroom serve') that listens moves data until on, since all that it was sent is in the "
        "ledger; but only applications know whether they sent all, so what it feeds is silent, and has gaps, by its "
        "events alone. A source counts that delivered in the month before or later.\n\n"
        "Grades: 'gaps', and which days; 'began', the contract's first event of all lies in the month; 'complete', "
        "every source was read without a break by a follower or a gateway; 'unknown', it came as files only, which do "
        "not say whether there should have been more.\n\n"
        "--check ends with exit code 4 when a source is silent or has a gap in the month, and says which and since "
        "when.\n\n"
        "Requests that went through a gateway and are not in the ledger are a gap too, wherever they lie, and are "
        "named "
        "below: those that it forwarded without a record (--on-full forward), and those whose number never came, as "
        "after the database was restored. Of the latter 'gateway replay' brings back what the spool still keeps.\n\n"
        "JSON: an array of {contract, month, data_until, completeness, low_days, sources: [{source, first_event, "
        "last_event, delivered_until, events, month_requests, no_terms, active, usual_hours, allowed_hours, "
        "silent_since, gaps: [{from, until}], lost: [{from, until, requests, words}], low_days, listened_since, "
        "listened_until}]}.",
    .options =
        (const struct option_spec[]){
            OPTION_CONTRACT_OF_ALL,
            OPTION_MONTH,
            {"check", 0, NULL, "exit code 4 when a source is silent or has a gap"},
            {"stale", 0, "HOURS", "a source may be silent for so long; default: by its usual spacing"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom sources  # did everything arrive this month?",
            "headroom sources --month last --json | jq '.[].low_days'  # days of last month to look at",
            "headroom sources --check --stale 2 -q  # for cron: is a source silent for more than two hours?",
            NULL,
        },
    .run = run_sources,
};

/* ---- text ---- */

#define HELD_US (INT64_C(300) * 1000000) /* less is the usual pace of readers */

static const char *cell_hours(struct cell *cell, int64_t hours)
{
    if (hours == AUDIT_UNKNOWN)
        return NULL;
    snprintf(cell->text, sizeof cell->text, "%lld h", (long long)hours);
    return cell->text;
}

static void add_source(struct table *table, const char *contract, const struct audit_source *source)
{
    struct cell first = {0}, last = {0}, events = {0}, requests = {0}, terms = {0}, usual = {0}, gaps = {0};
    struct cell silent = {0};
    table_add(table, (const char *const[]){
                         contract,
                         source->name,
                         cell_time(&first, source->first_event),
                         cell_time(&last, source->last_event),
                         cell_count(&events, source->events),
                         cell_count(&requests, source->month_requests),
                         cell_count(&terms, source->no_terms),
                         cell_hours(&usual, source->usual_hours),
                         cell_count(&gaps, (int64_t)source->gap_count),
                         source->active ? cell_time(&silent, source->silent_since) : "ended",
                     });
    if (source->silent_since != AUDIT_NO_TIME || source->gap_count > 0)
        table_set_tone(table, TABLE_WARNING);
    else if (!source->active)
        table_set_tone(table, TABLE_FAINT);
}

static void print_sources(const struct selection *selection, const struct audit_sources *found)
{
    static const struct table_column columns[] = {
        {"CONTRACT", TABLE_LEFT},     {"SOURCE", TABLE_LEFT},         {"FIRST EVENT", TABLE_LEFT},
        {"LAST EVENT", TABLE_LEFT},   {"EVENTS", TABLE_RIGHT},        {"IN MONTH", TABLE_RIGHT},
        {"NO TERMS", TABLE_RIGHT},    {"USUAL SPACING", TABLE_RIGHT}, {"GAPS", TABLE_RIGHT},
        {"SILENT SINCE", TABLE_LEFT},
    };
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < selection->count; i++)
        for (size_t j = 0; j < found[i].count; j++)
            add_source(table, selection->items[i].contract.name, &found[i].items[j]);
    table_print(table, stdout);
    table_free(table);
}

static void print_months(const struct selection *selection, const struct audit_sources *found)
{
    static const struct table_column columns[] = {{"CONTRACT", TABLE_LEFT},
                                                  {"MONTH", TABLE_LEFT},
                                                  {"DATA UNTIL", TABLE_LEFT},
                                                  {"GRADE", TABLE_LEFT},
                                                  {"DAYS THAT MAY BE TOO LOW", TABLE_LEFT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < selection->count; i++) {
        struct cell until = {0};
        char month[8];
        snprintf(month, sizeof month, "%.7s", selection->items[i].month);
        table_add(table, (const char *const[]){selection->items[i].contract.name, month,
                                               cell_time(&until, found[i].data_until), found[i].words,
                                               found[i].low_days_words});
    }
    table_print(table, stdout);
    table_free(table);
}

static void print_lost(const char *contract, const struct audit_source *source)
{
    struct cell from = {0}, until = {0};

    for (size_t i = 0; i < source->lost_count; i++)
        printf("\nContract '%s', source '%s', from %s to %s: %s.\n", contract, source->name,
               cell_time(&from, source->lost[i].from), cell_time(&until, source->lost[i].until), source->lost[i].words);
}

/* The sources that data until waits for, where another one has come further. */
static void print_held(const char *contract, const struct audit_sources *found)
{
    struct cell until = {0}, further = {0};
    int64_t most = AUDIT_NO_TIME;

    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].active && found->items[i].delivered_until > most)
            most = found->items[i].delivered_until;
    if (found->data_until == AUDIT_NO_TIME || most - found->data_until < HELD_US)
        return;
    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].active && found->items[i].delivered_until == found->data_until)
            printf(
                "\nContract '%s': data until is that of source '%s', which has delivered up to %s; others are at %s.\n",
                contract, found->items[i].name, cell_time(&until, found->data_until), cell_time(&further, most));
}

static void print_listened(const char *contract, const struct audit_source *source)
{
    struct cell from = {0}, until = {0};

    if (source->listened_since == AUDIT_NO_TIME)
        return;
    printf("\nContract '%s', source '%s': an event endpoint has listened from %s on", contract, source->name,
           cell_time(&from, source->listened_since));
    if (source->listened_until > source->listened_since)
        printf(" to %s", cell_time(&until, source->listened_until));
    printf("; what applications kept back, it does not know.\n");
}

static void print_text(const struct selection *selection, const struct audit_sources *found)
{
    print_sources(selection, found);
    printf("\n");
    print_months(selection, found);
    for (size_t i = 0; i < selection->count; i++)
        print_held(selection->items[i].contract.name, &found[i]);
    for (size_t i = 0; i < selection->count; i++)
        for (size_t j = 0; j < found[i].count; j++)
            print_listened(selection->items[i].contract.name, &found[i].items[j]);
    for (size_t i = 0; i < selection->count; i++)
        for (size_t j = 0; j < found[i].count; j++)
            print_lost(selection->items[i].contract.name, &found[i].items[j]);
}

/* ---- JSON ---- */

/* "2026-03-04,2026-03-05" as an array. */
static json_t *days_json(const char *days)
{
    json_t *array = json_array();
    for (const char *at = days; at != NULL && *at != '\0';) {
        size_t size = strcspn(at, ",");
        (void)json_array_append_new(array, json_stringn(at, size));
        at += size + (at[size] == ',');
    }
    return array;
}

static json_t *hours_json(int64_t hours)
{
    return hours == AUDIT_UNKNOWN ? json_null() : json_integer(hours);
}

static json_t *gaps_json(const struct audit_source *source)
{
    json_t *array = json_array();
    for (size_t i = 0; i < source->gap_count; i++) {
        json_t *gap = json_object();
        (void)json_object_set_new(gap, "from", json_time(source->gaps[i].from));
        (void)json_object_set_new(gap, "until", json_time(source->gaps[i].until));
        (void)json_array_append_new(array, gap);
    }
    return array;
}

static json_t *lost_json(const struct audit_source *source)
{
    json_t *array = json_array();
    for (size_t i = 0; i < source->lost_count; i++) {
        json_t *lost = json_object();
        (void)json_object_set_new(lost, "from", json_time(source->lost[i].from));
        (void)json_object_set_new(lost, "until", json_time(source->lost[i].until));
        (void)json_object_set_new(lost, "requests", json_integer(source->lost[i].requests));
        (void)json_object_set_new(lost, "words", json_text(source->lost[i].words));
        (void)json_array_append_new(array, lost);
    }
    return array;
}

static json_t *source_json(const struct audit_source *source)
{
    json_t *object = json_object();
    (void)json_object_set_new(object, "source", json_text(source->name));
    (void)json_object_set_new(object, "first_event", json_time(source->first_event));
    (void)json_object_set_new(object, "last_event", json_time(source->last_event));
    (void)json_object_set_new(object, "delivered_until", json_time(source->delivered_until));
    (void)json_object_set_new(object, "events", json_integer(source->events));
    (void)json_object_set_new(object, "month_requests", json_integer(source->month_requests));
    (void)json_object_set_new(object, "no_terms", json_integer(source->no_terms));
    (void)json_object_set_new(object, "active", json_boolean(source->active));
    (void)json_object_set_new(object, "usual_hours", hours_json(source->usual_hours));
    (void)json_object_set_new(object, "allowed_hours", hours_json(source->allowed_hours));
    (void)json_object_set_new(object, "silent_since", json_time(source->silent_since));
    (void)json_object_set_new(object, "gaps", gaps_json(source));
    (void)json_object_set_new(object, "lost", lost_json(source));
    (void)json_object_set_new(object, "low_days", days_json(source->low_days));
    (void)json_object_set_new(object, "listened_since", json_time(source->listened_since));
    (void)json_object_set_new(object, "listened_until", json_time(source->listened_until));
    return object;
}

static json_t *month_json(const struct selected *item, const struct audit_sources *found)
{
    json_t *object = json_object();
    json_t *sources = json_array();
    for (size_t i = 0; i < found->count; i++)
        (void)json_array_append_new(sources, source_json(&found->items[i]));
    (void)json_object_set_new(object, "contract", json_text(item->contract.name));
    (void)json_object_set_new(object, "month", json_stringn(item->month, 7));
    (void)json_object_set_new(object, "data_until", json_time(found->data_until));
    (void)json_object_set_new(object, "completeness", json_text(found->grade));
    (void)json_object_set_new(object, "low_days", days_json(found->low_days));
    (void)json_object_set_new(object, "sources", sources);
    return object;
}

static bool print_json(const struct selection *selection, const struct audit_sources *found, struct error *err)
{
    json_t *array = json_array();
    for (size_t i = 0; i < selection->count; i++)
        (void)json_array_append_new(array, month_json(&selection->items[i], &found[i]));
    return cli_print_json(array, err);
}

/* ---- the check ---- */

static bool check_source(const char *contract, const struct audit_source *source)
{
    struct cell from = {0}, until = {0};
    if (source->silent_since != AUDIT_NO_TIME)
        log_error("contract '%s': source '%s' has been silent since %s", contract, source->name,
                  cell_time(&from, source->silent_since));
    for (size_t i = 0; i < source->gap_count; i++)
        log_error("contract '%s': source '%s' has a gap from %s to %s", contract, source->name,
                  cell_time(&from, source->gaps[i].from), cell_time(&until, source->gaps[i].until));
    return source->silent_since == AUDIT_NO_TIME && source->gap_count == 0;
}

/* Where no source counts any more, what the month's grade says of that is all there is to say. */
static bool check_month(const char *contract, const struct audit_sources *found)
{
    bool active = false;
    bool fine = true;
    for (size_t i = 0; i < found->count; i++) {
        active = active || found->items[i].active;
        fine = check_source(contract, &found->items[i]) && fine;
    }
    if (active || found->silent == NULL)
        return fine;
    log_error("contract '%s': %s", contract, found->silent);
    return false;
}

static bool check_all(const struct selection *selection, const struct audit_sources *found)
{
    bool fine = true;
    for (size_t i = 0; i < selection->count; i++)
        fine = check_month(selection->items[i].contract.name, &found[i]) && fine;
    return fine;
}

static bool show(struct selection *selection, const struct invocation *invocation, bool *fine, struct error *err)
{
    const char *stale = argument_option(invocation->arguments, "stale");
    struct audit_sources *found = arena_alloc(selection->arena, selection->count * sizeof *found);
    for (size_t i = 0; i < selection->count; i++) {
        const struct selected *item = &selection->items[i];
        if (!audit_sources(selection->db, item->contract.id, item->month, stale, selection->arena, &found[i], err))
            return fail_within(err, "contract '%s'", item->contract.name);
    }
    if (invocation->json) {
        if (!print_json(selection, found, err))
            return false;
    } else {
        print_text(selection, found);
    }
    *fine = !argument_flag(invocation->arguments, "check") || check_all(selection, found);
    return true;
}

static enum exit_code run_sources(const struct invocation *invocation)
{
    struct error err;
    struct selection selection;
    const char *stale = argument_option(invocation->arguments, "stale");
    bool fine = true;
    if (stale != NULL && !value_count("stale", stale, 1, VALUE_HOURS_MAX, &err))
        return cli_usage(invocation, "%s", err.text);
    bool done =
        selection_open(&selection, invocation, SELECTION_ALL, &err) && show(&selection, invocation, &fine, &err);
    selection_close(&selection);
    if (!done)
        return cli_failed(&err);
    return fine ? EXIT_DONE : EXIT_CHECK;
}
