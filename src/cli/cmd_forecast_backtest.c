/* SPDX-License-Identifier: MIT */
/* headroom forecast backtest: how good the forecast was on a contract's past months. */

#include <jansson.h>
#include <stdlib.h>

#include "cli/forecast.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/value.h"
#include "cli/wrap.h"

#define MONTHS_MAX 1200

static enum exit_code run_backtest(const struct invocation *invocation);

const struct command forecast_backtest_command = {
    .name = "backtest",
    .summary = "say how good the forecast was on past months",
    .description =
        "Forecasts each of a contract's past months again at the end of its days 5, 10, 15, 20 and 25, from the up to "
        "36 months before it alone, and holds what it would have said against what became of the month. Months that "
        "do not count as history (see 'headroom forecast --help') are left out, and said; the first month of all is "
        "learned from only. A contract with fewer than two months has no backtest yet.\n\n"
        "Beside it stand, on the same months, three simpler ways: the count so far gone on day by day (run-rate), what "
        "the month before had, and the forecast without any past month.\n\n"
        "JSON: an array of {contract, months, first_month, last_month, days: [{day, months, error, bias, coverage80, "
        "coverage95, width80, pinball, brier, run_rate_error, run_rate_bias, last_month_error, last_month_bias, "
        "no_history_error, no_history_bias}], left_out: [{month, reason}]}. Errors, widths and the pinball loss are "
        "shares of the true count (0.077 is 7.7 %), coverages shares of the months; a bias above 0 is too high. "
        "months of a day are those longer than it that had a handle; days is empty where there is no backtest yet.",
    .options =
        (const struct option_spec[]){
            OPTION_CONTRACT_OF_ALL,
            {"months", 0, "N", "the newest N months, 1 to 1200; default: 36"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom forecast backtest  # how far to trust the forecast",
            "headroom forecast backtest --months 12  # the last year alone",
            "headroom forecast backtest --json | jq '.[] | [.contract, (.days[] | select(.day == 10).error)]'",
            NULL,
        },
    .run = run_backtest,
};

/* ---- text ---- */

static const char *per_cent(struct cell *cell, double share)
{
    snprintf(cell->text, sizeof cell->text, "%.1f %%", share * 100);
    return cell->text;
}

static const char *bias(struct cell *cell, double share)
{
    snprintf(cell->text, sizeof cell->text, "%+.1f %%", share * 100);
    return cell->text;
}

static const char *fraction(struct cell *cell, double value)
{
    snprintf(cell->text, sizeof cell->text, "%.3f", value);
    return cell->text;
}

static const char *both(struct cell *cell, const struct forecast_accuracy *accuracy)
{
    snprintf(cell->text, sizeof cell->text, "%.1f %% (%+.1f)", accuracy->error * 100, accuracy->bias * 100);
    return cell->text;
}

static void print_scores(const struct outlook_backtest *backtest)
{
    static const struct table_column columns[] = {
        {"DAY", TABLE_RIGHT},   {"MONTHS", TABLE_RIGHT},  {"ERROR", TABLE_RIGHT},
        {"BIAS", TABLE_RIGHT},  {"IN 80 %", TABLE_RIGHT}, {"IN 95 %", TABLE_RIGHT},
        {"WIDTH", TABLE_RIGHT}, {"PINBALL", TABLE_RIGHT}, {"BRIER", TABLE_RIGHT},
    };
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    struct cell cells[ARRAY_LENGTH(columns)];
    for (size_t i = 0; i < OUTLOOK_DAYS; i++) {
        const struct forecast_score *score = &backtest->scores[i];
        if (score->months > 0)
            table_add(table, (const char *const[]){
                                 cell_count(&cells[0], outlook_days[i]), cell_count(&cells[1], (int64_t)score->months),
                                 per_cent(&cells[2], score->method.error), bias(&cells[3], score->method.bias),
                                 per_cent(&cells[4], score->cover80), per_cent(&cells[5], score->cover95),
                                 per_cent(&cells[6], score->width80), per_cent(&cells[7], score->pinball),
                                 fraction(&cells[8], score->brier)});
    }
    table_print(table, stdout);
    table_free(table);
}

/* The same days by simpler ways: what the forecast is better than. */
static void print_others(const struct outlook_backtest *backtest)
{
    static const struct table_column columns[] = {{"DAY", TABLE_RIGHT},
                                                  {"FORECAST", TABLE_RIGHT},
                                                  {"RUN-RATE", TABLE_RIGHT},
                                                  {"LAST MONTH", TABLE_RIGHT},
                                                  {"NO HISTORY", TABLE_RIGHT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    struct cell cells[ARRAY_LENGTH(columns)];
    for (size_t i = 0; i < OUTLOOK_DAYS; i++) {
        const struct forecast_score *score = &backtest->scores[i];
        if (score->months > 0)
            table_add(table, (const char *const[]){cell_count(&cells[0], outlook_days[i]),
                                                   both(&cells[1], &score->method), both(&cells[2], &score->run_rate),
                                                   both(&cells[3], &score->last), both(&cells[4], &score->fresh)});
    }
    table_print(table, stdout);
    table_free(table);
}

static void print_legend(void)
{
    static const char *const lines[] = {
        "DAY         the forecast was made at this day's end",
        "MONTHS      that were forecast",
        "ERROR       how far off it was, on average, in per cent of the true count",
        "BIAS        the same with its sign: above 0 it was too high",
        "IN 80 %     months whose count lay in the 80 % interval; about 80 is right",
        "IN 95 %     the same of the 95 % interval",
        "WIDTH       of the 80 % interval, in per cent of the true count",
        "PINBALL     loss over all quantiles, in per cent of the true count; 0 is perfect",
        "BRIER       of the chance of passing a limit near the usual count; 0 is perfect",
        "RUN-RATE    error (bias) if the count so far went on day by day",
        "LAST MONTH  error (bias) of the count of the month before",
        "NO HISTORY  error (bias) of the forecast without any past month",
    };
    puts("");
    for (size_t i = 0; i < ARRAY_LENGTH(lines); i++)
        puts(lines[i]);
}

static void print_text(const struct outlook_backtest *backtest)
{
    const char *contract = backtest->history.contract;
    if (backtest->month_count == 1)
        output_text("Contract %s: 1 month, %s, forecast from those before it\n\n", contract, backtest->last);
    else
        output_text("Contract %s: %zu months, %s to %s, each forecast from those before it\n\n", contract,
                    backtest->month_count, backtest->first, backtest->last);
    print_scores(backtest);
    puts("\nBeside simpler ways, error (bias):\n");
    print_others(backtest);
    if (backtest->history.month_count > backtest->known)
        puts("");
    forecast_print_left_out(&backtest->history);
}

/* ---- JSON ---- */

static json_t *backtest_json(const struct outlook_backtest *backtest)
{
    return json_pack("{s:s, s:I, s:s?, s:s?, s:o, s:o}", "contract", backtest->history.contract, "months",
                     (json_int_t)backtest->month_count, "first_month", backtest->first, "last_month", backtest->last,
                     "days", outlook_json_days(backtest), "left_out", outlook_json_left_out(&backtest->history));
}

/* ---- the command ---- */

static void note_too_little(const struct outlook_backtest *backtest)
{
    log_note("contract '%s': no backtest yet: it takes two months that recording ran all through, and there %s %zu",
             backtest->history.contract, backtest->known == 1 ? "is" : "are", backtest->known);
}

static bool print_all(const struct outlook_backtest *backtests, size_t count, bool json, struct error *err)
{
    json_t *array = json ? json_array() : NULL;
    bool printed = false;
    for (size_t i = 0; i < count; i++) {
        if (backtests[i].month_count == 0)
            note_too_little(&backtests[i]);
        if (json) {
            (void)json_array_append_new(array, backtest_json(&backtests[i]));
        } else if (backtests[i].month_count > 0) {
            fputs(printed ? "\n" : "", stdout);
            print_text(&backtests[i]);
            printed = true;
        }
    }
    if (json)
        return cli_print_json(array, err);
    if (printed)
        print_legend();
    return true;
}

static bool backtest_all(struct selection *selection, size_t newest, bool json, struct error *err)
{
    struct outlook_backtest *backtests = arena_alloc(selection->arena, selection->count * sizeof *backtests);
    if (!selection_keep_history(selection, newest + FORECAST_HISTORY, err))
        return false;
    for (size_t i = 0; i < selection->count; i++)
        if (!outlook_backtest(selection->db, &selection->items[i].contract, selection->items[i].month, newest,
                              selection->arena, &backtests[i], err))
            return false;
    return print_all(backtests, selection->count, json, err);
}

static enum exit_code run_backtest(const struct invocation *invocation)
{
    struct error err;
    struct selection selection;
    const char *months = argument_option(invocation->arguments, "months");
    if (months != NULL && !value_count("months", months, 1, MONTHS_MAX, &err))
        return cli_usage(invocation, "%s", err.text);
    size_t newest = months != NULL ? (size_t)strtoull(months, NULL, 10) : FORECAST_HISTORY;
    bool done = selection_open(&selection, invocation, SELECTION_ALL, &err) &&
                backtest_all(&selection, newest, invocation->json, &err);
    selection_close(&selection);
    return done ? EXIT_DONE : cli_failed(&err);
}
