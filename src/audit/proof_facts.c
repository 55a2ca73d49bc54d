/* SPDX-License-Identifier: MIT */
/* Proves the facts of a folder of evidence by the digests of the batches that taught them. */

#include <inttypes.h>
#include <string.h>

#include "audit/proof.h"

#define FILE_NAME  "facts.tsv"
#define FACT_CELLS 6
#define WHOLE_FACT STR("whole fact")

struct walk {
    struct proving *proving;
    int64_t batch_id; /* of the lines before; 0: there is none */
    bool whole;
    struct digest *digest;
};

static void end_batch(struct walk *walk)
{
    const struct proof_batch *batch = proof_find_batch(walk->proving, walk->batch_id);
    unsigned char digest[DIGEST_SIZE];
    char found[DIGEST_HEX_SIZE];

    if (walk->batch_id == 0)
        return;
    digest_peek(walk->digest, digest);
    digest_hex(digest, found);
    if (batch == NULL)
        proof_finding(walk->proving, FILE_NAME, "batch %" PRId64 " is not in contents.tsv", walk->batch_id);
    else if (batch->voided || batch->seq > proof_number(walk->proving, "until_link"))
        proof_finding(walk->proving, FILE_NAME, "batch %" PRId64 " teaches nothing: it was taken back, or came later",
                      walk->batch_id);
    else if (walk->whole && strcmp(found, batch->facts_digest) != 0)
        proof_finding(walk->proving, FILE_NAME, "what batch %" PRId64 " taught was changed", walk->batch_id);
}

static bool take_line(struct walk *walk, struct str row)
{
    struct str cells[FACT_CELLS];
    int64_t batch_id;

    if (!proof_cells(row, cells, FACT_CELLS) || !str_to_int64(cells[0], walk->batch_id, INT64_MAX, &batch_id))
        return false;
    if (batch_id != walk->batch_id) {
        end_batch(walk);
        walk->batch_id = batch_id;
        walk->whole = str_equal(cells[1], WHOLE_FACT);
        digest_reset(walk->digest);
    }
    /* The form is what stands between: handle, user and time. */
    digest_add(walk->digest, cells[2].data, (size_t)(cells[4].data + cells[4].size - cells[2].data));
    digest_add(walk->digest, "\n", 1);
    walk->proving->proof->facts++;
    walk->proving->proof->loose_facts += !walk->whole;
    return walk->whole == str_equal(cells[1], WHOLE_FACT);
}

void proof_facts(struct proving *proving)
{
    struct walk walk = {.proving = proving, .digest = digest_new()};
    struct proof_lines lines;
    struct str row;
    bool good = true;

    proof_lines_open(&lines, proving, FILE_NAME);
    while (good && proof_next_line(&lines, &row))
        good = take_line(&walk, row);
    if (good)
        end_batch(&walk);
    else
        proof_finding(proving, FILE_NAME, "line %" PRIu64 " is not in its place", lines.count);
    proof_lines_close(&lines);
    digest_free(walk.digest);
}
