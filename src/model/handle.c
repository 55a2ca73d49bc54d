/* SPDX-License-Identifier: MIT */
/* What an @name is. */

#include "headroom/model.h"

/* The lower case of a character that may stand in a handle, 0 for any other. */
static char handle_character(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c | 0x20);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')
        return c;
    return 0;
}

bool handle_normalise(struct str text, char out[HANDLE_MAX + 1])
{
    size_t start = text.size > 0 && text.data[0] == '@' ? 1 : 0;
    size_t size = text.size - start;

    if (size < 1 || size > HANDLE_MAX)
        return false;
    for (size_t i = 0; i < size; i++) {
        out[i] = handle_character(text.data[start + i]);
        if (out[i] == 0)
            return false;
    }
    out[size] = '\0';
    return true;
}
