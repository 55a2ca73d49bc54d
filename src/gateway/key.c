/* SPDX-License-Identifier: MIT */
/* Making, revoking and recognising API keys. */

#include "headroom/keys.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "statements.h"

#define PREFIX "hrk_"

_Static_assert(KEY_TEXT_SIZE == sizeof(PREFIX) - 1 + DIGEST_HEX_SIZE, "a key is its prefix and 64 digits");

static bool is_taken(const struct error *err)
{
    return strcmp(err->sqlstate, "23505") == 0; /* unique_violation */
}

bool key_add(struct db *db, const char *name, const char *contract_id, const char *by, char text[KEY_TEXT_SIZE],
             struct error *err)
{
    unsigned char random[DIGEST_SIZE], digest[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];

    if (RAND_bytes(random, sizeof random) != 1)
        return fail(err, EXIT_COMMAND, "no random bytes are to be had: the system's generator failed; try again");
    memcpy(text, PREFIX, sizeof PREFIX);
    digest_hex(random, text + sizeof PREFIX - 1);
    OPENSSL_cleanse(random, sizeof random);
    digest_of(text, KEY_TEXT_SIZE - 1, digest);
    digest_hex(digest, hex);
    if (db_run(db, &sql_key_add, (const char *const[]){name, hex, contract_id, by}, err))
        return true;
    OPENSSL_cleanse(text, KEY_TEXT_SIZE);
    if (is_taken(err))
        return fail(err, EXIT_COMMAND,
                    "a key called '%s' is in force already: choose another name, or revoke that one by 'headroom key "
                    "revoke'",
                    name);
    return false;
}

bool key_revoke(struct db *db, const char *name, const char *by, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(db, &sql_key_revoke, (const char *const[]){name, by}, &rows, err))
        return false;
    size_t count = db_rows_count(rows);
    db_rows_free(rows);
    return count > 0 || fail(err, EXIT_COMMAND,
                             "no key in force is called '%s'; 'headroom key list' shows those that there are", name);
}

/* ---- in memory ---- */

struct key {
    unsigned char digest[DIGEST_SIZE];
    char *contract;
};
struct keyring {
    pthread_mutex_t lock;
    struct key *keys;
    size_t count;
};

struct keyring *keyring_new(void)
{
    struct keyring *ring = mem_alloc(sizeof *ring);

    pthread_mutex_init(&ring->lock, NULL);
    return ring;
}

static void free_keys(struct key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(keys[i].contract);
    free(keys);
}

void keyring_free(struct keyring *ring)
{
    if (ring == NULL)
        return;
    free_keys(ring->keys, ring->count);
    pthread_mutex_destroy(&ring->lock);
    free(ring);
}

static bool take_row(const struct db_rows *rows, size_t row, struct key *key, struct error *err)
{
    const char *contract = db_text(rows, row, "contract");

    key->contract = contract != NULL ? mem_text(contract) : NULL;
    return digest_from_hex(db_text(rows, row, "digest"), key->digest) ||
           fail(err, EXIT_DATABASE, "the table of API keys holds what is no SHA-256");
}

bool keyring_read(struct keyring *ring, struct db *db, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(db, &sql_key_in_force, NULL, &rows, err))
        return false;
    size_t count = db_rows_count(rows);
    struct key *keys = mem_alloc((count + 1) * sizeof *keys);
    bool sound = true;
    for (size_t i = 0; i < count && sound; i++)
        sound = take_row(rows, i, &keys[i], err);
    db_rows_free(rows);
    if (!sound) {
        free_keys(keys, count);
        return false;
    }
    pthread_mutex_lock(&ring->lock);
    struct key *old = ring->keys;
    size_t old_count = ring->count;
    ring->keys = keys;
    ring->count = count;
    pthread_mutex_unlock(&ring->lock);
    free_keys(old, old_count);
    return true;
}

bool keyring_knows(struct keyring *ring, struct str text, char **contract)
{
    unsigned char digest[DIGEST_SIZE];
    const struct key *found = NULL;

    *contract = NULL;
    digest_of(text.data, text.size, digest);
    pthread_mutex_lock(&ring->lock);
    for (size_t i = 0; i < ring->count; i++) {
        if (CRYPTO_memcmp(digest, ring->keys[i].digest, DIGEST_SIZE) == 0)
            found = &ring->keys[i];
    }
    if (found != NULL && found->contract != NULL)
        *contract = mem_text(found->contract);
    pthread_mutex_unlock(&ring->lock);
    return found != NULL;
}
