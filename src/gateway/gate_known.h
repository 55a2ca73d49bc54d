/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_GATE_KNOWN_H
#define HEADROOM_GATEWAY_GATE_KNOWN_H

/*
 * gate_known: what the gate knows in memory: each contract's open month, who is counted in it already, and whom it
 * refused a moment ago. Pure; one thread at a time. About 100 bytes a counted handle.
 */

#include "headroom/base.h"

#define GATE_REFUSED_US 1000000 /* a refusal holds so long without another question */

struct gate_set; /* of subjects */
struct gate_set *gate_set_new(void);
void gate_set_free(struct gate_set *set); /* NULL is fine */
void gate_set_add(struct gate_set *set, const char *subject);
bool gate_set_has(const struct gate_set *set, const char *subject);
size_t gate_set_count(const struct gate_set *set);

struct gate_known;
struct gate_known *gate_known_new(void);
void gate_known_free(struct gate_known *known); /* NULL is fine */

struct gate_month {
    const char *contract;
    const char *version;        /* of whom it counts: with another one they are unknown again; NULL: no terms now */
    int64_t starts_us, ends_us; /* half-open */
    bool closes;                /* at some number of handles */
};
/* Tells all contracts, in place of those that were told before. */
void gate_known_tell(struct gate_known *known, const struct gate_month *months, size_t count);
/* Whether who counts in the month has to be told: of this version nobody has. */
bool gate_known_wants(const struct gate_known *known, const struct gate_month *month);
/* Tells it; takes the set. It is dropped where the contract's version is another one by now. */
void gate_known_count(struct gate_known *known, const struct gate_month *month, struct gate_set *set);

/* The contract that is meant by a name, NULL: by none, which is the only one there is. NULL: no contract. */
const char *gate_known_contract(const struct gate_known *known, const char *name);

enum gate_found {
    GATE_ASK,     /* it has to be asked for */
    GATE_FREE,    /* the month does not close */
    GATE_COUNTED, /* is counted in the month of the time */
    GATE_REFUSED, /* was refused within GATE_REFUSED_US */
};
/* name: as gate_known_contract gave it; now_us: of timestamp_monotonic. */
enum gate_found gate_known_find(struct gate_known *known, const char *name, const char *subject, int64_t time_us,
                                int64_t now_us);
/* Learns from an answer. A handle is asked for each time: whose it is may change by the day. */
void gate_known_counted(struct gate_known *known, const char *name, const char *subject, int64_t time_us);
void gate_known_refused(struct gate_known *known, const char *contract, const char *subject, int64_t now_us);

/* The start of the contract's open month, where the time lies in it; else, or where none is known, that of the day. */
int64_t gate_known_span(const struct gate_known *known, const char *name, int64_t time_us);

#endif
