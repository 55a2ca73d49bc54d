/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SPOOL_SLOTS_H
#define HEADROOM_GATEWAY_SPOOL_SLOTS_H

/*
 * spool_slots: the file spool.state beside the database: what has to be kept while that can't be written. It has its
 * full size from the start, and is overwritten in place, in two slots by turns, each with a serial number and a digest:
 * so it can be written while the disk is full, and a write that breaks off leaves the other slot.
 */

#include "headroom/base.h"

#define SLOTS_REASON_SIZE 200
#define SLOTS_BOOT_SIZE   40

struct slots_gap {
    uint64_t id;         /* from 1; 0: none yet */
    int64_t from, until; /* of the requests' times */
    uint64_t requests;   /* at least so many; 0: no gap */
    char reason[SLOTS_REASON_SIZE];
};
struct slots_state {
    uint64_t serial;
    bool clean;                           /* the spool was closed in order */
    bool lossy;                           /* what was written last may not outlive a loss of power */
    char boot[SLOTS_BOOT_SIZE];           /* the system's start that it was open in */
    uint64_t reserved;                    /* lossy: no number above was given out */
    uint64_t refused_first, refused_last; /* numbers of commits that failed: never entries; 0: none */
    struct slots_gap gaps[2];             /* the gap of id n is at n % 2 */
};
struct slots;
/* Opens the file or makes it, and gives what it holds; where it was made: nothing, with the serial 0. */
MUST_CHECK bool slots_open(struct slots **slots, const char *folder, struct slots_state *state, struct error *err);
void slots_close(struct slots *slots); /* NULL is fine */
/* Writes the state with the next serial, and waits for the disk. */
MUST_CHECK bool slots_write(struct slots *slots, struct slots_state *state, struct error *err);
void slots_boot(char boot[SLOTS_BOOT_SIZE]); /* the system's present start; "-": unknown */

#endif
