/* SPDX-License-Identifier: MIT */
/* headroom report show: what a report is made of, and what its columns mean. */

#include "cli/json.h"
#include "cli/report.h"
#include "headroom/report.h"

static enum exit_code run_show(const struct invocation *invocation);

const struct command report_show_command = {
    .name = "show",
    .summary = "say which datasets a report is made of, and what their columns mean",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .description = "Of each dataset: how many rows it has (one, few, or many, which are streamed), the sheets that "
                   "something of it stands on, and its columns with their kinds and meanings. The main one is what "
                   "--format csv writes.\n\n"
                   "JSON: {report, title, about, folder, parameters, main, sheets, datasets: [{name, about, rows, "
                   "sheets, columns: [{name, kind, about}]}]}; folder is null for what is built in, main where there "
                   "is none.",
    .options = (const struct option_spec[]){OPTION_REPORTS, {0}},
    .examples = (const char *const[]){"headroom report show overage  # its datasets and columns", NULL},
    .run = run_show,
};

/* ---- as JSON ---- */

static json_t *columns_as_json(const struct report_dataset *dataset)
{
    json_t *array = json_array();

    for (size_t i = 0; i < dataset->column_count; i++)
        (void)json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "name", dataset->columns[i].name, "kind",
                                                     report_kind_name(dataset->columns[i].kind), "about",
                                                     dataset->columns[i].about));
    return array;
}

/* The sheets that something of the dataset stands on; NULL: all there are. */
static json_t *sheets_as_json(const struct report *report, const struct report_dataset *dataset)
{
    json_t *array = json_array();

    for (size_t i = 0; report_sheet_name(report, i) != NULL; i++)
        if (dataset == NULL || report_sheet_uses(report, i, dataset))
            (void)json_array_append_new(array, json_string(report_sheet_name(report, i)));
    return array;
}

static json_t *datasets_as_json(const struct report *report)
{
    json_t *array = json_array();

    for (size_t i = 0; i < report->dataset_count; i++) {
        const struct report_dataset *dataset = &report->datasets[i];

        (void)json_array_append_new(array,
                                    json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", dataset->name, "about",
                                              dataset->about, "rows", report_rows_name(dataset->rows), "sheets",
                                              sheets_as_json(report, dataset), "columns", columns_as_json(dataset)));
    }
    return array;
}

static json_t *parameters_as_json(const struct report *report)
{
    json_t *array = json_array();

    for (size_t i = 0; i < report->parameter_count; i++)
        (void)json_array_append_new(array, json_string(report_parameter_name(report->parameters[i])));
    return array;
}

static json_t *show_as_json(const struct report *report, const char *folder)
{
    return json_pack("{s:s, s:s, s:s, s:s?, s:o, s:s?, s:o, s:o}", "report", report->name, "title", report->title,
                     "about", report->about, "folder", folder, "parameters", parameters_as_json(report), "main",
                     report->main, "sheets", sheets_as_json(report, NULL), "datasets", datasets_as_json(report));
}

/* ---- as text ---- */

/* "Summary, Daily"; takes the array. */
static void print_names(const char *label, json_t *names)
{
    printf("%s", label);
    for (size_t i = 0; i < json_array_size(names); i++)
        printf("%s%s", i > 0 ? ", " : "", json_string_value(json_array_get(names, i)));
    printf("%s\n", json_array_size(names) == 0 ? "none" : "");
    json_decref(names);
}

static void print_dataset(const struct report *report, const struct report_dataset *dataset)
{
    static const struct table_column columns[] = {
        {"COLUMN", TABLE_LEFT}, {"KIND", TABLE_LEFT}, {"MEANING", TABLE_LEFT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));

    for (size_t i = 0; i < dataset->column_count; i++)
        table_add(table, (const char *const[]){dataset->columns[i].name, report_kind_name(dataset->columns[i].kind),
                                               dataset->columns[i].about});
    printf("\n%s: %s\n", dataset->name, dataset->about);
    printf("Rows: %s. ", report_rows_name(dataset->rows));
    print_names("Sheets: ", sheets_as_json(report, dataset));
    putchar('\n');
    table_print(table, stdout);
    table_free(table);
}

static void print_report(const struct report *report)
{
    printf("%s: %s\n%s\n\n", report->name, report->title, report->about);
    print_names("Parameters: ", parameters_as_json(report));
    print_names("Sheets: ", sheets_as_json(report, NULL));
    printf("Main dataset: %s\n", report->main != NULL ? report->main : "none");
    for (size_t i = 0; i < report->dataset_count; i++)
        print_dataset(report, &report->datasets[i]);
}

static enum exit_code run_show(const struct invocation *invocation)
{
    const char *folder = argument_option(invocation->arguments, "reports");
    struct report *report;
    struct error err;
    bool good = true;

    if (!report_open(folder, argument_at(invocation->arguments, 0), &report, &err))
        return cli_failed(&err);
    if (invocation->json)
        good = cli_print_json(show_as_json(report, report_is_own(report) ? folder : NULL), &err);
    else
        print_report(report);
    report_close(report);
    return good ? EXIT_DONE : cli_failed(&err);
}
