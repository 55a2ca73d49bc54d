/* SPDX-License-Identifier: MIT */
/* headroom report: writes a report as a workbook. */

#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/report.h"
#include "cli/selection.h"
#include "headroom/outlook.h"
#include "headroom/report_log.h"

static enum exit_code run_report(const struct invocation *invocation);

const struct command cmd_report = {
    .name = "report",
    .summary = "write a month's workbook",
    .operands = "[NAME]",
    .operands_max = 1,
    .description =
        "Writes the report NAME, by default overage, as a workbook: the count against the limit, the charge, every "
        "day, every counted handle with its evidence, and where the data came from. Counts and money on its first "
        "sheet are formulas over the other sheets. Of a closed month all is as it was sealed. The report portfolio has "
        "all contracts on one sheet, one row a contract: what is used and left, the forecast, the chance of passing "
        "the limit, the charge so far and expected; those at the highest risk first.\n\n"
        "--format writes the same datasets in another way; without it the suffix of -o says which one (.xlsx, .csv, "
        ".json, .html or .txt; a name without a suffix is a workbook).\n"
        " csv: one dataset, RFC 4180, its columns' names in the first row. Without --dataset the main one, for overage "
        "the handles. Times are RFC 3339 with the offset of the contract's zone, money is plain decimals, no value is "
        "an empty field and an empty text \"\". A text that a spreadsheet could take for a formula (after blanks: = + "
        "- @, also in full width, a tab, a line end) gets an apostrophe before it, and so does one that begins with an "
        "apostrophe: take one off, or ask for --raw. Excel needs --bom to know UTF-8.\n"
        " json: {report, title, contract, month, made_at, datasets: {NAME: [ROW, …]}}, all datasets or --dataset; a "
        "row is an object of its columns. Money and whole numbers beyond 2^53 are strings, other numbers are numbers, "
        "times RFC 3339 in UTC, no value is null.\n"
        " html: a page for a mail or a browser that needs nothing else, with charts; text: the same without charts, "
        "for a terminal. Both show the values of formulas, and of a long list the first 50 rows.\n"
        "csv, json and text go to standard output, all of it or nothing, unless -o names a file.\n\n"
        "A file appears whole or not at all; its path is printed. A run that is killed leaves FILE.unfinished-XXXXXX "
        "behind, which can be deleted. In a default name a character that no file's name can have becomes _, and then "
        "eight digits of the contract's SHA-256 tell it from others.\n\n"
        "What is written is put on record with its SHA-256: 'report log' lists it, and 'verify FILE' says of a file "
        "which report it is. That takes the right to write; without it the report is written all the same, and a "
        "warning says that it is not on record.\n\n"
        "'report list' names the reports; 'report show NAME' says which datasets one is made of and what their columns "
        "mean. SOURCE_DATE_EPOCH (seconds since 1970) fixes the time of the report: then the same data give the same "
        "bytes. TMPDIR names the folder for temporary data.\n\n"
        "JSON: {report, file, contract, month, sha256} of the file, contract and month null for portfolio; what "
        "--format json writes to standard output is its own.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "the contract; default: the only one there is, of portfolio all"},
            {"month", 0, "2026-10|this|last",
             "the billing month; default: the last that is over, of portfolio each contract's open one"},
            {"format", 0, "xlsx|csv|json|html|text", "how it is written; default: as the suffix of -o says, else xlsx"},
            {"output", 'o', "FILE",
             "the file, '-' is standard output; default of xlsx and html: overage-CONTRACT-2026-10-open.xlsx, or "
             "-closed, in the "
             "current folder"},
            OPTION_REPORTS,
            {"dataset", 0, "NAME", "of csv and json: only this dataset"},
            {"raw", 0, NULL, "of csv: every text as it is, without the guard against formulas"},
            {"bom", 0, NULL, "of csv: begin with the byte order mark, by which Excel knows UTF-8"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom report  # the last month that is over, of the only contract",
            "headroom report overage --contract acme --month 2026-10 -o october.xlsx  # a month under a name",
            "headroom report --month 2026-10 --format csv >handles.csv  # every counted handle of a month",
            "headroom report --month 2026-10 --format json --dataset daily  # each day, for a program",
            "headroom report portfolio  # all contracts on one sheet, in their open months",
            "headroom report show overage  # its datasets and columns",
            NULL,
        },
    .subcommands = (const struct command *const[]){&report_list_command, &report_show_command, &report_evidence_command,
                                                   &report_log_command, NULL},
    .run = run_report,
};

/* ---- the month ---- */

struct wanted {
    struct reconcile_contract contract;
    char month[RECONCILE_MONTH_SIZE];
};

static bool find_wanted(struct db *db, const struct invocation *invocation, struct arena *arena, struct wanted *wanted,
                        struct error *err)
{
    const char *contract = argument_option(invocation->arguments, "contract");
    const char *month = argument_option(invocation->arguments, "month");
    char read[RECONCILE_MONTH_SIZE];

    if (!reconcile_read_month(month, RECONCILE_LAST_MONTH, read, err) ||
        !reconcile_find_contract(db, contract, arena, &wanted->contract, err) ||
        !reconcile_find_month(db, &wanted->contract, read, wanted->month, err))
        return false;
    if (month == NULL)
        log_note("month %.7s of %s, the last that is over; --month chooses another", wanted->month,
                 wanted->contract.name);
    return true;
}

/* ---- what is asked for ---- */

/* Before the database is asked anything. */
static bool read_request(const struct invocation *invocation, const struct report *report,
                         struct report_request *request, struct error *err)
{
    const struct arguments *arguments = invocation->arguments;
    const char *format = argument_option(arguments, "format");

    request->file = argument_option(arguments, "output");
    request->dataset = argument_option(arguments, "dataset");
    request->raw = argument_flag(arguments, "raw");
    request->bom = argument_flag(arguments, "bom");
    if (!(format != NULL ? report_format_named(format, &request->format, err)
                         : report_format_of_file(request->file, &request->format, err)) ||
        !report_check_request(report, request, err))
        return false;
    if (invocation->json && !request->format->is_json && report_to_output(request))
        return fail(err, EXIT_USAGE, "--json says which file was written: name one by -o");
    return report_now(&request->now_us, err);
}

/* ---- writing ---- */

static bool print_written(const struct invocation *invocation, const struct report *report,
                          const struct report_request *request, const struct report_written *written, struct error *err)
{
    const struct reconcile_contract *contract = request->contract;
    char month[8];

    if (written->file == NULL)
        return true;
    snprintf(month, sizeof(month), "%.7s", contract != NULL ? request->month : "");
    if (invocation->json)
        return cli_print_json(json_pack("{s:s, s:s, s:s?, s:s?, s:s}", "report", report->name, "file", written->file,
                                        "contract", contract != NULL ? contract->name : NULL, "month",
                                        contract != NULL ? month : NULL, "sha256", written->sha256),
                              err);
    puts(written->file);
    return true;
}

/* The report is there whether or not that can be written down: the login may have the right to read alone. */
static void put_on_record(const struct invocation *invocation, const struct report *report,
                          const struct report_request *request, const struct report_written *written)
{
    const char *folder = argument_option(invocation->arguments, "reports");
    struct db *db = NULL;
    struct error err;

    if (!cli_open(invocation, DB_WRITER, &db, &err) ||
        !report_record(db, report, request, written, folder, invocation->by, &err))
        log_warning("the report is not on record, so 'headroom verify' will not know it: %s", err.text);
    db_close(db);
}

static bool finish_written(const struct invocation *invocation, const struct report *report,
                           const struct report_request *request, const struct report_written *written,
                           struct error *err)
{
    put_on_record(invocation, report, request, written);
    return print_written(invocation, report, request, written, err);
}

static bool write_of_one(const struct invocation *invocation, const struct report *report,
                         const struct report_request *request, struct report_written *written, struct error *err)
{
    struct report_request of_one = *request;
    struct wanted wanted = {0};
    struct arena *arena = arena_new();
    struct db *db = NULL;
    bool good = cli_open(invocation, DB_READER, &db, err) && find_wanted(db, invocation, arena, &wanted, err);

    if (good) {
        of_one.contract = &wanted.contract;
        of_one.month = wanted.month;
        reconcile_keep(db, &wanted.contract, wanted.month);
        if (report_takes(report, REPORT_FORECAST))
            history_keep(db, &wanted.contract, wanted.month, FORECAST_HISTORY);
        good = report_write(db, report, &of_one, written, err) &&
               finish_written(invocation, report, &of_one, written, err);
    }
    db_close(db);
    arena_free(arena);
    return good;
}

static bool write_of_all(const struct invocation *invocation, const struct report *report,
                         struct report_request *request, struct report_written *written, struct error *err)
{
    struct selection selection;
    bool good = selection_open(&selection, invocation, SELECTION_ALL, err) &&
                selection_keep_history(&selection, FORECAST_HISTORY, err);

    if (good) {
        struct report_month *months = arena_alloc(selection.arena, selection.count * sizeof(*months));
        for (size_t i = 0; i < selection.count; i++)
            months[i] = (struct report_month){&selection.items[i].contract, selection.items[i].month};
        request->months = months;
        request->month_count = selection.count;
        db_rollback(selection.db); /* the report is of a snapshot of its own */
        good = report_write(selection.db, report, request, written, err) &&
               finish_written(invocation, report, request, written, err);
    }
    selection_close(&selection);
    return good;
}

static bool write_report(const struct invocation *invocation, const struct report *report, struct error *err)
{
    struct report_request request = {0};
    struct report_written written = {0};

    if (!read_request(invocation, report, &request, err))
        return false;
    bool good = report_takes(report, REPORT_CONTRACTS) ? write_of_all(invocation, report, &request, &written, err)
                                                       : write_of_one(invocation, report, &request, &written, err);
    free(written.file);
    return good;
}

static bool write_named(const struct invocation *invocation, const char *name, struct error *err)
{
    struct report *report;

    if (!report_open(argument_option(invocation->arguments, "reports"), name, &report, err))
        return false;
    bool good = write_report(invocation, report, err);
    report_close(report);
    return good;
}

static enum exit_code run_report(const struct invocation *invocation)
{
    const char *name = argument_at(invocation->arguments, 0);
    struct error err;

    return write_named(invocation, name != NULL ? name : "overage", &err) ? EXIT_DONE : cli_failed(&err);
}
