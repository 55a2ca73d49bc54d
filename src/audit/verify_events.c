/* SPDX-License-Identifier: MIT */
/* The events of a span of batches: each digested again, put in its place by batch and ordinal, and each batch's digest
 * made of these. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/verify.h"
#include "audit/verify_form.h"
#include "statements.h"
#include "headroom/progress.h"

#define ORDINALS_MAX  ((int64_t)1 << 24) /* of a batch; far more than any load makes, so that memory has a bound */
#define STRANGERS_MAX 16                 /* batches that are not there, told one by one */
#define ROWS_A_LOOK   1024               /* rows between two looks at the others */

typedef unsigned char digest_bytes[DIGEST_SIZE];

/* A batch, and what was found of it. */
struct proof {
    int64_t id, seq;
    char *name;
    int64_t room; /* ordinals that there can be */
    uint64_t added, duplicate;
    digest_bytes wanted;
    digest_bytes *digests; /* by ordinal; zeros: none. NULL: no event yet */
    uint64_t rows;
    bool chosen;
};

/* Events of a batch that is not there. */
struct stranger {
    int64_t batch_id;
    uint64_t rows;
};

struct span_proof {
    struct verify *verify;
    struct proof *proofs;
    size_t count;
    struct proof *last; /* of the row before: the next is nearly always of the same */
    struct stranger strangers[STRANGERS_MAX];
    size_t stranger_count;
    uint64_t rows, strange_rows;
    struct form form;
    bool shows; /* its reader writes the line on the terminal */
};

static void span_free(struct span_proof *span)
{
    for (size_t i = 0; i < span->count; i++) {
        free(span->proofs[i].name);
        free(span->proofs[i].digests);
    }
    free(span->proofs);
    form_free(&span->form);
}

/* ---- the batches ---- */

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void fill_proof(struct proof *proof, const struct db_rows *rows, size_t row)
{
    proof->id = db_int64(rows, row, "batch_id");
    proof->seq = db_int64(rows, row, "seq");
    proof->chosen = db_bool(rows, row, "chosen");
    proof->room = smaller(db_int64(rows, row, "read"), ORDINALS_MAX);
    proof->added = (uint64_t)db_int64(rows, row, "added");
    proof->duplicate = (uint64_t)db_int64(rows, row, "duplicate");
    proof->name = verify_batch_name(rows, row, proof->id);
    if (!digest_from_hex(db_text(rows, row, "events_digest"), proof->wanted))
        memset(proof->wanted, 0, DIGEST_SIZE); /* which nothing has */
}

static bool load_batches(struct span_proof *span, struct db *db, const char *const *params, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(db, &sql_audit_span_batches, params, &rows, err))
        return false;
    span->count = db_rows_count(rows);
    span->proofs = mem_alloc((span->count + 1) * sizeof(*span->proofs));
    span->last = span->proofs;
    for (size_t row = 0; row < span->count; row++)
        fill_proof(&span->proofs[row], rows, row);
    db_rows_free(rows);
    return true;
}

static int compare_id(const void *key, const void *element)
{
    int64_t id = *(const int64_t *)key;
    int64_t other = ((const struct proof *)element)->id;

    return (id > other) - (id < other);
}

static struct proof *find_proof(struct span_proof *span, int64_t batch_id)
{
    if (span->count > 0 && span->last->id != batch_id) {
        struct proof *found = bsearch(&batch_id, span->proofs, span->count, sizeof(*span->proofs), compare_id);
        if (found == NULL)
            return NULL;
        span->last = found;
    }
    return span->count > 0 ? span->last : NULL;
}

/* ---- the events ---- */

static void note_stranger(struct span_proof *span, int64_t batch_id)
{
    size_t i = 0;

    span->strange_rows++;
    while (i < span->stranger_count && span->strangers[i].batch_id != batch_id)
        i++;
    if (i == STRANGERS_MAX)
        return;
    if (i == span->stranger_count)
        span->strangers[span->stranger_count++] = (struct stranger){.batch_id = batch_id};
    span->strangers[i].rows++;
}

static bool is_there(const unsigned char digest[DIGEST_SIZE])
{
    static const digest_bytes zeros;

    return memcmp(digest, zeros, DIGEST_SIZE) != 0;
}

static void put_in_place(struct proof *proof, const struct form_event *event)
{
    proof->rows++;
    if (event->ordinal < 0 || event->ordinal >= proof->room)
        return; /* its own place stays empty, and that shows */
    if (proof->digests == NULL)
        proof->digests = mem_alloc((size_t)proof->room * DIGEST_SIZE);
    memcpy(proof->digests[event->ordinal], event->digest, DIGEST_SIZE);
}

static bool take_event(struct str line, void *context, struct error *err)
{
    struct span_proof *span = context;
    struct form_event event;

    if (!form_read(&span->form, line, &event))
        return fail(err, EXIT_COMMAND, "the program is wrong: an event of %.60s can't be read", line.data);
    struct proof *proof = find_proof(span, event.batch_id);
    if (proof == NULL)
        note_stranger(span, event.batch_id);
    else if (proof->chosen)
        put_in_place(proof, &event);
    if (++span->rows % ROWS_A_LOOK == 0) {
        uint64_t events = atomic_fetch_add(&span->verify->events, ROWS_A_LOOK);
        if (span->shows)
            progress_show(span->verify->progress, events, events);
        return !atomic_load(&span->verify->failed) || fail(err, EXIT_DONE, "another reader failed");
    }
    return true;
}

/* ---- judgement ---- */

static void digest_in_order(const struct proof *proof, unsigned char out[DIGEST_SIZE])
{
    struct digest *digest = digest_new();

    for (int64_t i = 0; proof->digests != NULL && i < proof->room; i++)
        if (is_there(proof->digests[i]))
            digest_add(digest, proof->digests[i], DIGEST_SIZE);
    digest_peek(digest, out);
    digest_free(digest);
}

static void tell(const struct span_proof *span, const struct proof *proof, const char *what, const char *text)
{
    findings_add(span->verify->findings, proof->seq, proof->id, what, "%s: %s", proof->name, text);
}

/* Where no line was a duplicate the ordinals have no gaps, so the first that is missing has a name. */
static void tell_missing(const struct span_proof *span, const struct proof *proof)
{
    char *text;
    int64_t gap = 0;

    while (proof->digests != NULL && gap < proof->room && is_there(proof->digests[gap]))
        gap++;
    if (proof->duplicate == 0 && (uint64_t)gap < proof->added)
        text = mem_format("%" PRIu64 " of its %" PRIu64 " events are missing, the first is its event number %" PRId64,
                          proof->added - proof->rows, proof->added, gap + 1);
    else
        text =
            mem_format("%" PRIu64 " of its %" PRIu64 " events are missing", proof->added - proof->rows, proof->added);
    tell(span, proof, "events_missing", text);
    free(text);
}

/* As many as there should be, but not the same, or not in the same order. */
static bool tell_changed(const struct span_proof *span, const struct proof *proof, struct db *db, struct error *err)
{
    digest_bytes found;

    if (!form_digest_by_position(db, proof->id, proof->rows, found, err))
        return false;
    if (memcmp(found, proof->wanted, DIGEST_SIZE) == 0) {
        tell(span, proof, "events_reordered", "its events are all there, but not in their order any more");
        return true;
    }
    char *text = mem_format("of its %" PRIu64 " events at least one is not as it was taken in", proof->added);
    tell(span, proof, "events_changed", text);
    free(text);
    return true;
}

static bool judge(const struct span_proof *span, const struct proof *proof, struct db *db, struct error *err)
{
    digest_bytes found;

    if (proof->rows < proof->added) {
        tell_missing(span, proof);
        return true;
    }
    if (proof->rows > proof->added) {
        char *text = mem_format("%" PRIu64 " events were added to the %" PRIu64 " that it took in",
                                proof->rows - proof->added, proof->added);
        tell(span, proof, "events_added", text);
        free(text);
        return true;
    }
    digest_in_order(proof, found);
    if (memcmp(found, proof->wanted, DIGEST_SIZE) == 0)
        return true;
    return tell_changed(span, proof, db, err);
}

static void tell_strangers(const struct span_proof *span)
{
    uint64_t told = 0;

    for (size_t i = 0; i < span->stranger_count; i++) {
        const struct stranger *stranger = &span->strangers[i];
        findings_add(span->verify->findings, 0, stranger->batch_id, "events_loose",
                     "%" PRIu64 " events are of batch %" PRId64 ", which is not there", stranger->rows,
                     stranger->batch_id);
        told += stranger->rows;
    }
    if (told < span->strange_rows)
        findings_add(span->verify->findings, 0, 0, "events_loose",
                     "%" PRIu64 " events are of more batches that are not there", span->strange_rows - told);
}

bool verify_events(struct verify *verify, struct db *db, const struct verify_span *span, struct error *err)
{
    struct span_proof proof = {.verify = verify, .shows = db == verify->db};
    char first[24], last[24];
    const char *params[] = {first, last, verify->since_text};
    bool done;

    snprintf(first, sizeof(first), "%" PRId64, span->first);
    snprintf(last, sizeof(last), "%" PRId64, span->last);
    form_init(&proof.form);
    done = db_run(db, &sql_audit_span, params, err) && load_batches(&proof, db, params, err) &&
           db_copy_out(db, &sql_audit_events, take_event, &proof, err);
    for (size_t i = 0; done && i < proof.count; i++) {
        if (!proof.proofs[i].chosen)
            continue;
        done = judge(&proof, &proof.proofs[i], db, err);
        atomic_fetch_add(&verify->batches, 1);
    }
    if (done) {
        tell_strangers(&proof);
        atomic_fetch_add(&verify->events, proof.rows % ROWS_A_LOOK);
    }
    span_free(&proof);
    return done;
}
