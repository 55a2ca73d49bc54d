/* SPDX-License-Identifier: MIT */
/* headroom verify: computes the chain of digests again, and says what does not hold. */

#include <sys/stat.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/verify_folder.h"
#include "cli/verify_report.h"
#include "cli/wrap.h"
#include "headroom/audit.h"

static enum exit_code run_verify(const struct invocation *invocation);

const struct command cmd_verify = {
    .name = "verify",
    .summary = "prove that nothing was changed since it was taken in",
    .operands = "[FILE|FOLDER]",
    .operands_max = 1,
    .description =
        "Every batch, every contract's terms and every correction is a link in a chain of SHA-256 digests. verify "
        "reads all of it again in one snapshot, computes each digest anew, and says which batch or link does not hold, "
        "and how: an event that was changed, taken out, added or moved to another place, a batch or terms that were "
        "changed, a link that is missing. Exit code 4 when something does not hold.\n\n"
        "Who can write everything can make a whole new chain, or cut its end off. So keep the head that 'ingest' and "
        "'status -v' print, outside of the database: --head says whether that head is still in the chain, and then "
        "nothing before it can have been changed.\n\n"
        "What is proved is the evidence: that it counts to the figures which are shown is proved by 'reconcile "
        "--recount'. Of quarantined lines only their number is in the chain. include/headroom/audit.h describes the "
        "digests, and how to compute them with psql and sha256sum alone.\n\n"
        "With a FOLDER of 'report evidence' or 'invoice dispute' it proves that, without a database: every file "
        "against its digest, every event and every batch against theirs, the owners and their first requests against "
        "the events (counted again by the rule, with whose each handle was), the owners and the statement against the "
        "seal, the figures of the other files against the statement, the charge against its lines, and the chain. "
        "Compare the head that it prints with one that you noted: only that says that the folder was not made anew as "
        "a whole. Its METHOD.txt says what a folder can't prove.\n\n"
        "With the FILE of a report it says which one that is, whatever its name, and packed by gzip too: of which "
        "contract and month, who wrote it when, whether the chain still has the head that it rests on, and whether the "
        "month's figures are others today. Exit code 4 where no report on record has its SHA-256, or the chain does "
        "not have that head any more. That its figures follow from the evidence is proved by verify without a "
        "FILE.\n\n"
        "JSON: {holds, links, batches, events, identity_facts, since, chain_length, chain_head, remembered, newer, "
        "findings_total, findings: [{what, link, batch, text}]}; since is the first link whose batch was read again, "
        "remembered the link of --head, newer how many links are of a kind that this program does not know; at most "
        "100 findings are listed. Of a FOLDER: {holds, folder, contract, month, provisional, unique_handles, charge, "
        "currency, files, links, events, other_events, batches, facts, loose_facts, chain_head, findings_total, "
        "findings: [{file, text}]}. Of a FILE: {holds, file, sha256, reports: [{…, unpacked, chain_holds, later_links, "
        "today: {state, unique_handles, charge, currency}, changed}]}: what 'report log' has of it, each time that it "
        "was written.",
    .options =
        (const struct option_spec[]){
            {"since", 0, "LINK|TIME",
             "read only the events of batches from this link or time on; all links are proved"},
            {"head", 0, "DIGEST", "a remembered head of the chain, which must be in it"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom verify  # all of it",
            "headroom verify --head 2b6e7b47…02fdce9  # and nothing that was there then is gone",
            "headroom verify acme-2026-10  # the evidence of a month, without a database",
            "headroom verify october.xlsx  # which report a file is",
            "headroom verify --since 2026-10-01  # the events of October's batches; quicker",
            NULL,
        },
    .run = run_verify,
};

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/* ---- text ---- */

static void print_finding(const struct verify_finding *finding, void *context)
{
    (void)context;
    fputs("- ", stdout);
    wrap_print(stdout, finding->text, 2, 2);
}

static void print_remembered(const struct verify_result *result)
{
    long long later = (long long)(result->seq - result->remembered);
    if (later == 0)
        puts("The head that you remember is the chain's head.");
    else
        printf("The head that you remember is link %lld; %lld link%s came after it.\n", (long long)result->remembered,
               later, plural((uint64_t)later));
}

static void print_result(const struct verify_result *result)
{
    if (result->findings > VERIFY_FINDINGS_MAX)
        printf("- and %llu more\n", (unsigned long long)(result->findings - VERIFY_FINDINGS_MAX));
    if (result->findings > 0)
        putchar('\n');
    printf("Read again: %llu link%s, %llu batch%s, %llu event%s, %llu identity fact%s.\n",
           (unsigned long long)result->links, plural(result->links), (unsigned long long)result->batches,
           result->batches == 1 ? "" : "es", (unsigned long long)result->events, plural(result->events),
           (unsigned long long)result->facts, plural(result->facts));
    if (result->since > 0)
        printf("Of the batches before link %lld only the links.\n", (long long)result->since);
    if (result->newer > 0)
        printf("%llu link%s of a kind that this program does not know (%s): made by a newer\nprogram; %s place in the "
               "chain holds.\n",
               (unsigned long long)result->newer, result->newer == 1 ? " is" : "s are", result->newer_kind,
               result->newer == 1 ? "its" : "their");
    if (result->remembered >= 0)
        print_remembered(result);
    printf("Chain head: %s (%lld link%s)\n", result->chain_head, (long long)result->seq, plural((uint64_t)result->seq));
    if (result->findings == 0)
        puts("All of it holds.");
}

/* ---- JSON ---- */

static void add_finding(const struct verify_finding *finding, void *context)
{
    json_t *object = json_object();
    (void)json_object_set_new(object, "what", json_text(finding->what));
    (void)json_object_set_new(object, "link", finding->seq > 0 ? json_integer(finding->seq) : json_null());
    (void)json_object_set_new(object, "batch",
                              finding->batch_id > 0 ? json_sprintf("%lld", (long long)finding->batch_id) : json_null());
    (void)json_object_set_new(object, "text", json_text(finding->text));
    (void)json_array_append_new(context, object);
}

/* Takes the findings. */
static json_t *result_json(const struct verify_result *result, json_t *findings)
{
    json_t *object = json_object();
    (void)json_object_set_new(object, "holds", json_boolean(result->findings == 0));
    json_set_count(object, "links", result->links);
    json_set_count(object, "batches", result->batches);
    json_set_count(object, "events", result->events);
    json_set_count(object, "identity_facts", result->facts);
    (void)json_object_set_new(object, "since", result->since > 0 ? json_integer(result->since) : json_null());
    (void)json_object_set_new(object, "chain_length", json_integer(result->seq));
    (void)json_object_set_new(object, "chain_head", json_text(result->chain_head));
    (void)json_object_set_new(object, "remembered",
                              result->remembered >= 0 ? json_integer(result->remembered) : json_null());
    json_set_count(object, "newer", result->newer);
    json_set_count(object, "findings_total", result->findings);
    (void)json_object_set_new(object, "findings", findings);
    return object;
}

static enum exit_code run_ledger(const struct invocation *invocation)
{
    const struct verify_options options = {
        .since = argument_option(invocation->arguments, "since"),
        .head = argument_option(invocation->arguments, "head"),
    };
    struct error err;
    struct db_target target;
    struct verify_result result;
    json_t *findings = invocation->json ? json_array() : NULL;
    if (!db_find_target(invocation->db, &target, &err) ||
        !audit_verify(&target, &options, invocation->json ? add_finding : print_finding, findings, &result, &err)) {
        json_decref(findings);
        return err.code == EXIT_USAGE ? cli_usage(invocation, "%s", err.text) : cli_failed(&err);
    }
    if (!invocation->json)
        print_result(&result);
    else if (!cli_print_json(result_json(&result, findings), &err))
        return cli_failed(&err);
    if (result.findings == 0)
        return EXIT_DONE;
    log_error("the ledger is not what was taken in: %llu finding%s", (unsigned long long)result.findings,
              plural(result.findings));
    return EXIT_CHECK;
}

static enum exit_code run_verify(const struct invocation *invocation)
{
    const char *given = argument_at(invocation->arguments, 0);
    struct stat status;

    if (given == NULL)
        return run_ledger(invocation);
    if (argument_option(invocation->arguments, "since") != NULL ||
        argument_option(invocation->arguments, "head") != NULL)
        return cli_usage(invocation, "--since and --head are of the ledger, not of a file or a folder");
    if (stat(given, &status) == 0 && !S_ISDIR(status.st_mode))
        return verify_print_report(invocation, given);
    return verify_print_folder(given, invocation->json);
}
