/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_RECONCILE_INVOICE_FILE_H
#define HEADROOM_RECONCILE_INVOICE_FILE_H

/* Files that the vendor sent: read whole, since they are small and taken whole or not at all. */

#include "headroom/base.h"

struct invoice_file {
    struct buffer content; /* without a byte-order mark */
    char *name;            /* as it is kept and shown */
    char sha256[DIGEST_HEX_SIZE];
};
/* path "-": standard input. A larger file than max bytes is EXIT_COMMAND. */
MUST_CHECK bool invoice_file_read(struct invoice_file *file, const char *path, size_t max, struct error *err);
/* Only its name and digest, whatever its size; content stays empty. */
MUST_CHECK bool invoice_file_digest(struct invoice_file *file, const char *path, struct error *err);
void invoice_file_free(struct invoice_file *file); /* also after a failure, and of zeros */

/* Lines that cannot be taken: the first hundred are said, the others counted. */
struct invoice_faults {
    const char *file;
    uint64_t count;
};
void invoice_fault(struct invoice_faults *faults, uint64_t line, const char *format, ...) PRINTF_LIKE(3, 4);
/* False, with all that was found, when there was any. */
MUST_CHECK bool invoice_faults_end(const struct invoice_faults *faults, struct error *err);

#endif
