/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_INGEST_H
#define HEADROOM_CLI_INGEST_H

/* What ingest says on standard output: the summary, or how files would be understood. */

#include "cli/command.h"
#include "headroom/ingest.h"

/* A row for each reason, its name behind the indent. */
void ingest_add_reasons(struct table *table, const char *indent, const struct ingest_reasons *reasons);
MUST_CHECK bool ingest_print_result(const struct ingest_result *result, bool json, struct error *err);
/* Previews every file; answers for errors itself. */
enum exit_code ingest_dry_run(const struct db_target *target, const struct ingest_options *options, bool json);

#endif
