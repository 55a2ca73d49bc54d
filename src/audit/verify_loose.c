/* SPDX-License-Identifier: MIT */
/* What hangs on no link: rows that were put in by hand. */

#include <inttypes.h>
#include <jansson.h>
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
    {"invoice", "the invoice with the id"},
    {"invoice-status", "the decision of an invoice with the id"},
    {"invoice-handles", "the vendor's list with the id"},
    {"version", "the version of a contract with the id"},
    {"close", "the seal with the id"},
    {"reopen", "the reopening of the seal with the id"},
    {"owners", "the list of owners of a seal that is not there, with the id"},
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

static bool is_same_document(const char *a, const char *b)
{
    json_t *left = json_loads(a, 0, NULL);
    json_t *right = json_loads(b, 0, NULL);
    bool same = left != NULL && right != NULL && json_equal(left, right);

    json_decref(left);
    json_decref(right);
    return same;
}

static bool take_contract(const struct db_rows *rows, void *context, struct error *err)
{
    const char *name = db_text(rows, 0, "name");
    const char *version = db_text(rows, 0, "version");

    (void)err;
    if (version == NULL)
        findings_add(context, 0, 0, "contract_changed", "contract '%s' has an end, and no version of it is on record",
                     name);
    else if (!is_same_document(db_text(rows, 0, "document"), db_text(rows, 0, "recorded")))
        findings_add(context, 0, 0, "contract_changed",
                     "contract '%s': its values are not those of version %s, the last on record", name, version);
    return true;
}

bool verify_loose(struct verify *verify, struct error *err)
{
    return db_each(verify->db, &sql_audit_loose, NULL, take_row, verify->findings, err) &&
           db_each(verify->db, &sql_audit_contracts, NULL, take_contract, verify->findings, err);
}
