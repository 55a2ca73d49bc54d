/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_RECONCILE_DISPUTE_VERIFY_H
#define HEADROOM_RECONCILE_DISPUTE_VERIFY_H

/* What the proofs of a folder of evidence share. */

#include <jansson.h>

#include "headroom/invoices.h"
#include "reconcile/invoice_file.h"

#define PROVING_CHARGE_CELLS 7 /* of a line of charge.tsv; the amount is the fifth */

struct proving {
    const char *folder;
    dispute_finding_fn *found;
    void *context;
    struct arena *arena;
    struct dispute_proof *proof;
    json_t *manifest;
};

void proving_finding(struct proving *proving, const char *file, const char *format, ...) PRINTF_LIKE(3, 4);
/* A member of the manifest; "" and 0 where it has none. */
const char *proving_text(const struct proving *proving, const char *key);
int64_t proving_number(const struct proving *proving, const char *key);
/* A file of the folder, whole. False, with a finding, where it cannot be read. */
bool proving_read(struct proving *proving, const char *name, struct invoice_file *file);
/* The next line of a file, without its newline; false at the end. Not csv_next: in these files a quote is a letter. */
bool proving_line(struct str *rest, struct str *line);

/* Cuts a line at its tabs; false where it has fewer cells. */
bool proving_cells(struct str line, struct str cells[], size_t count);

/* The figures of the other files against statement.json: the manifest, statement.txt, charge.tsv, check.json. */
void proving_statement(struct proving *proving);
/* The links of chain.tsv, what they stand for by contents.tsv, the seal among them, and seals.json. */
void proving_chain(struct proving *proving);

#endif
