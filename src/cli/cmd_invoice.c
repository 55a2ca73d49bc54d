/* SPDX-License-Identifier: MIT */
/* headroom invoice: takes down what the vendor says. */

#include <inttypes.h>
#include <string.h>

#include "cli/invoice.h"
#include "cli/json.h"
#include "cli/value.h"
#include "headroom/invoices.h"

static enum exit_code run_add(const struct invocation *invocation);
static enum exit_code run_import(const struct invocation *invocation);
static enum exit_code run_set(const struct invocation *invocation);
static enum exit_code run_handles_import(const struct invocation *invocation);

#define OPTION_CONTRACT                                                                                                \
    {                                                                                                                  \
        "contract", 0, "NAME", "the contract; default: the only one there is"                                          \
    }

static const struct command invoice_add_command = {
    .name = "add",
    .summary = "take down an invoice or a credit of the vendor",
    .description =
        "Writes down what the document says of one billing month: unique handles, and the net charge for the overage, "
        "without tax and without the contract's fee. Several documents of a month are summed, credits are taken away. "
        "All but --contract, --kind and --document are needed. The currency must be the terms' of that month, and the "
        "amount may not have more decimals than it.\n\n"
        "Of --document the name and the SHA-256 are kept, not the file. Nothing is changed later: a correction is "
        "another document, a decision is told by 'invoice set'.\n\n"
        "JSON: an array of one, as 'invoice list' prints it.",
    .options =
        (const struct option_spec[]){
            OPTION_CONTRACT,
            {"month", 0, "2026-10|this|last", "the billing month that is charged"},
            {"number", 0, "S", "the document's number"},
            {"date", 0, "DATE", "the document's date; the days to dispute it count from there"},
            {"handles", 0, "N", "unique handles that it says; of a credit: that it takes back"},
            {"amount", 0, "A", "net overage charge, as 1250.00"},
            {"currency", 0, "USD", "its currency"},
            {"kind", 0, "KIND", "invoice or credit; default: invoice"},
            {"document", 0, "FILE", "the document itself, for its SHA-256"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom invoice add --month 2026-10 --number 2026-117 --date 2026-11-03 --handles 612 --amount 280.00 "
            "--currency USD --document 2026-117.pdf  # October's invoice",
            "headroom invoice add --month 2026-10 --number C-9 --date 2026-11-20 --handles 12 --amount 30.00 "
            "--currency USD --kind credit  # and what was given back",
            NULL,
        },
    .run = run_add,
};

static const struct command invoice_import_command = {
    .name = "import",
    .summary = "take down many documents from CSV",
    .operands = "FILE",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "CSV with a header that names the columns month, number, date, handles, amount, currency, and where wanted "
        "contract and kind, in any order; what they mean says 'invoice add'. '-' is standard input. The file is taken "
        "whole or not at all: each line that cannot be taken is told, and then nothing is.\n\n"
        "JSON: {file, documents}.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "the contract of lines that name none; default: the only one there is"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom invoice import invoices.csv  # month,number,date,handles,amount,currency",
            NULL,
        },
    .run = run_import,
};

static const struct command invoice_set_command = {
    .name = "set",
    .summary = "say what was decided of a document",
    .operands = "NUMBER",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "disputed, accepted, or open again, with a note that says why. Every decision stays on record, with who and "
        "when; the last one holds.\n\n"
        "JSON: an array of one, as 'invoice list' prints it.",
    .options =
        (const struct option_spec[]){
            {"status", 0, "STATUS", "disputed, accepted or open; needed"},
            {"note", 0, "R", "why, for the record; needed"},
            {"contract", 0, "NAME", "the contract, where several have a document of that number"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom invoice set 2026-117 --status disputed --note '14 handles were never used'",
            "headroom invoice set 2026-117 --status accepted --note 'settled by credit C-9'",
            NULL,
        },
    .run = run_set,
};

static const struct command handles_import_command = {
    .name = "import",
    .summary = "take in the vendor's own list of a month's handles",
    .operands = "FILE",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "One user id or handle a line, or CSV whose header names user_id or handle or both; '-' is standard input. "
        "Without a header a text of digits only is a user id: a handle of digits is written with '@'. The file is "
        "taken whole or not at all. The last list of a month holds; 'invoice check' matches it.\n\n"
        "JSON: {file, lines, handles}; handles are the different ones.",
    .options =
        (const struct option_spec[]){
            OPTION_CONTRACT,
            {"month", 0, "2026-10|this|last", "the billing month that the list is of; needed"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom invoice handles import vendor-2026-10.csv --month 2026-10",
            NULL,
        },
    .run = run_handles_import,
};

static const struct command handles_command = {
    .name = "handles",
    .summary = "the vendor's own list of a month's handles",
    .subcommands = (const struct command *const[]){&handles_import_command, NULL},
};

const struct command cmd_invoice = {
    .name = "invoice",
    .summary = "hold the vendor's invoices against what was counted",
    .subcommands = (const struct command *const[]){&invoice_add_command, &invoice_import_command, &invoice_list_command,
                                                   &invoice_check_command, &invoice_set_command, &handles_command,
                                                   &invoice_dispute_command, NULL},
};

/* Whether all these options were given. */
static bool check_needed(const struct invocation *invocation, const char *const *names, struct error *err)
{
    for (; *names != NULL; names++)
        if (argument_option(invocation->arguments, *names) == NULL)
            return fail(err, EXIT_USAGE, "--%s is missing", *names);
    return true;
}

static enum exit_code ended(const struct invocation *invocation, bool done, const struct error *err)
{
    if (done)
        return EXIT_DONE;
    return err->code == EXIT_USAGE ? cli_usage(invocation, "%s", err->text) : cli_failed(err);
}

static enum exit_code run_add(const struct invocation *invocation)
{
    static const char *const needed[] = {"month", "number", "date", "handles", "amount", "currency", NULL};
    const struct arguments *arguments = invocation->arguments;
    const char *kind = argument_option(arguments, "kind");
    const struct invoice_given given = {
        .contract = argument_option(arguments, "contract"),
        .month = argument_option(arguments, "month"),
        .number = argument_option(arguments, "number"),
        .kind = kind != NULL ? kind : "invoice",
        .date = argument_option(arguments, "date"),
        .handles = argument_option(arguments, "handles"),
        .amount = argument_option(arguments, "amount"),
        .currency = argument_option(arguments, "currency"),
        .document = argument_option(arguments, "document"),
    };
    struct error err;
    struct db *db = NULL;
    bool done = check_needed(invocation, needed, &err) && cli_open(invocation, DB_WRITER, &db, &err) &&
                invoice_add(db, &given, invocation->by, &err) &&
                invoice_print(db, given.contract, given.number, invocation->json, &err);

    db_close(db);
    return ended(invocation, done, &err);
}

static enum exit_code run_import(const struct invocation *invocation)
{
    const char *file = argument_at(invocation->arguments, 0);
    const char *contract = argument_option(invocation->arguments, "contract");
    struct error err;
    struct db *db = NULL;
    uint64_t count = 0;
    bool done =
        cli_open(invocation, DB_WRITER, &db, &err) && invoice_import(db, file, contract, invocation->by, &count, &err);

    db_close(db);
    if (!done)
        return cli_failed(&err);
    if (!invocation->json) {
        printf("%" PRIu64 " document%s taken down.\n", count, count == 1 ? "" : "s");
        return EXIT_DONE;
    }
    json_t *object = json_object();
    (void)json_object_set_new(object, "file", json_text(file));
    json_set_count(object, "documents", count);
    return cli_print_json(object, &err) ? EXIT_DONE : cli_failed(&err);
}

static enum exit_code run_set(const struct invocation *invocation)
{
    static const char *const needed[] = {"status", "note", NULL};
    static const char *const statuses[] = {"disputed", "accepted", "open", NULL};
    const struct invoice_decision decision = {
        .contract = argument_option(invocation->arguments, "contract"),
        .number = argument_at(invocation->arguments, 0),
        .status = argument_option(invocation->arguments, "status"),
        .note = argument_option(invocation->arguments, "note"),
    };
    struct error err;
    struct db *db = NULL;
    bool done = check_needed(invocation, needed, &err) && value_choice("status", decision.status, statuses, &err) &&
                cli_open(invocation, DB_WRITER, &db, &err) && invoice_decide(db, &decision, invocation->by, &err) &&
                invoice_print(db, decision.contract, decision.number, invocation->json, &err);

    db_close(db);
    return ended(invocation, done, &err);
}

static enum exit_code run_handles_import(const struct invocation *invocation)
{
    static const char *const needed[] = {"month", NULL};
    const struct invoice_list list = {
        .contract = argument_option(invocation->arguments, "contract"),
        .month = argument_option(invocation->arguments, "month"),
        .path = argument_at(invocation->arguments, 0),
    };
    struct invoice_listed listed = {0};
    struct error err;
    struct db *db = NULL;
    bool done = check_needed(invocation, needed, &err) && cli_open(invocation, DB_WRITER, &db, &err) &&
                invoice_import_list(db, &list, invocation->by, &listed, &err);

    db_close(db);
    if (!done)
        return ended(invocation, done, &err);
    if (!invocation->json) {
        printf("%" PRIu64 " different handle%s on %" PRIu64 " line%s.\n", listed.entries,
               listed.entries == 1 ? "" : "s", listed.lines, listed.lines == 1 ? "" : "s");
        return EXIT_DONE;
    }
    json_t *object = json_object();
    (void)json_object_set_new(object, "file", json_text(list.path));
    json_set_count(object, "lines", listed.lines);
    json_set_count(object, "handles", listed.entries);
    return cli_print_json(object, &err) ? EXIT_DONE : cli_failed(&err);
}
