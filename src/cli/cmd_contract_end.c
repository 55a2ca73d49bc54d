/* SPDX-License-Identifier: MIT */
/* headroom contract end: from which day on nothing is covered. */

#include <string.h>

#include "cli/contract.h"
#include "cli/contract_change.h"
#include "cli/value.h"

static enum exit_code run_end(const struct invocation *invocation);

const struct command contract_end = {
    .name = "end",
    .summary = "say from which day a contract no longer covers anything",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "The day is the first that is no longer covered; it cuts the billing month that it lies in. Events from then "
        "on are kept and not counted (no_terms). A closed month may not be cut. --on never takes an end "
        "back.\n\n" CONTRACT_CHANGE_JSON,
    .options =
        (const struct option_spec[]){
            {"on", 0, "DATE|never", "the first day that is no longer covered; needed"},
            {"reason", 0, "R", "why, for the record; needed"},
            {"dry-run", 0, NULL, CONTRACT_DRY_RUN_HELP},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom contract end acme --on 2027-01-01 --reason 'not renewed'  # 31 December is its last day",
            "headroom contract end acme --on never --reason 'renewed after all'  # as if it had not been ended",
            NULL,
        },
    .run = run_end,
};

static bool check_end(const struct arguments *arguments, struct error *err)
{
    const char *on = argument_option(arguments, "on");

    if (on == NULL)
        return fail(err, EXIT_USAGE, "--on is missing: the first day that is no longer covered, or never");
    return (strcmp(on, "never") == 0 || value_date("on", on, err)) &&
           value_reason(argument_option(arguments, "reason"), err);
}

static bool set_end(struct db *db, int64_t contract_id, const struct arguments *arguments, json_t *document,
                    struct error *err)
{
    const char *on = argument_option(arguments, "on");

    (void)db;
    (void)contract_id;
    (void)err;
    (void)json_object_set_new(document, "end", strcmp(on, "never") == 0 ? json_null() : json_string(on));
    return true;
}

static enum exit_code run_end(const struct invocation *invocation)
{
    struct error err;

    if (!check_end(invocation->arguments, &err))
        return cli_usage(invocation, "%s", err.text);
    return contract_edit(invocation, "end", set_end);
}
