/* SPDX-License-Identifier: MIT */
/* The proof of the ledger: one snapshot, the chain first, then all that hangs on it. */

#include "audit/verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A number is a link's; else a time, or a date, which begins at midnight UTC. */
static bool read_since(const char *since, struct verify *verify, struct error *err)
{
    char text[TIMESTAMP_SIZE];
    const char *why = NULL;

    if (since == NULL || str_to_int64(str_of(since), 1, INT64_MAX, &verify->result->since))
        return true;
    snprintf(text, sizeof(text), strlen(since) == strlen("2026-10-31") ? "%sT00:00:00Z" : "%s", since);
    if (strspn(since, "0123456789") < strlen(since) && strlen(since) < sizeof(text) &&
        timestamp_parse(str_of(text), &verify->since_us, &why))
        return true;
    return fail(err, EXIT_USAGE,
                "--since '%s' is neither the number of a link, from 1, nor a time; write it as 2026-10-31T12:00:00Z or "
                "2026-10-31",
                since);
}

/* Takes capital letters too: it may have been copied by hand. */
static bool read_head(const char *head, char out[DIGEST_HEX_SIZE], struct error *err)
{
    unsigned char digest[DIGEST_SIZE];

    if (head == NULL)
        return true;
    snprintf(out, DIGEST_HEX_SIZE, "%s", head);
    for (char *at = out; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'F')
            *at = (char)(*at - 'A' + 'a');
    if (strlen(head) == DIGEST_HEX_SIZE - 1 && digest_from_hex(out, digest))
        return true;
    return fail(err, EXIT_USAGE, "--head '%s' is no digest: it has 64 hex digits, as ingest and status -v print it",
                head);
}

static bool run(struct verify *verify, const char *head, struct error *err)
{
    if (!db_open(&verify->db, verify->target, DB_READER, err) || !db_begin_snapshot(verify->db, err) ||
        !verify_links(verify, head, err))
        return false;
    snprintf(verify->since_text, sizeof(verify->since_text), "%" PRId64, verify->result->since);
    return verify_loose(verify, err) && verify_seals(verify, err) && verify_plan(verify, err) &&
           verify_read(verify, err);
}

bool audit_verify(const struct db_target *target, const struct verify_options *options, verify_finding_fn *found,
                  void *context, struct verify_result *result, struct error *err)
{
    struct verify verify = {.target = target, .result = result, .since_us = INT64_MIN};
    char head[DIGEST_HEX_SIZE];
    bool done;

    *result = (struct verify_result){.remembered = -1};
    if (!read_since(options->since, &verify, err) || !read_head(options->head, head, err))
        return false;
    verify.findings = findings_new();
    done = run(&verify, options->head == NULL ? NULL : head, err);
    if (done) {
        result->batches = atomic_load(&verify.batches);
        result->events = atomic_load(&verify.events);
        result->facts = atomic_load(&verify.facts);
        result->findings = findings_hand_out(verify.findings, found, context);
    }
    findings_free(verify.findings);
    free(verify.spans);
    db_close(verify.db);
    return done;
}
