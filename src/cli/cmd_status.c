/* SPDX-License-Identifier: MIT */
/* headroom status: what is used of each contract and what is left, one line a contract. */

#include "cli/disputes.h"
#include "cli/month_gateway.h"
#include "cli/forecast.h"
#include "cli/json.h"
#include "cli/selection.h"
#include "cli/status.h"
#include "cli/text.h"
#include "cli/value.h"
#include "statements.h"

static enum exit_code run_status(const struct invocation *invocation);

const struct command cmd_status = {
    .name = "status",
    .summary = "show what is used, what is left, and what it costs",
    .description =
        "One line a contract: the unique handles used in the billing month, the limit, the headroom that is left or "
        "the overage, the charge for it so far, the time up to which all sources have delivered, and the grade of the "
        "data: complete, gaps, began, or unknown where files do not say whether more should have come; see 'headroom "
        "sources --help'. A source that has gone quiet is named on standard error. Reads the maintained count, so it "
        "answers at once however many requests there are.\n\n"
        "Of an open month it also shows where it will most likely end, the interval that holds it four times out of "
        "five, and the chance of passing the limit; below the table where the terminal has no room. Below that stands "
        "how far off the forecast was on this day of the contract's past months, and how many of them the interval "
        "held; of several contracts together, with the one that was furthest off. 'headroom forecast' says more.\n\n"
        "A month is open until its period ends, then over, and closed when 'headroom close' has sealed it; a closed "
        "month answers as it was sealed. What closed months differ by since then is said below the table of a month "
        "that is not closed: the next close of the contract carries these adjustments.\n\n"
        "Below that stand the vendor's documents that wait for somebody, of the month that is shown and those before "
        "it: disputed ones until they are accepted, and open ones that can be disputed for 7 more days at most, or no "
        "more (see 'headroom invoice set --help'). DUE is the last day to dispute one. THEIRS is the sum of the "
        "month's documents, OURS what the month was sealed with: a month that is not closed is not counted for this; "
        "'headroom invoice check' does that.\n\n"
        "Where answers said how much of the vendor's rate limit was left, a line says how many were 429 and in which "
        "minute an app used most of its allowance; where a gate had something to decide, another one says how "
        "often.\n\n"
        "With -v, also the head of the chain of digests.\n\n"
        "--check is for cron: one line a contract, with -q only for those where something is wrong. The exit code is 5 "
        "when one is over its limit, has used PERCENT of it (--used), or has a chance of PERCENT to pass it by the "
        "month's end (--probability); else 4 when the data of an open month is older than HOURS (--stale) or, without "
        "--stale, when a source has been silent for longer than is usual for it (see 'headroom sources --help'); else "
        "0. So 5 wins over 4, and the line says both. A contract without a limit is never over. PERCENT may have two "
        "decimals.\n\n"
        "--format prometheus writes gauges for node_exporter's text-file collector, which wants the file renamed into "
        "place when it is whole. Each has the labels contract and month: headroom_unique_handles, headroom_limit, "
        "headroom_headroom, headroom_overage, headroom_requests, headroom_charge (also currency), "
        "headroom_data_until_seconds, headroom_forecast_handles (also percentile: 10, 50, 90), "
        "headroom_overage_probability, headroom_period_end_seconds, headroom_closed. What a contract does not have, as "
        "a limit, has no sample.\n\n"
        "JSON: an array of {contract, month, period_start, period_end, state, unique_handles, provisional, limit, "
        "headroom, overage, charge, currency, requests, as_of, data_until, completeness, adjustments: [{month, "
        "unique_handles, amount, currency}], due, forecast, disputes, rate, gate}; due is the charge and the "
        "adjustments in its "
        "currency; limit and headroom are null without a limit, data_until where no source delivered in the month or "
        "the one before it. forecast: {as_of, mean, p10, p50, p90, probability_over_limit, crossing_date, "
        "expected_charge, accuracy} as 'headroom forecast --json' has them, null unless the month is open and "
        "something is known. disputes: [{month, number, kind, status, since, handles, amount, currency, "
        "invoiced_handles, invoiced_amount, unique_handles, charge, due, days_left}]; handles and amount are the "
        "document's, invoiced_ those of all documents of its month, unique_handles and charge ours, null unless its "
        "month is closed; since is null unless it is disputed, due a date, days_left negative when that is over, both "
        "null where the contract agrees on no such days. rate: {rate_limited, limited_minutes, used, minute, app, "
        "rate_limit, rate_remaining}: answers 429 and minutes with one, then the busiest minute, of which used is per "
        "cent of the allowance; null where no answer said anything of the limit. gate: {refused, observed, unanswered, "
        "allowed}, see 'headroom gate list'. With --check also check: {state, words}, where state is over, "
        "used, probability, stale or ok: the worst.",
    .options =
        (const struct option_spec[]){
            OPTION_CONTRACT_OF_ALL,
            OPTION_MONTH,
            STATUS_CHECK_OPTIONS,
            {"format", 0, "prometheus", "metrics for a collector instead of a table"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom status  # all contracts, the open month",
            "headroom status --contract acme --month last  # how last month ended",
            "headroom status --json | jq '.[] | select(.overage > 0)'  # who is over the limit",
            "headroom -q status --check --used 90 --probability 50  # for cron: says only what is wrong",
            "headroom -q status --format prometheus >h.tmp && mv h.tmp /var/lib/node_exporter/headroom.prom",
            NULL,
        },
    .run = run_status,
};

struct request {
    const struct invocation *invocation;
    struct status_check check;
    bool prometheus;
};

static bool read_request(const struct invocation *invocation, struct request *request, struct error *err)
{
    static const char *const formats[] = {"prometheus", NULL};
    const char *format = argument_option(invocation->arguments, "format");
    *request = (struct request){.invocation = invocation, .prometheus = format != NULL};
    if (!status_check_read(invocation->arguments, &request->check, err) ||
        (format != NULL && !value_choice("format", format, formats, err)))
        return false;
    if (format != NULL && (invocation->json || request->check.wanted))
        return fail(err, EXIT_USAGE, "--format %s and %s are two ways to answer: give one of them", format,
                    invocation->json ? "--json" : "--check");
    return true;
}

static bool fetch(struct selection *selection, const struct status_shown *shown, struct error *err)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct selected *item = &selection->items[i];
        struct status_month *month = &shown->months[i];
        if (!reconcile_status(selection->db, &item->contract, item->month, selection->arena, &month->status, err) ||
            !outlook_of_open(selection->db, &item->contract, item->month, &month->status, selection->arena,
                             &month->outlook, err) ||
            !disputes_find(selection->db, item, &month->disputes, err) ||
            !month_gateway_find(selection->db, item, &month->gateway, err))
            return false;
    }
    return true;
}

static bool find_faults(struct selection *selection, const struct status_check *check, struct status_shown *shown,
                        struct error *err)
{
    struct db_rows *clock = NULL;
    if (!db_query_one(selection->db, &sql_ingest_clock, NULL, &clock, err))
        return false;
    shown->findings = status_check_make(check, shown, db_int64(clock, 0, "now_us"), selection->arena);
    db_rows_free(clock);
    return true;
}

static bool print_json(const struct status_shown *shown, struct error *err)
{
    json_t *array = json_array();
    for (size_t i = 0; i < shown->count; i++) {
        const struct status_month *month = &shown->months[i];
        json_t *status = json_status(&month->status);
        (void)json_object_set_new(status, "forecast", outlook_json_brief(&month->outlook));
        (void)json_object_set_new(status, "disputes", disputes_json(month->disputes));
        (void)json_object_set_new(status, "rate", month_gateway_rate_json(month->gateway));
        (void)json_object_set_new(status, "gate", month_gateway_gate_json(month->gateway));
        if (shown->findings != NULL)
            (void)json_object_set_new(status, "check", status_check_json(&shown->findings[i]));
        (void)json_array_append_new(array, status);
    }
    return cli_print_json(array, err);
}

static bool print(const struct selection *selection, const struct request *request, const struct status_shown *shown,
                  struct error *err)
{
    if (request->invocation->json)
        return print_json(shown, err);
    if (request->prometheus)
        status_print_prometheus(shown);
    else if (shown->findings != NULL)
        status_check_print(shown);
    else
        return status_print_text(selection, shown, err);
    return true;
}

static bool show(struct selection *selection, const struct request *request, struct status_shown *shown,
                 struct error *err)
{
    if (!fetch(selection, shown, err) ||
        (request->check.wanted && !find_faults(selection, &request->check, shown, err)))
        return false;
    for (size_t i = 0; shown->findings == NULL && i < shown->count; i++)
        text_warn_of_silence(&shown->months[i].status);
    return print(selection, request, shown, err);
}

static bool answer(struct selection *selection, const struct request *request, enum exit_code *code, struct error *err)
{
    struct status_shown shown = {
        .months = arena_alloc(selection->arena, selection->count * sizeof *shown.months),
        .count = selection->count,
    };
    for (size_t i = 0; i < shown.count; i++)
        shown.months[i] = (struct status_month){0};
    bool done = show(selection, request, &shown, err);
    *code = status_check_code(&shown);
    for (size_t i = 0; i < shown.count; i++) {
        db_rows_free(shown.months[i].disputes);
        db_rows_free(shown.months[i].gateway);
    }
    return done;
}

static enum exit_code run_status(const struct invocation *invocation)
{
    struct error err;
    struct request request;
    struct selection selection;
    enum exit_code code = EXIT_DONE;
    if (!read_request(invocation, &request, &err))
        return cli_usage(invocation, "%s", err.text);
    bool done = selection_open(&selection, invocation, SELECTION_ALL, &err) &&
                selection_keep_history(&selection, FORECAST_HISTORY, &err) && answer(&selection, &request, &code, &err);
    selection_close(&selection);
    return done ? code : cli_failed(&err);
}
