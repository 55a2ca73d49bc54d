/* SPDX-License-Identifier: MIT */
/* Who had which handle over time: of one handle, of one user, or of all that changed. */

#include "cli/history.h"

#include <string.h>

#include "cli/rows_list.h"
#include "cli/selection.h"
#include "cli/value.h"
#include "statements.h"

static const struct rows_column columns[] = {
    {"user_id", "USER ID", ROWS_TEXT},
    {"handle", "HANDLE", ROWS_TEXT},
    {"from", "FROM", ROWS_TEXT},
    {"to", "TO", ROWS_TEXT},
    {"taken_from", "TAKEN FROM", ROWS_TEXT},
    {"passed_to", "PASSED TO", ROWS_TEXT},
    {"handle_before", "HANDLE BEFORE", ROWS_TEXT},
    {"handle_after", "HANDLE AFTER", ROWS_TEXT},
    {"first_together", "FIRST TOGETHER", ROWS_TIME},
    {"last_together", "LAST TOGETHER", ROWS_TIME},
    {"evidence", "EVIDENCE", ROWS_TEXT},
    {"batch", "BATCH", ROWS_TEXT},
};

/* Options of the list for a month. */
static bool check_options(const struct arguments *arguments, struct error *err)
{
    static const char *const others[] = {"month", "since", "by"};

    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        if (argument_option(arguments, others[i]) != NULL)
            return fail(err, EXIT_USAGE, "--history is over all time: it goes without --%s", others[i]);
    }
    return !argument_flag(arguments, "new") ||
           fail(err, EXIT_USAGE, "--history is over all time: it goes without --new");
}

static bool is_user_id(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static bool print_history(struct db *db, const char *const params[3], const struct invocation *invocation,
                          struct error *err)
{
    size_t count;

    if (!rows_list_print(db, &sql_handles_history, params, columns, ARRAY_LENGTH(columns), invocation->json, &count,
                         err))
        return false;
    if (count == 0 && params[0] == NULL && params[1] == NULL)
        log_note("no user took another handle, and no handle passed to another user, as far as is known");
    else if (count == 0)
        log_note("nothing is known of %s", argument_at(invocation->arguments, 0));
    return true;
}

enum exit_code handles_history(const struct invocation *invocation)
{
    const char *whose = argument_at(invocation->arguments, 0);
    const char *contract = argument_option(invocation->arguments, "contract");
    const char *params[] = {NULL, NULL, NULL};
    char subject[HANDLE_MAX + 2], id[SELECTION_ID_SIZE];
    struct error err;
    struct db *db = NULL;
    bool done;

    if (whose != NULL)
        params[is_user_id(whose) ? 1 : 0] = is_user_id(whose) ? whose : subject;
    if (!check_options(invocation->arguments, &err) ||
        (params[0] != NULL && !value_handle("HANDLE", whose, subject, &err)) ||
        (params[1] != NULL && !value_count("history", whose, 1, INT64_MAX, &err)))
        return cli_usage(invocation, "%s", err.text);
    done = cli_open(invocation, DB_READER, &db, &err) && selection_contract(db, contract, id, &params[2], &err) &&
           print_history(db, params, invocation, &err);
    db_close(db);
    return done ? EXIT_DONE : cli_failed(&err);
}
