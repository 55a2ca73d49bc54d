/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_IDENTITIES_READ_H
#define HEADROOM_INGEST_IDENTITIES_READ_H

/* A file of identities, whole: CSV with a header, JSON lines or one JSON array, plain or gzip. */

#include "ingest/identities_form.h"

struct input;

#define IDENTITIES_FAULTS 20 /* bad lines that are named one by one */
struct identities_faults {
    uint64_t count;
    struct {
        uint64_t line;
        char text[IDENTITY_WHY_SIZE];
    } list[IDENTITIES_FAULTS];
};

/* Reads all of the input, which it takes over: fills list, range and format of the identities, whose file is set. Lines
 * that cannot be taken go to faults, and reading goes on. False: the file as a whole cannot be read (EXIT_COMMAND). */
MUST_CHECK bool identities_read(struct identities *identities, struct input *input, struct identities_faults *faults,
                                struct error *err);
/* Adds one more to the faults. */
void identities_fault(struct identities_faults *faults, uint64_t line, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
