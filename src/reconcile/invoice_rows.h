/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_RECONCILE_INVOICE_ROWS_H
#define HEADROOM_RECONCILE_INVOICE_ROWS_H

/* What the parts of invoices share. */

#include "headroom/invoices.h"
#include "reconcile/fetch.h"
#include "reconcile/invoice_file.h"

/* A contract and its month, as parameters. */
struct invoice_month {
    char contract[FETCH_ID_SIZE];
    char month[RECONCILE_MONTH_SIZE];
};
/* name: NULL for the only contract there is; given: NULL for the last month that is over. */
MUST_CHECK bool invoice_find_month(struct db *db, const char *name, const char *given, struct invoice_month *found,
                                   struct error *err);

/* One document, whose file (a name of NULL: none) was read already. */
MUST_CHECK bool invoice_insert(struct db *db, const struct invoice_given *given, const struct invoice_file *document,
                               const char *by, struct error *err);

#endif
