/* SPDX-License-Identifier: MIT */
/* Prints the proof of a folder of evidence. */

#include "cli/verify_folder.h"

#include <inttypes.h>

#include "cli/json.h"
#include "cli/output.h"
#include "headroom/evidence.h"

#define FINDINGS_MAX 100

struct printing {
    json_t *findings; /* NULL: text */
    uint64_t count;
};

static void take(const char *file, const char *text, void *context)
{
    struct printing *printing = context;

    if (printing->count++ >= FINDINGS_MAX)
        return;
    if (printing->findings == NULL) {
        output_text("- %s: %s\n", file, text);
        return;
    }
    json_t *object = json_object();
    (void)json_object_set_new(object, "file", json_text(file));
    (void)json_object_set_new(object, "text", json_text(text));
    (void)json_array_append_new(printing->findings, object);
}

static void print_text(const char *folder, const struct evidence_proof *proof)
{
    if (proof->findings > FINDINGS_MAX)
        printf("- and %" PRIu64 " more\n", proof->findings - FINDINGS_MAX);
    if (proof->findings > 0)
        return;
    output_text("%s: contract %s, billing month %s, %" PRId64 " unique handles, charge %s %s.\n", folder,
                proof->contract, proof->month, proof->unique_handles, proof->charge, proof->currency);
    printf("Proved: %" PRIu64 " files; %" PRIu64 " events of the month and %" PRIu64
           " others by their digests, in %" PRIu64 " batches; %" PRIu64 " links of the chain.\n",
           proof->files, proof->events, proof->other_events, proof->batches, proof->links);
    if (proof->loose_facts > 0)
        printf("%" PRIu64 " of %" PRIu64
               " identity facts are of batches that taught of others too: 'headroom verify' on the "
               "ledger\nproves those.\n",
               proof->loose_facts, proof->facts);
    printf("Chain head: %s\n", proof->chain_head);
    puts(proof->provisional ? "All of it holds. PROVISIONAL: the month was not closed, so no seal stands behind it."
                            : "All of it holds, and the list of owners is the one that was sealed.");
}

/* Takes the findings. */
static json_t *proof_json(const char *folder, const struct evidence_proof *proof, json_t *findings)
{
    json_t *object = json_object();

    (void)json_object_set_new(object, "holds", json_boolean(proof->findings == 0));
    (void)json_object_set_new(object, "folder", json_text(folder));
    (void)json_object_set_new(object, "contract", json_text(proof->contract));
    (void)json_object_set_new(object, "month", json_text(proof->month));
    (void)json_object_set_new(object, "provisional", json_boolean(proof->provisional));
    (void)json_object_set_new(object, "unique_handles", json_integer(proof->unique_handles));
    (void)json_object_set_new(object, "charge", json_text(proof->charge));
    (void)json_object_set_new(object, "currency", json_text(proof->currency));
    json_set_count(object, "files", proof->files);
    json_set_count(object, "links", proof->links);
    json_set_count(object, "events", proof->events);
    json_set_count(object, "other_events", proof->other_events);
    json_set_count(object, "batches", proof->batches);
    json_set_count(object, "facts", proof->facts);
    json_set_count(object, "loose_facts", proof->loose_facts);
    (void)json_object_set_new(object, "chain_head", json_text(proof->chain_head));
    json_set_count(object, "findings_total", proof->findings);
    (void)json_object_set_new(object, "findings", findings);
    return object;
}

enum exit_code verify_print_folder(const char *folder, bool json)
{
    struct printing printing = {.findings = json ? json_array() : NULL};
    struct arena *arena = arena_new();
    struct evidence_proof proof;
    struct error err;
    bool done = evidence_verify(folder, take, &printing, arena, &proof, &err);

    if (!done)
        json_decref(printing.findings);
    else if (json)
        done = cli_print_json(proof_json(folder, &proof, printing.findings), &err);
    else
        print_text(folder, &proof);
    arena_free(arena);
    if (!done)
        return cli_failed(&err);
    if (proof.findings == 0)
        return EXIT_DONE;
    log_error("%s is not what was written: %" PRIu64 " finding%s", folder, proof.findings,
              proof.findings == 1 ? "" : "s");
    return EXIT_CHECK;
}
