/* SPDX-License-Identifier: MIT */
/* headroom report evidence: a contract's month for an auditor, as one folder. */

#include "cli/evidence.h"
#include "cli/report.h"

static enum exit_code run_evidence(const struct invocation *invocation);

const struct command report_evidence_command = {
    .name = "evidence",
    .summary = "write the auditor's extract of a month as one folder",
    .description =
        "Every event of the month with its digest, as packed JSON lines; the batches that they came in, the chain of "
        "digests with what its links stand for, the facts that say whose a handle is, each counted owner with its "
        "first request, the charge line by line, the statement and the seals. What belongs to other contracts or "
        "months is there by its digest alone.\n\n"
        "METHOD.txt says how every figure is made again with bash, sha256sum, zcat, awk and jq, and what cannot be "
        "proved so. 'headroom verify FOLDER' proves all of it without a database. 'invoice dispute' writes the same "
        "folder with the vendor's side.\n\n"
        "The figures are the sealed ones where the month is closed. Else they are today's and the folder says that "
        "they are provisional. The folder is written whole or not at all, and must not be there; it takes about 100 "
        "bytes for each event. Consumer keys, source names and labels stand in it as they were taken in; a secret is "
        "never taken in. SOURCE_DATE_EPOCH (seconds since 1970) fixes the time in its manifest: then the same data "
        "give the same bytes.\n\n"
        "JSON: {folder, contract, month, provisional, unique_handles, events}.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "the contract; default: the only one there is"},
            {"month", 0, "2026-10|this|last", "the billing month; needed"},
            {"output", 'o', "FOLDER", "the folder to make; needed"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom report evidence --contract acme --month 2026-10 -o acme-2026-10  # for the auditor",
            "headroom verify acme-2026-10  # what the auditor can do too",
            NULL,
        },
    .run = run_evidence,
};

static enum exit_code run_evidence(const struct invocation *invocation)
{
    return evidence_run(invocation, false);
}
