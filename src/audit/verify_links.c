/* SPDX-License-Identifier: MIT */
/* The chain itself: every link computed again from its values, its content from what it is about. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/verify.h"
#include "statements.h"

struct kind {
    const char *name;
    const char *about; /* what its subject_id is the id of */
    bool is_batch;
};

static const struct kind kinds[] = {
    {"batch", "batch", true},
    {"identities", "batch", true},
    {"terms", "terms", false},
    {"void", "change of batch", false},
    {"restore", "change of batch", false},
    {"withdrawal", "change of batch", false},
    {"invoice", "invoice", false},
    {"invoice-status", "decision of an invoice", false},
    {"invoice-handles", "vendor's list", false},
    {"contract", "version of a contract", false},
    {"close", "seal", false},
    {"reopen", "reopening of seal", false},
};

static const struct kind *find_kind(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

/* What the links are walked with. */
struct walk {
    struct verify *verify;
    const char *head; /* remembered; NULL: none */
    int64_t seq;      /* of the link before */
    char digest[DIGEST_HEX_SIZE];
};

char *verify_batch_name(const struct db_rows *rows, size_t row, int64_t batch_id)
{
    char loaded[TIMESTAMP_SIZE];

    return mem_format("batch %" PRId64 " (%s, lines %s to %s, loaded %s by %s)", batch_id, db_text(rows, row, "file"),
                      db_text(rows, row, "first_line"), db_text(rows, row, "last_line"),
                      timestamp_format(db_int64(rows, row, "loaded_us"), loaded), db_text(rows, row, "loaded_by"));
}

/* "link 5, about batch 7 (…)". The caller frees it. */
static char *link_name(const struct db_rows *rows, const struct kind *kind)
{
    int64_t seq = db_int64(rows, 0, "seq");
    int64_t subject_id = db_int64(rows, 0, "subject_id");

    if (kind == NULL)
        return mem_format("link %" PRId64 ", of kind %s", seq, db_text(rows, 0, "kind"));
    if (!kind->is_batch || db_is_null(rows, 0, "file"))
        return mem_format("link %" PRId64 ", about %s %" PRId64, seq, kind->about, subject_id);
    char *batch = verify_batch_name(rows, 0, subject_id);
    char *name = mem_format("link %" PRId64 ", about %s", seq, batch);
    free(batch);
    return name;
}

static void digest_text(const char *text, char out[DIGEST_HEX_SIZE])
{
    unsigned char digest[DIGEST_SIZE];

    digest_of(text, strlen(text), digest);
    digest_hex(digest, out);
}

/* Whether the link's digest is that of its values. */
static bool holds(const struct db_rows *rows)
{
    char found[DIGEST_HEX_SIZE];
    char *form =
        mem_format("headroom-chain-1\n%s\n%s\n%s\n%s\n%s\n%s\n", db_text(rows, 0, "seq"), db_text(rows, 0, "kind"),
                   db_text(rows, 0, "subject_id"), db_text(rows, 0, "content_digest"),
                   db_text(rows, 0, "previous_digest"), db_text(rows, 0, "linked_us"));

    digest_text(form, found);
    free(form);
    return strcmp(found, db_text(rows, 0, "digest")) == 0;
}

static void check_link(const struct walk *walk, const struct db_rows *rows, const char *name, int64_t batch_id)
{
    struct findings *findings = walk->verify->findings;
    int64_t seq = db_int64(rows, 0, "seq");

    if (seq == walk->seq + 2)
        findings_add(findings, seq - 1, 0, "link_missing", "link %" PRId64 " was taken out of the chain", seq - 1);
    else if (seq > walk->seq + 2)
        findings_add(findings, walk->seq + 1, 0, "link_missing",
                     "links %" PRId64 " to %" PRId64 " were taken out of the chain", walk->seq + 1, seq - 1);
    if (!holds(rows))
        findings_add(findings, seq, batch_id, "link_changed", "%s: its values are not those that were digested", name);
    else if (seq == walk->seq + 1 && strcmp(db_text(rows, 0, "previous_digest"), walk->digest) != 0)
        findings_add(findings, seq, batch_id, "link_changed", "%s: it does not follow on link %" PRId64, name,
                     walk->seq);
}

static void check_content(const struct walk *walk, const struct db_rows *rows, const char *name, int64_t batch_id)
{
    struct findings *findings = walk->verify->findings;
    const char *content = db_text(rows, 0, "content");
    int64_t seq = db_int64(rows, 0, "seq");
    char found[DIGEST_HEX_SIZE];

    if (content == NULL) {
        findings_add(findings, seq, batch_id, "content_missing", "%s: what it stands for is no longer there", name);
        return;
    }
    digest_text(content, found);
    if (strcmp(found, db_text(rows, 0, "content_digest")) != 0)
        findings_add(findings, seq, batch_id, "content_changed", "%s: what it stands for was changed", name);
}

static void note_newer(struct verify_result *result, const char *kind)
{
    if (result->newer++ == 0)
        snprintf(result->newer_kind, sizeof(result->newer_kind), "%s", kind);
}

static bool take_link(const struct db_rows *rows, void *context, struct error *err)
{
    struct walk *walk = context;
    struct verify_result *result = walk->verify->result;
    const struct kind *kind = find_kind(db_text(rows, 0, "kind"));
    const char *digest = db_text(rows, 0, "digest");
    int64_t seq = db_int64(rows, 0, "seq");
    int64_t batch_id = kind != NULL && kind->is_batch ? db_int64(rows, 0, "subject_id") : 0;
    char *name = link_name(rows, kind);

    (void)err;
    check_link(walk, rows, name, batch_id);
    if (kind != NULL)
        check_content(walk, rows, name, batch_id);
    else
        note_newer(result, db_text(rows, 0, "kind"));
    free(name);
    if (walk->head != NULL && strcmp(digest, walk->head) == 0)
        result->remembered = seq;
    if (walk->verify->since_us != INT64_MIN && result->since == 0 &&
        db_int64(rows, 0, "linked_us") >= walk->verify->since_us)
        result->since = seq;
    snprintf(walk->digest, sizeof(walk->digest), "%s", digest);
    walk->seq = seq;
    result->links++;
    return true;
}

/* The head's row against the last link; the end that is remembered against the chain. */
static void check_head(const struct walk *walk, const struct db_rows *rows)
{
    struct verify_result *result = walk->verify->result;
    bool is_there = db_rows_count(rows) == 1;
    int64_t seq = is_there ? db_int64(rows, 0, "seq") : 0;

    result->seq = walk->seq;
    snprintf(result->chain_head, sizeof(result->chain_head), "%s", walk->digest);
    if (is_there && seq > walk->seq)
        findings_add(walk->verify->findings, walk->seq, 0, "link_missing",
                     "the chain ends at link %" PRId64 ", but its head says %" PRId64 ": the last links were cut off",
                     walk->seq, seq);
    else if (!is_there || seq != walk->seq || strcmp(db_text(rows, 0, "digest"), walk->digest) != 0)
        findings_add(walk->verify->findings, walk->seq, 0, "head_changed",
                     "the head of the chain is not its last link, which is %" PRId64, walk->seq);
    if (walk->head != NULL && result->remembered < 0)
        findings_add(walk->verify->findings, 0, 0, "head_unknown",
                     "the head that you remember, %s, is not in the chain of %" PRId64
                     " links: its end was cut off, or the chain was made anew",
                     walk->head, walk->seq);
}

/* A number is at most that of the link that comes next: beyond it nothing would be read, and all of that "hold". A head
 * that says more than the chain has is a finding, which is the better answer. */
static bool check_since(const struct verify *verify, const struct db_rows *head, int64_t last, struct error *err)
{
    int64_t since = verify->since_us == INT64_MIN ? verify->result->since : 0;

    if (since <= last + 1 || (db_rows_count(head) == 1 && since <= db_int64(head, 0, "seq") + 1))
        return true;
    return fail(err, EXIT_USAGE,
                "--since %" PRId64 ": the chain has %" PRId64
                " links; give one of them, or a time; if there was such a "
                "link, the end was cut off: 'headroom verify --head DIGEST' proves it",
                since, last);
}

bool verify_links(struct verify *verify, const char *head, struct error *err)
{
    struct walk walk = {.verify = verify, .head = head};
    struct db_rows *rows = NULL;

    memset(walk.digest, '0', sizeof(walk.digest) - 1);
    verify->result->remembered = head != NULL && strcmp(head, walk.digest) == 0 ? 0 : -1;
    if (!db_each(verify->db, &sql_audit_links, NULL, take_link, &walk, err) ||
        !db_query(verify->db, &sql_chain_head, NULL, &rows, err))
        return false;
    check_head(&walk, rows);
    bool done = check_since(verify, rows, walk.seq, err);
    db_rows_free(rows);
    if (verify->since_us != INT64_MIN && verify->result->since == 0)
        verify->result->since = walk.seq + 1; /* nothing was linked since then */
    return done;
}
