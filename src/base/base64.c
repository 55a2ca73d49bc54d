/* SPDX-License-Identifier: MIT */
/* Base64 by libcrypto. */

#include <limits.h>
#include <openssl/evp.h>
#include <string.h>

#include "headroom/encode.h"

bool base64_decode(struct str text, struct arena *arena, struct str *bytes)
{
    EVP_ENCODE_CTX *context = EVP_ENCODE_CTX_new();
    int size = 0, rest = 0;
    bool done = false;

    /* libcrypto takes a '-' for the end, as in PEM files. */
    if (context == NULL || text.size > INT_MAX || (text.size > 0 && memchr(text.data, '-', text.size) != NULL))
        goto out;
    unsigned char *data = arena_alloc(arena, text.size / 4 * 3 + 3);
    EVP_DecodeInit(context);
    done = EVP_DecodeUpdate(context, data, &size, (const unsigned char *)text.data, (int)text.size) >= 0 &&
           EVP_DecodeFinal(context, data + size, &rest) == 1;
    *bytes = (struct str){(char *)data, (size_t)size};
out:
    EVP_ENCODE_CTX_free(context);
    return done;
}
