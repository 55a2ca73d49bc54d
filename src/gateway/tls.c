/* SPDX-License-Identifier: MIT */
/* A server's certificate and key, from their files. */

#include "gateway/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FILE_MAX ((size_t)1024 * 1024)

static bool read_file(const char *what, const char *path, char **text, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t size = 0;
    ssize_t got = 1;
    char *read_text = NULL;

    if (fd < 0)
        return fail(err, EXIT_COMMAND, "%s %s can't be read: %s", what, path, strerror(errno));
    read_text = mem_alloc(FILE_MAX + 1);
    while (got > 0 && size < FILE_MAX) {
        got = read(fd, read_text + size, FILE_MAX - size);
        size += got > 0 ? (size_t)got : 0;
    }
    int why = errno;
    close(fd);
    if (got == 0) {
        *text = read_text;
        return true;
    }
    explicit_bzero(read_text, size);
    free(read_text);
    if (got < 0)
        return fail(err, EXIT_COMMAND, "%s %s can't be read: %s", what, path, strerror(why));
    return fail(err, EXIT_COMMAND, "%s %s is larger than %zu KiB: is it a PEM file?", what, path, FILE_MAX / 1024);
}

/* An empty pass phrase, so that none is asked for: a server starts without a person (PEM_read_bio_PrivateKey(3)). */
static char no_phrase[] = "";

static bool end_of(X509 *certificate, int64_t *until_us)
{
    struct tm tm = {0};

    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &tm) != 1)
        return false;
    *until_us = (int64_t)timegm(&tm) * 1000000;
    return true;
}

static bool check_pair(const char *certificate_file, const char *key_file, struct tls_pair *pair, struct error *err)
{
    BIO *certificate_text = BIO_new_mem_buf(pair->certificate, -1), *key_text = BIO_new_mem_buf(pair->key, -1);
    X509 *certificate = PEM_read_bio_X509(certificate_text, NULL, NULL, no_phrase);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(key_text, NULL, NULL, no_phrase);
    bool good = false;

    if (certificate == NULL)
        fail(err, EXIT_COMMAND, "--tls-cert %s holds no certificate in PEM form", certificate_file);
    else if (key == NULL)
        fail(err, EXIT_COMMAND, "--tls-key %s holds no private key in PEM form without a pass phrase", key_file);
    else if (X509_check_private_key(certificate, key) != 1)
        fail(err, EXIT_COMMAND,
             "--tls-key %s is not the key of --tls-cert %s: give the two that were made together (the server's own "
             "certificate stands first in its file)",
             key_file, certificate_file);
    else if (!end_of(certificate, &pair->until_us))
        fail(err, EXIT_COMMAND, "--tls-cert %s does not say until when it is valid", certificate_file);
    else
        good = true;
    EVP_PKEY_free(key);
    X509_free(certificate);
    BIO_free(key_text);
    BIO_free(certificate_text);
    return good;
}

static void say_if_ended(const char *certificate_file, int64_t until_us)
{
    char when[TIMESTAMP_SIZE];

    if (until_us <= timestamp_now())
        log_warning("--tls-cert %s ended at %s: clients that check it go no further; make a new one, and start again",
                    certificate_file, timestamp_format(until_us, when));
}

bool tls_read(const char *certificate_file, const char *key_file, struct tls_pair *pair, struct error *err)
{
    *pair = (struct tls_pair){0};
    if (read_file("--tls-cert", certificate_file, &pair->certificate, err) &&
        read_file("--tls-key", key_file, &pair->key, err) && check_pair(certificate_file, key_file, pair, err)) {
        say_if_ended(certificate_file, pair->until_us);
        return true;
    }
    tls_free(pair);
    return false;
}

bool tls_check_trusted(const char *option, const char *file, struct error *err)
{
    char *text = NULL;

    if (!read_file(option, file, &text, err))
        return false;
    BIO *bio = BIO_new_mem_buf(text, -1);
    X509 *certificate = PEM_read_bio_X509_AUX(bio, NULL, NULL, no_phrase);
    bool good = certificate != NULL || fail(err, EXIT_COMMAND, "%s %s holds no certificate in PEM form", option, file);
    X509_free(certificate);
    BIO_free(bio);
    free(text);
    return good;
}

void tls_free(struct tls_pair *pair)
{
    if (pair->key != NULL)
        explicit_bzero(pair->key, strlen(pair->key));
    free(pair->key);
    free(pair->certificate);
    *pair = (struct tls_pair){0};
}
