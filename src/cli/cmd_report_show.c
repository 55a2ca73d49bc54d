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
    .description =
        "JSON: {report, title, about, parameters, datasets: [{name, about, columns: [{name, kind, about}]}]}.",
    .examples = (const char *const[]){"headroom report show overage  # its datasets and columns", NULL},
    .run = run_show,
};

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

static enum exit_code run_show(const struct invocation *invocation)
{
    struct error err;

    return show_report(invocation, argument_at(invocation->arguments, 0), &err) ? EXIT_DONE : cli_failed(&err);
}
