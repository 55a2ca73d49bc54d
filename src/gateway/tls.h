/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_TLS_H
#define HEADROOM_GATEWAY_TLS_H

/* tls: the certificate and key that a server shows to its clients. */

#include "headroom/base.h"

struct tls_pair {
    char *certificate, *key; /* PEM, NUL behind; the chain with the server's own first */
    int64_t until_us;        /* when the certificate ends */
};
/* Reads both files and checks that they belong together. Errors: EXIT_COMMAND; they show nothing of the key. A
 * certificate that has ended is a warning only: some clients check none, and the clock may be what is wrong. */
MUST_CHECK bool tls_read(const char *certificate_file, const char *key_file, struct tls_pair *pair, struct error *err);
void tls_free(struct tls_pair *pair); /* wipes the key */
/* Whether the file holds a certificate in PEM form that can be trusted. option: "--upstream-ca". EXIT_COMMAND. */
MUST_CHECK bool tls_check_trusted(const char *option, const char *file, struct error *err);

/* What the daemon of libmicrohttpd is told of ciphers and versions, as GnuTLS writes it: TLS 1.2 and 1.3. */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

#endif
