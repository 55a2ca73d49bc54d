/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_AUDIT_EVIDENCE_EVENTS_H
#define HEADROOM_AUDIT_EVIDENCE_EVENTS_H

/* events.jsonl.gz: a line for each event of the batches that touch a month, in the order of batch and ordinal. */

#include "headroom/db.h"

/* A value of the canonical form behind the time, in its order; see event_seal. */
struct evidence_column {
    const char *key;
    bool is_number;
};
#define EVIDENCE_COLUMNS 20
extern const struct evidence_column evidence_columns[EVIDENCE_COLUMNS];

/* What a letter behind the backslash stands for in the form, and back; 0: none. */
char evidence_unescape(char letter);
char evidence_escape(char byte);

/* A record of a log has a megabyte at most, and each of its bytes at most six in JSON. */
#define EVIDENCE_LINE_MAX ((size_t)16 << 20)

struct evidence_events {
    uint64_t own, others;
};
/* Writes the lines to out, which is no file of one's own. */
MUST_CHECK bool evidence_write_events(struct db *db, const char *contract_id, const char *month, FILE *out,
                                      struct evidence_events *written, struct error *err);

#endif
