/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_CLOSE_H
#define HEADROOM_CLI_CLOSE_H

/* What became of the months that were to be closed, as text and JSON; and the texts that a seal keeps. */

#include "cli/command.h"
#include "headroom/close.h"

struct closed_month {
    struct reconcile_contract contract;
    char month[RECONCILE_MONTH_SIZE];
    struct close_result result;
};
struct closed_months {
    struct closed_month *items;
    size_t count;
};
MUST_CHECK bool close_print(const struct closed_months *months, bool dry_run, bool json, struct error *err);

/* For a close_request. */
char *close_statement_json(struct db *db, const struct reconcile_contract *contract, const char *month,
                           struct arena *arena, struct error *err);
char *close_checklist_json(const struct close_checklist *checklist, const struct close_request *request);

#endif
