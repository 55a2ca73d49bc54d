/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_RECONCILE_SUBJECT_LIST_H
#define HEADROOM_RECONCILE_SUBJECT_LIST_H

/*
 * Lists of user ids and handles that somebody wrote: one a line, or CSV whose header names user_id or handle or both;
 * of a line with both the user id is meant. Without a header a text of digits only is a user id: a handle of digits is
 * written with '@'. Blank lines mean nothing.
 */

#include "headroom/model.h"
#include "reconcile/invoice_file.h"

struct subject_entry {
    char subject[HANDLE_MAX + 2]; /* digits, or '@' and the handle */
    uint64_t line;
};
struct subject_list {
    struct subject_entry *entries; /* in the order of the lines */
    size_t count;
};
/* What cannot be read are faults. Ends when there are more than max entries: then count is max + 1. */
void subject_list_read(struct subject_list *list, struct str content, size_t max, struct invoice_faults *faults);
void subject_list_free(struct subject_list *list); /* also of zeros */

#endif
