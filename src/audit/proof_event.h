/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_AUDIT_PROOF_EVENT_H
#define HEADROOM_AUDIT_PROOF_EVENT_H

/* The lines of events.jsonl.gz. */

#include "audit/proof.h"

struct proof_event {
    int64_t batch_id, ordinal;
    const char *digest;
    bool own; /* else it has only these three */
    int64_t time_us;
    const char *owner, *not_counted; /* not_counted: NULL where it counts */
    const char *source, *id, *subject, *via, *class;
    int64_t contract_id, position;
    const json_t *line;
};

/* Hands out each line; one that is none is a finding, and the end. */
typedef void proof_event_fn(const struct proof_event *event, void *context);
void proof_each_event(struct proving *proving, proof_event_fn *take, void *context);

#endif
