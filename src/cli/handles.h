/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_HANDLES_H
#define HEADROOM_CLI_HANDLES_H

/*
 * The list of handles on standard output, in bounded memory. As text it is printed while it comes; as JSON it waits in
 * a temporary file until it is whole, so that standard output never holds half a document.
 */

#include "cli/selection.h"
#include "cli/value.h"

struct handles_filter {
    struct value_time since;
    bool only_new;
    const char *by; /* "label", "app", or NULL: the handles themselves */
};

struct handles_list;
MUST_CHECK bool handles_start(struct handles_list **list, const struct handles_filter *filter, bool several_contracts,
                              bool json, struct error *err);
MUST_CHECK bool handles_fetch(struct handles_list *list, struct db *db, const struct selected *item,
                              const struct handles_filter *filter, struct error *err);
MUST_CHECK bool handles_finish(struct handles_list *list, struct error *err);
void handles_free(struct handles_list *list);

#endif
