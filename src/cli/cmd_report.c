/* SPDX-License-Identifier: MIT */
/* headroom report: writes a report as a workbook, lists the reports, shows what one is made of. */

#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/table.h"
#include "headroom/reconcile.h"
#include "headroom/report.h"

static enum exit_code run_report(const struct invocation *invocation);

const struct command cmd_report = {
    .name = "report",
    .summary = "write a month's workbook",
    .operands = "[NAME | list | show NAME]",
    .operands_min = 0,
    .operands_max = 2,
    .description =
        "Writes the report NAME, by default overage, as a workbook: the count against the limit, the charge, every "
        "day, "
        "every counted handle with its evidence, and where the data came from. Counts and money on its first sheet are "
        "formulas over the other sheets. Of a closed month all is as it was sealed.\n\n"
        "The file appears whole or not at all; its path is printed. A run that is killed leaves FILE.unfinished-XXXXXX "
        "behind, which can be deleted. In a default name a character that no file's name can have becomes _, and then "
        "eight digits of the contract's SHA-256 tell it from others.\n\n"
        "'list' names the reports; 'show NAME' says which datasets one is made of and what their columns mean. "
        "SOURCE_DATE_EPOCH (seconds since 1970) fixes the time of the report: then the same data give the same bytes. "
        "TMPDIR names the folder for temporary data.\n\n"
        "JSON: {report, file, contract, month, sha256}; with list an array of {report, title, about}; with show "
        "{report, title, about, parameters, datasets}.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "the contract; default: the only one there is"},
            {"month", 0, "2026-10|this|last", "the billing month; default: the last that is over"},
            {"output", 'o', "FILE",
             "the file; default: overage-CONTRACT-2026-10-open.xlsx, or -closed, in the current folder"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom report  # the last month that is over, of the only contract",
            "headroom report overage --contract acme --month 2026-10 -o october.xlsx  # a month under a name",
            "headroom report show overage  # its datasets and columns",
            NULL,
        },
    .run = run_report,
};

/* ---- list and show ---- */

static json_t *list_as_json(const struct report *report)
{
    return json_pack("{s:s, s:s, s:s}", "report", report->name, "title", report->title, "about", report->about);
}

static bool list_reports(const struct invocation *invocation, struct error *err)
{
    static const struct table_column columns[] = {{"REPORT", TABLE_LEFT}, {"TITLE", TABLE_LEFT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    json_t *array = json_array();
    bool good = true;

    for (size_t i = 0; good && report_name_at(i) != NULL; i++) {
        struct report *report;

        good = report_open(report_name_at(i), &report, err);
        if (!good)
            break;
        table_add(table, (const char *const[]){report->name, report->title});
        (void)json_array_append_new(array, list_as_json(report));
        report_close(report);
    }
    if (good && invocation->json)
        good = cli_print_json(json_incref(array), err);
    else if (good)
        table_print(table, stdout);
    json_decref(array);
    table_free(table);
    return good;
}

static json_t *columns_as_json(const struct report_dataset *dataset)
{
    json_t *array = json_array();

    for (size_t i = 0; i < dataset->column_count; i++)
        (void)json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "name", dataset->columns[i].name, "kind",
                                                     report_kind_name(dataset->columns[i].kind), "about",
                                                     dataset->columns[i].about));
    return array;
}

static json_t *show_as_json(const struct report *report)
{
    json_t *datasets = json_array();
    json_t *parameters = json_array();

    for (size_t i = 0; i < report->parameter_count; i++)
        (void)json_array_append_new(parameters, json_string(report_parameter_name(report->parameters[i])));
    for (size_t i = 0; i < report->dataset_count; i++)
        (void)json_array_append_new(datasets, json_pack("{s:s, s:s, s:o}", "name", report->datasets[i].name, "about",
                                                        report->datasets[i].about, "columns",
                                                        columns_as_json(&report->datasets[i])));
    return json_pack("{s:s, s:s, s:s, s:o, s:o}", "report", report->name, "title", report->title, "about",
                     report->about, "parameters", parameters, "datasets", datasets);
}

static void print_dataset(const struct report_dataset *dataset)
{
    static const struct table_column columns[] = {
        {"COLUMN", TABLE_LEFT}, {"KIND", TABLE_LEFT}, {"MEANING", TABLE_LEFT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));

    for (size_t i = 0; i < dataset->column_count; i++)
        table_add(table, (const char *const[]){dataset->columns[i].name, report_kind_name(dataset->columns[i].kind),
                                               dataset->columns[i].about});
    printf("\n%s: %s\n\n", dataset->name, dataset->about);
    table_print(table, stdout);
    table_free(table);
}

static bool show_report(const struct invocation *invocation, const char *name, struct error *err)
{
    struct report *report;

    if (!report_open(name, &report, err))
        return false;

    bool good = true;
    if (invocation->json) {
        good = cli_print_json(show_as_json(report), err);
    } else {
        printf("%s: %s\n%s\n", report->name, report->title, report->about);
        for (size_t i = 0; i < report->dataset_count; i++)
            print_dataset(&report->datasets[i]);
    }
    report_close(report);
    return good;
}

/* ---- writing ---- */

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

static bool print_written(const struct invocation *invocation, const struct report *report, const struct wanted *wanted,
                          const struct report_written *written, struct error *err)
{
    char month[8];

    snprintf(month, sizeof(month), "%.7s", wanted->month);
    if (invocation->json)
        return cli_print_json(json_pack("{s:s, s:s, s:s, s:s, s:s}", "report", report->name, "file", written->file,
                                        "contract", wanted->contract.name, "month", month, "sha256", written->sha256),
                              err);
    puts(written->file);
    return true;
}

static bool check_file(const char *file, struct error *err)
{
    if (file == NULL || (file[0] != '\0' && strcmp(file, "-") != 0))
        return true;
    return fail(err, EXIT_USAGE, "-o '%s': a workbook is written to a file; give its name", file);
}

static bool write_report(const struct invocation *invocation, const struct report *report, struct error *err)
{
    struct report_request request = {.file = argument_option(invocation->arguments, "output")};
    struct report_written written = {0};
    struct wanted wanted = {0};
    struct arena *arena = arena_new();
    struct db *db = NULL;
    bool good = check_file(request.file, err) && report_now(&request.now_us, err) &&
                cli_open(invocation, DB_READER, &db, err) && find_wanted(db, invocation, arena, &wanted, err);

    if (good) {
        request.contract_id = wanted.contract.id;
        request.month = wanted.month;
        reconcile_keep(db, &wanted.contract, wanted.month);
        good = report_write(db, report, &request, &written, err) &&
               print_written(invocation, report, &wanted, &written, err);
    }
    free(written.file);
    db_close(db);
    arena_free(arena);
    return good;
}

static bool write_named(const struct invocation *invocation, const char *name, struct error *err)
{
    struct report *report;

    if (!report_open(name, &report, err))
        return false;
    bool good = write_report(invocation, report, err);
    report_close(report);
    return good;
}

static enum exit_code run_report(const struct invocation *invocation)
{
    const char *first = argument_at(invocation->arguments, 0);
    const char *second = argument_at(invocation->arguments, 1);
    bool shown = first != NULL && strcmp(first, "show") == 0;
    struct error err;
    bool good;

    if (shown && second == NULL)
        return cli_usage(invocation, "'show' needs the name of a report");
    if (!shown && second != NULL)
        return cli_usage(invocation, "one report at a time: what is \"%s\"?", second);
    if (shown)
        good = show_report(invocation, second, &err);
    else if (first != NULL && strcmp(first, "list") == 0)
        good = list_reports(invocation, &err);
    else
        good = write_named(invocation, first != NULL ? first : "overage", &err);
    return good ? EXIT_DONE : cli_failed(&err);
}
