/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_REPORT_JSON_H
#define HEADROOM_CLI_REPORT_JSON_H

/* A report that is on record, as JSON. */

#include "cli/rows.h"

/* A row of report_log or report_find. */
json_t *report_as_json(const struct db_rows *rows, size_t row);

#endif
