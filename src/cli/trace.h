/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_TRACE_H
#define HEADROOM_CLI_TRACE_H

/* What trace prints, as text or as JSON: owners with their evidence, events with batch and line, a line of a file. */

#include <jansson.h>

#include "cli/selection.h"
#include "headroom/audit.h"
#include "headroom/ingest.h"

/* What was found of an event in the file that the user named. */
struct trace_line {
    const char *path;
    struct ingest_line line;
    char digest[DIGEST_HEX_SIZE]; /* of the event in the ledger */
};
/* Whether the content is what was taken in, as far as its digest was kept, and the line means the event. */
bool trace_line_holds(const struct trace_line *line, const struct db_rows *events, size_t row);

void trace_print_owner(const struct trace_owner *owner, const struct reconcile_status *status);
/* digest: of the event, as the ledger has it. */
void trace_print_event(const struct db_rows *events, size_t row, const char *digest);
void trace_print_line(const struct trace_line *line, const struct db_rows *events, size_t row);

/* line may be NULL. */
json_t *trace_event_json(const struct db_rows *events, size_t row, const char *digest, const struct trace_line *line);
json_t *trace_owner_json(const struct trace_owner *owner, const struct reconcile_status *status, json_t *first_event);

#endif
