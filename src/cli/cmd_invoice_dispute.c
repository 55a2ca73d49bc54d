/* SPDX-License-Identifier: MIT */
/* headroom invoice dispute: the evidence of a month as one folder. */

#include "cli/evidence.h"
#include "cli/invoice.h"

static enum exit_code run_dispute(const struct invocation *invocation);

const struct command invoice_dispute_command = {
    .name = "dispute",
    .summary = "write the evidence of a month as one folder",
    .description =
        "What 'report evidence' writes (every event of the month with its digest, the owners, the charge, the seals, "
        "the chain, and METHOD.txt, by which a reader with nothing but bash, sha256sum, zcat, awk and jq proves it), "
        "and the vendor's side: the vendor's figures against ours, and the vendor's documents and lists as links of "
        "the chain. 'headroom verify FOLDER' proves it without a database.\n\n"
        "The figures are the sealed ones where the month is closed. Else they are today's and the folder says that "
        "they are provisional. The folder is written whole or not at all, and must not be there.\n\n"
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
            "headroom invoice dispute --month 2026-10 -o acme-2026-10",
            "headroom verify acme-2026-10  # what the vendor can do too",
            NULL,
        },
    .run = run_dispute,
};

static enum exit_code run_dispute(const struct invocation *invocation)
{
    return evidence_run(invocation, true);
}
