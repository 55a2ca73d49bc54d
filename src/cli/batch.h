/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_BATCH_H
#define HEADROOM_CLI_BATCH_H

/* Prints batches: a list of them, all of one, and what taking some back changed. */

#include "headroom/audit.h"

/* "12", or a range as "7-12"; EXIT_USAGE when it is neither. */
MUST_CHECK bool batch_read_range(const char *text, struct audit_range *range, struct error *err);

struct batch_filter {
    const char *contract; /* NULL: any */
    const char *month;    /* as reconcile_read_month gives it; NULL: any time */
    const char *file;     /* NULL: any */
    bool voided;          /* only what was taken back */
    const char *limit;
};
MUST_CHECK bool batch_print_list(struct db *db, const struct batch_filter *filter, bool json, struct error *err);
/* EXIT_USAGE when there is no such batch. */
MUST_CHECK bool batch_print(struct db *db, const char *batch, bool json, struct error *err);
MUST_CHECK bool batch_print_change(const struct audit_change *change, const struct audit_change_result *result,
                                   bool json, struct error *err);

#endif
