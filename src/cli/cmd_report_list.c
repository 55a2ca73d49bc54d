/* SPDX-License-Identifier: MIT */
/* headroom report list: the reports that there are. */

#include "cli/json.h"
#include "cli/report.h"
#include "headroom/report.h"

static enum exit_code run_list(const struct invocation *invocation);

const struct command report_list_command = {
    .name = "list",
    .summary = "list the reports",
    .description = "A definition that is wrong is said on standard error, and the command then ends with 1; the others "
                   "are listed.\n\n"
                   "JSON: an array of {report, title, about, folder}; folder is null for what is built in.",
    .options = (const struct option_spec[]){OPTION_REPORTS, {0}},
    .examples =
        (const char *const[]){
            "headroom report list  # what there is to write",
            "headroom report list --reports ~/reports  # with your own",
            NULL,
        },
    .run = run_list,
};

struct listing {
    struct table *table;
    json_t *array;
};

static void add_report(struct listing *listing, const struct report *report, const struct report_name *name)
{
    const char *const cells[] = {report->name, report->title, name->folder != NULL ? name->folder : "built in"};

    table_add(listing->table, cells);
    (void)json_array_append_new(listing->array,
                                json_pack("{s:s, s:s, s:s, s:s?}", "report", report->name, "title", report->title,
                                          "about", report->about, "folder", name->folder));
}

/* One that is wrong must not hide the others. */
static bool add_reports(struct listing *listing, const struct report_name *names, size_t count)
{
    bool good = true;

    for (size_t i = 0; i < count; i++) {
        struct report *report;
        struct error err;

        if (report_open(names[i].folder, names[i].name, &report, &err)) {
            add_report(listing, report, &names[i]);
            report_close(report);
        } else {
            log_error("%s", err.text);
            good = false;
        }
    }
    return good;
}

static bool print_listing(const struct invocation *invocation, const struct listing *listing, struct error *err)
{
    if (invocation->json)
        return cli_print_json(json_incref(listing->array), err);
    table_print(listing->table, stdout);
    return true;
}

static enum exit_code run_list(const struct invocation *invocation)
{
    static const struct table_column columns[] = {{"REPORT", TABLE_LEFT}, {"TITLE", TABLE_LEFT}, {"FROM", TABLE_LEFT}};
    const char *folder = argument_option(invocation->arguments, "reports");
    struct listing listing = {table_new(columns, ARRAY_LENGTH(columns)), json_array()};
    struct arena *arena = arena_new();
    const struct report_name *names;
    enum exit_code code = EXIT_DONE;
    struct error err;
    size_t count;

    bool found = report_list(folder, arena, &names, &count, &err);
    if (found && !add_reports(&listing, names, count))
        code = EXIT_COMMAND;
    if (!found || !print_listing(invocation, &listing, &err))
        code = cli_failed(&err);
    json_decref(listing.array);
    table_free(listing.table);
    arena_free(arena);
    return code;
}
