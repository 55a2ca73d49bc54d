/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_AUDIT_EVIDENCE_TEXTS_H
#define HEADROOM_AUDIT_EVIDENCE_TEXTS_H

/* What a folder of evidence says to its reader. */

#define EVIDENCE_FORMAT "headroom-evidence-1"

extern const char evidence_provisional[]; /* of a month that is not closed */
extern const char evidence_method[];      /* METHOD.txt */

#endif
