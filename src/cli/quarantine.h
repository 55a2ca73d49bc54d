/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_QUARANTINE_H
#define HEADROOM_CLI_QUARANTINE_H

/* Prints the lines in quarantine and writes them to files. */

#include <stdio.h>

#include "headroom/audit.h"
#include "headroom/ingest.h"

/* By reason, each with some of its lines. */
MUST_CHECK bool quarantine_print_reasons(struct db *db, const struct audit_quarantine_filter *filter, bool json,
                                         struct error *err);
/* Each line by itself. */
MUST_CHECK bool quarantine_print_lines(struct db *db, const struct audit_quarantine_filter *filter, bool json,
                                       struct error *err);

enum quarantine_format {
    QUARANTINE_JSON, /* an object a line */
    QUARANTINE_CSV,
};
/* Writes each line to out; *count is how many. name is for messages. */
MUST_CHECK bool quarantine_export(struct db *db, const struct audit_quarantine_filter *filter,
                                  enum quarantine_format format, FILE *out, const char *name, uint64_t *count,
                                  struct error *err);

/* What a retry came to. */
MUST_CHECK bool quarantine_print_retry(const struct ingest_retry_result *result, bool dry_run, bool json,
                                       struct error *err);

#endif
