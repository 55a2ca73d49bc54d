/* SPDX-License-Identifier: MIT */
/* SHA-256 and its HMAC by libcrypto, which uses the processor's own instructions where there are any. */

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "headroom/base.h"
#include "headroom/encode.h"

struct digest {
    EVP_MD_CTX *context;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t scratch_key;
static EVP_MD *sha256;
static EVP_MAC *hmac_method;
static _Thread_local EVP_MD_CTX *scratch; /* one a thread: making a context costs more than hashing an event */

/* libcrypto refuses SHA-256 only when it is out of memory or broken; a count that cannot be proved is no count. */
static void must(bool worked)
{
    if (worked)
        return;
    log_error("libcrypto cannot compute SHA-256; reinstall OpenSSL's libraries");
    _Exit(EXIT_COMMAND);
}

static void free_scratch(void *context)
{
    EVP_MD_CTX_free(context);
}

/* Looked up once: EVP_sha256() would be looked up anew for each digest. */
static void set_up(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    hmac_method = EVP_MAC_fetch(NULL, "HMAC", NULL);
    must(sha256 != NULL && hmac_method != NULL);
    must(pthread_key_create(&scratch_key, free_scratch) == 0);
}

static EVP_MD_CTX *context_new(void)
{
    pthread_once(&once, set_up);

    EVP_MD_CTX *context = EVP_MD_CTX_new();
    must(context != NULL);
    must(EVP_DigestInit_ex2(context, sha256, NULL) == 1);
    return context;
}

/* The key is there for its destructor alone; reading the thread-local variable is cheaper. */
static EVP_MD_CTX *scratch_get(void)
{
    if (scratch == NULL) {
        scratch = context_new();
        must(pthread_setspecific(scratch_key, scratch) == 0);
    }
    return scratch;
}

struct digest *digest_new(void)
{
    struct digest *digest = mem_alloc(sizeof(*digest));

    digest->context = context_new();
    return digest;
}

void digest_free(struct digest *digest)
{
    if (digest == NULL)
        return;
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

void digest_reset(struct digest *digest)
{
    must(EVP_DigestInit_ex2(digest->context, sha256, NULL) == 1);
}

void digest_copy(struct digest *digest, const struct digest *from)
{
    must(EVP_MD_CTX_copy_ex(digest->context, from->context) == 1);
}

void digest_add(struct digest *digest, const void *bytes, size_t size)
{
    must(EVP_DigestUpdate(digest->context, bytes, size) == 1);
}

void digest_peek(const struct digest *digest, unsigned char out[DIGEST_SIZE])
{
    EVP_MD_CTX *copy = scratch_get();

    must(EVP_MD_CTX_copy_ex(copy, digest->context) == 1);
    must(EVP_DigestFinal_ex(copy, out, NULL) == 1);
}

void digest_of(const void *bytes, size_t size, unsigned char out[DIGEST_SIZE])
{
    EVP_MD_CTX *context = scratch_get();

    must(EVP_DigestInit_ex2(context, sha256, NULL) == 1);
    must(EVP_DigestUpdate(context, bytes, size) == 1);
    must(EVP_DigestFinal_ex(context, out, NULL) == 1);
}

struct hmac {
    EVP_MAC_CTX *context;
};

struct hmac *hmac_new(const void *key, size_t size)
{
    char name[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                     OSSL_PARAM_construct_end()};
    struct hmac *hmac = mem_alloc(sizeof(*hmac));

    pthread_once(&once, set_up);
    hmac->context = EVP_MAC_CTX_new(hmac_method);
    must(hmac->context != NULL && EVP_MAC_init(hmac->context, key, size, parameters) == 1);
    return hmac;
}

void hmac_add(struct hmac *hmac, const void *bytes, size_t size)
{
    must(EVP_MAC_update(hmac->context, bytes, size) == 1);
}

void hmac_end(struct hmac *hmac, unsigned char out[DIGEST_SIZE])
{
    size_t size = 0;

    must(EVP_MAC_final(hmac->context, out, &size, DIGEST_SIZE) == 1 && size == DIGEST_SIZE);
    EVP_MAC_CTX_free(hmac->context);
    free(hmac);
}

void bytes_to_hex(const void *bytes, size_t size, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *in = bytes;

    for (size_t i = 0; i < size; i++) {
        out[2 * i] = digits[in[i] >> 4];
        out[2 * i + 1] = digits[in[i] & 0x0F];
    }
    out[2 * size] = '\0';
}

bool digest_file(int fd, unsigned char out[DIGEST_SIZE], uint64_t *size)
{
    struct digest *digest = digest_new();
    char bytes[65536];
    ssize_t got;

    *size = 0;
    while ((got = read(fd, bytes, sizeof(bytes))) > 0) {
        digest_add(digest, bytes, (size_t)got);
        *size += (uint64_t)got;
    }
    digest_peek(digest, out);
    digest_free(digest);
    return got == 0;
}

void digest_hex(const unsigned char digest[DIGEST_SIZE], char out[DIGEST_HEX_SIZE])
{
    bytes_to_hex(digest, DIGEST_SIZE, out);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool bytes_from_hex(struct str hex, void *out)
{
    unsigned char *bytes = out;

    if (hex.size % 2 != 0)
        return false;
    for (size_t i = 0; i < hex.size / 2; i++) {
        int high = digit_of(hex.data[2 * i]);
        int low = digit_of(hex.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

bool digest_from_hex(const char *hex, unsigned char out[DIGEST_SIZE])
{
    return strlen(hex) == DIGEST_HEX_SIZE - 1 && bytes_from_hex(str_of(hex), out);
}
