/* SPDX-License-Identifier: MIT */
/* headroom gateway replay: what a spool still keeps, into a database that was restored. */

#include "cli/gateway.h"

#include <inttypes.h>
#include <jansson.h>

#include "cli/output.h"
#include "headroom/gateway.h"

static enum exit_code run_replay(const struct invocation *invocation);

const struct command gateway_replay_command = {
    .name = "replay",
    .summary = "take in again what a gateway's spool still keeps",
    .description =
        "For a database that was restored from an older backup: every request that the spool still keeps (--spool-keep "
        "of the gateway, 7 days) is taken in again, with the gap records and the gate's decisions. What is there "
        "already is a duplicate and changes nothing, so it can be run at any time and again, also while the gateway "
        "runs. 'headroom sources' then says what is still missing.\n\n"
        "--contract is the gateway's: of requests whose app belongs to no contract. The exit code is 3 when requests "
        "went to the quarantine. What the ledger refuses by itself holds up nothing else: it is named, stays in the "
        "spool, and makes the exit code 1.\n\n"
        "JSON: {entries, added, duplicate, quarantined, refused}.",
    .options =
        (const struct option_spec[]){
            {"spool", 0, "FOLDER", "the gateway's spool; needed"},
            {"contract", 0, "NAME",
             "the contract of requests whose app belongs to none; default: the only one there is"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom gateway replay --spool /var/lib/headroom/spool --contract acme  # after 'db restore'",
            NULL,
        },
    .run = run_replay,
};

static bool print_replayed(const struct invocation *invocation, const struct gateway_replayed *replayed,
                           struct error *err)
{
    if (invocation->json)
        return cli_print_json(json_pack("{s:I, s:I, s:I, s:I, s:I}", "entries", (json_int_t)replayed->entries, "added",
                                        (json_int_t)replayed->added, "duplicate", (json_int_t)replayed->duplicate,
                                        "quarantined", (json_int_t)replayed->quarantined, "refused",
                                        (json_int_t)replayed->refused),
                              err);
    output_text("%" PRIu64 " requests of the spool: %" PRIu64 " added, %" PRIu64 " were there already, %" PRIu64
                " went to the quarantine.\n",
                replayed->entries, replayed->added, replayed->duplicate, replayed->quarantined);
    return true;
}

static enum exit_code run_replay(const struct invocation *invocation)
{
    const char *folder = argument_option(invocation->arguments, "spool");
    const struct gateway_replay options = {
        .spool = folder, .contract = argument_option(invocation->arguments, "contract"), .by = invocation->by};
    struct gateway_replayed replayed;
    struct db_target target;
    struct error err;

    if (folder == NULL)
        return cli_usage(invocation, "which spool? Name its folder with --spool");
    if (!db_find_target(invocation->db, &target, &err) || !gateway_replay(&options, &target, &replayed, &err) ||
        !print_replayed(invocation, &replayed, &err))
        return cli_failed(&err);
    if (replayed.refused > 0) {
        fail(&err, EXIT_COMMAND,
             "the ledger refuses %" PRIu64 " of the spool's requests and notes; the rest is in: see what is said of "
             "each, then replay again",
             replayed.refused);
        return cli_failed(&err);
    }
    return replayed.quarantined > 0 ? EXIT_QUARANTINED : EXIT_DONE;
}
