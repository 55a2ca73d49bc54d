/* SPDX-License-Identifier: MIT */
/* headroom price: what handles over the limit cost. */

#include <stdlib.h>
#include <string.h>

#include "cli/charge.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/value.h"
#include "headroom/pricing.h"

static enum exit_code run_price(const struct invocation *invocation);

const struct command cmd_price = {
    .name = "price",
    .summary = "say what handles over the limit cost, line by line",
    .description =
        "Asks the terms of a billing month for a price; nothing is counted for it, and nothing changes. One of "
        "--units, --handles and --marginal is needed. Several numbers with commas between them give a row each.\n\n"
        "--units: so many units of overage. --handles: so many unique handles in all, of which those above the month's "
        "limit are overage; without a limit nothing is. --marginal: one handle more than the month has now; what it "
        "costs is the charge with it less the charge without it: 0 below the limit and within the tolerance, less than "
        "0 where it reaches a cheaper bracket.\n\n"
        "Each line is rounded half away from zero to the currency's minor unit, the charge is their sum, then come "
        "minimum and cap, which act only when at least one unit is charged. The fee of the terms is not in the "
        "charge.\n\n"
        "JSON: {contract, month, limit, handles, units, charged, charge, marginal, fee, currency, lines: [{kind, "
        "description, from_unit, to_unit, units, unit_price, amount}]}; of several numbers an array of these. charged: "
        "the units left by the tolerance; marginal: what the last unit adds; handles is null with --units, fee where "
        "there is none.",
    .options =
        (const struct option_spec[]){
            {"units", 0, "N[,N…]", "units of overage"},
            {"handles", 0, "N[,N…]", "unique handles in all"},
            {"marginal", 0, NULL, "the next handle of the month"},
            {"contract", 0, "NAME", "the contract; default: the only one there is"},
            {"month", 0, "2026-10|this|last", "whose terms and limit hold; default: the open month of now"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom price --units 120  # what 120 handles over the limit cost",
            "headroom price --handles 500,600,700 --month 2026-10  # what October would cost with so many handles",
            "headroom price --marginal --json | jq -r .marginal  # what the next handle costs",
            NULL,
        },
    .run = run_price,
};

/* ---- what is asked ---- */

struct question {
    enum price_question of;
    int64_t *numbers; /* one at least; of no meaning with PRICE_NEXT */
    size_t count;
};

static void keep_number(struct question *question, int64_t number)
{
    question->numbers = mem_resize(question->numbers, (question->count + 1) * sizeof *question->numbers);
    question->numbers[question->count++] = number;
}

/* "1,10,100" */
static bool read_numbers(const char *option, const char *list, struct question *question, struct error *err)
{
    bool read = true;
    for (const char *at = list; read && at != NULL;) {
        size_t size = strcspn(at, ",");
        char *text = mem_format("%.*s", (int)size, at);
        read = value_count(option, text, 0, INT64_MAX, err);
        if (read)
            keep_number(question, strtoll(text, NULL, 10));
        free(text);
        at = at[size] == ',' ? at + size + 1 : NULL;
    }
    return read;
}

static bool read_question(const struct arguments *arguments, struct question *question, struct error *err)
{
    const char *units = argument_option(arguments, "units");
    const char *handles = argument_option(arguments, "handles");
    bool marginal = argument_flag(arguments, "marginal");
    *question = (struct question){0};
    if ((units != NULL) + (handles != NULL) + marginal != 1)
        return fail(err, EXIT_USAGE, "%s: give --units N, --handles N or --marginal",
                    units == NULL && handles == NULL && !marginal ? "the price of what"
                                                                  : "only one question at a time");
    question->of = units != NULL ? PRICE_UNITS : handles != NULL ? PRICE_HANDLES : PRICE_NEXT;
    if (!marginal)
        return read_numbers(units != NULL ? "units" : "handles", units != NULL ? units : handles, question, err);
    keep_number(question, 0);
    return true;
}

/* ---- text ---- */

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

static void print_heading(const struct price_answer *answer)
{
    struct cell limit = {0};
    output_text("Contract %s, billing month %s, limit %s\n", answer->contract, answer->month,
                cell_limit(&limit, answer->limit));
    if (answer->handles != PRICE_NO_HANDLES)
        printf("%lld unique handle%s: ", (long long)answer->handles, plural(answer->handles));
    printf("%lld unit%s of overage", (long long)answer->units, plural(answer->units));
    if (answer->charged != answer->units)
        printf(", %lld of them charged", (long long)answer->charged);
    puts("\n");
}

static void print_one(const struct price_answer *answer, bool marginal)
{
    print_heading(answer);
    charge_print(answer->lines, answer->line_count, answer->charge, answer->currency);
    if (marginal)
        printf("\nThe next handle costs %s %s.\n", answer->marginal, answer->currency);
    if (answer->fee != NULL)
        printf("\nThe fee of %s %s for the month is not in it.\n", answer->fee, answer->currency);
}

static void print_rows(const struct price_answer *answers, size_t count)
{
    static const struct table_column columns[] = {
        {"HANDLES", TABLE_RIGHT}, {"OVERAGE", TABLE_RIGHT},   {"CHARGED UNITS", TABLE_RIGHT},
        {"CHARGE", TABLE_RIGHT},  {"LAST UNIT", TABLE_RIGHT},
    };
    bool handles = answers[0].handles != PRICE_NO_HANDLES;
    struct table *table = table_new(handles ? columns : columns + 1, ARRAY_LENGTH(columns) - !handles);
    for (size_t i = 0; i < count; i++) {
        const struct price_answer *answer = &answers[i];
        struct cell all = {0}, units = {0}, charged = {0}, charge = {0}, last = {0};
        const char *const cells[] = {
            cell_count(&all, answer->handles),
            cell_count(&units, answer->units),
            cell_count(&charged, answer->charged),
            cell_money(&charge, answer->charge, answer->currency),
            cell_money(&last, answer->marginal, answer->currency),
        };
        table_add(table, handles ? cells : cells + 1);
    }
    table_print(table, stdout);
    table_free(table);
}

/* ---- JSON ---- */

static json_t *json_answer(const struct price_answer *answer)
{
    json_t *object = json_object();
    bool limited = answer->limit != RECONCILE_NO_LIMIT;
    bool handles = answer->handles != PRICE_NO_HANDLES;
    (void)json_object_set_new(object, "contract", json_text(answer->contract));
    (void)json_object_set_new(object, "month", json_text(answer->month));
    (void)json_object_set_new(object, "limit", limited ? json_integer(answer->limit) : json_null());
    (void)json_object_set_new(object, "handles", handles ? json_integer(answer->handles) : json_null());
    (void)json_object_set_new(object, "units", json_integer(answer->units));
    (void)json_object_set_new(object, "charged", json_integer(answer->charged));
    (void)json_object_set_new(object, "charge", json_text(answer->charge));
    (void)json_object_set_new(object, "marginal", json_text(answer->marginal));
    (void)json_object_set_new(object, "fee", json_text(answer->fee));
    (void)json_object_set_new(object, "currency", json_text(answer->currency));
    (void)json_object_set_new(object, "lines", charge_json(answer->lines, answer->line_count));
    return object;
}

static json_t *json_answers(const struct price_answer *answers, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(array, json_answer(&answers[i]));
    return array;
}

/* ---- the command ---- */

static bool print_answers(const struct price_answer *answers, const struct question *question, bool json,
                          struct error *err)
{
    bool several = question->count > 1;
    if (json)
        return cli_print_json(several ? json_answers(answers, question->count) : json_answer(answers), err);
    if (several)
        print_rows(answers, question->count);
    else
        print_one(answers, question->of == PRICE_NEXT);
    return true;
}

static bool answer_all(const struct selection *selection, const struct question *question, bool json, struct error *err)
{
    const struct selected *item = &selection->items[0];
    struct price_answer *answers = arena_alloc(selection->arena, question->count * sizeof *answers);
    for (size_t i = 0; i < question->count; i++)
        if (!price_answer(selection->db, &item->contract, item->month, question->of, question->numbers[i],
                          selection->arena, &answers[i], err))
            return false;
    if (question->of == PRICE_UNITS && answers[0].limit == RECONCILE_NO_LIMIT)
        log_note("contract '%s' has no limit in %s: nothing is over it", answers[0].contract, answers[0].month);
    return print_answers(answers, question, json, err);
}

static enum exit_code run_price(const struct invocation *invocation)
{
    struct error err;
    struct question question;
    struct selection selection;
    bool done;
    if (!read_question(invocation->arguments, &question, &err)) {
        free(question.numbers);
        return cli_usage(invocation, "%s", err.text);
    }
    done = selection_open(&selection, invocation, SELECTION_ONE, &err) &&
           answer_all(&selection, &question, invocation->json, &err);
    selection_close(&selection);
    free(question.numbers);
    return done ? EXIT_DONE : cli_failed(&err);
}
