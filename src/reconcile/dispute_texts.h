/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_RECONCILE_DISPUTE_TEXTS_H
#define HEADROOM_RECONCILE_DISPUTE_TEXTS_H

/* What a folder of evidence says to its reader. */

#define DISPUTE_FORMAT "headroom-dispute-1"

extern const char dispute_provisional[]; /* of a month that is not closed */
extern const char dispute_method[];      /* method.md */
extern const char dispute_steps[];       /* README.txt */

#endif
