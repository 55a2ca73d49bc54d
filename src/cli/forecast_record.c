/* SPDX-License-Identifier: MIT */
/* Keeps what was said of billing months, and says whether it did. */

#include "cli/forecast.h"

#include <string.h>

bool forecast_record(struct db *db, const struct reconcile_contract *contract, const struct outlook *outlook,
                     const char *by, bool *is_new, struct error *err)
{
    const char *month = outlook->history.so_far.month;
    *is_new = false;
    if (!outlook_is_open(outlook) || strcmp(outlook->history.state, "open") != 0) {
        log_note("contract '%s', %s: nothing was kept, since %s", contract->name, month,
                 outlook->is_empty ? "there is no forecast yet" : "the month is over");
        return true;
    }
    if (!outlook_record(db, contract, outlook, by, is_new, err))
        return false;
    if (*is_new)
        log_note("contract '%s', %s: what was said today is kept", contract->name, month);
    else
        log_note("contract '%s', %s: what was said today is kept already; nothing was changed", contract->name, month);
    return true;
}
