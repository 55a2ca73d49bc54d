/* SPDX-License-Identifier: MIT */
/* Proves that the lists of owners of a folder of evidence say the same. */

#include <inttypes.h>
#include <string.h>

#include "audit/proof.h"

#define COLUMNS_MAX    16
#define COLUMN_MAX     ((size_t)1 << 20) /* bytes of an owner */
#define EVIDENCE_CELLS 9                 /* of handles.csv */

/* Of owners.tsv. */
enum owner_cell {
    OWNER,
    HANDLE,
    FIRST_SEEN,
    LAST_SEEN,
    REQUESTS,
    COUNTED_REQUESTS,
    OWNER_CELLS
};

/* A row of handles.csv with the owner, and whether it says the same of it. */
static bool is_evidence_of(struct str row, struct arena *arena, const struct str owner[OWNER_CELLS], bool *alike)
{
    struct str cells[COLUMNS_MAX];
    char first[TIMESTAMP_SIZE];
    const char *why;
    size_t width;
    int64_t us;

    if (!csv_cells(row, arena, cells, COLUMNS_MAX, &width, &why) || width != EVIDENCE_CELLS ||
        !str_equal(cells[0], owner[OWNER]))
        return false;
    *alike = *alike && str_equal(cells[1], owner[HANDLE]) &&
             str_to_int64(owner[FIRST_SEEN], INT64_MIN / 2, INT64_MAX / 2, &us) &&
             str_equal(cells[2], str_of(timestamp_format(us, first))) &&
             str_equal(cells[EVIDENCE_CELLS - 1], owner[COUNTED_REQUESTS]);
    return true;
}

/* What the two files were found to be. */
struct sameness {
    bool same, ordered, alike;
    int64_t count;
    char sha256[DIGEST_HEX_SIZE]; /* of owners.tsv */
};

static bool is_behind(struct buffer *before, struct str owner)
{
    bool behind = before->size == 0 || str_compare((struct str){before->data, before->size}, owner) < 0;

    buffer_clear(before);
    return buffer_add(before, owner.data, owner.size) && behind;
}

static void compare_lists(struct proof_lines *owners, struct proof_lines *handles, struct sameness *found)
{
    struct arena *arena = arena_new();
    struct digest *digest = digest_new();
    unsigned char bytes[DIGEST_SIZE];
    struct buffer before;
    struct str row, other, owner[OWNER_CELLS];

    buffer_init(&before, COLUMN_MAX);
    *found = (struct sameness){.same = proof_next_row(handles, &other), .ordered = true, .alike = true};
    for (; proof_next_line(owners, &row); found->count++) {
        digest_add(digest, row.data, row.size);
        digest_add(digest, "\n", 1);
        bool whole = proof_cells(row, owner, OWNER_CELLS);
        found->ordered = found->ordered && whole && is_behind(&before, owner[OWNER]);
        arena_reset(arena);
        found->same = found->same && whole && proof_next_row(handles, &other) &&
                      is_evidence_of(other, arena, owner, &found->alike);
    }
    found->same = found->same && !proof_next_row(handles, &other);
    digest_peek(digest, bytes);
    digest_hex(bytes, found->sha256);
    digest_free(digest);
    buffer_free(&before);
    arena_free(arena);
}

void proof_owners(struct proving *proving)
{
    struct proof_lines owners, handles;
    struct sameness found;

    proof_lines_open(&owners, proving, "owners.tsv");
    proof_lines_open(&handles, proving, "handles.csv");
    compare_lists(&owners, &handles, &found);
    proof_lines_close(&handles);
    proof_lines_close(&owners);
    if (!found.ordered)
        proof_finding(proving, "owners.tsv", "its owners are not each there once, in the order of their bytes");
    if (!found.same)
        proof_finding(proving, "handles.csv", "its owners are not those of owners.tsv");
    else if (!found.alike)
        proof_finding(proving, "handles.csv", "its handles, first requests or counts are not those of owners.tsv");
    if (strcmp(found.sha256, proof_text(proving, "owners_digest")) != 0)
        proof_finding(proving, "owners.tsv", "its SHA-256 is not the owners_digest of manifest.json");
    if (found.count != proof_number(proving, "unique_handles"))
        proof_finding(proving, "owners.tsv", "it has %" PRId64 " owners, manifest.json says %" PRId64, found.count,
                      proof_number(proving, "unique_handles"));
}
