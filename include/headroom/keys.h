/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_KEYS_H
#define HEADROOM_KEYS_H

/*
 * keys: API keys, by which the event endpoint knows who sends. A key is "hrk_" and 256 random bits in hex digits; it is
 * told once, when it is made, and kept as its SHA-256 alone.
 */

#include "headroom/db.h"

#define KEY_TEXT_SIZE (4 + DIGEST_HEX_SIZE)

/* Makes a key and keeps its digest. contract_id: decimal, of the only contract that it is for; NULL: of any. text: the
 * key, whoever reads it may send events: wipe it. EXIT_COMMAND where a key in force has the name. */
MUST_CHECK bool key_add(struct db *db, const char *name, const char *contract_id, const char *by,
                        char text[KEY_TEXT_SIZE], struct error *err);
/* EXIT_COMMAND where no key in force has the name. */
MUST_CHECK bool key_revoke(struct db *db, const char *name, const char *by, struct error *err);

/* ---- the keys in force, in memory; any thread may ask ---- */
struct keyring;
struct keyring *keyring_new(void); /* without a key */
void keyring_free(struct keyring *ring);
/* Takes the keys that are in force now instead of those it has. */
MUST_CHECK bool keyring_read(struct keyring *ring, struct db *db, struct error *err);
/* Whether the text is a key in force. Compares with each, in a time that says nothing of any. *contract: the only
 * contract that it is for, NULL: any; the caller frees it. */
bool keyring_knows(struct keyring *ring, struct str text, char **contract);

#endif
