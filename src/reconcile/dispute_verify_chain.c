/* SPDX-License-Identifier: MIT */
/* Proves the chain of a folder of evidence, and what its links stand for. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reconcile/dispute_verify.h"

#define LINK_COLUMNS 7

/* ---- the links ---- */

static void digest_text(struct str text, char out[DIGEST_HEX_SIZE])
{
    unsigned char digest[DIGEST_SIZE];

    digest_of(text.data, text.size, digest);
    digest_hex(digest, out);
}

/* The link's digest is over its values, and it follows on the one before. */
static bool link_holds(const struct str cells[LINK_COLUMNS], int64_t seq, const char *before)
{
    char found[DIGEST_HEX_SIZE];
    char *form = mem_format("headroom-chain-1\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n", (int)cells[0].size, cells[0].data,
                            (int)cells[1].size, cells[1].data, (int)cells[2].size, cells[2].data, (int)cells[3].size,
                            cells[3].data, (int)cells[4].size, cells[4].data, (int)cells[5].size, cells[5].data);
    int64_t number;

    digest_text(str_of(form), found);
    free(form);
    return str_to_int64(cells[0], 1, INT64_MAX, &number) && number == seq && str_equal(cells[4], str_of(before)) &&
           str_equal(cells[6], str_of(found));
}

/* Finds the link of that number; the rows are in order. */
static bool find_link(struct str *rest, int64_t seq, struct str cells[LINK_COLUMNS])
{
    struct str row;
    int64_t number;

    while (proving_line(rest, &row))
        if (proving_cells(row, cells, LINK_COLUMNS) && str_to_int64(cells[0], 1, INT64_MAX, &number) && number == seq)
            return true;
    return false;
}

static void prove_links(struct proving *proving, struct str chain)
{
    char head[DIGEST_HEX_SIZE];
    struct str row, cells[LINK_COLUMNS];
    int64_t seq = 0;

    memset(head, '0', sizeof head - 1);
    head[sizeof head - 1] = '\0';
    while (proving_line(&chain, &row)) {
        bool whole = proving_cells(row, cells, LINK_COLUMNS);
        if (!whole || !link_holds(cells, seq + 1, head))
            proving_finding(proving, "chain.tsv",
                            "link %" PRId64 " does not follow from its values and the link before", seq + 1);
        seq++;
        if (whole)
            snprintf(head, sizeof head, "%.*s", (int)cells[6].size, cells[6].data);
    }
    proving->proof->links = (uint64_t)seq;
    snprintf(proving->proof->chain_head, sizeof proving->proof->chain_head, "%s", head);
    if (seq != proving_number(proving, "chain_length") || strcmp(head, proving_text(proving, "chain_head")) != 0)
        proving_finding(proving, "chain.tsv", "it does not end with the head of manifest.json");
}

/* ---- what links stand for ---- */

/* The seal says the same as the files: its list of owners and its statement. */
static void prove_seal(struct proving *proving, struct str kind, struct str content)
{
    json_t *form = json_loadb(content.data, content.size, JSON_DECODE_ANY, NULL);
    struct invoice_file statement = {0};
    bool owners = false, same = false;
    json_t *value;
    size_t i;

    if (!str_equal(kind, STR("close")) || !proving_read(proving, "statement.json", &statement))
        proving_finding(proving, "contents.tsv", "the link of the seal is no seal");
    json_array_foreach(form, i, value)
    {
        const char *text = json_string_value(value);
        size_t size = text != NULL ? strlen(text) : 0;
        owners = owners || (text != NULL && strcmp(text, proving_text(proving, "owners_digest")) == 0);
        same =
            same || (size > 0 && statement.content.size == size + 1 && memcmp(statement.content.data, text, size) == 0);
    }
    if (!owners)
        proving_finding(proving, "contents.tsv", "the seal is not over the owners_digest of manifest.json");
    if (!same)
        proving_finding(proving, "statement.json", "it is not the statement that was sealed");
    invoice_file_free(&statement);
    json_decref(form);
}

static void prove_contents(struct proving *proving, struct str contents, struct str chain)
{
    struct str row, cells[2], link[LINK_COLUMNS];
    char digest[DIGEST_HEX_SIZE];
    int64_t seq, seal = proving_number(proving, "seal_link");
    bool sealed = false;

    while (proving_line(&contents, &row)) {
        if (!proving_cells(row, cells, 2) || !str_to_int64(cells[0], 1, INT64_MAX, &seq) ||
            !find_link(&chain, seq, link)) {
            proving_finding(proving, "contents.tsv", "a line of it is of no link");
            continue;
        }
        digest_text(cells[1], digest);
        if (!str_equal(link[3], str_of(digest)))
            proving_finding(proving, "contents.tsv", "what link %" PRId64 " stands for was changed", seq);
        if (seq == seal) {
            prove_seal(proving, link[1], cells[1]);
            sealed = true;
        }
    }
    if (!proving->proof->provisional && !sealed)
        proving_finding(proving, "contents.tsv", "the seal is missing");
}

/* Each entry of seals.json is of a link that closes; that of the month says what the manifest says. */
static void prove_seals(struct proving *proving, struct str chain)
{
    static const char *const keys[] = {"month", "unique_handles", "charge", "currency", "owners_digest"};
    struct invoice_file file = {0};
    json_t *seals =
        proving_read(proving, "seals.json", &file) ? json_loadb(file.content.data, file.content.size, 0, NULL) : NULL;
    json_int_t wanted = proving_number(proving, "seal_link");
    bool same = json_is_array(seals), found = proving->proof->provisional;
    json_t *entry;
    size_t i;

    json_array_foreach(seals, i, entry)
    {
        struct str rest = chain, link[LINK_COLUMNS];
        json_int_t seq = json_integer_value(json_object_get(entry, "link"));
        const char *digest = json_string_value(json_object_get(entry, "link_digest"));
        same = same && digest != NULL && find_link(&rest, seq, link) && str_equal(link[1], STR("close")) &&
               str_equal(link[LINK_COLUMNS - 1], str_of(digest));
        found = found || seq == wanted;
        for (size_t k = 0; k < ARRAY_LENGTH(keys); k++)
            same = same && (seq != wanted ||
                            json_equal(json_object_get(entry, keys[k]), json_object_get(proving->manifest, keys[k])));
    }
    if (!same || !found)
        proving_finding(proving, "seals.json", "its seals are not those of chain.tsv and manifest.json");
    json_decref(seals);
    invoice_file_free(&file);
}

void proving_chain(struct proving *proving)
{
    struct invoice_file chain = {0}, contents = {0};

    if (proving_read(proving, "chain.tsv", &chain) && proving_read(proving, "contents.tsv", &contents)) {
        struct str links = {chain.content.data, chain.content.size};
        prove_links(proving, links);
        prove_contents(proving, (struct str){contents.content.data, contents.content.size}, links);
        prove_seals(proving, links);
    }
    invoice_file_free(&chain);
    invoice_file_free(&contents);
}
