/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_AUDIT_PROOF_H
#define HEADROOM_AUDIT_PROOF_H

/* What the proofs of a folder of evidence share. Each says what does not hold, and goes on. */

#include <jansson.h>
#include <uthash.h>

#include "headroom/evidence.h"

#define PROOF_CHARGE_CELLS 7 /* of a line of charge.tsv; the amount is the fifth */

/* A batch as its link has it. */
struct proof_batch {
    UT_hash_handle hh;
    int64_t id;
    int64_t seq;
    int64_t added;
    bool is_events;
    bool touches; /* some of the contract's lines in it may lie in the month */
    bool voided;  /* as the figures have it */
    bool seen;    /* its events were */
    char events_digest[DIGEST_HEX_SIZE], facts_digest[DIGEST_HEX_SIZE];
};

struct proving {
    const char *folder;
    evidence_finding_fn *found;
    void *context;
    struct arena *arena;
    struct evidence_proof *proof;
    json_t *manifest;
    struct proof_batch *batches; /* from proof_chain on */
};

void proof_finding(struct proving *proving, const char *file, const char *format, ...) PRINTF_LIKE(3, 4);
/* A member of the manifest; "" and 0 where it has none. */
const char *proof_text(const struct proving *proving, const char *key);
int64_t proof_number(const struct proving *proving, const char *key);
/* A JSON file of the folder. NULL, with a finding, where it is none. */
json_t *proof_json(struct proving *proving, const char *name);
struct proof_batch *proof_find_batch(const struct proving *proving, int64_t id);

/* ---- lines of a file, packed or not ---- */
struct proof_lines {
    struct proving *proving;
    const char *name;
    void *in; /* NULL: it could not be opened */
    char *line;
    size_t room;
    uint64_t count;
    bool failed;
};
/* What can't be read is a finding, and the end. */
void proof_lines_open(struct proof_lines *lines, struct proving *proving, const char *name);
/* The next one without its newline, for as long as no other is asked for; false at the end. A quote is a letter. */
bool proof_next_line(struct proof_lines *lines, struct str *line);
/* The next row of CSV, which may have line ends within quotes. */
bool proof_next_row(struct proof_lines *lines, struct str *row);
void proof_lines_close(struct proof_lines *lines);

/* Cuts a line at its tabs; false where it has fewer cells. */
bool proof_cells(struct str line, struct str cells[], size_t count);

/* ---- the proofs, in this order ---- */
/* Every file against its digest. False where one is missing, so that no more can be proved. */
bool proof_sums(struct proving *proving);
/* owners.tsv and handles.csv against each other and the manifest. */
void proof_owners(struct proving *proving);
/* The figures of the other files against statement.json: the manifest, statement.txt, charge.tsv, check.json. */
void proof_statement(struct proving *proving);
/* The links of chain.tsv, what they stand for by contents.tsv, the seal among them, and seals.json. */
void proof_chain(struct proving *proving);
/* Each event against its digest, and these against those of their batches. */
void proof_events(struct proving *proving);
/* facts.tsv against the batches. */
void proof_facts(struct proving *proving);
/* The owners counted again from the events. */
void proof_count(struct proving *proving);

#endif
