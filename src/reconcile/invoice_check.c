/* SPDX-License-Identifier: MIT */
/* Holds the vendor's figures of a month against ours, and fetches what could make the difference. */

#include <string.h>

#include "headroom/invoices.h"
#include "reconcile/fetch.h"
#include "statements.h"

bool invoice_months(struct db *db, const char *contract_id, struct arena *arena, struct invoice_items *found,
                    struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(db, &sql_invoice_months, (const char *const[]){contract_id}, &rows, err))
        return false;
    found->count = db_rows_count(rows);
    found->items = arena_alloc(arena, (found->count + 1) * sizeof *found->items);
    for (size_t i = 0; i < found->count; i++) {
        found->items[i] = (struct invoice_item){
            .contract_id = db_int64(rows, i, "contract_id"),
            .contract = fetch_text(rows, i, "contract", arena),
        };
        snprintf(found->items[i].month, RECONCILE_MONTH_SIZE, "%s", db_text(rows, i, "month"));
    }
    db_rows_free(rows);
    return true;
}

static void take_figures(const struct db_rows *rows, struct arena *arena, struct invoice_check *check)
{
    check->month = fetch_text(rows, 0, "month", arena);
    check->state = fetch_text(rows, 0, "state", arena);
    check->rule = fetch_text(rows, 0, "rule", arena);
    check->currency = fetch_text(rows, 0, "currency", arena);
    check->unique_handles = db_int64(rows, 0, "unique_handles");
    check->charge = fetch_text(rows, 0, "charge", arena);
    check->adjustment = fetch_text(rows, 0, "adjustment", arena);
    check->documents = db_int64(rows, 0, "documents");
    check->invoiced_handles = db_int64(rows, 0, "invoiced_handles");
    check->invoiced_amount = fetch_text(rows, 0, "invoiced_amount", arena);
    check->handles_difference = db_int64(rows, 0, "handles_difference");
    check->amount_difference = fetch_text(rows, 0, "amount_difference", arena);
    check->count_amount = fetch_text(rows, 0, "count_amount", arena);
    check->price_amount = fetch_text(rows, 0, "price_amount", arena);
    check->result = fetch_text(rows, 0, "result", arena);
    check->list_file = fetch_text(rows, 0, "list_file", arena);
}

static void take_cause(const struct db_rows *rows, size_t row, struct arena *arena, struct invoice_cause *cause)
{
    *cause = (struct invoice_cause){
        .cause = fetch_text(rows, row, "cause", arena),
        .kind = fetch_text(rows, row, "kind", arena),
        .description = fetch_text(rows, row, "description", arena),
        .endless = db_bool(rows, row, "endless"),
        .reach = db_int64(rows, row, "reach"),
        .explains = db_int64(rows, row, "explains"),
        .amount = fetch_text(rows, row, "amount", arena),
        .alone = db_bool(rows, row, "alone"),
        .exactly = db_bool(rows, row, "exactly"),
    };
}

/* ---- which causes reach the difference together ---- */

/* Whether it can be a part of the difference, and no more than a part. */
static bool is_part(const struct invoice_cause *cause, int64_t size)
{
    return cause->reach > 0 && cause->reach < size;
}

static bool goes_with(const struct invoice_cause *a, const struct invoice_cause *b)
{
    return strcmp(a->kind, b->kind) != 0;
}

static void add_set(struct invoice_check *check, const struct invoice_cause *a, const struct invoice_cause *b,
                    const struct invoice_cause *c)
{
    if (check->set_count < INVOICE_SETS_MAX)
        check->sets[check->set_count++] = (struct invoice_set){{a, b, c}, c != NULL ? 3 : 2};
}

static bool reach_together(int64_t size, const struct invoice_cause *a, const struct invoice_cause *b)
{
    return goes_with(a, b) && a->reach + b->reach >= size;
}

static void find_threes(struct invoice_check *check, int64_t size, size_t first, size_t second)
{
    const struct invoice_cause *a = &check->causes[first], *b = &check->causes[second];

    for (size_t i = second + 1; i < check->cause_count; i++) {
        const struct invoice_cause *c = &check->causes[i];
        if (is_part(c, size) && goes_with(a, c) && goes_with(b, c) && a->reach + b->reach + c->reach >= size &&
            !reach_together(size, a, c) && !reach_together(size, b, c))
            add_set(check, a, b, c);
    }
}

/* Of two, then of three; what reaches alone is in none of them. */
static void find_sets(struct invoice_check *check, bool threes)
{
    int64_t size = check->handles_difference < 0 ? -check->handles_difference : check->handles_difference;

    for (size_t i = 0; i < check->cause_count; i++) {
        const struct invoice_cause *a = &check->causes[i];
        for (size_t j = i + 1; j < check->cause_count; j++) {
            const struct invoice_cause *b = &check->causes[j];
            if (!is_part(a, size) || !is_part(b, size) || !goes_with(a, b))
                continue;
            if (!threes && reach_together(size, a, b))
                add_set(check, a, b, NULL);
            else if (threes && !reach_together(size, a, b))
                find_threes(check, size, i, j);
        }
    }
}

static bool fetch_causes(struct db *db, const char *const params[2], struct arena *arena, struct invoice_check *check,
                         struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(db, &sql_invoice_causes, params, &rows, err))
        return false;
    check->cause_count = db_rows_count(rows);
    check->causes = arena_alloc(arena, (check->cause_count + 1) * sizeof *check->causes);
    for (size_t i = 0; i < check->cause_count; i++)
        take_cause(rows, i, arena, &check->causes[i]);
    db_rows_free(rows);
    find_sets(check, false);
    find_sets(check, true);
    return true;
}

/* ---- the vendor's list ---- */

static void count_matches(struct invoice_check *check)
{
    for (size_t i = 0; i < db_rows_count(check->matches); i++) {
        const char *place = db_text(check->matches, i, "place");
        check->both += strcmp(place, "both") == 0;
        check->only_ours += strcmp(place, "ours") == 0;
        check->only_theirs += strcmp(place, "theirs") == 0;
    }
    if (check->only_ours + check->only_theirs > 0)
        check->result = "differs";
    else if (check->documents == 0)
        check->result = "match";
}

bool invoice_check(struct db *db, const struct invoice_item *item, struct arena *arena, struct invoice_check *check,
                   struct error *err)
{
    char id[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    const char *const month[] = {fetch_id(item->contract_id, id), item->month};
    bool done;

    *check = (struct invoice_check){.contract = item->contract};
    if (!db_query_one(db, &sql_invoice_check, month, &rows, err))
        return fail_within(err, "contract '%s', %.7s", item->contract, item->month);
    take_figures(rows, arena, check);
    const char *const list[] = {id, item->month, db_text(rows, 0, "list_id"), db_text(rows, 0, "latest")};
    done = strcmp(check->result, "differs") != 0 || fetch_causes(db, month, arena, check, err);
    done = done && (check->list_file == NULL || db_query(db, &sql_invoice_matches, list, &check->matches, err));
    db_rows_free(rows);
    if (done && check->matches != NULL)
        count_matches(check);
    return done;
}

void invoice_check_free(struct invoice_check *check)
{
    db_rows_free(check->matches);
    check->matches = NULL;
}
