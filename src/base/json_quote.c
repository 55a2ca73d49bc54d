/* SPDX-License-Identifier: MIT */
/* A JSON string, for texts of JSON that are written without a tree. */

#include "headroom/encode.h"

char *json_quote(char *at, struct str text)
{
    *at++ = '"';
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20) {
            at += snprintf(at, sizeof("\\u0000"), "\\u%04x", c);
            continue;
        }
        if (c == '"' || c == '\\')
            *at++ = '\\';
        *at++ = (char)c;
    }
    *at++ = '"';
    return at;
}
