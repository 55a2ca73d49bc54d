/* SPDX-License-Identifier: MIT */
/* Takes down documents of the vendor, and what was decided of them. */

#include <string.h>

#include "headroom/invoices.h"
#include "headroom/model.h"
#include "reconcile/fetch.h"
#include "reconcile/invoice_file.h"
#include "reconcile/invoice_rows.h"
#include "statements.h"

#define NUMBER_MAX 100
#define NOTE_MAX   1000

/* Runs a statement that gives one row of no use here. What the routines refuse is wrong usage. */
static bool run_one(struct db *db, const struct sql *sql, const char *const *params, struct error *err)
{
    struct db_rows *rows = NULL;
    bool done = db_query_one(db, sql, params, &rows, err);

    db_rows_free(rows);
    if (!done && strcmp(err->sqlstate, "HR001") == 0)
        err->code = EXIT_USAGE;
    return done;
}

bool invoice_find_month(struct db *db, const char *name, const char *given, struct invoice_month *found,
                        struct error *err)
{
    struct arena *arena = arena_new();
    struct reconcile_contract contract;
    char wanted[RECONCILE_MONTH_SIZE];
    bool done = reconcile_read_month(given, RECONCILE_LAST_MONTH, wanted, err) &&
                reconcile_find_contract(db, name, arena, &contract, err) &&
                reconcile_find_month(db, &contract, wanted, found->month, err);

    if (done)
        fetch_id(contract.id, found->contract);
    arena_free(arena);
    return done;
}

bool invoice_insert(struct db *db, const struct invoice_given *given, const struct invoice_file *document,
                    const char *by, struct error *err)
{
    struct invoice_month month;
    const char *fault = given_text_fault(str_of(given->number), NUMBER_MAX);

    if (fault != NULL)
        return fail(err, EXIT_USAGE, "the document's number %s; write the one that stands on it, 1 to %d bytes", fault,
                    NUMBER_MAX);
    if (!invoice_find_month(db, given->contract, given->month, &month, err))
        return false;
    return run_one(db, &sql_invoice_add,
                   (const char *const[]){month.contract, month.month, given->number, given->kind, given->date,
                                         given->handles, given->amount, given->currency, document->name,
                                         document->name != NULL ? document->sha256 : NULL, by},
                   err);
}

bool invoice_add(struct db *db, const struct invoice_given *given, const char *by, struct error *err)
{
    struct invoice_file document = {0};
    bool done = (given->document == NULL || invoice_file_digest(&document, given->document, err)) &&
                invoice_insert(db, given, &document, by, err);

    invoice_file_free(&document);
    return done;
}

bool invoice_decide(struct db *db, const struct invoice_decision *decision, const char *by, struct error *err)
{
    char id[FETCH_ID_SIZE];
    struct reconcile_contract contract;
    struct arena *arena = arena_new();
    const char *fault =
        str_trim(str_of(decision->note)).size == 0 ? "is empty" : given_text_fault(str_of(decision->note), NOTE_MAX);
    bool done = fault == NULL || fail(err, EXIT_USAGE, "--note %s; say in 1 to %d bytes why", fault, NOTE_MAX);

    done = done &&
           (decision->contract == NULL || reconcile_find_contract(db, decision->contract, arena, &contract, err)) &&
           run_one(db, &sql_invoice_decide,
                   (const char *const[]){decision->contract != NULL ? fetch_id(contract.id, id) : NULL,
                                         decision->number, decision->status, decision->note, by},
                   err);
    arena_free(arena);
    return done;
}
