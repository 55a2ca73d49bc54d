/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_TOKEN_KEY_H
#define HEADROOM_GATEWAY_TOKEN_KEY_H

/*
 * token_key: the key of the digests that stand for tokens which name nobody. `init` makes it in the database, where all
 * gateways find the same; a copy beside the spool lets a gateway start when PostgreSQL is away. Wipe it after use.
 */

#include "gateway/recorder.h"
#include "headroom/db.h"

#define TOKEN_KEY_FILE "token-key" /* in the spool's folder, 0600: 64 hex digits */

/* folder: the spool's, which is there. The key is the database's, or, when that can't be asked (away, older or newer
 * than the program), the copy's; the copy is made where there is none. Neither is to be had: as db_open failed.
 * EXIT_COMMAND: they differ, or the copy can't be read or written or may be read by others. */
MUST_CHECK bool token_key_load(const struct db_target *target, const char *folder, unsigned char key[RECORDER_KEY_SIZE],
                               struct error *err);
/* The database's, over a connection that may write. */
MUST_CHECK bool token_key_read(struct db *db, unsigned char key[RECORDER_KEY_SIZE], struct error *err);
/* Fails: the copy is not the database's key, and what to do. */
bool token_key_differs(const struct db_target *target, const char *folder, struct error *err);

#endif
