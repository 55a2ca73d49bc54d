/* SPDX-License-Identifier: MIT */
/* headroom handles: each counted handle of a billing month with its evidence, in bounded memory. */

#include <stdlib.h>
#include <string.h>

#include "cli/handles.h"
#include "cli/history.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/value.h"
#include "statements.h"

static enum exit_code run_handles(const struct invocation *invocation);

const struct command cmd_handles = {
    .name = "handles",
    .summary = "list each counted handle with its evidence",
    .operands = "[HANDLE|USER-ID]",
    .operands_max = 1,
    .description =
        "Every handle that counts in the billing month: the user id and handle as best known, when it was first "
        "counted and last seen, its requests, and the first counted request as evidence: its source, id and batch. The "
        "list is exactly what 'status' counts.\n\n"
        "--since keeps the handles that were seen at or after a time. With --new it keeps those that became new since "
        "then, that is, whose first counted request of the billing month lies at or after it, and lists them in that "
        "order; --new alone lists the whole month in that order.\n\n"
        "--by counts the same handles by the label or the app of their first counted request.\n\n"
        "--history shows over all time which user had which handle from when until when: of a HANDLE, of a user (its "
        "id in digits; a handle of digits is written with '@'), or of all that changed, which are users who took "
        "another handle and handles that passed to another user. 'to' is the first day that is no longer meant. The "
        "owner of each day is the one that the counts go by; evidence and batch say from where that is known, first "
        "and last together when user and handle were seen in one event (the last: at least until then). Days are "
        "those of --contract, which also leaves out what that contract did not use; without it those of UTC.\n\n"
        "JSON: an array of {contract, month, subject, user_id, handle, first_seen, last_seen, requests, "
        "counted_requests, label, first_event: {source, id, batch}}; user_id and batch are strings of digits. With "
        "--by: {contract, month, label or app, unique_handles, requests, counted_requests}. With --history: {user_id, "
        "handle, from, to, taken_from, passed_to, handle_before, handle_after, first_together, last_together, "
        "evidence, batch}; evidence is import (with dates), identities (without dates, or a look-up) or events.",
    .options =
        (const struct option_spec[]){
            OPTION_CONTRACT_OF_ALL,
            OPTION_MONTH,
            {"new", 0, NULL, "in the order in which they became new; with --since, only those that did since then"},
            {"since", 0, "TIME", "only handles seen since this time (RFC 3339) or date (in the contract's zone)"},
            {"by", 0, "label|app", "count them by the label or the app of their first counted request"},
            {"history", 0, NULL, "who had which handle over time, instead of the billing month"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom handles --contract acme --month last  # all of last month's",
            "headroom handles --new --since 2026-10-13  # who came since the 13th",
            "headroom handles --by label  # whose work used how many",
            "headroom handles --history @amy  # whose was @amy, and when?",
            NULL,
        },
    .run = run_handles,
};

static bool read_filter(const struct arguments *arguments, struct handles_filter *filter, struct error *err)
{
    static const char *const groups[] = {"label", "app", NULL};
    filter->by = argument_option(arguments, "by");
    filter->only_new = argument_flag(arguments, "new");
    return value_time("since", argument_option(arguments, "since"), &filter->since, err) &&
           (filter->by == NULL || value_choice("by", filter->by, groups, err));
}

static bool list_all(const struct selection *selection, const struct handles_filter *filter, struct handles_list *list,
                     struct error *err)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct selected *item = &selection->items[i];
        if (!handles_fetch(list, selection->db, item, filter, err))
            return false;
    }
    return handles_finish(list, err);
}

static enum exit_code run_handles(const struct invocation *invocation)
{
    struct error err;
    struct selection selection = {0};
    struct handles_filter filter = {0};
    struct handles_list *list = NULL;
    enum exit_code code = EXIT_DONE;
    if (argument_flag(invocation->arguments, "history"))
        return handles_history(invocation);
    if (argument_count(invocation->arguments) > 0)
        return cli_usage(invocation, "'%s' goes with --history; without it all handles of the month are listed",
                         argument_at(invocation->arguments, 0));
    if (!read_filter(invocation->arguments, &filter, &err))
        return cli_usage(invocation, "%s", err.text);
    if (!selection_open(&selection, invocation, SELECTION_ALL, &err) ||
        !handles_start(&list, &filter, selection.count > 1, invocation->json, &err) ||
        !list_all(&selection, &filter, list, &err))
        code = cli_failed(&err);
    handles_free(list);
    selection_close(&selection);
    return code;
}
