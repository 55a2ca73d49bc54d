/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_VOIDED_H
#define HEADROOM_INGEST_VOIDED_H

/* Lines that repeat events of a voided batch are duplicates and count for nobody: whoever takes them in is told. */

#include <pthread.h>

#include "headroom/db.h"

#define VOIDED_TOLD 64
struct voided_told {
    pthread_mutex_t mutex;        /* of the rest: two loaders may write at a time */
    int64_t batches[VOIDED_TOLD]; /* each is named once */
    size_t count;
};
/* Looks among the staged events of the transaction; file is for the message. */
MUST_CHECK bool voided_tell(struct db *db, struct voided_told *told, const char *file, struct error *err);

#endif
