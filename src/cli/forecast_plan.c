/* SPDX-License-Identifier: MIT */
/* Shows what a list of those who are going to be used makes of a billing month. */

#include <math.h>
#include <stdlib.h>

#include "cli/forecast.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/wrap.h"

/* ---- text ---- */

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

static void print_counts(const struct plan *plan)
{
    char *text = mem_format("%s names %lld handle%s: %lld %s counted already, %lld %s new.", plan->file,
                            (long long)plan->handles, plural(plan->handles), (long long)plan->counted,
                            plan->counted == 1 ? "is" : "are", (long long)plan->fresh, plan->fresh == 1 ? "is" : "are");
    wrap_print(stdout, text, 0, 0);
    free(text);
    if (plan->repeated > 0)
        output_text("%lld line%s of it name%s one who stands before.\n", (long long)plan->repeated,
                    plural(plan->repeated), plan->repeated == 1 ? "s" : "");
}

/* A row: without the plan, and with it. */
struct row {
    struct cell without, with;
};

static void add_row(struct table *table, const char *name, const struct row *row)
{
    table_add(table, (const char *const[]){name, row->without.text, row->with.text});
}

static void add_forecast(struct table *table, const struct forecast_planned *planned)
{
    struct row row;
    const struct forecast *forecast = &planned->outlook->forecast;
    long long low = (long long)floor(forecast_quantile(forecast, 0.1)), more = planned->plan.fresh;
    long long high = (long long)ceil(forecast_quantile(forecast, 0.9));
    cell_count(&row.without, llround(forecast_quantile(forecast, 0.5)));
    cell_count(&row.with, llround(forecast_quantile(forecast, 0.5)) + more);
    add_row(table, "most likely at the end", &row);
    snprintf(row.without.text, sizeof row.without.text, "%lld to %lld", low, high);
    snprintf(row.with.text, sizeof row.with.text, "%lld to %lld", low + more, high + more);
    add_row(table, "80 % interval", &row);
}

static void add_chance(struct table *table, const struct forecast_planned *planned)
{
    struct cell without, with;
    table_add(table,
              (const char *const[]){"chance of an overage", cell_probability(&without, planned->outlook->probability),
                                    cell_probability(&with, planned->with.probability)});
}

static void add_charge(struct table *table, const struct forecast_planned *planned)
{
    struct row row;
    const char *currency = planned->outlook->history.currency;
    cell_money(&row.without, planned->with.charge.few, currency);
    cell_money(&row.with, planned->with.charge.more, currency);
    add_row(table, planned->outlook->is_empty ? "charge of these" : "expected charge", &row);
}

static void print_table(const struct forecast_planned *planned)
{
    static const struct table_column columns[] = {
        {"", TABLE_LEFT}, {"WITHOUT THE PLAN", TABLE_RIGHT}, {"WITH IT", TABLE_RIGHT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    const struct outlook *outlook = planned->outlook;
    bool limited = outlook->limit != RECONCILE_NO_LIMIT;
    struct row row;
    cell_count(&row.without, outlook->history.known);
    cell_count(&row.with, outlook->history.known + planned->plan.fresh);
    add_row(table, "used so far", &row);
    if (!outlook->is_empty)
        add_forecast(table, planned);
    if (limited && !outlook->is_empty)
        add_chance(table, planned);
    if (limited)
        add_charge(table, planned);
    table_print(table, stdout);
    table_free(table);
}

static void print_cost(const struct forecast_planned *planned)
{
    struct cell cost;
    const struct outlook *outlook = planned->outlook;
    const struct plan *plan = &planned->plan;
    long long limit = outlook->limit, left = limit - outlook->history.known - plan->fresh;
    if (outlook->limit == RECONCILE_NO_LIMIT) {
        puts("The contract has no limit: the plan costs nothing.");
        return;
    }
    output_text("The plan costs %s.\n", cell_money(&cost, planned->with.charge.difference, outlook->history.currency));
    if (outlook->is_passed)
        output_text("The limit of %lld is passed already.\n", limit);
    else if (plan->passing != NULL)
        output_text("On top of what is used now, %s%s on line %lld passes the limit of %lld.\n",
                    plan->passing[0] == '@' ? "" : "user ", plan->passing, (long long)plan->passing_line, limit);
    else
        output_text("On top of what is used now, the plan leaves %lld of the limit of %lld.\n", left, limit);
}

void forecast_print_plan(const struct forecast_planned *planned)
{
    const struct history *history = &planned->outlook->history;
    output_text("Contract %s, billing month %s\n\n", history->contract, history->so_far.month);
    print_counts(&planned->plan);
    puts("");
    print_table(planned);
    puts("");
    print_cost(planned);
    if (planned->outlook->is_empty)
        puts("There is no forecast yet: nothing has been delivered, and there is no past month.");
}

/* ---- JSON ---- */

static json_t *quantile(const struct forecast_planned *planned, double p)
{
    const struct outlook *outlook = planned->outlook;
    return outlook->is_empty ? json_null()
                             : json_real(forecast_quantile(&outlook->forecast, p) + (double)planned->plan.fresh);
}

static json_t *passing_json(const struct plan *plan)
{
    if (plan->passing == NULL)
        return json_null();
    return json_pack("{s:I, s:s}", "line", (json_int_t)plan->passing_line, "handle", plan->passing);
}

json_t *forecast_json_plan(const struct forecast_planned *planned)
{
    const struct plan *plan = &planned->plan;
    const struct outlook *outlook = planned->outlook;
    bool limited = outlook->limit != RECONCILE_NO_LIMIT;
    json_t *object = json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "file", plan->file, "lines", (json_int_t)plan->lines, "handles",
        (json_int_t)plan->handles, "counted", (json_int_t)plan->counted, "new", (json_int_t)plan->fresh, "repeated",
        (json_int_t)plan->repeated, "unique_handles", (json_int_t)outlook->history.known + plan->fresh);
    json_t *mean = outlook->is_empty ? json_null() : json_real(outlook->mean + (double)plan->fresh);
    (void)json_object_set_new(object, "mean", mean);
    (void)json_object_set_new(object, "p10", quantile(planned, 0.1));
    (void)json_object_set_new(object, "p50", quantile(planned, 0.5));
    (void)json_object_set_new(object, "p90", quantile(planned, 0.9));
    (void)json_object_set_new(object, "probability_over_limit",
                              limited && !outlook->is_empty ? json_real(planned->with.probability) : json_null());
    (void)json_object_set_new(object, "expected_charge", json_text(planned->with.charge.more));
    (void)json_object_set_new(object, "cost", json_text(planned->with.charge.difference));
    (void)json_object_set_new(object, "passing", passing_json(plan));
    return object;
}
