/* SPDX-License-Identifier: MIT */
/* The lists of owners of closed months, digested again. */

#include <inttypes.h>
#include <string.h>

#include "audit/verify.h"
#include "headroom/close.h"
#include "statements.h"

static bool check_seal(struct verify *verify, const struct db_rows *rows, size_t row, struct error *err)
{
    unsigned char digest[DIGEST_SIZE];
    char found[DIGEST_HEX_SIZE];

    if (!close_digest_owners(verify->db, db_int64(rows, row, "seal_id"), digest, err))
        return false;
    digest_hex(digest, found);
    if (strcmp(found, db_text(rows, row, "owners_digest")) != 0)
        findings_add(verify->findings, db_int64(rows, row, "seq"), 0, "owners_changed",
                     "the seal of contract '%s', %s: its list of %" PRId64 " handles is not the one that was sealed",
                     db_text(rows, row, "contract"), db_text(rows, row, "month"),
                     db_int64(rows, row, "unique_handles"));
    return true;
}

bool verify_seals(struct verify *verify, struct error *err)
{
    struct db_rows *rows = NULL;
    bool done = db_query(verify->db, &sql_audit_seals, NULL, &rows, err);

    for (size_t row = 0; done && row < db_rows_count(rows); row++)
        done = check_seal(verify, rows, row, err);
    db_rows_free(rows);
    return done;
}
