/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_IDENTITIES_H
#define HEADROOM_IDENTITIES_H

/*
 * identities: what the room ingest takes in of who owned which handle, from the customer's files and from the vendor.
 * It counts nothing: whose a handle is on which day is decided in the database (handle_days).
 */

#include "headroom/base.h"
#include "headroom/db.h"
#include "headroom/model.h"

/* ---- what the customer knows ---- */
struct identities_options {
    const char *file; /* "-" is standard input */
    const char *by;   /* who */
    bool dry_run;     /* say what would change, and write nothing */
};
/* What an import changes in a billing month of a contract. */
struct identities_change {
    char *contract;
    char month[8];
    int64_t handles; /* that were used in the month and have another owner on any day of their use */
    int64_t unique_before, unique_after;
};
struct identities_result {
    char *file;     /* as it is kept */
    uint64_t read;  /* lines: facts + claims + repeated */
    uint64_t facts; /* pairs of handle and user without dates */
    uint64_t claims;
    uint64_t repeated;                  /* lines that say what another one of the file says */
    uint64_t known_facts, known_claims; /* of these, what was in force before */
    int64_t batch_id;                   /* 0: nothing was written */
    int64_t same_batch;                 /* an import in force that says the same; 0: none */
    char chain_head[DIGEST_HEX_SIZE];   /* when something was written */
    struct identities_change *changes;  /* of a dry run */
    size_t change_count;
};
/* Imports a file, whole or not at all: when lines cannot be taken, or give one handle to two users on a day, it names
 * them by log_error and fails with EXIT_COMMAND. A file that says what an import in force says already adds nothing,
 * unless a later import has another word on it. ingest_identities_free the result in every case. */
MUST_CHECK bool ingest_identities(const struct db_target *target, const struct identities_options *options,
                                  struct identities_result *result, struct error *err);
void ingest_identities_free(struct identities_result *result);
/* Ends what an import or a look-up taught, on record. Errors: EXIT_USAGE for a number that is no such batch,
 * EXIT_COMMAND when it is withdrawn already (says by whom and when). */
MUST_CHECK bool ingest_withdraw_identities(const struct db_target *target, const char *batch_id, const char *reason,
                                           const char *by, char chain_head[DIGEST_HEX_SIZE], struct error *err);

/* ---- resolve: users known by half, looked up at the vendor ---- */
struct resolve_chosen {
    int64_t contract_id;
    const char *month; /* "2026-10-01"; NULL: all months */
};
struct resolve_options {
    const struct resolve_chosen *chosen; /* whose handles and user ids; NULL: of all contracts and months */
    size_t chosen_count;
    const char *base_url, *bearer; /* as struct lookup_options has them; a dry run needs no token */
    int wait_max;
    uint64_t limit; /* ask for no more than so many; 0: all */
    const char *by;
    bool dry_run; /* say how many would be asked for; send and write nothing */
};
#define RESOLVE_MISSES 10000 /* of those not found, so many are named */
struct resolve_result {
    uint64_t handles, user_ids; /* known by half when it began: handles without a user, user ids without a handle */
    uint64_t requests, asked, found; /* requests: of a dry run, those that would be sent */
    struct resolve_miss {
        char subject[SUBJECT_MAX + 1]; /* the user id, or '@' and the handle */
        char *why;
    } * misses;
    size_t miss_count;
    uint64_t batches;                 /* one for each request that found somebody */
    char chain_head[DIGEST_HEX_SIZE]; /* after the last of these */
    bool interrupted;                 /* by SIGINT or SIGTERM */
};
/* Asks for the user of each handle in use that has none, and for the handle of each user id that has none. What an
 * answer taught is a batch of kind 'identities' of its own, so that a break keeps what came before it. False: given up,
 * as lookup_ids says or EXIT_DATABASE; the result holds what came before. ingest_resolve_free it in every case. */
MUST_CHECK bool ingest_resolve(const struct db_target *target, const struct resolve_options *options,
                               struct resolve_result *result, struct error *err);
void ingest_resolve_free(struct resolve_result *result);

#endif
