/* SPDX-License-Identifier: MIT */
/* headroom report list: the reports that there are. */

#include "cli/json.h"
#include "cli/report.h"
#include "headroom/report.h"

static enum exit_code run_list(const struct invocation *invocation);

const struct command report_list_command = {
    .name = "list",
    .summary = "list the reports",
    .description = "JSON: an array of {report, title, about}.",
    .examples = (const char *const[]){"headroom report list  # what there is to write", NULL},
    .run = run_list,
};

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

static enum exit_code run_list(const struct invocation *invocation)
{
    struct error err;

    return list_reports(invocation, &err) ? EXIT_DONE : cli_failed(&err);
}
