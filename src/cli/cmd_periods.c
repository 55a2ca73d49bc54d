/* SPDX-License-Identifier: MIT */
/* headroom periods: the billing calendar of a contract, and which of its months are compared with others. */

#include "cli/json.h"
#include "cli/output.h"
#include "cli/rows_list.h"
#include "cli/selection.h"
#include "cli/value.h"
#include "headroom/model.h"
#include "headroom/pricing.h"
#include "statements.h"

static enum exit_code run_periods(const struct invocation *invocation);
static enum exit_code run_ignore(const struct invocation *invocation);
static enum exit_code run_heed(const struct invocation *invocation);

#define OPTIONS_OF_NOTE                                                                                                \
    (const struct option_spec[])                                                                                       \
    {                                                                                                                  \
        {"reason", 0, "R", "why, for the record; needed"},                                                             \
            {"contract", 0, "NAME", "the contract; default: the only one there is"}, {0},                              \
    }

static const struct command periods_ignore = {
    .name = "ignore",
    .summary = "leave a billing month out where months are compared",
    .operands = "MONTH",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "For a month that says nothing about others: a campaign, an outage, a test. Its counts, its charge and its "
        "statement stay as they are; it is left out of the history that forecasts rest on. MONTH is as 2026-10, this "
        "or last.\n\nJSON: {contract, month, ignored, reason, by}.",
    .options = OPTIONS_OF_NOTE,
    .examples =
        (const char *const[]){"headroom periods ignore 2026-10 --reason 'election campaign'  # unlike any other month",
                              NULL},
    .run = run_ignore,
};

static const struct command periods_heed = {
    .name = "heed",
    .summary = "compare an ignored billing month with others again",
    .operands = "MONTH",
    .operands_min = 1,
    .operands_max = 1,
    .description = "JSON: {contract, month, ignored, reason, by}.",
    .options = OPTIONS_OF_NOTE,
    .examples = (const char *const[]){"headroom periods heed 2026-10 --reason 'there will be one each year'", NULL},
    .run = run_heed,
};

const struct command cmd_periods = {
    .name = "periods",
    .summary = "list the billing months of a contract, from when until when, and their state",
    .description =
        "Each calendar month names exactly one period of a contract. It begins with the month's billing day (its last "
        "day, where it has no such day) in the zone of the terms in force for it, and ends where the next one begins. "
        "START and END are instants, END is exclusive; FIRST DAY and LAST DAY are dates of the zone.\n\n"
        "A period is cut where the contract begins or ends inside it; its limit is the whole one unless the terms "
        "prorate it by days. It is longer or shorter than others where a change of billing day or zone follows it.\n\n"
        "States: open, over, closed. Grades: see 'headroom sources'; a period that has not begun has none.\n\n"
        "JSON: an array of {contract, month, period_start, period_end, first_day, last_day, days, time_zone, "
        "billing_day, limit, state, completeness, cut, changed, ignored, ignored_reason, ignored_at, ignored_by}; cut "
        "is 'start', 'end', 'start and end' or null, changed is 'longer', 'shorter' or null.",
    .options =
        (const struct option_spec[]){
            OPTION_CONTRACT_OF_ALL,
            {"from", 0, "2026-10", "the first month; default: that of the contract's first event"},
            {"to", 0, "2026-10", "the last month; default: the open month of now"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom periods  # from the first event to the open month",
            "headroom periods --contract acme --from 2027-01 --to 2027-12  # next year's calendar",
            "headroom periods --json | jq -r '.[] | select(.state == \"over\") | .month'  # months to close",
            NULL,
        },
    .subcommands = (const struct command *const[]){&periods_ignore, &periods_heed, NULL},
    .run = run_periods,
};

/* ---- the list ---- */

static const struct rows_column columns[] = {
    {"contract", "CONTRACT", ROWS_TEXT},   {"month", "MONTH", ROWS_TEXT},
    {"period_start", "START", ROWS_TIME},  {"period_end", "END", ROWS_TIME},
    {"first_day", "FIRST DAY", ROWS_TEXT}, {"last_day", "LAST DAY", ROWS_TEXT},
    {"days", "DAYS", ROWS_COUNT},          {"time_zone", "ZONE", ROWS_TEXT},
    {"billing_day", NULL, ROWS_COUNT},     {"limit", "LIMIT", ROWS_COUNT},
    {"state", "STATE", ROWS_TEXT},         {"completeness", NULL, ROWS_TEXT},
    {"words", "GRADE", ROWS_WORDS},        {"cut", NULL, ROWS_TEXT},
    {"changed", NULL, ROWS_TEXT},          {"ignored", NULL, ROWS_FLAG},
    {"ignored_reason", NULL, ROWS_TEXT},   {"ignored_at", NULL, ROWS_TIME},
    {"ignored_by", NULL, ROWS_TEXT},       {"remark", "REMARK", ROWS_WORDS},
};

struct range {
    char from_text[RECONCILE_MONTH_SIZE], to_text[RECONCILE_MONTH_SIZE];
    const char *from, *to; /* NULL: as the database chooses */
};

static bool read_bound(const char *option, const char *text, char month[RECONCILE_MONTH_SIZE], const char **bound,
                       struct error *err)
{
    *bound = NULL;
    if (text == NULL)
        return true;
    if (!month_parse(str_of(text), month))
        return fail(err, EXIT_USAGE, "--%s '%s' is no month; write it as 2026-10", option, text);
    *bound = month;
    return true;
}

static bool read_range(const struct arguments *arguments, struct range *range, struct error *err)
{
    if (!read_bound("from", argument_option(arguments, "from"), range->from_text, &range->from, err) ||
        !read_bound("to", argument_option(arguments, "to"), range->to_text, &range->to, err))
        return false;
    if (range->from != NULL && range->to != NULL && strcmp(range->from, range->to) > 0)
        return fail(err, EXIT_USAGE, "--from %.7s is after --to %.7s: there is no month between", range->from,
                    range->to);
    return true;
}

static bool print_periods(const struct invocation *invocation, struct db *db, const struct range *range,
                          struct error *err)
{
    const char *name = argument_option(invocation->arguments, "contract");
    char id[SELECTION_ID_SIZE];
    const char *contract;
    size_t count;
    if (!selection_contract(db, name, id, &contract, err) ||
        !rows_list_print(db, &sql_period_list, (const char *const[]){contract, range->from, range->to}, columns,
                         ARRAY_LENGTH(columns), invocation->json, &count, err))
        return false;
    if (count == 0)
        log_note("no contract has a billing month there; 'headroom contract list' shows from when on there are terms");
    return true;
}

static enum exit_code run_periods(const struct invocation *invocation)
{
    struct error err;
    struct range range;
    struct db *db = NULL;
    bool done;
    if (!read_range(invocation->arguments, &range, &err))
        return cli_usage(invocation, "%s", err.text);
    done = cli_open(invocation, DB_READER, &db, &err) && db_begin_snapshot(db, &err) &&
           print_periods(invocation, db, &range, &err);
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}

/* ---- ignore and heed ---- */

static bool print_note(const struct period_note *note, bool json, struct error *err)
{
    if (!json) {
        output_text("%.7s of contract %s %s where months are compared: %s\n", note->month, note->contract->name,
                    note->ignored ? "is left out from now on" : "counts again", note->reason);
        return true;
    }
    json_t *object = json_object();
    (void)json_object_set_new(object, "contract", json_text(note->contract->name));
    (void)json_object_set_new(object, "month", json_stringn(note->month, sizeof "2026-10" - 1));
    (void)json_object_set_new(object, "ignored", json_boolean(note->ignored));
    (void)json_object_set_new(object, "reason", json_text(note->reason));
    (void)json_object_set_new(object, "by", json_text(note->by));
    return cli_print_json(object, err);
}

static bool note_month(const struct invocation *invocation, const char *wanted, bool ignored, struct arena *arena,
                       struct error *err)
{
    struct reconcile_contract contract;
    char month[RECONCILE_MONTH_SIZE];
    struct period_note note = {
        .contract = &contract,
        .month = month,
        .ignored = ignored,
        .reason = argument_option(invocation->arguments, "reason"),
        .by = invocation->by,
    };
    struct db *db = NULL;
    bool done =
        cli_open(invocation, DB_WRITER, &db, err) &&
        reconcile_find_contract(db, argument_option(invocation->arguments, "contract"), arena, &contract, err) &&
        reconcile_find_month(db, &contract, wanted, month, err) && period_note(db, &note, err);
    db_close(db);
    return done && print_note(&note, invocation->json, err);
}

static enum exit_code run_note(const struct invocation *invocation, bool ignored)
{
    struct error err;
    char wanted[RECONCILE_MONTH_SIZE];
    if (!reconcile_read_month(argument_at(invocation->arguments, 0), RECONCILE_OPEN_MONTH, wanted, &err) ||
        !value_reason(argument_option(invocation->arguments, "reason"), &err))
        return cli_usage(invocation, "%s", err.text);
    struct arena *arena = arena_new();
    bool done = note_month(invocation, wanted, ignored, arena, &err);
    arena_free(arena);
    return done ? EXIT_DONE : cli_failed(&err);
}

static enum exit_code run_ignore(const struct invocation *invocation)
{
    return run_note(invocation, true);
}

static enum exit_code run_heed(const struct invocation *invocation)
{
    return run_note(invocation, false);
}
