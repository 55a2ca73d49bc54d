/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_READER_HAR_H
#define HEADROOM_INGEST_READER_HAR_H

/* reader_har: HTTP Archive 1.2 as browsers, mitmproxy and Charles save it. Entries to the Engagement API are records;
 * a record's raw is a summary of its entry, since headers and bodies are no business of anybody's quarantine. */

#include "ingest/reader_format.h"

extern const struct reader_format reader_har;

#endif
