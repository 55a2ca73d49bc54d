/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_LOG_H
#define HEADROOM_REPORT_LOG_H

/* Which reports were written, and what a file of one is. */

#include "headroom/report.h"

/* Puts a report that was written on record. folder: of --reports, or NULL; by: who. Takes the right to write. */
MUST_CHECK bool report_record(struct db *db, const struct report *report, const struct report_request *request,
                              const struct report_written *written, const char *folder, const char *by,
                              struct error *err);

/* A file's SHA-256 and, where that is packed by gzip, that of its content; each as hex. */
struct report_digests {
    char file[DIGEST_HEX_SIZE];
    char unpacked[DIGEST_HEX_SIZE]; /* "" where it is not packed, or broken */
};
MUST_CHECK bool report_digest_file(const char *file, struct report_digests *digests, struct error *err);

#endif
