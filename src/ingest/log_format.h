/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_LOG_FORMAT_H
#define HEADROOM_INGEST_LOG_FORMAT_H

/* How the lines of a run are read: what --format, --map and --assume-zone come to, with what was kept under a name. */

#include "headroom/ingest.h"
#include "ingest/mapping.h"
#include "ingest/zone.h"

struct log_format {
    const char *format;      /* of a reader; NULL: by content. Static or borrowed from the options */
    struct mapping *mapping; /* never NULL once open */
    struct zone *zone;       /* NULL: times without a zone are refused */
};

/* A --format that is none of the readers' is one that was kept, or with --map or --assume-zone one to keep; what of the
 * two is not given stays as it was kept. keep: writes it down, and says so. log_format_close it also when this fails.
 * Errors: EXIT_USAGE for an unknown format (names the known ones), a bad mapping, an unknown zone. */
MUST_CHECK bool log_format_open(struct log_format *log, struct db *db, const struct ingest_options *options, bool keep,
                                struct error *err);
void log_format_close(struct log_format *log);

#endif
