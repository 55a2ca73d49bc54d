/* SPDX-License-Identifier: MIT */
/* headroom forecast: where a billing month will end, and what that will cost. */

#include <stdlib.h>

#include "cli/forecast.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/value.h"
#include "statements.h"

static enum exit_code run_forecast(const struct invocation *invocation);

const struct command cmd_forecast = {
    .name = "forecast",
    .summary = "say where a billing month will end, what it will cost, and how sure that is",
    .description =
        "The forecast learns a level from past months and how a month of this contract usually fills up, and mixes "
        "both with the count so far, the more of the latter the later in the month. It says the most likely count, the "
        "intervals that hold it one time out of two, four out of five and 19 out of 20, the chance of passing the "
        "limit and the day when that is expected. Overage and charge are the mean over all counts that may come, each "
        "to the nearest whole handle and priced by the contract's terms, with what they are at the lower and upper end "
        "of the 80 % interval, also to the nearest handle; the intervals themselves are shown rounded outward.\n\n"
        "It rests on up to 36 past months. Those in which recording began or broke off, those that 'headroom periods "
        "ignore' marks, and those that a change of billing day or zone made longer or shorter are left out, and said. "
        "Without any it rests on a default curve. How far off it was on the contract's own past months at this day of "
        "the month stands below it.\n\n"
        "The month is counted up to the time up to which all sources have delivered; no day after it is taken for a "
        "day without new handles. Who came later, by a source that is ahead of the others, is known all the same: the "
        "month can't end below that. Where it leads further than what all have delivered, the month is counted as far "
        "as any source has, and that is said. --as-of asks for the forecast that the events before another time give, "
        "with what is known today of identities and terms; without --month it is the month that this time lies in. Of "
        "several contracts those that the time is none for are named on standard error. Where the time lies days after "
        "the last delivery the forecast is as of that delivery. A month that is over answers with its count, one of "
        "whose last day nothing was recorded with a forecast; one that has not begun is forecast from the months "
        "before the open one alone.\n\n"
        "--plan FILE says what handles and user ids that jobs are going to query add: one a line, with or without '@', "
        "or CSV whose header names user_id or handle; '-' is standard input, and 1,000,000 lines are the most. Without "
        "a header a text of digits only is a user id. A handle whose user is known counts as that user, as it does in "
        "the count, so whoever stands there by name and by id is one. Those that the month counts already cost "
        "nothing; each new one is taken for one that the forecast does not know of, and so comes on top of every count "
        "that it holds possible. Some of them may be among those who would have come anyhow: then they add fewer. "
        "Which of them passes the limit is said for their order, on top of what is used now. It answers for one "
        "contract.\n\n"
        "--record keeps what is said of an open month today (count, quantiles, chance, charge, and who asked), once a "
        "day of the contract's zone: a second run on the same day changes nothing, and says so. Run daily, it shows "
        "later what was said at mid-month, and how it came out. It takes the right to write.\n\n"
        "JSON: an array of {contract, month, as_of, unique_handles, mean, p025, p05, p10, p25, p50, p75, p90, p95, "
        "p975, limit, probability_over_limit, crossing_date, expected_charge, currency, method, history_months, "
        "state, period_start, period_end, data_until, overage: {mean, p10, p90}, charge: {mean, p10, p90}, left_out: "
        "[{month, reason}], accuracy: {day, months, error, cover80}, default_curve, elapsed_days, days, passed_date, "
        "model, known_handles, hints: [{code, text}]}. Quantiles are unrounded, p10 and p90 of overage whole handles, "
        "whose charge stands beside them. Limit, probability_over_limit and crossing_date are null without a limit, "
        "accuracy where no past month tells it; crossing_date is the day on which the limit is expected to be passed, "
        "passed_date the one on which it was. method is credibility, or count for a month that is over; model holds "
        "the numbers of the method. known_handles are unique_handles and those of later events, which sources that "
        "are ahead of the others brought: no quantile lies below. hints are what makes the forecast of an open month "
        "too high or too low, with code month_length (longer or shorter than those it rests on), recording_began (in "
        "this month), missing_days (on which requests may be missing) or sources_behind (the month is counted beyond "
        "data until). With --plan there is also plan: {file, lines, handles, counted, new, repeated, unique_handles, "
        "mean, p10, p50, p90, probability_over_limit, expected_charge, cost, passing: {line, handle}}, all of the "
        "month with it; cost is its expected_charge less that without. With --record there is also recorded: whether "
        "it was kept just now. With nothing delivered and no past month all that would follow is null.",
    .options =
        (const struct option_spec[]){
            OPTION_CONTRACT_OF_ALL,
            {"month", 0, "2026-10|this|last", "the billing month; default: the open month of now, or that of --as-of"},
            {"as-of", 0, "TIME", "only events before this time (RFC 3339), or before a date of the contract's zone"},
            {"history", 0, "N", "rest on the last N complete months only, 0 to 36"},
            {"limit", 0, "N", "what if the limit were N?"},
            {"price", 0, "P", "what if each handle over the limit cost P, without tiers, minimum and cap?"},
            {"plan", 0, "FILE", "what if these were used too? handles or user ids, one a line, or CSV"},
            {"record", 0, NULL, "keep what is said of the open month today"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom forecast  # where the open month will end",
            "headroom forecast --contract acme --as-of 2026-11-10  # what was to be expected on that morning",
            "headroom forecast --limit 600 --price 2  # what another contract would mean",
            "headroom forecast --plan tomorrow.txt  # what the handles of a job would add, and cost",
            "headroom -q forecast --record >/dev/null  # each morning, for the record",
            "headroom forecast --json | jq '.[] | select(.probability_over_limit > 0.5) | .contract'",
            NULL,
        },
    .subcommands = (const struct command *const[]){&forecast_backtest_command, NULL},
    .run = run_forecast,
};

/* ---- what is asked ---- */

struct request {
    struct outlook_options options;
    struct value_time as_of;
    struct plan_list *plan; /* NULL: none is asked for */
};

static int64_t number_of(const char *text, int64_t otherwise)
{
    return text != NULL ? strtoll(text, NULL, 10) : otherwise;
}

/* What is kept is what stands there without any what-if. */
static bool check_record(const struct arguments *arguments, struct error *err)
{
    static const char *const others[] = {"as-of", "history", "limit", "price", "plan"};
    for (size_t i = 0; argument_flag(arguments, "record") && i < ARRAY_LENGTH(others); i++)
        if (argument_option(arguments, others[i]) != NULL)
            return fail(err, EXIT_USAGE, "--record keeps the forecast as it stands today: leave out --%s", others[i]);
    return true;
}

static bool read_request(const struct arguments *arguments, struct request *request, struct error *err)
{
    const char *history = argument_option(arguments, "history");
    const char *limit = argument_option(arguments, "limit");
    const char *price = argument_option(arguments, "price");
    const char *plan = argument_option(arguments, "plan");
    *request = (struct request){0};
    if (!check_record(arguments, err))
        return false;
    if (plan != NULL && plan[0] == '\0')
        return fail(err, EXIT_USAGE, "--plan '' names no file; '-' is standard input");
    if ((history != NULL && !value_count("history", history, 0, FORECAST_HISTORY, err)) ||
        (limit != NULL && !value_count("limit", limit, 0, INT64_MAX, err)) ||
        (price != NULL && !value_price("price", price, err)))
        return false;
    request->options = (struct outlook_options){
        .as_of = HISTORY_NO_TIME,
        .newest = (size_t)number_of(history, FORECAST_HISTORY),
        .limit = number_of(limit, HISTORY_LIMIT_OF_TERMS),
        .unit_price = price,
        .with_days = true,
    };
    return value_time("as-of", argument_option(arguments, "as-of"), &request->as_of, err);
}

/* ---- one contract ---- */

struct answer {
    int64_t as_of;
    struct outlook outlook;
    struct reconcile_status status;
    bool is_recorded; /* just now */
};

/* Those for whom the time asked for is none: of several contracts the others are answered. */
struct refused {
    const char **why;
    size_t count;
};

static bool refuse(const struct selection *selection, struct refused *refused, const struct error *err)
{
    if (err->code != EXIT_USAGE)
        return false;
    refused->why[refused->count++] = arena_copy(selection->arena, str_of(err->text)).data;
    return true;
}

static bool are_all_refused(const struct refused *refused, struct error *err)
{
    if (refused->count == 1)
        return fail(err, EXIT_USAGE, "%s", refused->why[0]);
    return fail(err, EXIT_USAGE, "no contract can be forecast as of that time; the first of them: %s", refused->why[0]);
}

/* The instant that is meant; and its month, unless one was asked for. */
static bool find_as_of(struct selection *selection, struct selected *item, const struct value_time *time,
                       bool has_month, int64_t *as_of, struct error *err)
{
    char id[SELECTION_ID_SIZE];
    struct db_rows *rows = NULL;
    const char *const values[] = {id, time->at, time->date};
    snprintf(id, sizeof id, "%lld", (long long)item->contract.id);
    if (!db_query_one(selection->db, &sql_forecast_as_of, values, &rows, err))
        return fail_within(err, "contract '%s'", item->contract.name);
    bool covered = has_month || !db_is_null(rows, 0, "month");
    *as_of = db_int64(rows, 0, "as_of");
    if (covered && !has_month)
        snprintf(item->month, sizeof item->month, "%s", db_text(rows, 0, "month"));
    db_rows_free(rows);
    return covered ||
           fail(err, EXIT_USAGE, "--as-of %s: contract '%s' does not cover that time; see 'headroom periods'",
                time->at != NULL ? time->at : time->date, item->contract.name);
}

static bool find_times(struct selection *selection, const struct request *request, bool has_month,
                       struct answer *answers, struct refused *refused, struct error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < selection->count; i++) {
        struct selected *item = &selection->items[kept];
        *item = selection->items[i];
        answers[kept].as_of = HISTORY_NO_TIME;
        if (!value_time_is_given(&request->as_of) ||
            find_as_of(selection, item, &request->as_of, has_month, &answers[kept].as_of, err))
            kept++;
        else if (!refuse(selection, refused, err))
            return false;
    }
    selection->count = kept;
    return kept > 0 || are_all_refused(refused, err);
}

static bool answer_one(const struct selection *selection, const struct selected *item, const struct request *request,
                       struct answer *answer, struct error *err)
{
    struct outlook_options options = request->options;
    options.as_of = answer->as_of;
    options.status = &answer->status;
    return reconcile_status(selection->db, &item->contract, item->month, selection->arena, &answer->status, err) &&
           outlook_make(selection->db, &item->contract, item->month, &options, selection->arena, &answer->outlook, err);
}

static bool answer_all(struct selection *selection, const struct request *request, struct answer *answers,
                       struct refused *refused, struct error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < selection->count; i++) {
        selection->items[kept] = selection->items[i];
        answers[kept].as_of = answers[i].as_of;
        if (answer_one(selection, &selection->items[kept], request, &answers[kept], err))
            kept++;
        else if (!refuse(selection, refused, err))
            return false;
    }
    selection->count = kept;
    return kept > 0 || are_all_refused(refused, err);
}

/* ---- the command ---- */

/* A chart goes with a single contract: several would push each other off the screen. */
static void print_text(const struct answer *answers, size_t count)
{
    struct forecast_style style = {
        .width = count == 1 ? output_width(stdout) : 0,
        .is_utf8 = output_is_utf8(),
        .has_colour = output_has_colour(stdout),
    };
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? "\n\n" : "", stdout);
        forecast_print(&answers[i].outlook, &answers[i].status, &style);
    }
}

/* What a plan makes of the one contract that it is for. */
static bool print_plan(struct selection *selection, const struct request *request, const struct answer *answer,
                       bool json, struct error *err)
{
    const struct outlook *outlook = &answer->outlook;
    const struct selected *item = selection->items;
    struct forecast_planned planned = {.outlook = outlook};
    const struct plan_time time = {outlook->history.heard_until, outlook->history.known_until};
    bool has_room = outlook->limit != RECONCILE_NO_LIMIT && !outlook->is_passed;
    int64_t room = has_room ? outlook->limit - outlook->history.known : PLAN_NO_ROOM;
    if (!outlook->is_empty && outlook->forecast.is_over)
        return fail(err, EXIT_USAGE,
                    "the billing month %.7s of contract '%s' is over: nothing can be planned for it; choose another by "
                    "--month, or a time in it by --as-of",
                    item->month, item->contract.name);
    if (!plan_count(selection->db, &item->contract, item->month, &time, room, request->plan, &planned.plan, err) ||
        !outlook_add(selection->db, &item->contract, item->month, &request->options, outlook, planned.plan.fresh,
                     selection->arena, &planned.with, err))
        return false;
    if (!json) {
        forecast_print_plan(&planned);
        return true;
    }
    json_t *object = forecast_json(outlook, &answer->status);
    (void)json_object_set_new(object, "plan", forecast_json_plan(&planned));
    return cli_print_json(json_pack("[o]", object), err);
}

static bool print_json(const struct answer *answers, size_t count, bool record, struct error *err)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *object = forecast_json(&answers[i].outlook, &answers[i].status);
        if (record)
            (void)json_object_set_new(object, "recorded", json_boolean(answers[i].is_recorded));
        (void)json_array_append_new(array, object);
    }
    return cli_print_json(array, err);
}

/* By a session of its own: the one that reads is in a snapshot, and may not write. */
static bool record_all(const struct selection *selection, const struct invocation *invocation, struct answer *answers,
                       struct error *err)
{
    struct db *db = NULL;
    bool done = cli_open(invocation, DB_WRITER, &db, err);
    for (size_t i = 0; done && i < selection->count; i++)
        done = forecast_record(db, &selection->items[i].contract, &answers[i].outlook, invocation->by,
                               &answers[i].is_recorded, err);
    db_close(db);
    return done;
}

static bool forecast(struct selection *selection, const struct request *request, const struct invocation *invocation,
                     struct error *err)
{
    struct answer *answers = arena_alloc(selection->arena, selection->count * sizeof *answers);
    struct refused refused = {.why = arena_alloc(selection->arena, selection->count * sizeof *refused.why)};
    bool has_month = argument_option(invocation->arguments, "month") != NULL;
    bool record = argument_flag(invocation->arguments, "record");
    if (!find_times(selection, request, has_month, answers, &refused, err) ||
        !selection_keep_history(selection, request->options.newest, err) ||
        !answer_all(selection, request, answers, &refused, err) ||
        (record && !record_all(selection, invocation, answers, err)))
        return false;
    for (size_t i = 0; i < refused.count; i++)
        log_note("%s", refused.why[i]);
    for (size_t i = 0; i < selection->count; i++)
        text_warn_of_silence(&answers[i].status);
    if (request->plan != NULL)
        return print_plan(selection, request, answers, invocation->json, err);
    if (invocation->json)
        return print_json(answers, selection->count, record, err);
    print_text(answers, selection->count);
    return true;
}

static enum exit_code run_forecast(const struct invocation *invocation)
{
    struct error err;
    struct request request;
    struct selection selection;
    if (!read_request(invocation->arguments, &request, &err))
        return cli_usage(invocation, "%s", err.text);
    const char *plan = argument_option(invocation->arguments, "plan");
    if (plan != NULL && !plan_read(plan, &request.plan, &err)) {
        plan_free(request.plan);
        return cli_failed(&err);
    }
    bool done = selection_open(&selection, invocation, plan != NULL ? SELECTION_ONE : SELECTION_ALL, &err) &&
                forecast(&selection, &request, invocation, &err);
    selection_close(&selection);
    plan_free(request.plan);
    return done ? EXIT_DONE : cli_failed(&err);
}
