/* SPDX-License-Identifier: MIT */
/* headroom report log: the reports that were written. */

#include <stdlib.h>

#include "cli/json.h"
#include "cli/output.h"
#include "cli/report.h"
#include "cli/report_json.h"
#include "cli/value.h"
#include "headroom/reconcile.h"
#include "statements.h"

#define LIMIT_DEFAULT "100"
#define LIMIT_MAX     10000

static enum exit_code run_log(const struct invocation *invocation);

const struct command report_log_command = {
    .name = "log",
    .summary = "list the reports that were written, the newest first",
    .description =
        "Each report that was written, to a file or to standard output (-), with who wrote it, and the beginning of "
        "its SHA-256. The record stays when the file is moved or lost: 'headroom verify FILE' finds a report by its "
        "digest under any name.\n\n"
        "The record is kept beside the chain of digests, not in it: each row names the head of the chain that its "
        "report rests on.\n\n"
        "JSON: an array of {report, format, contract, month, parameters, file, sha256, size, chain_link, chain_head, "
        "state, unique_handles, charge, currency, made_at, written_at, written_by, program}; file is null for standard "
        "output, state to currency are the month's as the report says them, made_at is the time that the report bears, "
        "parameters are the options that decide what stands in the file.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "only reports of the contract"},
            {"month", 0, "2026-10|this|last", "only reports of the billing month"},
            {"limit", 0, "N", "at most so many, 1 to 10000; default: " LIMIT_DEFAULT},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom report log  # what was written last",
            "headroom report log --contract acme --month 2026-10  # every file that October went out in",
            NULL,
        },
    .run = run_log,
};

static const struct rows_column shown[] = {
    {"written_at", "WRITTEN", ROWS_TIME}, {"written_by", "BY", ROWS_TEXT},  {"report", "REPORT", ROWS_TEXT},
    {"contract", "CONTRACT", ROWS_TEXT},  {"month", "MONTH", ROWS_TEXT},    {"state", "STATE", ROWS_TEXT},
    {"format", "FORMAT", ROWS_TEXT},      {"digest", "SHA-256", ROWS_TEXT}, {"to", "FILE", ROWS_TEXT},
};

static bool print_log(const struct invocation *invocation, const struct db_rows *rows, const char *limit,
                      struct error *err)
{
    if (invocation->json) {
        json_t *array = json_array();
        for (size_t i = 0; i < db_rows_count(rows); i++)
            (void)json_array_append_new(array, report_as_json(rows, i));
        return cli_print_json(array, err);
    }
    rows_print(shown, ARRAY_LENGTH(shown), rows);
    if (db_rows_count(rows) == 0)
        log_note("no report like that is on record");
    else if (db_rows_count(rows) == strtoull(limit, NULL, 10))
        log_note("these are the newest %zu; --limit shows more", db_rows_count(rows));
    return output_ok(stdout, err);
}

static bool list_reports(const struct invocation *invocation, const char *limit, struct error *err)
{
    const char *contract = argument_option(invocation->arguments, "contract");
    const char *asked = argument_option(invocation->arguments, "month");
    char month[RECONCILE_MONTH_SIZE];
    struct arena *arena = arena_new();
    struct reconcile_contract found;
    struct db_rows *rows = NULL;
    struct db *db = NULL;
    const char *const values[] = {contract, asked != NULL ? month : NULL, limit};
    bool done = (asked == NULL || reconcile_read_month(asked, RECONCILE_OPEN_MONTH, month, err)) &&
                cli_open(invocation, DB_READER, &db, err) &&
                (contract == NULL || reconcile_find_contract(db, contract, arena, &found, err)) &&
                db_query(db, &sql_report_log, values, &rows, err) && print_log(invocation, rows, limit, err);

    db_rows_free(rows);
    db_close(db);
    arena_free(arena);
    return done;
}

static enum exit_code run_log(const struct invocation *invocation)
{
    const char *given = argument_option(invocation->arguments, "limit");
    const char *limit = given != NULL ? given : LIMIT_DEFAULT;
    struct error err;

    if (!value_count("limit", limit, 1, LIMIT_MAX, &err))
        return cli_usage(invocation, "%s", err.text);
    return list_reports(invocation, limit, &err) ? EXIT_DONE : cli_failed(&err);
}
