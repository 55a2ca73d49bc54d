/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_IDENTITIES_H
#define HEADROOM_INGEST_IDENTITIES_H

/*
 * identities: what somebody says of who owned which handle, written as one batch of kind 'identities': facts, claims,
 * the batch with its digest and its link of the chain in one transaction. Where it is from, a file or a look-up, is the
 * caller's matter.
 */

#include "headroom/db.h"
#include "headroom/model.h"

#define IDENTITIES_MAX  2000000 /* of one import, which is held in memory as a whole */
#define IDENTITY_NO_DAY INT32_MIN

/* That a handle is a user's. With a day it is a claim for these days, without any it is a fact. */
struct identity {
    char subject[HANDLE_MAX + 2]; /* '@' and the normalised handle */
    int64_t user_id;
    uint64_t line;       /* on which it stands, or its number from 1: no two have the same */
    int64_t together_us; /* of a fact: when both were seen together; 0: before all others */
    int32_t from, until; /* days since 1970-01-01; until: the first day no longer meant; IDENTITY_NO_DAY: open */
};
bool identity_is_claim(const struct identity *identity);

struct identities {
    const char *file;   /* as it is kept: a name, or the address that was asked; borrowed, as the two below */
    const char *format; /* "csv", "json", "json-array", "api" … */
    const char *by;
    uint64_t first_line, last_line; /* of the records read */
    uint64_t first_byte, end_byte;  /* of the decompressed content */
    struct identity *list;          /* in the order of their lines, until they are arranged */
    size_t count, capacity;
    size_t fact_count; /* once arranged: the facts come first */
    size_t repeated;   /* once arranged: how many said nothing that another one had not said */
    unsigned char digest[DIGEST_SIZE];
};
void identities_free(struct identities *identities); /* the list; not the struct itself */
/* The next identity, zeroed and without days; NULL when there are IDENTITIES_MAX. */
struct identity *identities_next(struct identities *identities);

/* Sorts the facts by handle, user id and time and keeps the first of each pair; puts the claims behind them in the
 * order of their lines, without repeated ones; makes the digest, which is SHA-256 over the lines
 *   `@handle \t user id \t microseconds \n` of the facts, then
 *   `@handle \t user id \t from \t until \n` (dates, or nothing) of the claims. */
void identities_arrange(struct identities *identities);

/* Of claims that give one handle to different users on the same day, each with an earlier one (by line). May be called
 * before and after identities_arrange. */
typedef void identities_overlap_fn(const struct identity *earlier, const struct identity *later, void *context);
void identities_overlaps(const struct identities *identities, identities_overlap_fn *found, void *context);

struct identities_written {
    int64_t batch_id;
    int64_t known_facts;  /* pairs that were known before, from whatever evidence */
    int64_t known_claims; /* claims that were in force before, with the same days */
    char chain_head[DIGEST_HEX_SIZE];
};
/* Writes them, arranged, in a transaction of its own. Nothing is written on failure. */
MUST_CHECK bool identities_write(struct db *db, const struct identities *identities, struct identities_written *written,
                                 struct error *err);

/* Steps of identities_write, for who tries an import out: all within one transaction of the caller. The staging table
 * is there until its end. */
MUST_CHECK bool identities_stage(struct db *db, const struct identities *identities, struct error *err);
MUST_CHECK bool identities_count_known(struct db *db, struct identities_written *written, struct error *err);
/* Adds what is staged, as facts and claims of the batch. */
MUST_CHECK bool identities_add(struct db *db, int64_t batch_id, struct error *err);

#endif
