/* SPDX-License-Identifier: MIT */
/* The identity facts and claims of every batch, digested again in the order in which they come. */

#include <inttypes.h>
#include <string.h>

#include "audit/verify.h"
#include "statements.h"
#include "headroom/encode.h"

enum part {
    PART_BATCH,
    PART_FACT,
    PART_CLAIM
};

struct fact_walk {
    struct verify *verify;
    struct digest *digest;
    int64_t batch_id;
    bool has_batch; /* its row came before its facts */
    bool begun;
    uint64_t rows;
    unsigned char wanted[DIGEST_SIZE];
};

static void judge(struct fact_walk *walk)
{
    struct findings *findings = walk->verify->findings;
    unsigned char found[DIGEST_SIZE];

    if (!walk->begun)
        return;
    if (!walk->has_batch) {
        findings_add(findings, 0, walk->batch_id, "facts_loose",
                     "%" PRIu64 " identity facts are of batch %" PRId64 ", which is not there", walk->rows,
                     walk->batch_id);
        return;
    }
    digest_peek(walk->digest, found);
    if (memcmp(found, walk->wanted, DIGEST_SIZE) != 0)
        findings_add(findings, 0, walk->batch_id, "facts_changed",
                     "batch %" PRId64 ": what it taught of who owns a handle (%" PRIu64
                     " facts now) is not what it taught when it was taken in",
                     walk->batch_id, walk->rows);
}

static void begin(struct fact_walk *walk, int64_t batch_id)
{
    judge(walk);
    walk->begun = true;
    walk->batch_id = batch_id;
    walk->has_batch = false;
    walk->rows = 0;
    digest_reset(walk->digest);
}

static void add_line(struct fact_walk *walk, struct str text)
{
    digest_add(walk->digest, text.data, text.size);
    digest_add(walk->digest, "\n", 1);
    walk->rows++;
    atomic_fetch_add(&walk->verify->facts, 1);
}

/* Cuts `batch \t part \t` off the line. */
static bool read_start(struct str *line, int64_t *batch_id, enum part *part)
{
    const char *tab = memchr(line->data, '\t', line->size);

    if (tab == NULL || (size_t)(line->data + line->size - tab) < 3 ||
        !str_to_int64((struct str){line->data, (size_t)(tab - line->data)}, INT64_MIN, INT64_MAX, batch_id))
        return false;
    *part = (enum part)(tab[1] - '0');
    line->size -= (size_t)(tab + 3 - line->data);
    line->data = tab + 3;
    return true;
}

static bool take_line(struct str line, void *context, struct error *err)
{
    struct fact_walk *walk = context;
    int64_t batch_id;
    enum part part;

    if (!read_start(&line, &batch_id, &part))
        return fail(err, EXIT_COMMAND, "the program is wrong: an identity fact can't be read");
    if (!walk->begun || batch_id != walk->batch_id)
        begin(walk, batch_id);
    if (part == PART_BATCH) {
        const char *tab = memchr(line.data, '\t', line.size);
        struct str hex = {line.data, tab != NULL ? (size_t)(tab - line.data) : line.size};
        walk->has_batch = true;
        if (hex.size != (size_t)2 * DIGEST_SIZE || !bytes_from_hex(hex, walk->wanted))
            memset(walk->wanted, 0, DIGEST_SIZE); /* which nothing has */
        return true;
    }
    if (part == PART_FACT && line.size > 0)
        line.size--; /* the tab before the column that facts have not */
    add_line(walk, line);
    return true;
}

bool verify_facts(struct verify *verify, struct db *db, struct error *err)
{
    struct fact_walk walk = {.verify = verify, .digest = digest_new()};
    bool done = db_copy_out(db, &sql_audit_facts, take_line, &walk, err);

    if (done)
        judge(&walk);
    digest_free(walk.digest);
    return done;
}
