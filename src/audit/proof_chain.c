/* SPDX-License-Identifier: MIT */
/* Proves the chain of a folder of evidence, and what its links stand for: both files once, side by side. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/proof.h"

#define LINK_CELLS 7

enum link_cell {
    LINK_SEQ,
    LINK_KIND,
    LINK_SUBJECT,
    LINK_CONTENT,
    LINK_BEFORE,
    LINK_TIME,
    LINK_DIGEST
};

struct walk {
    struct proving *proving;
    struct proof_lines contents;
    struct str content;  /* of the next line of contents.tsv, behind its number */
    int64_t content_seq; /* 0: there is none */
    json_t *seals;
    size_t seals_found;
    bool seals_same, sealed;
};

static void digest_text(struct str text, char out[DIGEST_HEX_SIZE])
{
    unsigned char digest[DIGEST_SIZE];

    digest_of(text.data, text.size, digest);
    digest_hex(digest, out);
}

/* ---- what links stand for ---- */

/* The next line of contents.tsv; its links are in the order of the chain. */
static void next_content(struct walk *walk)
{
    int64_t before = walk->content_seq;
    struct str row, cells[2];

    walk->content_seq = 0;
    if (!proof_next_line(&walk->contents, &row))
        return;
    if (proof_cells(row, cells, 2) && str_to_int64(cells[0], before + 1, INT64_MAX, &walk->content_seq)) {
        walk->content = cells[1];
        return;
    }
    proof_finding(walk->proving, "contents.tsv", "a line of it is of no link");
    walk->contents.failed = true;
}

static int64_t number_at(const json_t *form, size_t index)
{
    return json_integer_value(json_array_get(form, index));
}

static const char *text_at(const json_t *form, size_t index)
{
    const char *text = json_string_value(json_array_get(form, index));

    return text != NULL ? text : "";
}

/* Whether some of the contract's lines in a batch may lie in the month: its sources are [contract, source, events,
 * first, last]. */
static bool touches_month(const struct proving *proving, const json_t *form)
{
    json_t *source;
    size_t i;

    json_array_foreach(json_array_get(form, 18), i, source)
    {
        if (number_at(source, 0) == proof_number(proving, "contract_id") &&
            number_at(source, 3) < proof_number(proving, "period_end_us") &&
            number_at(source, 4) >= proof_number(proving, "period_start_us"))
            return true;
    }
    return false;
}

static void take_batch(struct walk *walk, int64_t seq, const json_t *form)
{
    struct proof_batch *batch = mem_alloc(sizeof *batch);

    batch->id = number_at(form, 1);
    batch->seq = seq;
    batch->is_events = strcmp(text_at(form, 2), "events") == 0;
    batch->added = number_at(form, 10);
    batch->touches = touches_month(walk->proving, form);
    snprintf(batch->events_digest, sizeof batch->events_digest, "%s", text_at(form, 13));
    snprintf(batch->facts_digest, sizeof batch->facts_digest, "%s", text_at(form, 14));
    if (proof_find_batch(walk->proving, batch->id) != NULL) {
        proof_finding(walk->proving, "contents.tsv", "batch %" PRId64 " is in it twice", batch->id);
        free(batch);
        return;
    }
    HASH_ADD(hh, walk->proving->batches, id, sizeof batch->id, batch);
    walk->proving->proof->batches++;
}

/* A void, a restore or a withdrawal; what came after the figures were sealed does not change them. */
static void take_change(struct walk *walk, int64_t seq, const json_t *form)
{
    struct proof_batch *batch = proof_find_batch(walk->proving, number_at(form, 2));

    if (batch != NULL && seq <= proof_number(walk->proving, "until_link"))
        batch->voided = strcmp(text_at(form, 3), "restore") != 0;
}

/* The seal says the same as the manifest and the statement; the places are those of seal_form. */
static void take_seal(struct walk *walk, int64_t seq, const json_t *form)
{
    static const struct {
        size_t place;
        const char *key;
    } figures[] = {{2, "contract_id"},    {4, "period_start_us"}, {5, "period_end_us"}, {6, "time_zone"},
                   {9, "rule"},           {10, "unique_handles"}, {16, "currency"},     {17, "requests"},
                   {25, "owners_digest"}, {27, "until_link"}};
    struct proving *proving = walk->proving;
    json_error_t why;

    if (seq != proof_number(proving, "seal_link"))
        return;
    walk->sealed = true;
    for (size_t i = 0; i < ARRAY_LENGTH(figures); i++)
        if (!json_equal(json_array_get(form, figures[i].place), json_object_get(proving->manifest, figures[i].key)))
            proof_finding(proving, "contents.tsv", "the seal is not over the %s of manifest.json", figures[i].key);
    char *path = mem_format("%s/statement.json", proving->folder);
    json_t *sealed = json_loads(text_at(form, 26), 0, &why), *said = json_load_file(path, 0, &why);
    if (sealed == NULL || said == NULL || !json_equal(sealed, said))
        proof_finding(proving, "statement.json", "it is not the statement that was sealed");
    json_decref(said);
    json_decref(sealed);
    free(path);
}

static void take_content(struct walk *walk, const struct str link[LINK_CELLS], int64_t seq)
{
    static const struct {
        struct str form;
        void (*take)(struct walk *walk, int64_t seq, const json_t *form);
    } kinds[] = {{STR("headroom-batch-1"), take_batch},
                 {STR("headroom-change-1"), take_change},
                 {STR("headroom-seal-1"), take_seal}};
    char digest[DIGEST_HEX_SIZE];

    digest_text(walk->content, digest);
    if (!str_equal(link[LINK_CONTENT], str_of(digest)))
        proof_finding(walk->proving, "contents.tsv", "what link %" PRId64 " stands for was changed", seq);
    json_t *form = json_loadb(walk->content.data, walk->content.size, 0, NULL);
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
        if (str_equal(kinds[i].form, str_of(text_at(form, 0))))
            kinds[i].take(walk, seq, form);
    json_decref(form);
}

/* ---- the seals ---- */

/* The entry of seals.json that is of this link, which closes; that of the month says what the manifest says. */
static void match_seal(struct walk *walk, const struct str link[LINK_CELLS], int64_t seq)
{
    static const char *const keys[] = {"month", "unique_handles", "charge", "currency", "owners_digest"};
    const struct proving *proving = walk->proving;
    json_t *entry;
    size_t i;

    json_array_foreach(walk->seals, i, entry)
    {
        if (json_integer_value(json_object_get(entry, "link")) != seq)
            continue;
        const char *digest = json_string_value(json_object_get(entry, "link_digest"));
        walk->seals_found++;
        walk->seals_same = walk->seals_same && digest != NULL && str_equal(link[LINK_DIGEST], str_of(digest));
        for (size_t k = 0; k < ARRAY_LENGTH(keys); k++)
            walk->seals_same = walk->seals_same && (seq != proof_number(proving, "seal_link") ||
                                                    json_equal(json_object_get(entry, keys[k]),
                                                               json_object_get(proving->manifest, keys[k])));
    }
}

/* ---- the links ---- */

/* The link's digest is over its values, and it follows on the one before. */
static bool link_holds(const struct str cells[LINK_CELLS], int64_t seq, const char *before)
{
    struct digest *digest = digest_new();
    unsigned char bytes[DIGEST_SIZE];
    char found[DIGEST_HEX_SIZE];
    int64_t number;

    digest_add(digest, "headroom-chain-1\n", strlen("headroom-chain-1\n"));
    for (size_t i = 0; i < LINK_DIGEST; i++) {
        digest_add(digest, cells[i].data, cells[i].size);
        digest_add(digest, "\n", 1);
    }
    digest_peek(digest, bytes);
    digest_free(digest);
    digest_hex(bytes, found);
    return str_to_int64(cells[LINK_SEQ], 1, INT64_MAX, &number) && number == seq &&
           str_equal(cells[LINK_BEFORE], str_of(before)) && str_equal(cells[LINK_DIGEST], str_of(found));
}

static void take_link(struct walk *walk, struct str row, int64_t seq, char head[DIGEST_HEX_SIZE])
{
    struct str cells[LINK_CELLS];
    bool whole = proof_cells(row, cells, LINK_CELLS);

    if (!whole || !link_holds(cells, seq, head))
        proof_finding(walk->proving, "chain.tsv",
                      "link %" PRId64 " does not follow from its values and the link before", seq);
    if (!whole)
        return;
    if (walk->content_seq == seq) {
        take_content(walk, cells, seq);
        next_content(walk);
    }
    if (str_equal(cells[LINK_KIND], STR("close")))
        match_seal(walk, cells, seq);
    snprintf(head, DIGEST_HEX_SIZE, "%.*s", (int)cells[LINK_DIGEST].size, cells[LINK_DIGEST].data);
}

static void walk_chain(struct walk *walk, struct evidence_proof *proof)
{
    char head[DIGEST_HEX_SIZE];
    struct proof_lines chain;
    struct str row;

    memset(head, '0', sizeof head - 1);
    head[sizeof head - 1] = '\0';
    proof_lines_open(&chain, walk->proving, "chain.tsv");
    while (proof_next_line(&chain, &row))
        take_link(walk, row, (int64_t)chain.count, head);
    proof->links = chain.count;
    snprintf(proof->chain_head, sizeof proof->chain_head, "%s", head);
    proof_lines_close(&chain);
}

void proof_chain(struct proving *proving)
{
    struct walk walk = {.proving = proving, .seals = proof_json(proving, "seals.json"), .seals_same = true};
    struct evidence_proof *proof = proving->proof;

    proof_lines_open(&walk.contents, proving, "contents.tsv");
    next_content(&walk);
    walk_chain(&walk, proof);
    if ((int64_t)proof->links != proof_number(proving, "chain_length") ||
        strcmp(proof->chain_head, proof_text(proving, "chain_head")) != 0)
        proof_finding(proving, "chain.tsv", "it does not end with the head of manifest.json");
    if (walk.content_seq != 0)
        proof_finding(proving, "contents.tsv", "a line of it is of no link");
    if (!proof->provisional && !walk.sealed)
        proof_finding(proving, "contents.tsv", "the seal is missing");
    if (proof->provisional && proof_number(proving, "until_link") != (int64_t)proof->links)
        proof_finding(proving, "manifest.json", "its until_link is not the last link");
    if (!walk.seals_same || !json_is_array(walk.seals) || walk.seals_found != json_array_size(walk.seals))
        proof_finding(proving, "seals.json", "its seals are not those of chain.tsv and manifest.json");
    proof_lines_close(&walk.contents);
    json_decref(walk.seals);
}
