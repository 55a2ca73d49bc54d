/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_ENCODING_H
#define HEADROOM_INGEST_ENCODING_H

/* Text that is not UTF-8 but looks like lines to whoever wrote it: UTF-16 and UTF-32, as some exports make it. */

#include "ingest/record.h"

/* Refuses a file that is UTF-16 or UTF-32, with a BOM or known by the NUL bytes beside its first letters, and says how
 * to convert it; EXIT_COMMAND. Only before the first records_line. */
MUST_CHECK bool encoding_check(struct records *records, struct error *err);

#endif
