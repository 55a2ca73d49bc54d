/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_AUDIT_VERIFY_FORM_H
#define HEADROOM_AUDIT_VERIFY_FORM_H

/* A line of audit_events as an event's canonical form and its digest. */

#include "headroom/db.h"

struct form {
    char *text; /* the last form */
    size_t size, room;
};
struct form_event {
    int64_t batch_id;
    int64_t ordinal;
    unsigned char digest[DIGEST_SIZE];
};
void form_init(struct form *form);
void form_free(struct form *form);
/* False: the line is none. */
MUST_CHECK bool form_read(struct form *form, struct str line, struct form_event *event);

/* The digest that a batch's events have in the order of their lines, which their ordinals should follow. rows: how many
 * events it has. The span that audit_events reads is the batch afterwards. */
MUST_CHECK bool form_digest_by_position(struct db *db, int64_t batch_id, uint64_t rows, unsigned char out[DIGEST_SIZE],
                                        struct error *err);

#endif
