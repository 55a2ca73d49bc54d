/* SPDX-License-Identifier: MIT */
/* headroom invoice list: the vendor's documents, with what was decided of them. */

#include "cli/invoice.h"
#include "cli/output.h"
#include "cli/rows.h"
#include "cli/selection.h"
#include "cli/value.h"
#include "statements.h"

static enum exit_code run_list(const struct invocation *invocation);

const struct command invoice_list_command = {
    .name = "list",
    .summary = "list invoices and credits with what was decided of them",
    .description =
        "By contract, month and date. DISPUTE UNTIL is the last day on which a document can be disputed: its date and "
        "the contract's dispute days.\n\n"
        "JSON: an array of {contract, month, number, kind, date, dispute_until, handles, amount, currency, status, "
        "note, decided_at, decided_by, document, document_sha256, added_at, added_by}; kind is invoice or credit, "
        "status open, disputed or accepted; dispute_until is null where the contract agrees on no such days.",
    .options =
        (const struct option_spec[]){
            OPTION_CONTRACT_OF_ALL,
            {"month", 0, "2026-10|this|last", "only of this billing month; default: all"},
            {"status", 0, "STATUS", "only open, disputed or accepted ones"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom invoice list --status open  # what is to be checked",
            NULL,
        },
    .run = run_list,
};

static const struct rows_column columns[] = {
    {"contract", "CONTRACT", ROWS_TEXT},  {"month", "MONTH", ROWS_TEXT},
    {"number", "NUMBER", ROWS_TEXT},      {"kind", "KIND", ROWS_TEXT},
    {"date", "DATE", ROWS_TEXT},          {"dispute_until", "DISPUTE UNTIL", ROWS_TEXT},
    {"handles", "HANDLES", ROWS_COUNT},   {"amount", "AMOUNT", ROWS_MONEY},
    {"currency", "CURRENCY", ROWS_TEXT},  {"status", "STATUS", ROWS_TEXT},
    {"note", "NOTE", ROWS_TEXT},          {"decided_at", NULL, ROWS_TIME},
    {"decided_by", NULL, ROWS_TEXT},      {"document", NULL, ROWS_TEXT},
    {"document_sha256", NULL, ROWS_TEXT}, {"added_at", NULL, ROWS_TIME},
    {"added_by", NULL, ROWS_TEXT},
};

static void warn_of_late(const struct db_rows *rows)
{
    for (size_t i = 0; i < db_rows_count(rows); i++)
        if (db_bool(rows, i, "late"))
            log_warning("%s %s is open, and could be disputed until %s only", db_text(rows, i, "kind"),
                        db_text(rows, i, "number"), db_text(rows, i, "dispute_until"));
}

static bool print_rows(struct db *db, const char *const params[4], bool json, struct error *err)
{
    struct db_rows *rows = NULL;
    bool done = true;

    if (!db_query(db, &sql_invoice_list, params, &rows, err))
        return false;
    if (json)
        done = cli_print_json(rows_json_all(columns, ARRAY_LENGTH(columns), rows), err);
    else
        rows_print(columns, ARRAY_LENGTH(columns), rows);
    if (db_rows_count(rows) == 0)
        log_note("no document of the vendor is like that; 'invoice add' takes one down");
    warn_of_late(rows);
    db_rows_free(rows);
    return done && output_ok(stdout, err);
}

bool invoice_print(struct db *db, const char *contract, const char *number, bool json, struct error *err)
{
    char id[SELECTION_ID_SIZE];
    const char *contract_id;

    return selection_contract(db, contract, id, &contract_id, err) &&
           print_rows(db, (const char *const[]){contract_id, NULL, number, NULL}, json, err);
}

static bool read_filter(const struct arguments *arguments, char month[RECONCILE_MONTH_SIZE], struct error *err)
{
    static const char *const statuses[] = {"open", "disputed", "accepted", NULL};
    const char *status = argument_option(arguments, "status");
    const char *asked = argument_option(arguments, "month");

    if (status != NULL && !value_choice("status", status, statuses, err))
        return false;
    return asked == NULL || reconcile_read_month(asked, RECONCILE_OPEN_MONTH, month, err);
}

static enum exit_code run_list(const struct invocation *invocation)
{
    const struct arguments *arguments = invocation->arguments;
    char month[RECONCILE_MONTH_SIZE];
    char id[SELECTION_ID_SIZE];
    const char *contract_id = NULL;
    struct error err;
    struct db *db = NULL;

    if (!read_filter(arguments, month, &err))
        return cli_usage(invocation, "%s", err.text);
    bool done =
        cli_open(invocation, DB_READER, &db, &err) &&
        selection_contract(db, argument_option(arguments, "contract"), id, &contract_id, &err) &&
        print_rows(db,
                   (const char *const[]){contract_id, argument_option(arguments, "month") != NULL ? month : NULL, NULL,
                                         argument_option(arguments, "status")},
                   invocation->json, &err);
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}
