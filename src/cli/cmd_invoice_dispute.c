/* SPDX-License-Identifier: MIT */
/* headroom invoice dispute: the evidence of a month as one folder. */

#include <inttypes.h>
#include <stdlib.h>

#include "cli/invoice.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/statement.h"

static enum exit_code run_dispute(const struct invocation *invocation);

const struct command invoice_dispute_command = {
    .name = "dispute",
    .summary = "write the evidence of a month as one folder",
    .description =
        "The statement, each counted owner with its first request (time, source, id, batch, file and line), the charge "
        "line by line, the vendor's figures against ours, the method, the seals, the chain of digests with what its "
        "links stand for, and the SHA-256 of every file. Its README.txt has the steps by which a reader with nothing "
        "but sha256sum and awk proves it; 'headroom verify FOLDER' does the same without a database.\n\n"
        "The figures are the sealed ones where the month is closed. Else they are today's and the folder says that "
        "they are provisional. The folder is written whole or not at all, and must not be there.\n\n"
        "JSON: {folder, contract, month, provisional, unique_handles}.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "the contract; default: the only one there is"},
            {"month", 0, "2026-10|this|last", "the billing month; needed"},
            {"output", 'o', "FOLDER", "the folder to make; needed"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom invoice dispute --month 2026-10 -o acme-2026-10",
            "headroom verify acme-2026-10  # what the vendor can do too",
            NULL,
        },
    .run = run_dispute,
};

/* The check of the month as text. NULL: it failed. The caller frees it. */
static char *check_text(struct selection *selection, const struct invoice_item *item, struct error *err)
{
    struct invoice_check check;
    char *text = NULL, *line = NULL;

    if (invoice_check(selection->db, item, selection->arena, &check, err)) {
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

static bool write_folder(struct selection *selection, const struct invocation *invocation, const char *folder,
                         struct dispute_result *result, struct error *err)
{
    const struct selected *selected = &selection->items[0];
    struct invoice_item item = {.contract_id = selected->contract.id, .contract = selected->contract.name};
    snprintf(item.month, sizeof item.month, "%s", selected->month);
    char *check = check_text(selection, &item, err);
    char *statement = check != NULL ? statement_of(selection, selected, err) : NULL;
    const struct dispute_request request = {&item, folder, statement, check, invocation->by};
    bool done = statement != NULL && dispute_write(selection->db, &request, result, err);

    free(statement);
    free(check);
    return done;
}

static bool print_result(const struct selection *selection, const char *folder, const struct dispute_result *result,
                         bool json, struct error *err)
{
    const struct selected *item = &selection->items[0];

    if (result->provisional)
        log_note("the month is not closed: the folder says that its figures are provisional; 'headroom close' seals "
                 "them");
    if (!json) {
        output_text("%s: contract %s, billing month %.7s, %" PRId64 " unique handles%s.\n", folder, item->contract.name,
                    item->month, result->unique_handles, result->provisional ? ", provisional" : "");
        return true;
    }
    json_t *object = json_object();
    (void)json_object_set_new(object, "folder", json_text(folder));
    (void)json_object_set_new(object, "contract", json_text(item->contract.name));
    (void)json_object_set_new(object, "month", json_stringn(item->month, 7));
    (void)json_object_set_new(object, "provisional", json_boolean(result->provisional));
    (void)json_object_set_new(object, "unique_handles", json_integer(result->unique_handles));
    return cli_print_json(object, err);
}

static enum exit_code run_dispute(const struct invocation *invocation)
{
    const char *folder = argument_option(invocation->arguments, "output");
    struct selection selection = {0};
    struct dispute_result result;
    struct error err;

    if (folder == NULL || *folder == '\0')
        return cli_usage(invocation, "--output is missing: name the folder to make, with -o");
    if (argument_option(invocation->arguments, "month") == NULL)
        return cli_usage(invocation, "--month is missing: name the billing month, as 2026-10");
    bool done = selection_open(&selection, invocation, SELECTION_ONE, &err) &&
                write_folder(&selection, invocation, folder, &result, &err) &&
                print_result(&selection, folder, &result, invocation->json, &err);
    selection_close(&selection);
    return done ? EXIT_DONE : cli_failed(&err);
}
