/* SPDX-License-Identifier: MIT */
/* Writes the evidence of a month as one folder. */

#include "cli/evidence.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/invoice.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/statement.h"
#include "headroom/evidence.h"
#include "headroom/report.h"

/* The check of the month as text. NULL: it failed. The caller frees it. */
static char *check_text(struct selection *selection, const struct selected *selected, struct error *err)
{
    struct invoice_item item = {.contract_id = selected->contract.id, .contract = selected->contract.name};
    struct invoice_check check;
    char *text = NULL, *line = NULL;

    snprintf(item.month, sizeof item.month, "%s", selected->month);
    if (invoice_check(selection->db, &item, selection->arena, &check, err)) {
        json_t *object = invoice_check_json(&check, true);
        text = json_dumps(object, JSON_INDENT(2));
        line = mem_format("%s\n", text);
        json_decref(object);
    }
    free(text);
    invoice_check_free(&check);
    return line;
}

/* The statement of the month as it is. NULL: it failed. The caller frees it. */
static char *statement_of(struct selection *selection, const struct selected *item, struct error *err)
{
    struct reconcile_statement statement;

    return reconcile_statement(selection->db, &item->contract, item->month, selection->arena, &statement, err)
               ? statement_text(&statement, err)
               : NULL;
}

static bool write_folder(struct selection *selection, const struct invocation *invocation, bool with_vendor,
                         struct evidence_result *result, struct error *err)
{
    const struct selected *selected = &selection->items[0];
    char *check = with_vendor ? check_text(selection, selected, err) : NULL;
    char *statement = check != NULL || !with_vendor ? statement_of(selection, selected, err) : NULL;
    struct evidence_request request = {
        .contract_id = selected->contract.id,
        .month = selected->month,
        .folder = argument_option(invocation->arguments, "output"),
        .statement = statement,
        .check = check,
        .by = invocation->by,
    };
    bool done =
        statement != NULL && report_now(&request.made_us, err) && evidence_write(selection->db, &request, result, err);

    free(statement);
    free(check);
    return done;
}

static bool print_result(const struct selection *selection, const struct invocation *invocation,
                         const struct evidence_result *result, struct error *err)
{
    const struct selected *item = &selection->items[0];
    const char *folder = argument_option(invocation->arguments, "output");

    if (result->provisional)
        log_note("the month is not closed: the folder says that its figures are provisional; 'headroom close' seals "
                 "them");
    if (!invocation->json) {
        output_text("%s: contract %s, billing month %.7s, %" PRId64 " unique handles%s, %" PRIu64 " events.\n", folder,
                    item->contract.name, item->month, result->unique_handles,
                    result->provisional ? ", provisional" : "", result->events);
        return true;
    }
    json_t *object = json_object();
    (void)json_object_set_new(object, "folder", json_text(folder));
    (void)json_object_set_new(object, "contract", json_text(item->contract.name));
    (void)json_object_set_new(object, "month", json_stringn(item->month, 7));
    (void)json_object_set_new(object, "provisional", json_boolean(result->provisional));
    (void)json_object_set_new(object, "unique_handles", json_integer(result->unique_handles));
    json_set_count(object, "events", result->events);
    return cli_print_json(object, err);
}

enum exit_code evidence_run(const struct invocation *invocation, bool with_vendor)
{
    const char *folder = argument_option(invocation->arguments, "output");
    struct selection selection = {0};
    struct evidence_result result;
    struct error err;

    if (folder == NULL || *folder == '\0')
        return cli_usage(invocation, "--output is missing: name the folder to make, with -o");
    if (argument_option(invocation->arguments, "month") == NULL)
        return cli_usage(invocation, "--month is missing: name the billing month, as 2026-10");
    bool done = selection_open(&selection, invocation, SELECTION_ONE, &err) &&
                write_folder(&selection, invocation, with_vendor, &result, &err) &&
                print_result(&selection, invocation, &result, &err);
    selection_close(&selection);
    return done ? EXIT_DONE : cli_failed(&err);
}
