/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_AUDIT_PROOF_OWNER_H
#define HEADROOM_AUDIT_PROOF_OWNER_H

/* Whose a handle is on a day, by facts.tsv and days.tsv; made again without the database, from the rule alone. */

#include "audit/proof.h"

/* Work that is done in several passes, so that memory holds one part of all names at a time. */
struct proof_part {
    unsigned number, of;
};
bool proof_is_in_part(const struct proof_part *part, const char *name);

struct proof_fact {
    int64_t user_id;
    int64_t first_us;
};
struct proof_claim {
    int64_t user_id;
    char from[11], until[11]; /* dates; "": none */
};
struct proof_handle {
    UT_hash_handle hh;
    struct proof_fact *facts;
    struct proof_claim *claims; /* the later ones win */
    size_t fact_count, claim_count;
    char subject[];
};

struct proof_day {
    char date[11];
    int64_t start_us, end_us;
};
struct proof_handles {
    struct proof_handle *known;
    struct proof_day days[80];
    size_t day_count;
};
/* Reads the days, and the handles of a part. False, with a finding, where a file can't be read so. */
bool proof_handles_read(struct proof_handles *handles, struct proving *proving, const struct proof_part *part);
void proof_handles_free(struct proof_handles *handles);
/* The user of a handle at a time; 0: none is known. False: the time is on none of the days. */
bool proof_handle_user(const struct proof_handles *handles, const char *subject, int64_t time_us, int64_t *user_id);

#endif
