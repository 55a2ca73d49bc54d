/* SPDX-License-Identifier: MIT */
/* What hangs on no link: rows that were put in by hand. */

#include <inttypes.h>
#include <string.h>

#include "audit/verify.h"
#include "statements.h"

static void add_quarantined(struct findings *findings, const struct db_rows *rows, int64_t batch_id)
{
    int64_t lines = db_int64(rows, 0, "rows");

    if (db_is_null(rows, 0, "said"))
        findings_add(findings, 0, batch_id, "quarantined_added",
                     "%" PRId64 " quarantined lines are of batch %" PRId64 ", which is not there", lines, batch_id);
    else
        findings_add(findings, 0, batch_id, "quarantined_added",
                     "batch %" PRId64 ": %" PRId64 " quarantined lines are kept, but it met %" PRId64 " only", batch_id,
                     lines, db_int64(rows, 0, "said"));
}

/* What a row of that kind is called. */
static const struct loose {
    const char *what;
    const char *name;
} known[] = {
    {"batch", "batch"},
    {"terms", "the terms with the id"},
    {"change", "the void, restore or withdrawal with the id"},
    {"end", "the end of the contract with the id"},
    {"invoice", "the invoice with the id"},
    {"invoice-status", "the decision of an invoice with the id"},
    {"invoice-handles", "the vendor's list with the id"},
};

static bool take_row(const struct db_rows *rows, void *context, struct error *err)
{
    struct findings *findings = context;
    const char *what = db_text(rows, 0, "what");
    int64_t batch_id = db_int64(rows, 0, "batch_id");
    int64_t subject_id = db_int64(rows, 0, "subject_id");

    (void)err;
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
        if (strcmp(known[i].what, what) == 0)
            findings_add(findings, 0, batch_id, "not_linked", "%s %" PRId64 ": no link of the chain is about it",
                         known[i].name, subject_id);
    if (strcmp(what, "quarantine") == 0)
        add_quarantined(findings, rows, batch_id);
    if (strcmp(what, "twice") == 0)
        findings_add(findings, db_int64(rows, 0, "seq"), batch_id, "linked_twice",
                     "link %" PRId64 " is about what an earlier link is about already", db_int64(rows, 0, "seq"));
    return true;
}

bool verify_loose(struct verify *verify, struct error *err)
{
    return db_each(verify->db, &sql_audit_loose, NULL, take_row, verify->findings, err);
}
