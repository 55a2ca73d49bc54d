/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_PLAN_H
#define HEADROOM_PLAN_H

/*
 * plan: what a list of handles and user ids that are going to be used adds to a billing month. Part of the room
 * reconcile; whom a handle counts as, and who is counted already, says headroom.plan in the database.
 */

#include "headroom/reconcile.h"

#define PLAN_MAX 1000000 /* handles and user ids in a list */

struct plan_list;
/* User ids or handles, one a line, or CSV whose header names user_id or handle or both; "-" is standard input. Each
 * line that cannot be read is said in the log, up to a hundred, and then the list is refused: EXIT_COMMAND. */
MUST_CHECK bool plan_read(const char *path, struct plan_list **list, struct error *err);
void plan_free(struct plan_list *list); /* NULL is fine */

struct plan {
    const char *file;
    int64_t lines;        /* with a user id or a handle */
    int64_t handles;      /* different ones: a handle and its user's id are one */
    int64_t counted;      /* of these, counted in the month already */
    int64_t fresh;        /* of these, not: they are new */
    int64_t repeated;     /* lines that name one who stands before */
    const char *passing;  /* the new one that passes the limit, in the list's order; NULL: none */
    int64_t passing_line; /* where it stands */
};
#define PLAN_NO_ROOM (-1)
struct plan_time {
    int64_t at;          /* within the month: whom a handle counts as on that day */
    int64_t known_until; /* what is counted by later events is not counted already */
};
/* room: how many new handles the limit has room for; PLAN_NO_ROOM where it is passed, or there is none. Texts live as
 * long as the list. */
MUST_CHECK bool plan_count(struct db *db, const struct reconcile_contract *contract, const char *month,
                           const struct plan_time *time, int64_t room, const struct plan_list *list, struct plan *plan,
                           struct error *err);

#endif
