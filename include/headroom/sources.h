/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_SOURCES_H
#define HEADROOM_SOURCES_H

/* sources: whether they delivered all of a month; the rule stands in sql/routines/72_sources.sql. */

#include "headroom/db.h"

#define AUDIT_NO_TIME INT64_MIN
#define AUDIT_UNKNOWN INT64_C(-1)
struct audit_gap {
    int64_t from, until; /* microseconds, half-open */
};
struct audit_lost { /* requests that went through a gateway and are not in the ledger */
    int64_t from, until;
    int64_t requests;
    const char *words; /* what happened, without the times */
};
struct audit_source {
    const char *name;
    int64_t first_event, last_event; /* of all time; AUDIT_NO_TIME: it was read, and had none */
    int64_t delivered_until;         /* exclusive */
    int64_t events;                  /* of all time */
    int64_t month_requests;
    int64_t no_terms;                       /* events that no terms cover: in no month */
    bool active;                            /* it counts for the month */
    int64_t usual_hours;                    /* its usual spacing; AUDIT_UNKNOWN: less than three weeks are known */
    int64_t allowed_hours;                  /* a longer silence is a gap */
    int64_t silent_since;                   /* AUDIT_NO_TIME: it is not silent */
    int64_t listened_since, listened_until; /* by an event endpoint, without a break; AUDIT_NO_TIME: by none */
    struct audit_gap *gaps;                 /* within the month */
    size_t gap_count;
    struct audit_lost *lost; /* within the month; of a gateway */
    size_t lost_count;
    const char *low_days; /* whose count may be too low: "2026-03-04,2026-03-05"; NULL: none */
};
struct audit_sources {          /* texts are in the arena given */
    struct audit_source *items; /* by name */
    size_t count;
    const char *grade;                     /* complete, gaps, began or unknown */
    const char *words;                     /* the same for a person */
    const char *low_days, *low_days_words; /* of all sources; NULL: none */
    const char *silent;                    /* which sources are silent, for a person; NULL: none */
    int64_t data_until;
};
/* The sources of a contract in a month (its first day). stale_hours: of allowed silence now; NULL: the rule's. */
MUST_CHECK bool audit_sources(struct db *db, int64_t contract_id, const char *month, const char *stale_hours,
                              struct arena *arena, struct audit_sources *found, struct error *err);

#endif
