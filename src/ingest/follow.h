/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_FOLLOW_H
#define HEADROOM_INGEST_FOLLOW_H

/*
 * Follow mode: files and patterns are read as they grow, until the run is told to stop. A file begins at its
 * checkpoint, and is committed when it was quiet for a second, or after five; its lines wait in the file until then,
 * so that nothing is lost when the database can't be reached. A last line without an end waits for it until the file
 * is let go.
 */

#include "ingest/loader.h"
#include "ingest/run.h"

/* run and *loader are replaced when the connection has to be made anew. target: of the database. False: it could not
 * go on (EXIT_DATABASE: the database refused what would not pass by waiting, or was away at the end). */
MUST_CHECK bool follow_run(struct run *run, struct loader **loader, const struct db_target *target,
                           struct ingest_result *result, struct error *err);

#endif
