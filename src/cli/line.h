/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_LINE_H
#define HEADROOM_CLI_LINE_H

/* A line in quarantine as JSON, and its bytes as a terminal may show them. */

#include <jansson.h>

#include "headroom/audit.h"

/* {quarantine, batch, file, line, reason, field, message, raw, raw_encoding, raw_size, loaded_at, settled_by}; raw is
 * text where it is UTF-8, else base64, and raw_encoding says which. */
json_t *line_json(const struct audit_line *line);
/* Its bytes in at most so many columns, without what a terminal would act on. Owned by the caller. */
char *line_to_show(struct str raw, size_t columns);

#endif
